import { lazy, Suspense, useMemo } from 'react'
import type { Place } from '../../shell/viewer'
import { Loading } from '../../ui/Page'
import { Status } from '../../ui/Status'
import css from '../../ui/ui.module.css'
import { lineageOf, type Lineage } from './lineage'
import type { Relations } from './queries'
import { ThingLink } from './ThingLink'

// The drawing is large, and nobody needs it before the rest of the page stands.
const Drawing = lazy(() => import('./Drawing'))

// On a telephone the drawing is too small to read; the table says the same.
const WIDE = '(min-width: 40.01rem)'

function LineageTable({ lineage, place }: { lineage: Lineage; place: Place }) {
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

function Unread({ lists }: { lists: readonly string[] }) {
  if (lists.length === 0) return null
  return <p className={css.note}>Of the {lists.join(', of the ')} only the newest are here; the tabs have all jobs and snapshots.</p>
}

/** What made the model, what serves it, what used it, and why each belongs to it. */
export function LineageTab({ model, place }: { model: Relations; place: Place }) {
  const lineage = useMemo(() => lineageOf(model), [model])
  if (lineage.edges.length === 0) {
    return <p className={css.quiet}>No job, snapshot or runtime is known to belong to this model. A job belongs to it if it names it, or wrote its artifact.</p>
  }
  // The table comes with the drawing above it, so that it does not move.
  return (
    <Suspense fallback={<Loading lines={14} />}>
      {matchMedia(WIDE).matches && <Drawing lineage={lineage} place={place} />}
      <Unread lists={lineage.unread} />
      <LineageTable lineage={lineage} place={place} />
    </Suspense>
  )
}
