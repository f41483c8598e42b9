import { useEffect, useId, useState, type ReactNode } from 'react'
import { Button } from './Button'
import filters from './filters.module.css'
import css from './ui.module.css'

const TYPING_MS = 250

/** A row of filters above a list. */
export function Filters({ children }: { children: ReactNode }) {
  return (
    <form className={filters.filters} role="search" onSubmit={event => event.preventDefault()}>
      {children}
    </form>
  )
}

/** A text that filters as one types; `onChange` hears of it once the typing rests. */
export function TextFilter({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className={css.input} type="search" autoComplete="off" value={text} onChange={event => setText(event.target.value)} />
    </div>
  )
}

/** One of a few values. */
export function Choice<Value extends string>(props: { label: string; value: Value | ''; options: [Value | '', string][]; onChange: (value: Value | '') => void }) {
  const id = useId()
  return (
    <div className={css.field}>
      <label htmlFor={id}>{props.label}</label>
      <select id={id} className={css.input} value={props.value} onChange={event => props.onChange(event.target.value as Value | '')}>
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

interface PageInfo {
  hasNextPage: boolean
  endCursor?: string | null
}

/** The way to the next page, and back to the first; the browser's own way back leads to the one before. */
export function Pager({ after, pageInfo, onChange }: { after: string | undefined; pageInfo: PageInfo; onChange: (after: string | undefined) => void }) {
  if (!after && !pageInfo.hasNextPage) return null
  return (
    <div className={filters.pager}>
      <Button isDisabled={!after} onPress={() => onChange(undefined)}>
        First page
      </Button>
      <Button isDisabled={!pageInfo.hasNextPage} onPress={() => onChange(pageInfo.endCursor ?? undefined)}>
        Next page
      </Button>
    </div>
  )
}
