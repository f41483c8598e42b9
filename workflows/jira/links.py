"""Links from tickets to the gateway: GraphiQL, with the question about this very deployment in its editors."""

import json
from typing import Final
from urllib.parse import quote, urlsplit

_PATH: Final = "/graphql"
# Whoever opens the link reads it before they send it, as themselves.
DEPLOYMENT_QUERY: Final = """\
query Deployment($id: ID!) {
  deployment(id: $id) {
    state
    reason
    group
    snapshotName
    runtimeName
    startedBy
    steps {
      name
      state
      detail
    }
    testResult {
      passed
    }
    decision {
      outcome
      by
      comment
    }
  }
}"""
"""What it asks."""


def deployment_link(gateway_url: str, deployment_id: str) -> str:
    """Where a browser gets GraphiQL with that question; nothing is asked before its reader sends it.

    All but letters, digits and `_.-~` is percent-encoded in what is added, so that no markup of Jira's ends the link.

    Args:
        gateway_url: Where people reach the gateway: its root, under whatever path, or its /graphql.
        deployment_id: The deployment's id.
    """
    parts = urlsplit(gateway_url)
    path = parts.path.rstrip("/").removesuffix(_PATH) + _PATH
    variables = json.dumps({"id": deployment_id}, separators=(",", ":"))
    query = f"query={quote(DEPLOYMENT_QUERY, safe='')}&variables={quote(variables, safe='')}"
    return parts._replace(path=path, query=query, fragment="").geturl()
