// The model page: where the model runs, and the jobs that made and used it, paged.
import { graphql } from 'relay-runtime'

export const query = graphql`
  query ModelQuery($name: String!, $jobs: Int!, $after: String) {
    model(name: $name) {
      id
      name
      creationTime
      registration {
        id
        displayName
      }
      containers {
        image
        environment {
          key
          value
          redacted
        }
      }
      runtimes(first: 5) {
        nodes {
          ...Runtime_state @relay(mask: false)
        }
      }
      ...Model_jobs @arguments(first: $jobs, after: $after)
    }
  }
`

export const jobs = graphql`
  fragment Model_jobs on Model
  @refetchable(queryName: "ModelJobsPageQuery")
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" }) {
    jobs(first: $first, after: $after) @connection(key: "Model_jobs") {
      edges {
        match
        node {
          ...Model_job @relay(mask: false)
        }
      }
    }
  }
`

export const job = graphql`
  fragment Model_job on Job {
    id
    name
    type
    status
    failureReason
    ... on TransformJob {
      batchStrategy
    }
  }
`

export const jobChanged = graphql`
  subscription ModelJobSubscription($ids: [ID!]!) {
    jobChanged(ids: $ids) {
      job {
        ...Model_job @relay(mask: false)
      }
      deletedId @deleteRecord
    }
  }
`
