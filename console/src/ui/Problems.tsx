import { useState } from 'react'
import type { Problem } from '../api/problems'
import { Button } from './Button'
import { Sentence } from './Sentence'
import css from './ui.module.css'

/** An id, and a button that copies it. */
export function Copy({ label, value }: { label: string; value: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(value).then(() => setCopied(true))
  return (
    <span>
      {label} <code>{value}</code>{' '}
      <Button look="plain" onPress={copy} aria-label={`Copy ${label}`}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </span>
  )
}

/** The problems of an answer. With `partial`, the rest of it stands on the page. */
export function Problems({ problems, partial, retry }: { problems: readonly Problem[]; partial?: boolean; retry?: () => void }) {
  if (problems.length === 0) return null
  // A bad address gets the same answer again.
  const mayHelp = problems.some(({ code }) => code !== 'BAD_USER_INPUT')
  return (
    <div role="alert">
      <ul className={partial ? `${css.problems} ${css.partial}` : css.problems}>
      {problems.map(problem => (
        <li key={problem.code + problem.path + problem.message}>
          <span>
            <strong>{partial && problem.path ? `Not shown: ${problem.path}. ` : ''}</strong>
            <Sentence text={problem.message} />
          </span>
          <span className={css.ids}>
            <code>{problem.code}</code>
            {problem.requestId && <Copy label="request" value={problem.requestId} />}
            {problem.awsRequestId && <Copy label="AWS request" value={problem.awsRequestId} />}
          </span>
        </li>
      ))}
      {retry && mayHelp && (
        <li>
          <span>
            <Button onPress={retry}>Try again</Button>
          </span>
        </li>
      )}
      </ul>
    </div>
  )
}
