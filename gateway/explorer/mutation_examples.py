"""Worked examples of mutations: an import, and the deployment of its snapshot."""

from typing import Final

from gateway.explorer.examples import Example

IMPORT: Final = Example(
    name="ImportModel",
    description="Imports a model with all that belongs to it; deployments of its snapshots start by themselves.",
    query="""\
mutation ImportModel($model: String!) {
  importModel(input: { modelName: $model }) {
    registration {
      id
      displayName
    }
    importRun {
      id
      state
      phase
      changes(first: 10) {
        totalCount
        nodes {
          kind
          name
          change
          match
        }
      }
      problems {
        message
      }
      deployments {
        id
        state
        reason
        snapshotName
      }
    }
    userErrors {
      field
      code
      message
    }
  }
}
""",
    variables={"model": ""},
)

DEPLOYMENTS: Final = Example(
    name="OnTheirWay",
    description="The deployments that you may see, newest first: how each stands, its steps, and what it has become.",
    query="""\
query OnTheirWay {
  deployments(first: 10) {
    nodes {
      id
      state
      reason
      snapshotName
      startedBy
      steps {
        name
        state
        detail
      }
      runtime {
        name
        status
        consoleUrl
      }
    }
  }
}
""",
)

APPROVE: Final = Example(
    name="Approve",
    description="Approves a deployment, as somebody else than who started it; run it, and watch the runtime come up.",
    query="""\
mutation Approve($id: ID!) {
  approveDeployment(input: { id: $id, comment: "Looks right" }) {
    deployment {
      state
      decision {
        by
        outcome
      }
      runtime {
        name
        status
      }
    }
    userErrors {
      code
      message
    }
  }
}
""",
    variables={"id": ""},
)

MUTATION_EXAMPLES: Final = (IMPORT, DEPLOYMENTS, APPROVE)
