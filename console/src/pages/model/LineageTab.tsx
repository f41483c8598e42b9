import { lazy, Suspense, useMemo } from 'react'
import { useSubscription } from 'urql'
import { Loading } from '../../ui/Page'
import { Status } from '../../ui/Status'
import css from '../../ui/ui.module.css'
import { lineageOf, type Lineage } from './lineage'
import { lineageChanges, type Model } from './queries'
import { ThingLink } from './ThingLink'

// The drawing is large, and nobody needs it before the rest of the page stands.
const Drawing = lazy(() => import('./Drawing'))

const WATCHED = 100
// On a telephone the drawing is too small to read; the table says the same.
const WIDE = '(min-width: 40.01rem)'

/** Keeps the states of runtimes and running jobs up to date. */
function useLiveStates(model: Model): void {
  const runtimes = (model.snapshots?.nodes ?? []).flatMap(({ runtimes }) => (runtimes?.nodes ?? []).map(({ id }) => id)).slice(0, WATCHED)
  const jobs = (model.jobs?.edges ?? []).filter(({ node }) => ['IN_PROGRESS', 'STOPPING'].includes(node.status) && ['TRAINING', 'TRANSFORM'].includes(node.type)).map(({ node }) => node.id)
  const runtimeIds = useMemo(() => ({ ids: runtimes }), [runtimes.join()])
  const jobIds = useMemo(() => ({ ids: jobs }), [jobs.join()])
  useSubscription({ query: lineageChanges.runtimes, variables: runtimeIds, pause: runtimes.length === 0 })
  useSubscription({ query: lineageChanges.jobs, variables: jobIds, pause: jobs.length === 0 })
}

function LineageTable({ lineage, place }: { lineage: Lineage; place: { group: string; region: string } }) {
  const byId = new Map(lineage.things.map(thing => [thing.id, thing]))
  const cell = (id: string) => {
    const thing = byId.get(id)
    return thing ? (
      <>
        <span className={css.quiet}>{thing.kind}</span> <ThingLink thing={thing} place={place} /> {thing.status && <Status value={thing.status} raw={thing.raw} />}
      </>
    ) : null
  }
  return (
    <table className={`${css.table} ${css.stack}`}>
      <caption className={css.hidden}>The lineage, as a table</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {lineage.edges.map(({ from, to, why }) => (
          <tr key={`${from} ${to}`}>
            <td data-label="From">
              <div>{cell(from)}</div>
            </td>
            <td data-label="To">
              <div>{cell(to)}</div>
            </td>
            <td data-label="Why">
              <div>{why}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What made the model, what serves it, what used it, and why each belongs to it. */
export function LineageTab({ model, place }: { model: Model; place: { group: string; region: string } }) {
  useLiveStates(model)
  const lineage = useMemo(() => lineageOf(model), [model])
  if (lineage.edges.length === 0) {
    return <p className={css.quiet}>No job, snapshot or runtime is known to belong to this model. A job belongs to it if it names it, or wrote its artifact.</p>
  }
  return (
    <>
      {matchMedia(WIDE).matches && (
        <Suspense fallback={<Loading lines={14} />}>
          <Drawing lineage={lineage} place={place} />
        </Suspense>
      )}
      <LineageTable lineage={lineage} place={place} />
    </>
  )
}
