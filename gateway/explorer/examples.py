"""The worked example queries that the explorer opens with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Example:
    """One query to begin with, as a tab of its own."""

    name: str
    """The operation's name in the query; GraphiQL makes it the tab's title."""
    description: str
    """One sentence about the answer of the query; it stands above the query as a comment."""
    query: str
    """GraphQL text with one operation."""
    variables: Mapping[str, object] = field(default_factory=dict)
    """The values for the query's variables; anything that JSON can hold."""
    headers: Mapping[str, str] | None = None
    """The headers of its tab, if other than those that the page begins with; only the demo gives any."""
    tab: bool = True
    """Tell whether the page opens a tab with it; else it is in the pane of examples alone."""


MAIN_QUERY: Final = """\
query WholePicture {
  models(first: 10) {
    nodes {
      name
      creationTime
      consoleUrl
      snapshots(first: 10) {
        nodes {
          name
          variants {
            name
            modelName
            instanceType
            initialInstanceCount
          }
          runtimes(first: 10) {
            nodes {
              name
              status
              consoleUrl
            }
          }
        }
      }
      jobs(first: 10) {
        edges {
          match
          node {
            name
            type
            status
            inputs {
              channel
              s3Uri
            }
            outputS3Uri
            consoleUrl
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
"""

_RUNNING: Final = """\
query RunningNow($status: [RuntimeStatus!]) {
  runtimes(first: 10, filter: { status: $status }) {
    nodes {
      name
      status
      rawStatus
      lastModifiedTime
      snapshotName
      variants {
        name
        currentWeight
        currentInstanceCount
      }
      models {
        name
      }
      consoleUrl
    }
    completeAsOf
  }
}
"""

_FAILED: Final = """\
query FailedJobs {
  jobs(first: 10, filter: { status: [FAILED] }) {
    nodes {
      name
      type
      failureReason
      endTime
      executionSeconds
      outputS3Uri
      modelNames
      consoleUrl
      ... on TrainingJob {
        secondaryStatus
        trainingImage
      }
      ... on TransformJob {
        batchStrategy
      }
    }
    completeAsOf
  }
}
"""

_ME: Final = """\
query WhoAmI {
  me {
    subject
    groups
    group
    permissions
    roles {
      group
      roleArn
      accountId
      region
      authenticationType
      active
    }
  }
}
"""

_ONE: Final = """\
query OneThing($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Resource {
      name
      arn
      creationTime
      tags {
        key
        value
      }
      consoleUrl
      asOf
      source
    }
  }
}
"""

ONE_THING: Final = Example(
    name="OneThing",
    description="One thing of any kind, by its id. Any answer can give an `id`: put one into the variables.",
    query=_ONE,
    variables={"id": ""},
)

EXAMPLES: Final = (
    Example(
        name="WholePicture",
        description="Models with their snapshots (endpoint configurations), runtimes (endpoints) and jobs.",
        query=MAIN_QUERY,
    ),
    Example(
        name="RunningNow",
        description="The endpoints in service or on their way there, and their models.",
        query=_RUNNING,
        variables={"status": ["IN_SERVICE", "CREATING", "UPDATING", "SYSTEM_UPDATING"]},
    ),
    Example(
        name="FailedJobs",
        description="Training and transform jobs that failed, newest first, each with SageMaker's reason.",
        query=_FAILED,
    ),
    Example(
        name="WhoAmI",
        description="The caller, their groups, and the AWS role of each group. No call to AWS is made.",
        query=_ME,
    ),
    ONE_THING,
)
