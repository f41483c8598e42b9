import { getRouteApi, Link } from '@tanstack/react-router'
import { useQuery } from 'urql'
import { problemsOf } from '../../api/problems'
import { useJobStates, useRuntimeStates } from '../../api/states'
import type { JobType } from '../../graphql/graphql'
import { scopeOf, type Place } from '../../shell/viewer'
import { columnsOf, DataTable, type Columns } from '../../ui/DataTable'
import { Choice, Filters, Pager } from '../../ui/Filters'
import { Empty, Loading } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status, words } from '../../ui/Status'
import { duration, Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { Assets } from '../assets/Assets'
import { DeploymentLines } from '../deployment/DeploymentLines'
import { variantLines } from '../deployment/figures'
import { RuntimeLinks } from '../runtimes/RuntimeLinks'
import { whyOf } from './lineage'
import { jobsQuery, snapshotsQuery, type Model, type Relations } from './queries'

type JobEdge = NonNullable<Relations['jobs']>['edges'][number]
type Snapshot = NonNullable<Relations['snapshots']>['nodes'][number]
type JobRow = JobEdge['node'] & Pick<JobEdge, 'match' | 'linkedBy'>

function External({ name, href }: { name: string; href?: string | null }) {
  return href ? (
    <a href={href} target="_blank" rel="noreferrer">
      {name}
    </a>
  ) : (
    <>{name}</>
  )
}

const job = columnsOf<JobRow>()
const JOBS: Columns<JobRow> = job.columns([
  job.display({ id: 'name', header: 'Name', cell: ({ row }) => <External name={row.original.name} href={row.original.consoleUrl} /> }),
  job.display({ id: 'type', header: 'Type', cell: ({ row }) => words(row.original.type) }),
  job.display({ id: 'status', header: 'Status', cell: ({ row }) => <Status value={row.original.status} raw={row.original.rawStatus} /> }),
  job.display({ id: 'match', header: 'Belongs by', cell: ({ row }) => whyOf(row.original.match, row.original.linkedBy) }),
  job.display({ id: 'took', header: 'Took', cell: ({ row }) => duration(row.original.executionSeconds) }),
  job.display({ id: 'created', header: 'Created', cell: ({ row }) => <Time at={row.original.creationTime} /> }),
])

const route = getRouteApi('/at/$group/$region/models/$name')

/** The part of the address that a tab holds, and the scope that its own questions name. */
function useTabAddress() {
  const { group, region } = route.useParams()
  const { tab } = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: { jobs?: 'other'; after?: string }) => void navigate({ search: { tab, ...next } })
  return { change, scope: scopeOf({ group, region }) }
}

const KINDS: ['other' | '', string][] = [
  ['', 'Training and transform jobs'],
  ['other', 'Processing and tuning jobs'],
]

/** The jobs that made, tested or used the model, page by page. */
export function JobsTab({ model }: { model: Relations }) {
  const { jobs: kind, after } = route.useSearch()
  const { change, scope } = useTabAddress()
  const isOther = kind === 'other'
  const types: JobType[] = isOther ? ['PROCESSING', 'TUNING'] : ['TRAINING', 'TRANSFORM']
  const [{ data, error, fetching }] = useQuery({ query: jobsQuery, variables: { name: model.name, ...scope, types, after }, pause: !after })
  const first = isOther ? model.otherJobs : model.jobs
  const list = after ? data?.model?.jobs : first
  const rows = (list?.edges ?? []).map(({ match, linkedBy, node }) => ({ ...node, match, linkedBy }))
  useJobStates(rows)
  return (
    <>
      <Filters>
        <Choice label="Kind" value={kind ?? ''} options={KINDS} onChange={value => change({ jobs: value || undefined })} />
      </Filters>
      <Problems problems={problemsOf(error)} partial={Boolean(list)} />
      {!list && fetching && <Loading lines={12} />}
      {list && rows.length > 0 && <DataTable caption="Jobs" columns={JOBS} rows={rows} />}
      {list && rows.length === 0 && <Empty>{isOther ? 'No processing or tuning job is known to belong to this model.' : 'No training or transform job is known to belong to this model.'}</Empty>}
      {!after && first === null && <p className={css.note}>These jobs could not be read; the reason stands above.</p>}
      {list?.lookedBackTo && (
        <p className={css.note}>
          Looked back to <Time at={list.lookedBackTo} />.
        </p>
      )}
      {list && <Pager after={after} pageInfo={list.pageInfo} onChange={next => change({ jobs: kind, after: next })} />}
    </>
  )
}

