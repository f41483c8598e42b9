import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useQuery } from 'urql'
import { problemsOf } from '../../api/problems'
import { useLaunches, useRuntimeStates } from '../../api/states'
import { graphql } from '../../graphql'
import type { RuntimesQuery, RuntimeStatus } from '../../graphql/graphql'
import { scopeOf, titleOf } from '../../shell/viewer'
import { columnsOf, DataTable, type Columns } from '../../ui/DataTable'
import { Choice, Filters, Pager, TextFilter } from '../../ui/Filters'
import { Empty, Loading, PageHead } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { cost } from '../deployment/figures'

const runtimesQuery = graphql(`
  query Runtimes($group: String, $region: String!, $filter: RuntimeFilter, $after: String) {
    runtimes(group: $group, region: $region, filter: $filter, first: 25, after: $after) {
      nodes {
        id
        name
        status
        rawStatus
        lastModifiedTime
        snapshotName
        modelNames
        hourlyCost {
          amount
          currency
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      unreadableCount
    }
  }
`)

type Runtime = NonNullable<RuntimesQuery['runtimes']>['nodes'][number]

const route = getRouteApi('/at/$group/$region/runtimes')
const column = columnsOf<Runtime>()

function NameCell({ name }: { name: string }) {
  const { group, region } = route.useParams()
  return (
    <Link to="/at/$group/$region/runtimes/$name" params={{ group, region, name }}>
      {name}
    </Link>
  )
}

function ModelsCell({ names }: { names: readonly string[] | null | undefined }) {
  const { group, region } = route.useParams()
  return (
    <>
      {(names ?? []).map(name => (
        <div key={name}>
          <Link to="/at/$group/$region/models/$name" params={{ group, region, name }}>
            {name}
          </Link>
        </div>
      ))}
      {names?.length === 0 && '–'}
    </>
  )
}

const COLUMNS: Columns<Runtime> = column.columns([
  column.display({ id: 'name', header: 'Name', cell: ({ row }) => <NameCell name={row.original.name} /> }),
  column.display({ id: 'status', header: 'Status', cell: ({ row }) => <Status value={row.original.status} raw={row.original.rawStatus} /> }),
  column.display({ id: 'models', header: 'Models', cell: ({ row }) => <ModelsCell names={row.original.modelNames} /> }),
  column.display({ id: 'snapshot', header: 'Snapshot', cell: ({ row }) => row.original.snapshotName ?? '–' }),
  column.display({ id: 'cost', header: 'Cost', cell: ({ row }) => cost(row.original.hourlyCost) ?? '–' }),
  column.display({ id: 'changed', header: 'Changed', cell: ({ row }) => <Time at={row.original.lastModifiedTime} /> }),
])

const STATUSES: [RuntimeStatus | '', string][] = [
  ['', 'All'],
  ['IN_SERVICE', 'In service'],
  ['CREATING', 'Creating'],
  ['UPDATING', 'Updating'],
  ['FAILED', 'Failed'],
  ['OUT_OF_SERVICE', 'Out of service'],
]

/** The runtimes of a place, with their states and costs. */
export function Runtimes() {
  const place = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const status = STATUSES.find(([value]) => value === search.status)?.[0] || undefined
  const variables = { ...scopeOf(place), filter: { nameContains: search.name, status: status && [status] }, after: search.after }
  const [{ data, error, fetching, stale, extensions }, ask] = useQuery({ query: runtimesQuery, variables })
  const change = (next: Partial<typeof search>, replace = false) => void navigate({ search: { ...search, after: undefined, ...next }, replace })
  const list = data?.runtimes
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask])
  useRuntimeStates(list?.nodes ?? [], refresh)
  useLaunches(variables.group, fetching || stale, refresh)
  return (
    <>
      <PageHead title={`Runtimes of ${titleOf(place)}`} question={{ document: runtimesQuery, variables }} extensions={extensions} />
      <Filters>
        <TextFilter label="Name contains" value={search.name ?? ''} onChange={name => change({ name: name || undefined }, true)} />
        <Choice label="Status" value={status ?? ''} options={STATUSES} onChange={value => change({ status: value || undefined })} />
      </Filters>
      <Problems problems={problemsOf(error)} partial={Boolean(list)} retry={refresh} />
      {!list && fetching && <Loading lines={10} />}
      {list && list.nodes.length > 0 && <DataTable caption="Runtimes" columns={COLUMNS} rows={list.nodes} />}
      {list && list.nodes.length === 0 && !list.pageInfo.hasNextPage && (
        <Empty>
          {search.name || status ? 'No runtime passes this filter.' : 'Nothing runs here. Import a model, and a deployment takes it to an endpoint.'}
        </Empty>
      )}
      {list && list.unreadableCount > 0 && <p className={css.note}>{list.unreadableCount} more are listed that this role may not read.</p>}
      {list && <Pager after={search.after} pageInfo={list.pageInfo} onChange={after => change({ after })} />}
    </>
  )
}
