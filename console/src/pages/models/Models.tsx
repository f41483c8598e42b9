import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useQuery } from 'urql'
import { problemsOf } from '../../api/problems'
import { useLaunches, useRuntimeStates } from '../../api/states'
import { graphql } from '../../graphql'
import type { ModelsQuery } from '../../graphql/graphql'
import { mayDo, scopeOf, titleOf, useViewer } from '../../shell/viewer'
import { columnsOf, DataTable, type Columns, type Sorting } from '../../ui/DataTable'
import { Choice, Filters, Pager, TextFilter } from '../../ui/Filters'
import { Empty, Loading, PageHead } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { RuntimeLinks } from '../runtimes/RuntimeLinks'

const modelsQuery = graphql(`
  query Models($group: String, $region: String!, $filter: ModelFilter, $order: ResourceOrder, $after: String) {
    models(group: $group, region: $region, filter: $filter, orderBy: $order, first: 25, after: $after) {
      nodes {
        id
        name
        creationTime
        registration {
          id
          displayName
          requiredAssets {
            role
            present
          }
        }
        runtimes(first: 3) {
          nodes {
            id
            name
            status
            rawStatus
          }
          pageInfo {
            hasNextPage
          }
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

type Model = NonNullable<ModelsQuery['models']>['nodes'][number]

const route = getRouteApi('/at/$group/$region/models')
const column = columnsOf<Model>()

function NameCell({ model }: { model: Model }) {
  const { group, region } = route.useParams()
  const displayName = model.registration?.displayName
  return (
    <>
      <Link to="/at/$group/$region/models/$name" params={{ group, region, name: model.name }}>
        {model.name}
      </Link>
      {displayName && displayName !== model.name && <div className={css.quiet}>{displayName}</div>}
    </>
  )
}

function RuntimesCell({ runtimes }: { runtimes: Model['runtimes'] }) {
  const { group, region } = route.useParams()
  return <RuntimeLinks runtimes={runtimes} place={{ group, region }} none={<span className={css.quiet}>not live</span>} />
}

function ImportCell({ model: { name, registration } }: { model: Model }) {
  const viewer = useViewer()
  const { group, region } = route.useParams()
  if (!registration) {
    return (
      <>
        <span className={css.quiet}>not imported</span>{' '}
        {mayDo(viewer, 'IMPORT', group) && (
          <Link to="/at/$group/$region/import" params={{ group, region }} search={{ name }}>
            Import it
          </Link>
        )}
      </>
    )
  }
  const missing = registration.requiredAssets.filter(({ present }) => !present).length
  if (missing === 0) return <Status value="IMPORTED" />
  return (
    <Link to="/at/$group/$region/models/$name" params={{ group, region, name }} search={{ tab: 'assets' }}>
      {missing} {missing === 1 ? 'asset' : 'assets'} missing
    </Link>
  )
}

const COLUMNS: Columns<Model> = column.columns([
  column.display({ id: 'name', header: 'Name', cell: ({ row }) => <NameCell model={row.original} /> }),
  column.display({ id: 'created', header: 'Created', cell: ({ row }) => <Time at={row.original.creationTime} /> }),
  column.display({ id: 'runtimes', header: 'Serves on', cell: ({ row }) => <RuntimesCell runtimes={row.original.runtimes} /> }),
  column.display({ id: 'imported', header: 'Import', cell: ({ row }) => <ImportCell model={row.original} /> }),
])

const SORTABLE = ['name', 'created'] as const
type Field = (typeof SORTABLE)[number]

function variablesOf(place: { group: string; region: string }, search: ReturnType<typeof route.useSearch>) {
  const { name, imported, live, sort = 'created', direction = 'desc', after } = search
  return {
    ...scopeOf(place),
    filter: { nameContains: name, imported: imported && imported === 'yes', isServed: live && live === 'yes' },
    order: { by: sort === 'name' ? ('NAME' as const) : ('CREATION_TIME' as const), direction: direction === 'asc' ? ('ASC' as const) : ('DESC' as const) },
    after,
  }
}

/** The models of a place: a table that filters, sorts and pages, with its state in the address. */
export function Models() {
  const place = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const variables = variablesOf(place, search)
  const [{ data, error, fetching, stale, extensions }, ask] = useQuery({ query: modelsQuery, variables })
  const change = (next: Partial<typeof search>, replace = false) => void navigate({ search: { ...search, after: undefined, ...next }, replace })
  const sorting: Sorting<Field> = { field: search.sort ?? 'created', direction: search.direction ?? 'desc' }
  const list = data?.models
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask])
  useRuntimeStates((list?.nodes ?? []).flatMap(({ runtimes }) => runtimes?.nodes ?? []), refresh)
  useLaunches(variables.group, fetching || stale, refresh)
  return (
    <>
      <PageHead title={`Models of ${titleOf(place)}`} question={{ document: modelsQuery, variables }} extensions={extensions} />
      <Filters>
        <TextFilter label="Name contains" value={search.name ?? ''} onChange={name => change({ name: name || undefined }, true)} />
        <Choice
          label="Import"
          value={search.imported ?? ''}
          options={[['', 'All'], ['yes', 'Imported'], ['no', 'Not imported']]}
          onChange={imported => change({ imported: imported || undefined })}
        />
        <Choice
          label="Live"
          value={search.live ?? ''}
          options={[['', 'All'], ['yes', 'Live'], ['no', 'Not live']]}
          onChange={live => change({ live: live || undefined })}
        />
      </Filters>
      <Problems problems={problemsOf(error)} partial={Boolean(list)} retry={refresh} />
      {!list && fetching && <Loading lines={12} />}
      {list && list.nodes.length > 0 && (
        <DataTable
          caption="Models"
          columns={COLUMNS}
          rows={list.nodes}
          sortable={SORTABLE}
          sorting={sorting}
          onSort={({ field, direction }) => change({ sort: field, direction })}
        />
      )}
      {list && list.nodes.length === 0 && !list.pageInfo.hasNextPage && <NoModels isFiltered={Boolean(search.name ?? search.imported ?? search.live)} clear={() => change({ name: undefined, imported: undefined, live: undefined })} />}
      {list && list.unreadableCount > 0 && <p className={css.note}>{list.unreadableCount} more are listed that this role may not read.</p>}
      {list && <Pager after={search.after} pageInfo={list.pageInfo} onChange={after => change({ after })} />}
    </>
  )
}

function NoModels({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  return (
    <Empty>
      {isFiltered ? (
        <>
          <span>No model passes this filter.</span>
          <button type="button" className={css.button} onClick={clear}>
            Show all models
          </button>
        </>
      ) : (
        <span>There is no model in this account and region. Create one in SageMaker, or choose another place above.</span>
      )}
    </Empty>
  )
}
