"""The approver of the demo's deployment: `lead`, by the gateway's own mutation or on a page of the stand-in Jira."""

import json
from typing import Any, Final, Protocol

import httpx

from sandbox.jira.accounts import GATEWAY, Account
from sandbox.jira.server import JiraServer

# A person of a group that decides for `risk`, who is not the one that starts the deployment.
APPROVER_HEADERS: Final = {"X-Forwarded-User": "lead", "X-Forwarded-Groups": "mlops", "X-Acting-Group": "mlops"}
STARTER: Final = Account("demo", "Demo User", "demo@example.com")
APPROVER: Final = Account("lead", "Lee Lead", "lead@example.com")
_APPROVE: Final = (
    "mutation {{ approveDeployment(input: {{id: {id}}}) {{ deployment {{ state }} userErrors {{ code }} }} }}"
)


class DemoApproval(Protocol):
    """A way to approve a deployment."""

    def invitation(self, gateway: str, deployment_id: str, ticket: str) -> str:
        """An invitation to approve it.

        Args:
            gateway: The gateway's address.
            deployment_id: The deployment.
            ticket: The key of its ticket.
        """

    def page(self, gateway: str, deployment_id: str, ticket: str) -> str:
        """The address of the page on which `lead` approves the deployment.

        Args:
            gateway: The gateway's address.
            deployment_id: The deployment.
            ticket: The key of its ticket.
        """

    async def approve(self, http: httpx.AsyncClient, deployment_id: str, ticket: str) -> None:
        """Approve a deployment as `lead`.

        Args:
            http: A client of the gateway.
            deployment_id: The deployment.
            ticket: The key of its ticket.
        """


class BuiltinApproval:
    """Approval by the gateway's own mutation."""

    def invitation(self, gateway: str, deployment_id: str, ticket: str) -> str:
        """A command for a terminal, which approves the deployment at the gateway; the ticket is not needed."""
        headers = " ".join(f"-H '{name}: {value}'" for name, value in APPROVER_HEADERS.items())
        body = json.dumps({"query": _approval(deployment_id)})
        return (
            "`demo` may not approve the first deployment, because `demo` started it; `lead` of the group mlops may.\n"
            "Choose `lead` in the console's list Person, or run in another terminal:\n"
            f"  curl -s {gateway}/graphql -H 'Content-Type: application/json' {headers} -d '{body}'"
        )

    def page(self, gateway: str, deployment_id: str, ticket: str) -> str:
        """The deployment's page in the gateway's console."""
        return f"{gateway}/console/deployments/{deployment_id}"

    async def approve(self, http: httpx.AsyncClient, deployment_id: str, ticket: str) -> None:
        """Send the mutation of the printed command by this client. Raises the error of httpx for a refusal."""
        answer = await http.post("/graphql", json={"query": _approval(deployment_id)}, headers=APPROVER_HEADERS)
        answer.raise_for_status()


class JiraApproval:
    """Approval by moving the ticket in the stand-in Jira.

    Args:
        jira: The Jira.
    """

    def __init__(self, jira: JiraServer) -> None:
        self._jira = jira

    def invitation(self, gateway: str, deployment_id: str, ticket: str) -> str:
        """The sentences that ask to move the ticket, with its page."""
        return (
            f"`{STARTER.display_name}` may not approve the first deployment, because `demo` started it. "
            f"`{APPROVER.display_name}` may. "
            f"Move the ticket to Done at\n  {self.page(gateway, deployment_id, ticket)}"
        )

    def page(self, gateway: str, deployment_id: str, ticket: str) -> str:
        """The ticket's page in Jira."""
        return f"{self._jira.url}/browse/{ticket}"

    async def approve(self, http: httpx.AsyncClient, deployment_id: str, ticket: str) -> None:
        """Move the ticket to Done over Jira's REST API, as `lead`. Raises the error of httpx for a refusal."""
        headers = {"Authorization": APPROVER.authorization(cloud=self._jira.cloud)}
        async with httpx.AsyncClient(base_url=self._jira.url, headers=headers) as jira:
            path = f"/rest/api/2/issue/{ticket}/transitions"
            ways: list[dict[str, Any]] = (await jira.get(path)).raise_for_status().json()["transitions"]
            (done,) = (way["id"] for way in ways if way["to"]["name"] == "Done")
            (await jira.post(path, json={"transition": {"id": done}})).raise_for_status()


def start_jira() -> JiraServer:
    """A Jira with the demo's people, whose workflow does not let the gateway's account approve. Raises OSError."""
    jira = JiraServer.start(cloud=True, people=(APPROVER, STARTER))
    done = next(status for status in jira.project.statuses if status.name == "Done")
    done.movers = frozenset({APPROVER.name, STARTER.name})
    return jira


def jira_settings(jira: JiraServer, gateway_url: str) -> dict[str, Any]:
    """The settings block `jira` for a stand-in Jira and the gateway's address."""
    return {
        "url": jira.url,
        "user": GATEWAY.email,
        "token": GATEWAY.token,
        "project": jira.project.key,
        "pollSeconds": 1,
        "gatewayUrl": gateway_url,
    }


def _approval(deployment_id: str) -> str:
    return _APPROVE.format(id=json.dumps(deployment_id))
