import { Link } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { useQuery, useSubscription } from 'urql'
import { onConnected } from '../../api/live'
import { problemsOf } from '../../api/problems'
import { useRefresh } from '../../api/states'
import { graphql } from '../../graphql'
import type { InboxQuery } from '../../graphql/graphql'
import { usePlace } from '../../shell/PlaceChoice'
import { mayDo, useViewer } from '../../shell/viewer'
import { Empty, Loading, PageHead, Panel } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { words } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import lines from '../deployment/deployment.module.css'
import { DeploymentLines } from '../deployment/DeploymentLines'

graphql(`
  fragment DeploymentRow on Deployment {
    id
    state
    group
    region
    snapshotName
    runtimeName
    requestedRuntimeName
    reason
    startedBy
    startedAt
    endedAt
    viewerCan
    registrations {
      id
      displayName
      modelName
    }
  }
`)

const inboxQuery = graphql(`
  query Inbox($open: [DeploymentState!]) {
    mine: deployments(filter: { viewerCan: APPROVE }, first: 50) {
      nodes {
        ...DeploymentRow
      }
      pageInfo {
        hasNextPage
      }
    }
    open: deployments(filter: { state: $open }, first: 50) {
      nodes {
        ...DeploymentRow
      }
      pageInfo {
        hasNextPage
      }
    }
    latest: deployments(first: 10) {
      nodes {
        ...DeploymentRow
      }
    }
    importRuns(filter: { state: [RUNNING] }, first: 10) {
      nodes {
        id
        phase
        startedAt
        registration {
          id
          displayName
          group
          region
          modelName
        }
      }
    }
  }
`)

const inboxChanges = graphql(`
  subscription InboxChanges {
    deploymentsChanged {
      matches
      deployment {
        ...DeploymentRow
      }
    }
  }
`)

const OPEN = ['VERIFYING', 'REHEARSING', 'AWAITING_APPROVAL', 'LAUNCHING', 'BLOCKED'] as const
const VARIABLES = { open: [...OPEN] }

function Imports({ runs }: { runs: NonNullable<InboxQuery['importRuns']>['nodes'] }) {
  const place = usePlace()
  if (runs.length === 0) return null
  return (
    <Panel title="Imports under way">
      <ul className={lines.lines}>
        {runs.map(({ id, phase, startedAt, registration }) => {
          const group = registration?.group ?? place?.group ?? ''
          const region = registration?.region ?? place?.region ?? ''
          return (
            <li key={id} className={lines.line}>
              <div>
                <Link to="/at/$group/$region/import" params={{ group, region }} search={{ run: id, name: registration?.modelName }}>
                  {registration?.displayName ?? 'A model'}
                </Link>
                <span>{words(phase)}</span>
              </div>
              <div className={css.quiet}>
                begun <Time at={startedAt} />
              </div>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

/** Asks anew when a deployment has changed, and when the connection is there again: what changed between is not told. */
function useFresh(isBusy: boolean, refresh: () => void): void {
  const [{ data }] = useSubscription({ query: inboxChanges })
  useEffect(() => onConnected(refresh), [refresh])
  useRefresh(data, isBusy, refresh)
}

function Lists({ data }: { data: InboxQuery }) {
  const mine = data.mine?.nodes ?? []
  const waiting = new Set(mine.map(({ id }) => id))
  const open = (data.open?.nodes ?? []).filter(({ id }) => !waiting.has(id))
  const ended = (data.latest?.nodes ?? []).filter(({ endedAt }) => endedAt)
  const viewer = useViewer()
  const isEmpty = mine.length + open.length + ended.length === 0
  const place = usePlace()
  return (
    <>
      <DeploymentLines title="Waiting for your decision" deployments={mine} empty="Nothing waits for you." hasMore={data.mine?.pageInfo.hasNextPage} />
      <Imports runs={data.importRuns?.nodes ?? []} />
      <DeploymentLines title="Under way" deployments={open} hasMore={data.open?.pageInfo.hasNextPage} />
      <DeploymentLines title="Ended lately" deployments={ended} />
      {isEmpty && place && (
        <Empty>
          <span>Deployments begin when a model is imported, or when somebody asks for one.</span>
          {mayDo(viewer, 'IMPORT', place.group) && (
            <Link to="/at/$group/$region/import" params={{ ...place }}>
              Import a model
            </Link>
          )}
        </Empty>
      )}
    </>
  )
}

/** What waits for this person, what is under way, and what has ended lately. */
export function Inbox() {
  const viewer = useViewer()
  const place = usePlace()
  const [{ data, error, fetching, stale, extensions }, ask] = useQuery({ query: inboxQuery, variables: VARIABLES })
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask])
  useFresh(fetching || stale, refresh)
  return (
    <>
      <PageHead title="Inbox" question={{ document: inboxQuery, variables: VARIABLES }} extensions={extensions}>
        {place && mayDo(viewer, 'IMPORT', place.group) && (
          <Link to="/at/$group/$region/import" params={{ ...place }}>
            Take a model live
          </Link>
        )}
      </PageHead>
      <Problems problems={problemsOf(error)} partial={Boolean(data)} retry={refresh} />
      {data ? <Lists data={data} /> : !error && <Loading lines={6} />}
      {!place && <p className={css.note}>None of your groups has an AWS role here, so there are no models to look at; decisions are made above.</p>}
    </>
  )
}
