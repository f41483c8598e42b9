import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useMemo, type ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useQuery } from 'urql'
import { problemsOf } from '../../api/problems'
import { useDeploymentStates, useJobStates, useLaunches, usePassingStates, useRuntimeStates } from '../../api/states'
import { TABS, type Tab as TabName } from '../../routes'
import { mayDo, scopeOf, titleOf, useViewer } from '../../shell/viewer'
import { Empty, Facts, Loading, PageHead } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status, words } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { jobsOf } from './lineage'
import { LineageTab } from './LineageTab'
import page from './model.module.css'
import { AssetsTab, DeploymentsTab, JobsTab, SnapshotsTab } from './ModelTabs'
import { modelQuery, relationsQuery, type Model, type Relations } from './queries'

const route = getRouteApi('/at/$group/$region/models/$name')

function ModelFacts({ model }: { model: Model }) {
  const images = (model.containers ?? []).filter(({ image }) => image).map(({ image, hostname }, index) => <div key={hostname ?? index}><code>{image}</code></div>)
  const artifacts = (model.containers ?? []).filter(({ modelDataUrl }) => modelDataUrl).map(({ modelDataUrl }) => <div key={modelDataUrl}><code>{modelDataUrl}</code></div>)
  return (
    <Facts
      facts={[
        ['Created', <Time at={model.creationTime} />],
        ['Imported as', model.registration?.displayName],
        ['Image', images.length > 0 ? images : null],
        ['Artifact', artifacts.length > 0 ? artifacts : null],
        ['Tags', model.tags && model.tags.length > 0 ? <span data-wide>{model.tags.map(({ key, value }) => `${key}: ${value}`).join(', ')}</span> : null],
        ['Read from AWS', <Time at={model.asOf} />],
      ]}
    />
  )
}

/** What belongs to the model, read beside the model itself, with the states of all of it, live. */
function useRelations(refreshModel: () => void) {
  const { name, group, region } = route.useParams()
  const variables = useMemo(() => ({ name, ...scopeOf({ group, region }) }), [name, group, region])
  const [{ data, error, fetching, stale }, ask] = useQuery({ query: relationsQuery, variables })
  const model = data?.model
  const refresh = useCallback(() => {
    refreshModel()
    ask({ requestPolicy: 'network-only' })
  }, [refreshModel, ask])
  const ofSnapshots = (model?.snapshots?.nodes ?? []).flatMap(({ runtimes }) => runtimes?.nodes ?? [])
  const ofComponents = (model?.inferenceComponents?.nodes ?? []).flatMap(({ runtime }) => runtime ?? [])
  useRuntimeStates([...(model?.runtimes?.nodes ?? []), ...ofSnapshots, ...ofComponents], refresh)
  useJobStates(model ? jobsOf(model).map(({ node }) => node) : [])
  usePassingStates([...(model?.inferenceComponents?.nodes ?? []), ...(model?.pipelineExecutions?.nodes ?? [])])
  useLaunches(variables.group, fetching || stale, refresh)
  return { model, problems: problemsOf(error), fetching, refresh }
}

function Body({ model, relations }: { model: Model; relations: ReturnType<typeof useRelations> }) {
  const { group, region } = route.useParams()
  const { tab = 'lineage' } = route.useSearch()
  const navigate = route.useNavigate()
  const place = useMemo(() => ({ group, region }), [group, region])
  useDeploymentStates(model.registration?.deployments?.nodes ?? [])
  const related = (draw: (model: Relations) => ReactNode) => (
    <>
      <Problems problems={relations.problems} partial={Boolean(relations.model)} retry={relations.refresh} />
      {relations.model ? draw(relations.model) : relations.fetching && <Loading lines={14} />}
    </>
  )
  return (
    <>
      <ModelFacts model={model} />
      <Tabs selectedKey={tab} onSelectionChange={key => void navigate({ search: { tab: key as TabName } })}>
        <TabList className={page.tabs} aria-label={`About ${model.name}`}>
          {TABS.map(name => (
            <Tab key={name} id={name} className={page.tab}>
              {words(name)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="lineage" className={page.panel}>
          {related(known => (
            <LineageTab model={known} place={place} />
          ))}
        </TabPanel>
        <TabPanel id="jobs" className={page.panel}>
          {related(known => (
            <JobsTab model={known} />
          ))}
        </TabPanel>
        <TabPanel id="snapshots" className={page.panel}>
          {related(known => (
            <SnapshotsTab model={known} />
          ))}
        </TabPanel>
        <TabPanel id="deployments" className={page.panel}>
          <DeploymentsTab model={model} place={place} />
        </TabPanel>
        <TabPanel id="assets" className={page.panel}>
          <AssetsTab model={model} place={place} />
        </TabPanel>
      </Tabs>
    </>
  )
}

/** A model: where it comes from, where it goes, and all that belongs to it. */
export function ModelPage() {
  const { name, group, region } = route.useParams()
  const variables = useMemo(() => ({ name, ...scopeOf({ group, region }) }), [name, group, region])
  const [{ data, error, fetching, extensions }, ask] = useQuery({ query: modelQuery, variables })
  const viewer = useViewer()
  const model = data?.model
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask])
  const relations = useRelations(refresh)
  return (
    <>
      <PageHead
        title={name}
        beside={model?.registration ? <Status value="IMPORTED" /> : undefined}
        consoleUrl={model?.consoleUrl}
        question={{ document: relationsQuery, variables }}
        extensions={extensions}
      >
        {model && !model.registration && mayDo(viewer, 'IMPORT', group) && (
          <Link className={`${css.button} ${css.primary}`} to="/at/$group/$region/import" params={{ group, region }} search={{ name }}>
            Import it
          </Link>
        )}
      </PageHead>
      <Problems problems={problemsOf(error)} partial={Boolean(model)} retry={refresh} />
      {model && <Body model={model} relations={relations} />}
      {!model && fetching && <Loading lines={14} />}
      {!model && !fetching && !error && (
        <Empty>
          <span>
            There is no model {name} for {titleOf({ group, region })}. It may have been deleted, or be in another account or region.
          </span>
          <Link className={css.quiet} to="/at/$group/$region/models" params={{ group, region }}>
            All models
          </Link>
        </Empty>
      )}
    </>
  )
}
