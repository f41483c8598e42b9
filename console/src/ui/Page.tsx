import { useEffect, useState, type ReactNode } from 'react'
import { stringifyDocument, type TypedDocumentNode } from 'urql'
import { settings } from '../settings'
import { Time } from './Time'
import css from './ui.module.css'

interface Question {
  document: TypedDocumentNode<any, any>
  variables: unknown
}

/** The address of GraphiQL with the question that drew a page. */
export function explorerUrl({ document, variables }: Question): string {
  const parameters = new URLSearchParams({
    query: stringifyDocument(document),
    variables: JSON.stringify(variables, null, 2),
  })
  return `${settings.endpoint}?${parameters.toString()}`
}

/** What an answer says of itself: `aws.stale` where AWS did not answer, and what was known is shown. */
type Extensions = { aws?: { stale?: boolean; asOf?: string | null } } | undefined

function StaleNote({ extensions }: { extensions: Extensions }) {
  if (!extensions?.aws?.stale) return null
  return (
    <p className={css.note} role="status">
      AWS did not answer. This is what was known {extensions.aws.asOf ? <Time at={extensions.aws.asOf} /> : 'before'}.
    </p>
  )
}

/** A page's head: its title, what belongs beside it, and the ways out of the console. */
export function PageHead(props: { title: string; beside?: ReactNode; consoleUrl?: string | null; question?: Question; extensions?: Extensions; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${props.title} · SageGraph`
  }, [props.title])
  return (
    <>
      <div className={css.head}>
        <h1>{props.title}</h1>
        {props.beside}
      </div>
      <div className={css.links}>
        {props.children}
        {props.consoleUrl && (
          <a href={props.consoleUrl} target="_blank" rel="noreferrer">
            AWS console
          </a>
        )}
        {props.question && settings.explorer && <a href={explorerUrl(props.question)}>This question in GraphiQL</a>}
      </div>
      <StaleNote extensions={props.extensions} />
    </>
  )
}

const PATIENCE_MS = 4000

/** The place of something that is being read, as high as what will come; after some seconds it says so in words. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={css.loading} role="status" aria-label="Reading">
      {isLong && <span className={css.quiet}>AWS is still being read; what is read once is known the next time.</span>}
      {Array.from({ length: isLong ? lines - 1 : lines }, (_, index) => (
        <div key={index} className={css.bar} />
      ))}
    </div>
  )
}

/** Says that there is nothing here, and what to do about it. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className={css.empty}>{children}</div>
}

/** Facts as pairs; those that are null are left out. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={css.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** A part of a page with a title of its own. */
export function Panel({ title, beside, children }: { title: string; beside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.panel} aria-label={title}>
      <div className={css.head}>
        <h2>{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  )
}
