import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { useQuery, useSubscription } from 'urql'
import { problemsOf } from '../../api/problems'
import { graphql } from '../../graphql'
import type { RuntimePageQuery } from '../../graphql/graphql'
import { scopeOf, titleOf } from '../../shell/viewer'
import { Empty, Facts, Loading, PageHead, Panel } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { cost } from '../deployment/figures'
import { DeploymentLines } from '../deployment/DeploymentLines'

const MetricsStrip = lazy(() => import('./Chart').then(({ MetricsStrip }) => ({ default: MetricsStrip })))

graphql(`
  fragment RuntimeState on Runtime {
    id
    name
    status
    rawStatus
    failureReason
    lastModifiedTime
    snapshotName
    variants {
      name
      instanceType
      currentInstanceCount
      desiredInstanceCount
      currentWeight
      desiredWeight
      currentServerless {
        memorySizeInMB
        maxConcurrency
      }
    }
  }
`)

const runtimeQuery = graphql(`
  query RuntimePage($name: String!, $group: String, $region: String!) {
    runtime(name: $name, group: $group, region: $region) {
      ...RuntimeState
      arn
      consoleUrl
      logsUrl
      creationTime
      asOf
      modelNames
      pendingSnapshot {
        id
        name
      }
      hourlyCost {
        amount
        currency
      }
      activity {
        lastInvocationTime
        lookedBackTo
      }
      alarms {
        name
        status
        metricName
        variant
        statusChangedTime
      }
      metrics(names: [INVOCATIONS, MODEL_LATENCY, INVOCATION_5XX_ERRORS, CPU_UTILIZATION], statistics: [AVERAGE, SUM], windowSeconds: 10800, periodSeconds: 300) {
        metric
        statistic
        variant
        unit
        points {
          at
          value
        }
      }
      deployments(first: 10) {
        nodes {
          ...DeploymentRow
        }
      }
    }
  }
`)

const runtimeChanges = graphql(`
  subscription RuntimeChanges($ids: [ID!]!) {
    runtimeChanged(ids: $ids) {
      runtime {
        ...RuntimeState
      }
      deletedId
    }
  }
`)

type Runtime = NonNullable<RuntimePageQuery['runtime']>
const route = getRouteApi('/at/$group/$region/runtimes/$name')

// What each metric is read by: how many requests, how long one took.
const SHOWN = new Set(['INVOCATIONS SUM', 'INVOCATION_5XX_ERRORS SUM', 'MODEL_LATENCY AVERAGE', 'CPU_UTILIZATION AVERAGE'])

function Variants({ runtime }: { runtime: Runtime }) {
  return (
    <Panel title="Variants">
      <div className={css.scroll}>
        <table className={css.table}>
          <caption className={css.hidden}>Variants, with what they run on</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Instances</th>
              <th scope="col">Weight</th>
            </tr>
          </thead>
          <tbody>
            {(runtime.variants ?? []).map(variant => (
              <tr key={variant.name}>
                <td>{variant.name}</td>
                <td>
                  {variant.currentServerless ? `serverless, ${variant.currentServerless.memorySizeInMB} MB` : `${variant.currentInstanceCount ?? '–'} × ${variant.instanceType ?? 'unknown type'}`}
                  {variant.desiredInstanceCount !== variant.currentInstanceCount && ` (${variant.desiredInstanceCount ?? '–'} desired)`}
                </td>
                <td>
                  {variant.currentWeight ?? '–'}
                  {variant.desiredWeight !== variant.currentWeight && ` (${variant.desiredWeight ?? '–'} desired)`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Alarms({ alarms }: { alarms: Runtime['alarms'] }) {
  if (!alarms) return null
  return (
    <Panel title="Alarms">
      {alarms.length === 0 && <p className={css.quiet}>No CloudWatch alarm watches this runtime.</p>}
      {alarms.map(({ name, status, metricName, variant, statusChangedTime }) => (
        <p key={name}>
          <Status value={status} /> {name}
          <span className={css.quiet}>
            {' '}
            {[metricName, variant].filter(Boolean).join(' of ')}, <Time at={statusChangedTime} />
          </span>
        </p>
      ))}
    </Panel>
  )
}

function LastRequest({ activity }: { activity: Runtime['activity'] }) {
  if (!activity) return null
  if (activity.lastInvocationTime) return <Time at={activity.lastInvocationTime} />
  return (
    <>
      none since <Time at={activity.lookedBackTo} />
    </>
  )
}

function RuntimeFacts({ runtime }: { runtime: Runtime }) {
  const { group, region } = route.useParams()
  const models = (runtime.modelNames ?? []).map(name => (
    <div key={name}>
      <Link to="/at/$group/$region/models/$name" params={{ group, region, name }}>
        {name}
      </Link>
    </div>
  ))
  return (
    <Facts
      facts={[
        ['Serves', models.length > 0 ? models : null],
        ['Snapshot', runtime.snapshotName],
        ['Moves to', runtime.pendingSnapshot?.name],
        ['Cost', cost(runtime.hourlyCost)],
        ['Last request', runtime.activity && <LastRequest activity={runtime.activity} />],
        ['Changed', <Time at={runtime.lastModifiedTime} />],
        ['Created', <Time at={runtime.creationTime} />],
        ['Read from AWS', <Time at={runtime.asOf} />],
      ]}
    />
  )
}

function Body({ runtime }: { runtime: Runtime }) {
  const series = useMemo(() => (runtime.metrics ?? []).filter(({ metric, statistic }) => SHOWN.has(`${metric} ${statistic}`)), [runtime.metrics])
  return (
    <>
      {runtime.failureReason && <Problems problems={[{ code: 'FAILED', message: runtime.failureReason, path: '' }]} />}
      <RuntimeFacts runtime={runtime} />
      {runtime.metrics && (
        <Panel title="Last three hours">
          <Suspense fallback={<Loading lines={8} />}>
            <MetricsStrip series={series} />
          </Suspense>
        </Panel>
      )}
      <Variants runtime={runtime} />
      <Alarms alarms={runtime.alarms} />
      {runtime.deployments && <DeploymentLines title="Deployments" deployments={runtime.deployments.nodes} empty="No deployment of this gateway has made or changed it." />}
    </>
  )
}

/** A runtime: its state, live, and how it fares. Nothing can be changed here. */
export function RuntimePage() {
  const { name, group, region } = route.useParams()
  const variables = useMemo(() => ({ name, ...scopeOf({ group, region }) }), [name, group, region])
  const [{ data, error, fetching, extensions }, ask] = useQuery({ query: runtimeQuery, variables })
  const runtime = data?.runtime
  useSubscription({ query: runtimeChanges, variables: useMemo(() => ({ ids: runtime ? [runtime.id] : [] }), [runtime?.id]), pause: !runtime })
  return (
    <>
      <PageHead title={name} beside={runtime && <Status value={runtime.status} raw={runtime.rawStatus} />} consoleUrl={runtime?.consoleUrl} question={{ document: runtimeQuery, variables }} extensions={extensions}>
        {runtime?.logsUrl && (
          <a href={runtime.logsUrl} target="_blank" rel="noreferrer">
            Logs
          </a>
        )}
      </PageHead>
      <Problems problems={problemsOf(error)} partial={Boolean(runtime)} retry={() => ask({ requestPolicy: 'network-only' })} />
      {runtime && <Body runtime={runtime} />}
      {!runtime && fetching && <Loading lines={12} />}
      {!runtime && !fetching && !error && (
        <Empty>
          There is no runtime {name} for {titleOf({ group, region })}. It may have been deleted, or be in another account or region.
        </Empty>
      )}
    </>
  )
}
