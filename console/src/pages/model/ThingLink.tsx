import { Link } from '@tanstack/react-router'
import type { Place } from '../../shell/viewer'
import type { Thing } from './lineage'

/** The way to a thing: its own page, else AWS's. */
export function ThingLink({ thing, place }: { thing: Thing; place: Place }) {
  const params = { ...place, name: thing.name }
  if (thing.page === 'runtimes') {
    return (
      <Link to="/at/$group/$region/runtimes/$name" params={params} title={thing.name}>
        {thing.name}
      </Link>
    )
  }
  if (!thing.consoleUrl) return <span title={thing.name}>{thing.name}</span>
  return (
    <a href={thing.consoleUrl} target="_blank" rel="noreferrer" title={`${thing.name}, in the AWS console`}>
      {thing.name}
    </a>
  )
}
