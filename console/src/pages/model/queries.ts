// What a model's page asks for: everything that it shows, in one question.
import { graphql } from '../../graphql'
import type { ModelPageQuery } from '../../graphql/graphql'

graphql(`
  fragment LineageJob on Job {
    id
    name
    type
    status
    rawStatus
    consoleUrl
    creationTime
    executionSeconds
    failureReason
  }
`)

graphql(`
  fragment LineageRuntime on Runtime {
    id
    name
    status
    rawStatus
    consoleUrl
  }
`)

export const modelQuery = graphql(`
  query ModelPage($name: String!, $group: String!, $region: String!) {
    model(name: $name, group: $group, region: $region) {
      id
      name
      arn
      creationTime
      asOf
      consoleUrl
      executionRoleArn
      tags {
        key
        value
      }
      containers {
        image
        modelDataUrl
        hostname
      }
      modelPackages {
        id
        name
        version
        approvalStatus
        consoleUrl
      }
      pipelineExecutions(first: 10) {
        nodes {
          id
          name
          displayName
          pipelineName
          status
          rawStatus
          consoleUrl
        }
      }
      snapshots(first: 20) {
        nodes {
          id
          name
          consoleUrl
          creationTime
          createdByImport
          variants {
            name
            modelName
            instanceType
            initialInstanceCount
            serverless {
              memorySizeInMB
            }
          }
          runtimes(first: 10) {
            nodes {
              ...LineageRuntime
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      inferenceComponents(first: 10) {
        nodes {
          id
          name
          status
          rawStatus
          consoleUrl
          runtimeName
          runtime {
            ...LineageRuntime
          }
        }
      }
      jobs(first: 20) {
        edges {
          match
          node {
            ...LineageJob
          }
        }
        pageInfo {
          hasNextPage
        }
        lookedBackTo
      }
      registration {
        ...RegistrationFacts
        deployments(first: 20) {
          nodes {
            ...DeploymentRow
          }
        }
      }
    }
  }
`)

export const lineageChanges = {
  runtimes: graphql(`
    subscription LineageRuntimes($ids: [ID!]!) {
      runtimeChanged(ids: $ids) {
        runtime {
          ...LineageRuntime
        }
        deletedId
      }
    }
  `),
  jobs: graphql(`
    subscription LineageJobs($ids: [ID!]!) {
      jobChanged(ids: $ids) {
        job {
          ...LineageJob
        }
        deletedId
      }
    }
  `),
}

export type Model = NonNullable<ModelPageQuery['model']>
