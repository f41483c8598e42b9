import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Place } from '../../shell/viewer'
import { Status } from '../../ui/Status'
import css from '../../ui/ui.module.css'

interface Runtimes {
  nodes: readonly { id: string; name: string; status: string; rawStatus: string }[]
  pageInfo: { hasNextPage: boolean }
}

/** The runtimes of a thing with their states, each a link; `none` stands where there are none. */
export function RuntimeLinks({ runtimes, place, none }: { runtimes: Runtimes | null; place: Place; none: ReactNode }) {
  if (!runtimes) return <span className={css.quiet}>not readable</span>
  if (runtimes.nodes.length === 0) return none
  return (
    <>
      {runtimes.nodes.map(({ id, name, status, rawStatus }) => (
        <div key={id}>
          <Link to="/at/$group/$region/runtimes/$name" params={{ ...place, name }}>
            {name}
          </Link>{' '}
          <Status value={status} raw={rawStatus} />
        </div>
      ))}
      {runtimes.pageInfo.hasNextPage && <div className={css.quiet}>and more</div>}
    </>
  )
}
