"""Worked examples of the lifecycle: an import, its assets, the rehearsal, and the approval of its snapshot."""

from typing import Final

from gateway.explorer.examples import Example

IMPORT: Final = Example(
    name="ImportModel",
    description="Imports a model with its snapshots, runtimes and jobs. A deployment of each snapshot starts.",
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
    description="The deployments that you may see, newest first, with their state, steps and endpoints.",
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

MISSING: Final = Example(
    name="StillMissing",
    description="The assets that a model's deployments need, and the deployments that wait for missing ones.",
    query="""\
query StillMissing($id: ID!) {
  registration(id: $id) {
    modelName
    requiredAssets {
      role
      present
    }
    deployments(first: 10) {
      nodes {
        id
        state
        reason
        snapshotName
      }
    }
  }
}
""",
    variables={"id": ""},
)

PUT_ASSETS: Final = Example(
    name="PutAssets",
    description="Adds all assets that a deployment needs. A blocked deployment then goes on by itself.",
    query="""\
mutation PutAssets($input: PutAssetsInput!) {
  putAssets(input: $input) {
    registration {
      modelName
      requiredAssets {
        role
        present
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
    variables={
        "input": {
            "registrationId": "",
            "assets": [
                {"role": "DOCUMENTATION", "name": "card", "content": {"text": "For retail credit, reviewed in May."}},
                {"role": "TEST_DATA", "name": "rows", "content": {"s3Uri": "s3://bucket/tests/rows.csv"}},
            ],
        }
    },
)

REHEARSAL: Final = Example(
    name="Rehearsal",
    description="The rehearsal of a deployment: its test data, and each check with the expected and the actual value.",
    query="""\
query Rehearsal($id: ID!) {
  deployment(id: $id) {
    state
    snapshotName
    testResult {
      passed
      outputS3Uri
      job {
        name
        status
        consoleUrl
      }
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
      s3Uri
    }
    tickets {
      key
      url
      status
    }
  }
}
""",
    variables={"id": ""},
)

APPROVE: Final = Example(
    name="Approve",
    description="Approves a deployment, as another person than its starter. Its endpoint is up some seconds later.",
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

MUTATION_EXAMPLES: Final = (IMPORT, MISSING, PUT_ASSETS, DEPLOYMENTS, REHEARSAL, APPROVE)
