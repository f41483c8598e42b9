// The runtime page: state, metrics, and what its role may not read (null, with an error).
import { graphql } from 'relay-runtime'

export const query = graphql`
  query RuntimeQuery($name: String!, $group: String) {
    runtime(name: $name, group: $group) {
      ...Runtime_state @relay(mask: false)
      snapshotName
      variants {
        name
        currentInstanceCount
      }
      metrics(names: [INVOCATIONS], statistics: [SUM], periodSeconds: 300) {
        metric
        statistic
        variant
        unit
        points {
          at
          value
        }
      }
      monitoringSchedules {
        name
      }
    }
  }
`

export const state = graphql`
  fragment Runtime_state on Runtime {
    id
    name
    status
    failureReason
  }
`

export const runtimeChanged = graphql`
  subscription RuntimeSubscription($ids: [ID!]!) {
    runtimeChanged(ids: $ids) {
      runtime {
        ...Runtime_state @relay(mask: false)
      }
      deletedId @deleteRecord
    }
  }
`
