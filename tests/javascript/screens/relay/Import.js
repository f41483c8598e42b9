// The import wizard: a plan, the import, its assets, and the way of its deployment.
import { graphql } from 'relay-runtime'

export const plan = graphql`
  query ImportPlanQuery($input: ImportPlanInput!) {
    settings {
      requiredAssets
    }
    importPlan(input: $input) {
      modelName
      exists
      alreadyImported
      elements(first: 20) {
        totalCount
        nodes {
          kind
          name
          change
        }
      }
      problems {
        code
        message
      }
    }
  }
`

export const importModel = graphql`
  mutation ImportModelMutation($input: ImportModelInput!) {
    importModel(input: $input) {
      userErrors {
        code
        field
        message
      }
      importRun {
        ...Import_run @relay(mask: false)
      }
    }
  }
`

export const putAssets = graphql`
  mutation ImportAssetsMutation($input: PutAssetsInput!) {
    putAssets(input: $input) {
      userErrors {
        code
        field
        message
      }
      registration {
        ...Import_assets @relay(mask: false)
      }
    }
  }
`

export const assets = graphql`
  fragment Import_assets on Registration {
    id
    displayName
    requiredAssets {
      role
      present
    }
  }
`

export const run = graphql`
  fragment Import_run on ImportRun {
    id
    state
    phase
    done
    total
    registration {
      ...Import_assets @relay(mask: false)
      model {
        id
        registration {
          id
          displayName
        }
      }
    }
    deployments {
      ...Import_deployment @relay(mask: false)
    }
  }
`

export const deployment = graphql`
  fragment Import_deployment on Deployment {
    id
    state
    reason
    snapshotName
    runtime {
      ...Runtime_state @relay(mask: false)
    }
    steps {
      name
      state
      job {
        ...Model_job @relay(mask: false)
      }
    }
  }
`

export const runChanged = graphql`
  subscription ImportRunSubscription($id: ID!) {
    importRunChanged(id: $id) {
      importRun {
        ...Import_run @relay(mask: false)
      }
    }
  }
`

export const deploymentChanged = graphql`
  subscription ImportDeploymentSubscription($ids: [ID!]!) {
    deploymentChanged(ids: $ids) {
      deployment {
        ...Import_deployment @relay(mask: false)
      }
    }
  }
`
