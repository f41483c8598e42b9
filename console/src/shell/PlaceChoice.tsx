// The place that a page shows: chosen in the header, held in the address; a foreign one leads to one's own.
import { Link, useLocation, useNavigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from '../ui/Page'
import css from './shell.module.css'
import { titleOf, useViewer, type Place } from './viewer'

const isSame = (one: Place, other: Place) => one.group === other.group && one.region === other.region

/** The place that the address names; undefined on pages of no place. */
function useNamedPlace(): Place | undefined {
  const { group, region } = useParams({ strict: false })
  return group && region ? { group, region } : undefined
}

/** The place that the address names if it is one of this person's, else the person's own. */
export function usePlace(): Place | undefined {
  const named = useNamedPlace()
  const { home, places } = useViewer()
  return named && places.some(place => isSame(place, named)) ? named : home
}

/** The list that a page belongs to: another place shows the same kind of thing, not the same thing. */
function listOf(path: string): '/at/$group/$region/models' | '/at/$group/$region/runtimes' | '/at/$group/$region/import' {
  const [, kind] = /\/at\/[^/]+\/[^/]+\/(\w+)/.exec(path) ?? []
  if (kind === 'runtimes' || kind === 'import') return `/at/$group/$region/${kind}`
  return '/at/$group/$region/models'
}

/** Chooses among the person's places; not there for somebody without any. */
export function PlaceChoice() {
  const place = usePlace()
  const named = useNamedPlace()
  const { places } = useViewer()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  if (!place) return null
  const isForeign = named && !isSame(named, place)
  const choose = (value: string) => {
    const chosen = places[Number(value)]
    if (chosen) void navigate({ to: listOf(pathname), params: { ...chosen } })
  }
  return (
    <label className={css.choice}>
      Group and region
      <select className={css.select} value={isForeign ? '' : places.findIndex(each => isSame(each, place))} onChange={event => choose(event.target.value)}>
        {isForeign && (
          <option value="" disabled>
            {titleOf(named)}
          </option>
        )}
        {places.map((each, index) => (
          <option key={`${each.group} ${each.region}`} value={index}>
            {each.group === '*' ? each.region : `${each.group} · ${each.region}`}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The page; in its stead, that the address names a place that is not this person's, and the ways to the person's own. */
export function ForeignPlace({ children }: { children: ReactNode }) {
  const named = useNamedPlace()
  const { places, subject } = useViewer()
  const { pathname } = useLocation()
  if (!named || places.some(place => isSame(place, named))) return children
  return (
    <>
      <PageHead title={`Not your place: ${titleOf(named)}`} />
      <p className={css.foreign} role="status">
        <span>
          {subject || 'Nobody'} has no AWS role for {titleOf(named)}, which this address names.
        </span>
        {places.map(place => (
          <Link key={`${place.group} ${place.region}`} to={listOf(pathname)} params={{ ...place }}>
            To {titleOf(place)}
          </Link>
        ))}
        {places.length === 0 && <Link to="/inbox">To the inbox</Link>}
      </p>
    </>
  )
}
