import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useQuery, useSubscription } from 'urql'
import { problemsOf } from '../../api/problems'
import { useDeploymentStates } from '../../api/states'
import { graphql } from '../../graphql'
import type { DeploymentRowFragment, RunFactsFragment } from '../../graphql/graphql'
import type { Place } from '../../shell/viewer'
import { Empty, Loading, PageHead, Panel } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status, words } from '../../ui/Status'
import { Time } from '../../ui/Time'
import { Assets } from '../assets/Assets'
import { DeploymentLines } from '../deployment/DeploymentLines'
import page from './import.module.css'

graphql(`
  fragment RunFacts on ImportRun {
    id
    state
    phase
    done
    total
    startedAt
    endedAt
    problems {
      code
      message
      count
    }
    registration {
      ...RegistrationFacts
      deployments(first: 20) {
        nodes {
          ...DeploymentRow
        }
      }
    }
    deployments {
      ...DeploymentRow
    }
  }
`)

const runQuery = graphql(`
  query ImportRunPage($id: ID!) {
    node(id: $id) {
      __typename
      ... on ImportRun {
        ...RunFacts
      }
    }
  }
`)

const runChanges = graphql(`
  subscription ImportRunChanges($id: ID!) {
    importRunChanged(id: $id) {
      importRun {
        ...RunFacts
      }
    }
  }
`)

function Progress({ run }: { run: RunFactsFragment }) {
  return (
    <Panel title="Import" beside={<Status value={run.state} />}>
      {run.state === 'RUNNING' && (
        <>
          <progress className={page.progress} max={run.total ?? undefined} value={run.total ? run.done : undefined} aria-label="Progress" />
          <p>
            {words(run.phase)}
            {run.total ? `: ${run.done} of ${run.total}` : ''}
          </p>
        </>
      )}
      {run.endedAt && (
        <p>
          Ended <Time at={run.endedAt} />
        </p>
      )}
      <Problems partial problems={run.problems.map(({ code, message, count }) => ({ code, message: count > 1 ? `${message} (${count})` : message, path: '' }))} />
    </Panel>
  )
}

/** The deployments that the import has begun, and those that were on their way before. */
function deploymentsOf({ deployments, registration }: RunFactsFragment): DeploymentRowFragment[] {
  const begun = deployments ?? []
  const before = (registration?.deployments?.nodes ?? []).filter(({ id, endedAt }) => !endedAt && begun.every(each => each.id !== id))
  return [...begun, ...before]
}

function Next({ run, place }: { run: RunFactsFragment; place: Place }) {
  const { registration } = run
  const open = deploymentsOf(run).filter(({ endedAt }) => !endedAt)
  const missing = registration?.requiredAssets.filter(({ present }) => !present).length ?? 0
  if (run.state !== 'DONE' || !registration) return null
  return (
    <Panel title="What happens next">
      <p>
        {open.length === 0
          ? 'No deployment is on its way: every snapshot runs already, none was to start, or those that began have ended, below.'
          : missing > 0
            ? 'Deployments wait for the missing assets, below. Then the model is rehearsed, and somebody else approves it.'
            : 'Deployments are under way: verification, rehearsal, approval by somebody else, launch.'}
      </p>
      <Link to="/at/$group/$region/models/$name" params={{ ...place, name: registration.modelName }}>
        To the model’s page
      </Link>
    </Panel>
  )
}

/** An import on its way: its progress, live; then the assets that are missing, and what happens next. */
export function Run({ id, place }: { id: string; place: Place }) {
  const variables = useMemo(() => ({ id }), [id])
  const [{ data, error, fetching, extensions }, ask] = useQuery({ query: runQuery, variables })
  const run = data?.node?.__typename === 'ImportRun' ? data.node : undefined
  useSubscription({ query: runChanges, variables, pause: !run || run.state !== 'RUNNING' })
  const deployments = run ? deploymentsOf(run) : []
  useDeploymentStates(deployments)
  return (
    <>
      <PageHead title={run?.registration ? `Import of ${run.registration.displayName}` : 'Import'} question={{ document: runQuery, variables }} extensions={extensions} />
      <Problems problems={problemsOf(error)} partial={Boolean(run)} retry={() => ask({ requestPolicy: 'network-only' })} />
      {!run && fetching && <Loading lines={8} />}
      {!run && !fetching && !error && <Empty>There is no such import, or none that you may see.</Empty>}
      {run && <Progress run={run} />}
      {run && <Next run={run} place={place} />}
      <DeploymentLines title="Deployments" deployments={deployments} hasAssets />
      {run?.registration && run.state === 'DONE' && (
        <Panel title="Assets">
          <Assets registration={run.registration} open={deployments.filter(({ endedAt }) => !endedAt)} />
        </Panel>
      )}
    </>
  )
}
