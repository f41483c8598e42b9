// An answer that an event has overtaken: AWS was read before the event, and the answer came after it. Graphcache would write
// it over the event; so the question is asked again, and its first answer is not shown.
import { filter, makeSubject, merge, pipe, share, tap } from 'wonka'
import type { Exchange, Operation } from 'urql'

type States = Map<string, string>

/** Collects the state of each thing in an answer or an event, as AWS words it, or the gateway for its deployments. */
function collect(value: unknown, states: States): States {
  if (typeof value !== 'object' || value === null) return states
  const { id, rawStatus, state } = value as Record<string, unknown>
  const told = rawStatus ?? state
  if (typeof id === 'string' && typeof told === 'string') states.set(id, told)
  for (const inner of Object.values(value)) collect(inner, states)
  return states
}

function differs(answer: States, events: States): boolean {
  return [...events].some(([id, state]) => answer.has(id) && answer.get(id) !== state)
}

/** Asks again, once, if an answer shows a state other than an event did that came since the question was sent. */
export const overtakenExchange: Exchange = ({ forward }) => operations => {
  const underWay = new Map<number, States>()
  const { source: again, next: askAgain } = makeSubject<Operation>()
  const sent = pipe(
    operations,
    tap(({ kind, key }) => {
      // A question that is repeated while it is under way keeps its events: either answer may be older than they are.
      if (kind === 'query' && !underWay.has(key)) underWay.set(key, new Map())
      if (kind === 'teardown') underWay.delete(key)
    }),
  )
  return pipe(
    forward(share(merge([sent, again]))),
    filter(({ operation, data }) => {
      if (operation.kind === 'subscription') for (const states of underWay.values()) collect(data, states)
      const events = underWay.get(operation.key)
      underWay.delete(operation.key)
      if (!events?.size || !differs(collect(data, new Map()), events)) return true
      askAgain(operation)
      return false
    }),
  )
}
