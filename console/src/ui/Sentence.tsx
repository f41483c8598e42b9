import { words } from './Status'

const PARTS = /(`[^`]+`|\b[A-Z]{5,}(?:_[A-Z]+)*\b|\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:putAsset|[Cc]all retryDeployment|retryDeployment|cancelDeployment|importModel|deploySnapshot|updateModelPackage)\b)/

// The API's sentences name its mutations; a person presses buttons.
const MUTATIONS: Record<string, string> = {
  putAsset: 'the model’s tab “Assets”',
  'call retryDeployment': 'press “Try again”',
  retryDeployment: '“Try again”',
  cancelDeployment: '“Cancel the deployment”',
  importModel: '“Import”',
  deploySnapshot: 'a new request for it (deploySnapshot, in GraphiQL)',
  updateModelPackage: 'SageMaker’s model registry',
}

function asRead(part: string, isFirst: boolean): string {
  const text = MUTATIONS[part.replace(/^Call /, 'call ')] ?? words(part).toLowerCase()
  return isFirst ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

/** A sentence of the API as people read it: names stand out, and words of closed sets and of the API are plain. */
export function Sentence({ text }: { text: string }) {
  const parts = text.split(PARTS)
  return (
    <>
      {parts.map((part, index) => {
        if (part.startsWith('`')) return <strong key={index}>{part.slice(1, -1)}</strong>
        const before = parts[index - 1] ?? ''
        return index % 2 === 1 ? asRead(part, before === '' || /[.!?] $/.test(before)) : part
      })}
    </>
  )
}
