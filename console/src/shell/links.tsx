// Ways to the pages of a place; somebody without a role in it reads the names alone.
import { Link } from '@tanstack/react-router'
import { useViewer, type Place } from './viewer'

/** Tells whether this person may look at what is in a place. */
export function useMayVisit({ group, region }: Place): boolean {
  return useViewer().places.some(place => place.group === group && place.region === region)
}

/** A model's name, the way to its page. */
export function ModelLink({ place, name, displayName }: { place: Place; name: string; displayName: string }) {
  if (!useMayVisit(place)) return <>{displayName}</>
  return (
    <Link to="/at/$group/$region/models/$name" params={{ ...place, name }}>
      {displayName}
    </Link>
  )
}

/** The way to the assets of a model, as a deployment asks for them. */
export function AssetsLink({ place, name, displayName }: { place: Place; name: string; displayName: string }) {
  if (!useMayVisit(place)) return null
  return (
    <Link to="/at/$group/$region/models/$name" params={{ ...place, name }} search={{ tab: 'assets' }}>
      See and add the assets of {displayName}
    </Link>
  )
}

/** A runtime's name, the way to its page. */
export function RuntimeLink({ place, name }: { place: Place; name: string }) {
  if (!useMayVisit(place)) return <>{name}</>
  return (
    <Link to="/at/$group/$region/runtimes/$name" params={{ ...place, name }}>
      {name}
    </Link>
  )
}
