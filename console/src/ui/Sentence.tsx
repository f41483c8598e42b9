import { words } from './Status'

const PARTS = /(`[^`]+`|\b[A-Z]{5,}(?:_[A-Z]+)*\b|\b[A-Z]+(?:_[A-Z]+)+\b)/

/** A sentence of the API as people read it: names stand out, and words of closed sets are plain. */
export function Sentence({ text }: { text: string }) {
  return (
    <>
      {text.split(PARTS).map((part, index) => {
        if (part.startsWith('`')) return <strong key={index}>{part.slice(1, -1)}</strong>
        return index % 2 === 1 ? words(part).toLowerCase() : part
      })}
    </>
  )
}
