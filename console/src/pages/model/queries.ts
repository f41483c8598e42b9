// What a model's page asks for: the model itself, which stands at once; what belongs to it, which takes AWS longer; and
// further pages of what is long.
import { graphql } from '../../graphql'
import type { ModelPageQuery, ModelRelationsQuery } from '../../graphql/graphql'

graphql(`
  fragment LineageJob on Job {
    id
    name
    arn
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
  fragment JobPage on ModelJobConnection {
    edges {
      match
      linkedBy
      node {
        __typename
        ...LineageJob
        ... on TrainingJob {
          tunedByName
        }
        ... on ProcessingJob {
          inputs {
            s3Uri
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    lookedBackTo
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

graphql(`
  fragment SnapshotPage on SnapshotConnection {
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
      shadowVariants {
        name
        modelName
      }
      runtimes(first: 3) {
        nodes {
          ...LineageRuntime
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
  }
`)

export const modelQuery = graphql(`
  query ModelPage($name: String!, $group: String, $region: String!) {
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
      registration {
        ...RegistrationFacts
        deployments(first: 20) {
          nodes {
            ...DeploymentRow
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
`)

export const relationsQuery = graphql(`
  query ModelRelations($name: String!, $group: String, $region: String!) {
    model(name: $name, group: $group, region: $region) {
      id
      name
      consoleUrl
      containers {
        modelDataUrl
        hostname
      }
      modelPackages {
        id
        name
        arn
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
          steps {
            resourceArn
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      runtimes(first: 20) {
        nodes {
          ...LineageRuntime
          snapshot {
            id
            name
            consoleUrl
            variants {
              name
              modelName
            }
            shadowVariants {
              name
              modelName
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      snapshots(first: 20) {
        ...SnapshotPage
      }
      inferenceComponents(first: 20) {
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
        pageInfo {
          hasNextPage
        }
      }
      jobs(first: 20) {
        ...JobPage
      }
      otherJobs: jobs(first: 20, filter: { types: [PROCESSING, TUNING] }) {
        ...JobPage
      }
    }
  }
`)

export const jobsQuery = graphql(`
  query ModelJobs($name: String!, $group: String, $region: String!, $types: [JobType!], $after: String) {
    model(name: $name, group: $group, region: $region) {
      id
      jobs(first: 20, filter: { types: $types }, after: $after) {
        ...JobPage
      }
    }
  }
`)

export const snapshotsQuery = graphql(`
  query ModelSnapshots($name: String!, $group: String, $region: String!, $after: String) {
    model(name: $name, group: $group, region: $region) {
      id
      snapshots(first: 20, after: $after) {
        ...SnapshotPage
      }
    }
  }
`)

export type Model = NonNullable<ModelPageQuery['model']>
export type Relations = NonNullable<ModelRelationsQuery['model']>
