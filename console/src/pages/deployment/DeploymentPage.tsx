import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useQuery, useSubscription } from 'urql'
import { problemsOf } from '../../api/problems'
import { graphql } from '../../graphql'
import { Empty, Loading, PageHead } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { Status } from '../../ui/Status'
import { Decision } from './Decision'
import { Decided, Reason, Related, Steps, TestResult, VerifiedAssets } from './Evidence'

graphql(`
  fragment Sized on Snapshot {
    id
    name
    consoleUrl
    hourlyCost {
      amount
      currency
    }
    variants {
      name
      modelName
      instanceType
      initialInstanceCount
      serverless {
        memorySizeInMB
      }
    }
  }
`)

graphql(`
  fragment DeploymentFacts on Deployment {
    id
    state
    group
    region
    accountId
    snapshotName
    runtimeName
    requestedRuntimeName
    replacesName
    reason
    startedBy
    startedAt
    endedAt
    viewerCan
    viewerCannot {
      action
      code
      message
    }
    steps {
      name
      state
      startedAt
      endedAt
      detail
      job {
        id
        name
        status
        rawStatus
        consoleUrl
      }
    }
    tickets {
      key
      url
      status
      kind
    }
    rollout {
      strategy
      step {
        percent
        instances
      }
      rollbackStep {
        percent
        instances
      }
      waitSeconds
      terminationWaitSeconds
      maximumSeconds
      alarms
    }
    decision {
      outcome
      by
      at
      comment
    }
    testResult {
      id
      passed
      outputS3Uri
      checks {
        name
        passed
        expected
        actual
      }
    }
    assets {
      role
      name
      fingerprint
    }
    runtime {
      id
      name
      status
      rawStatus
    }
  }
`)

const deploymentQuery = graphql(`
  query DeploymentPage($id: ID!) {
    deployment(id: $id) {
      ...DeploymentFacts
      registrations {
        id
        displayName
        modelName
      }
      snapshot {
        ...Sized
      }
      replaces {
        ...Sized
      }
    }
  }
`)

const deploymentChanges = graphql(`
  subscription DeploymentChanges($ids: [ID!]!) {
    deploymentChanged(ids: $ids) {
      deployment {
        ...DeploymentFacts
      }
    }
  }
`)

const route = getRouteApi('/deployments/$id')

/** A deployment: what is asked for, the evidence, the decision, live. */
export function DeploymentPage() {
  const { id } = route.useParams()
  const variables = useMemo(() => ({ id }), [id])
  const [{ data, error, fetching, extensions }, ask] = useQuery({ query: deploymentQuery, variables })
  useSubscription({ query: deploymentChanges, variables: useMemo(() => ({ ids: [id] }), [id]) })
  const deployment = data?.deployment
  // A decision needs no scrolling; a failure comes first.
  const isForApprover = deployment?.state === 'AWAITING_APPROVAL'
  return (
    <>
      <PageHead
        title={deployment ? `Deployment of ${deployment.snapshotName}` : 'Deployment'}
        beside={deployment && <Status value={deployment.state} />}
        consoleUrl={deployment?.snapshot?.consoleUrl}
        question={{ document: deploymentQuery, variables }}
        extensions={extensions}
      />
      {deployment && (
        <>
          {!isForApprover && <Reason deployment={deployment} />}
          <Decision deployment={deployment} />
          {isForApprover && <Reason deployment={deployment} />}
        </>
      )}
      <Problems problems={problemsOf(error)} partial={Boolean(deployment)} retry={() => ask({ requestPolicy: 'network-only' })} />
      {deployment && (
        <>
          {deployment.decision && <Decided deployment={deployment} />}
          <TestResult result={deployment.testResult} />
          <Steps deployment={deployment} />
          <VerifiedAssets assets={deployment.assets} />
          {!deployment.decision && <Decided deployment={deployment} />}
          <Related deployment={deployment} />
        </>
      )}
      {!deployment && fetching && <Loading lines={10} />}
      {!deployment && !fetching && error && <Link to="/inbox">To the inbox</Link>}
      {!deployment && !fetching && !error && <Empty>There is no such deployment, or none that you may see. Deployments that have ended are kept for as long as the gateway’s settings say.</Empty>}
    </>
  )
}
