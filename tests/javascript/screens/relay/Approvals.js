// The approvals inbox: what awaits a decision of the caller's, and the decision.
import { graphql } from 'relay-runtime'

export const query = graphql`
  query ApprovalsQuery($filter: DeploymentFilter!, $first: Int!, $after: String) {
    ...Approvals_inbox @arguments(filter: $filter, first: $first, after: $after)
  }
`

export const inbox = graphql`
  fragment Approvals_inbox on Query
  @refetchable(queryName: "ApprovalsPageQuery")
  @argumentDefinitions(
    filter: { type: "DeploymentFilter!" }
    first: { type: "Int!" }
    after: { type: "String" }
  ) {
    deployments(filter: $filter, first: $first, after: $after) @connection(key: "Approvals_deployments", filters: []) {
      edges {
        node {
          ...Approvals_row @relay(mask: false)
        }
      }
    }
  }
`

export const row = graphql`
  fragment Approvals_row on Deployment {
    id
    state
    snapshotName
    startedBy
    viewerCan
    testResult {
      id
      passed
    }
  }
`

export const deploymentsChanged = graphql`
  subscription ApprovalsSubscription($filter: DeploymentFilter!) {
    deploymentsChanged(filter: $filter) {
      matches
      deployment {
        ...Approvals_row @relay(mask: false)
      }
    }
  }
`

export const decide = graphql`
  mutation ApprovalsDecisionMutation($input: ApproveDeploymentInput!) {
    approveDeployment(input: $input) {
      userErrors {
        code
        field
        message
      }
      deployment {
        ...Approvals_row @relay(mask: false)
      }
    }
  }
`
