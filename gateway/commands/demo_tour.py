"""The demo's tour: the main query, and an import whose deployment proceeds until it awaits approval."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx

from aws.kinds.kind import Kind
from gateway.explorer.examples import EXAMPLES, MAIN_QUERY, ONE_THING, Example
from gateway.explorer.mutation_examples import APPROVE, DEPLOYMENTS, IMPORT
from resolvers.node_ids import NodeId
from sandbox.estate import Estate

# Who opens the explorer under the demo: somebody in both groups, so that both accounts can be looked at.
DEMO_HEADERS: Final = {"X-Forwarded-User": "demo", "X-Forwarded-Groups": "risk,marketing", "X-Acting-Group": "risk"}
# Who approves what `demo` has started: somebody of a group that decides for `risk`.
APPROVER_HEADERS: Final = {"X-Forwarded-User": "lead", "X-Forwarded-Groups": "mlops", "X-Acting-Group": "mlops"}
# A model without a snapshot; and one that is left for the example.
IMPORTED_MODEL: Final = "ifrs9-macro-scenarios"
EXAMPLE_MODEL: Final = "credit-risk-scorer-v7"
_MAX_PRINTED: Final = 2600
# A deployment is looked at so often, by the second, until it waits for somebody.
_MAX_POLLS: Final = 60
_STATE_QUERY: Final = "query Stands($id: ID!) { deployment(id: $id) { state reason snapshotName } }"


@dataclass(frozen=True, slots=True)
class DemoDeployment:
    """A deployment that has come as far as it comes by itself."""

    id: str
    state: str
    snapshot_name: str


class DemoTour:
    """Asks the gateway what the demo shows.

    Args:
        http: A client of the gateway.
        pause: Waits between two looks at a deployment.
    """

    def __init__(self, http: httpx.AsyncClient, pause: Any) -> None:
        self._http = http
        self._pause = pause

    async def ask_main_question(self) -> None:
        """Asks and prints the main question, its answer, and what it cost."""
        body = await self._ask(MAIN_QUERY, {})
        whole = json.dumps(body.get("data"), indent=2)
        print(f"\nThe question\n{MAIN_QUERY}\nThe answer, as `{DEMO_HEADERS['X-Forwarded-User']}` of the group risk")
        print(
            whole
            if len(whole) <= _MAX_PRINTED
            else f"{whole[:_MAX_PRINTED]}\n  … {len(whole) - _MAX_PRINTED} more characters"
        )
        for error in body.get("errors", ()):
            print(f"Error: {error['message']}")
        print(f"What it cost: {json.dumps(body['extensions'])}\n")

    async def import_and_deploy(self) -> DemoDeployment | None:
        """Imports a model, and waits until its deployment waits for somebody; None where it started none."""
        body = await self._ask(IMPORT.query, {"model": IMPORTED_MODEL})
        payload = (body.get("data") or {}).get("importModel") or {}
        run: Mapping[str, Any] = payload.get("importRun") or {}
        started = run.get("deployments") or []
        if not started:
            print(f"The import of {IMPORTED_MODEL} started nothing: {json.dumps(body)[:_MAX_PRINTED]}")
            return None
        deployment = await self._until_it_waits(started[0]["id"])
        count = run["changes"]["totalCount"]
        print(f"Imported {IMPORTED_MODEL}: {count} elements, and {deployment.snapshot_name} is {deployment.state}.")
        return deployment

    async def _until_it_waits(self, deployment_id: str) -> DemoDeployment:
        found: Mapping[str, Any] = {}
        for _ in range(_MAX_POLLS):
            body = await self._ask(_STATE_QUERY, {"id": deployment_id})
            found = body["data"]["deployment"]
            if found["state"] not in {"VERIFYING", "REHEARSING"}:
                break
            await self._pause(0.25)
        return DemoDeployment(deployment_id, found["state"], found["snapshotName"])

    async def _ask(self, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        answer = await self._http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=DEMO_HEADERS, timeout=60
        )
        body: Mapping[str, Any] = answer.json()
        return body


def demo_examples(estate: Estate, newest: str, deployment: DemoDeployment | None) -> list[Example]:
    """The worked examples with names and ids of this estate; the approval is somebody else's to give."""
    group = estate.risk
    one = replace(
        ONE_THING, variables={"id": NodeId(Kind.MODEL, group.name, group.account, group.region, newest).encode()}
    )
    return [
        *(one if example is ONE_THING else example for example in EXAMPLES),
        replace(IMPORT, variables={"model": EXAMPLE_MODEL}),
        DEPLOYMENTS,
        replace(APPROVE, variables={"id": deployment.id if deployment else ""}, headers=APPROVER_HEADERS),
    ]


def approval_command(gateway: str, deployment: DemoDeployment) -> str:
    """The command that approves it, for a terminal."""
    headers = " ".join(f"-H '{name}: {value}'" for name, value in APPROVER_HEADERS.items())
    query = f'mutation {{ approveDeployment(input: {{id: \\"{deployment.id}\\"}}) {{ deployment {{ state }} }} }}'
    return f"curl -s {gateway}/graphql -H 'Content-Type: application/json' {headers} -d '{{\"query\": \"{query}\"}}'"
