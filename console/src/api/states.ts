// States that stay live: one subscription for all runtimes of a page, one for its jobs; a question now and then for
// kinds without one, as long as they are on their way. Graphcache shows what comes wherever the thing is shown.
import { useEffect, useMemo, useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { graphql } from '../graphql'
import { onReconnected } from './live'

const runtimeChanges = graphql(`
  subscription RuntimeStates($ids: [ID!]!) {
    runtimeChanged(ids: $ids) {
      runtime {
        id
        status
        rawStatus
        snapshotName
        lastModifiedTime
      }
      deletedId
    }
  }
`)

const jobChanges = graphql(`
  subscription JobStates($ids: [ID!]!) {
    jobChanged(ids: $ids) {
      job {
        id
        status
        rawStatus
        executionSeconds
        failureReason
      }
      deletedId
    }
  }
`)

const deploymentChanges = graphql(`
  subscription DeploymentStates($ids: [ID!]!) {
    deploymentChanged(ids: $ids) {
      deployment {
        ...DeploymentRow
      }
    }
  }
`)

const launches = graphql(`
  subscription Launches($group: String) {
    deploymentsChanged(filter: { group: $group, state: [LAUNCHING, DEPLOYED] }) {
      matches
      deployment {
        id
        state
      }
    }
  }
`)

const passingQuery = graphql(`
  query PassingStates($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Runtime {
        id
        runtimeStatus: status
        rawStatus
      }
      ... on InferenceComponent {
        id
        status
        rawStatus
      }
      ... on PipelineExecution {
        id
        executionStatus: status
        rawStatus
      }
    }
  }
`)

/** So many ids does a subscription take. */
const MOST = 100
const PASSING_MS = 10_000

interface Stateful {
  id: string
  status: string
}

const PASSING = new Set(['IN_PROGRESS', 'STOPPING', 'CREATING', 'UPDATING', 'SYSTEM_UPDATING', 'ROLLING_BACK', 'DELETING', 'EXECUTING'])

/** Ids of a list as variables, each once; they change only if the ids do. */
function useIds(things: readonly { id: string }[]): { ids: string[] } {
  const ids = [...new Set(things.map(({ id }) => id))].slice(0, MOST)
  return useMemo(() => ({ ids }), [ids.join()])
}

/**
 * Keeps the states of runtimes up to date: any of them may change. `refresh` is called if one is gone. Those on their way
 * are asked for, too: a list's answer that is older than an event may come after it.
 */
export function useRuntimeStates(runtimes: readonly Stateful[], refresh?: () => void): void {
  usePassingStates(runtimes)
  const variables = useIds(runtimes)
  const [{ data }] = useSubscription({ query: runtimeChanges, variables, pause: variables.ids.length === 0 })
  const deletedId = data?.runtimeChanged?.deletedId
  useEffect(() => {
    if (deletedId) refresh?.()
  }, [deletedId, refresh])
}

/** Keeps the states of jobs up to date that have not ended. */
export function useJobStates(jobs: readonly Stateful[]): void {
  const variables = useIds(jobs.filter(({ status }) => PASSING.has(status)))
  useSubscription({ query: jobChanges, variables, pause: variables.ids.length === 0 })
}

/** Asks for the states of runtimes, inference components and pipeline executions until they are on their way no more. */
export function usePassingStates(things: readonly Stateful[]): void {
  const variables = useIds(things.filter(({ status }) => PASSING.has(status)))
  const isPaused = variables.ids.length === 0
  const [, ask] = useQuery({ query: passingQuery, variables, pause: isPaused })
  useEffect(() => {
    if (isPaused) return
    const timer = setInterval(() => {
      if (!document.hidden) ask({ requestPolicy: 'network-only' })
    }, PASSING_MS)
    return () => clearInterval(timer)
  }, [isPaused, ask])
}

/** Keeps deployments up to date that have not ended. */
export function useDeploymentStates(deployments: readonly { id: string; endedAt?: string | null }[]): void {
  const variables = useIds(deployments.filter(({ endedAt }) => !endedAt))
  useSubscription({ query: deploymentChanges, variables, pause: variables.ids.length === 0 })
}

/** Asks anew after each event; one that comes while an answer is on its way is followed by a question of its own. */
export function useRefresh(event: unknown, isBusy: boolean, refresh: () => void): void {
  const [isDue, setDue] = useState(false)
  useEffect(() => {
    if (event) setDue(true)
  }, [event])
  useEffect(() => {
    if (!isDue || isBusy) return
    setDue(false)
    refresh()
  }, [isDue, isBusy, refresh])
}

/** Asks anew when a list may have gained a thing: a deployment of the group is launched, or the connection is there again. */
export function useLaunches(group: string | null, isBusy: boolean, refresh: () => void): void {
  const [{ data }] = useSubscription({ query: launches, variables: useMemo(() => ({ group }), [group]) })
  useEffect(() => onReconnected(refresh), [refresh])
  useRefresh(data, isBusy, refresh)
}