function RunsOn({ runtimes }: { runtimes: Snapshot['runtimes'] }) {
  const { group, region } = route.useParams()
  return <RuntimeLinks runtimes={runtimes} place={{ group, region }} none="–" />
}

const snapshot = columnsOf<Snapshot>()
const SNAPSHOTS: Columns<Snapshot> = snapshot.columns([
  snapshot.display({ id: 'name', header: 'Name', cell: ({ row }) => <External name={row.original.name} href={row.original.consoleUrl} /> }),
  snapshot.display({ id: 'variants', header: 'Variants', cell: ({ row }) => variantLines(row.original).map(line => <div key={line}>{line}</div>) }),
  snapshot.display({ id: 'runtimes', header: 'Runs on', cell: ({ row }) => <RunsOn runtimes={row.original.runtimes} /> }),
  snapshot.display({ id: 'created', header: 'Created', cell: ({ row }) => <Time at={row.original.creationTime} /> }),
])

/** The snapshots that name the model, and where each runs, page by page. */
export function SnapshotsTab({ model }: { model: Relations }) {
  const { after } = route.useSearch()
  const { change, scope } = useTabAddress()
  const [{ data, error, fetching }] = useQuery({ query: snapshotsQuery, variables: { name: model.name, ...scope, after }, pause: !after })
  const list = after ? data?.model?.snapshots : model.snapshots
  useRuntimeStates((list?.nodes ?? []).flatMap(({ runtimes }) => runtimes?.nodes ?? []))
  return (
    <>
      <Problems problems={problemsOf(error)} partial={Boolean(list)} />
      {!list && fetching && <Loading lines={12} />}
      {list && list.nodes.length > 0 && <DataTable caption="Snapshots" columns={SNAPSHOTS} rows={list.nodes} />}
      {list && list.nodes.length === 0 && <Empty>No snapshot names this model. An import makes one, if the gateway’s settings say so.</Empty>}
      {!after && model.snapshots === null && <p className={css.note}>The snapshots could not be read; the reason stands above.</p>}
      {list && <Pager after={after} pageInfo={list.pageInfo} onChange={next => change({ after: next })} />}
    </>
  )
}

function NotImported({ model, place }: { model: Model; place: Place }) {
  return (
    <Empty>
      <span>This model is not imported: assets and deployments belong to its import.</span>
      <Link to="/at/$group/$region/import" params={place} search={{ name: model.name }}>
        Import {model.name}
      </Link>
    </Empty>
  )
}

interface TabProps {
  model: Model
  place: Place
}

/** The ways of the model's snapshots to endpoints. */
export function DeploymentsTab({ model, place }: TabProps) {
  if (!model.registration) return <NotImported model={model} place={place} />
  const { deployments } = model.registration
  return <DeploymentLines title="Deployments" deployments={deployments?.nodes ?? []} empty="There is none yet." hasMore={deployments?.pageInfo.hasNextPage} />
}

/** The assets of the model's import. */
export function AssetsTab({ model, place }: TabProps) {
  if (!model.registration) return <NotImported model={model} place={place} />
  const open = (model.registration.deployments?.nodes ?? []).filter(({ endedAt }) => !endedAt)
  return (
    <>
      <DeploymentLines title="On its way" deployments={open} hasAssets />
      <Assets registration={model.registration} open={open} />
    </>
  )
}
