import { getRouteApi, Link } from '@tanstack/react-router'
import { columnsOf, DataTable, type Columns } from '../../ui/DataTable'
import { Empty } from '../../ui/Page'
import { Status, words } from '../../ui/Status'
import { duration, Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { Assets } from '../assets/Assets'
import { DeploymentLines } from '../deployment/DeploymentLines'
import { variantLines } from '../deployment/figures'
import type { Model } from './queries'

type JobEdge = NonNullable<Model['jobs']>['edges'][number]
type Snapshot = NonNullable<Model['snapshots']>['nodes'][number]
type JobRow = JobEdge['node'] & { match: string }

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
  job.display({ id: 'match', header: 'Belongs by', cell: ({ row }) => words(row.original.match) }),
  job.display({ id: 'took', header: 'Took', cell: ({ row }) => duration(row.original.executionSeconds) }),
  job.display({ id: 'created', header: 'Created', cell: ({ row }) => <Time at={row.original.creationTime} /> }),
])

/** The jobs that made, tested or used the model. */
export function JobsTab({ model }: { model: Model }) {
  const rows = (model.jobs?.edges ?? []).map(({ match, node }) => ({ ...node, match }))
  if (rows.length === 0) return <Empty>No job is known to belong to this model.</Empty>
  return (
    <>
      <DataTable caption="Jobs" columns={JOBS} rows={rows} />
      {model.jobs?.pageInfo.hasNextPage && <p className={css.note}>There are more jobs than these, the newest.</p>}
      {model.jobs?.lookedBackTo && (
        <p className={css.note}>
          Looked back to <Time at={model.jobs.lookedBackTo} />.
        </p>
      )}
    </>
  )
}

const route = getRouteApi('/at/$group/$region/models/$name')

function RunsOn({ runtimes }: { runtimes: Snapshot['runtimes'] }) {
  const { group, region } = route.useParams()
  if (!runtimes) return <span className={css.quiet}>not readable</span>
  if (runtimes.nodes.length === 0) return <>–</>
  return runtimes.nodes.map(({ id, name, status, rawStatus }) => (
    <div key={id}>
      <Link to="/at/$group/$region/runtimes/$name" params={{ group, region, name }}>
        {name}
      </Link>{' '}
      <Status value={status} raw={rawStatus} />
    </div>
  ))
}

const snapshot = columnsOf<Snapshot>()
const SNAPSHOTS: Columns<Snapshot> = snapshot.columns([
  snapshot.display({ id: 'name', header: 'Name', cell: ({ row }) => <External name={row.original.name} href={row.original.consoleUrl} /> }),
  snapshot.display({ id: 'variants', header: 'Variants', cell: ({ row }) => variantLines(row.original).map(line => <div key={line}>{line}</div>) }),
  snapshot.display({ id: 'runtimes', header: 'Runs on', cell: ({ row }) => <RunsOn runtimes={row.original.runtimes} /> }),
  snapshot.display({ id: 'created', header: 'Created', cell: ({ row }) => <Time at={row.original.creationTime} /> }),
])

/** The snapshots that name the model, and where each runs. */
export function SnapshotsTab({ model }: { model: Model }) {
  const rows = model.snapshots?.nodes ?? []
  if (rows.length === 0) return <Empty>No snapshot names this model. An import makes one, if the gateway’s settings say so.</Empty>
  return <DataTable caption="Snapshots" columns={SNAPSHOTS} rows={rows} />
}

function NotImported({ model, place }: { model: Model; place: { group: string; region: string } }) {
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
  place: { group: string; region: string }
}

/** The ways of the model's snapshots to endpoints. */
export function DeploymentsTab({ model, place }: TabProps) {
  if (!model.registration) return <NotImported model={model} place={place} />
  return <DeploymentLines title="Deployments" deployments={model.registration.deployments?.nodes ?? []} empty="There is none yet." />
}

/** The assets of the model's import. */
export function AssetsTab({ model, place }: TabProps) {
  if (!model.registration) return <NotImported model={model} place={place} />
  return <Assets registration={model.registration} />
}
