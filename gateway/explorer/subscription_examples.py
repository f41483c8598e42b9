"""Worked examples of subscriptions, and of two changes that they show."""

from typing import Final

from gateway.explorer.examples import Example

LIVE_RUNTIME: Final = Example(
    name="LiveRuntime",
    description="A runtime: its present state, then each change. Run UpdateRuntime in a second window.",
    query="""\
subscription LiveRuntime($ids: [ID!]!) {
  runtimeChanged(ids: $ids) {
    runtime {
      name
      status
      snapshotName
    }
    deletedId
    at
  }
}
""",
    variables={"ids": [""]},
    tab=False,
)

LIVE_JOB: Final = Example(
    name="LiveJob",
    description="A job: its present state, then each change. A job that does not exist has a deletedId.",
    query="""\
subscription LiveJob($ids: [ID!]!) {
  jobChanged(ids: $ids) {
    job {
      name
      status
    }
    deletedId
    at
  }
}
""",
    variables={"ids": [""]},
    tab=False,
)

LIVE_DEPLOYMENT: Final = Example(
    name="LiveDeployment",
    description="A deployment on its way: its state, its steps, and its endpoint.",
    query="""\
subscription LiveDeployment($ids: [ID!]!) {
  deploymentChanged(ids: $ids) {
    deployment {
      state
      reason
      steps {
        name
        state
      }
      runtime {
        name
        status
      }
    }
    at
  }
}
""",
    variables={"ids": [""]},
    tab=False,
)

LIVE_INBOX: Final = Example(
    name="LiveInbox",
    description="An approver's inbox: deployments that begin to wait for a decision, or cease to (matches: false).",
    query="""\
subscription LiveInbox {
  deploymentsChanged(filter: { state: [AWAITING_APPROVAL] }) {
    matches
    deployment {
      id
      state
      snapshotName
      startedBy
    }
    at
  }
}
""",
    tab=False,
)

LIVE_IMPORT: Final = Example(
    name="LiveImport",
    description="An import until its end: its phase, and how far it is.",
    query="""\
subscription LiveImport($id: ID!) {
  importRunChanged(id: $id) {
    importRun {
      state
      phase
      done
      total
    }
    at
  }
}
""",
    variables={"id": ""},
    tab=False,
)

MOVE_RUNTIME: Final = Example(
    name="UpdateRuntime",
    description="Moves a runtime to another snapshot of its model. LiveRuntime in a second window shows it.",
    query="""\
mutation UpdateRuntime($input: UpdateRuntimeInput!) {
  updateRuntime(input: $input) {
    runtime {
      id
      name
      status
    }
    userErrors {
      field
      code
      message
    }
  }
}
""",
    variables={"input": {"name": "", "snapshotName": ""}},
    tab=False,
)

START_JOB: Final = Example(
    name="CreateTransformJob",
    description="Starts a transform job. LiveJob in a second window shows it.",
    query="""\
mutation CreateTransformJob($input: CreateTransformJobInput!) {
  createTransformJob(input: $input) {
    transformJob {
      id
      name
      status
    }
    userErrors {
      field
      code
      message
    }
  }
}
""",
    variables={"input": {"modelName": "", "inputS3Uri": "", "outputS3Uri": "", "instanceType": "ml.m5.large"}},
    tab=False,
)

SUBSCRIPTION_EXAMPLES: Final = (LIVE_RUNTIME, LIVE_JOB, LIVE_DEPLOYMENT, LIVE_INBOX, LIVE_IMPORT)
