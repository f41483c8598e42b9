// Who is asking, the places that this person may look at, and the gateway's public settings.
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { problemsOf } from '../api/problems'
import { graphql } from '../graphql'
import type { ViewerQuery } from '../graphql/graphql'
import { Loading } from '../ui/Page'
import { Problems } from '../ui/Problems'

const viewerQuery = graphql(`
  query Viewer {
    me {
      subject
      group
      permissions
      roles {
        group
        region
        regions
        accountId
        active
      }
      memberships {
        group
        permissions
        over
      }
    }
    settings {
      enterCredentials
      approval
      requiredAssets
      createDefaultSnapshot
      maxUploadBytes
      version
    }
  }
`)

/** A group in a region: all that a page shows is of one place. */
export interface Place {
  group: string
  region: string
}

/** The group in the place of somebody without groups, where one role serves everyone. */
const EVERYONE = '*'

/** A place as questions take it: nobody is in the group `*`, so none is named. */
export function scopeOf({ group, region }: Place): { group: string | null; region: string } {
  return { group: group === EVERYONE ? null : group, region }
}

/** A place in a title: `risk in eu-west-1`, or `eu-west-1` where there are no groups. */
export function titleOf({ group, region }: Place): string {
  return group === EVERYONE ? region : `${group} in ${region}`
}

export interface Viewer {
  subject: string
  places: Place[]
  /** The place that a page begins with; absent if no group of this person has a role. */
  home: Place | undefined
  memberships: NonNullable<ViewerQuery['me']>['memberships']
  /** What everyone may do, for somebody without groups. */
  permissions: NonNullable<ViewerQuery['me']>['permissions']
  settings: NonNullable<ViewerQuery['settings']>
}

const ViewerContext = createContext<Viewer | undefined>(undefined)

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('useViewer is called outside ViewerProvider.')
  return viewer
}

/** Tells whether this person may do something for a group. */
export function mayDo(viewer: Viewer, permission: string, group: string): boolean {
  if (group === EVERYONE) return (viewer.permissions as string[]).includes(permission)
  return viewer.memberships.some(
    membership => (membership.group === group || membership.over.includes(group)) && (membership.permissions as string[]).includes(permission),
  )
}

function viewerOf({ me, settings }: ViewerQuery): Viewer | undefined {
  if (!settings) return undefined
  const places = (me?.roles ?? []).flatMap(({ group, region, regions }) =>
    [region, ...regions.filter(other => other !== region)].map(each => ({ group, region: each })),
  )
  const home = places.find(({ group }) => group === me?.group) ?? places[0]
  return { subject: me?.subject ?? '', places, home, memberships: me?.memberships ?? [], permissions: me?.permissions ?? [], settings }
}

export function ViewerProvider({ children }: { children: ReactNode }) {
  const [{ data, error }, ask] = useQuery({ query: viewerQuery })
  const viewer = useMemo(() => data && viewerOf(data), [data])
  if (!viewer) return error ? <Problems problems={problemsOf(error)} retry={() => ask({ requestPolicy: 'network-only' })} /> : <Loading />
  return <ViewerContext value={viewer}>{children}</ViewerContext>
}
