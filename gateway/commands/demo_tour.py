"""The demo's tour: a question, then a model's way from its import to an endpoint."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx

from gateway.commands.demo_approval import DemoApproval
from gateway.commands.demo_assets import demo_assets
from gateway.commands.demo_examples import APPROVED_MODEL, DEMO_HEADERS, WAITING_MODEL, DemoIds
from gateway.commands.demo_links import QUESTION
from gateway.explorer.mutation_examples import IMPORT, PUT_ASSETS
from sandbox.estate import Estate

_MAX_PRINTED: Final = 2600
# A deployment is looked at so often, four times a second.
_MAX_POLLS: Final = 400
_POLL_SECONDS: Final = 0.25
_DEPLOYMENT_QUERY: Final = """\
query($id: ID!) { deployment(id: $id) {
  state reason snapshotName tickets { key } runtime { name status } decision { by outcome }
  testResult { passed job { name } checks { name passed expected actual } } } }"""

_IMPORT_RUN_QUERY: Final = """\
query($id: ID!) { node(id: $id) { ... on ImportRun {
  id state registration { id } changes(first: 10) { totalCount } deployments { id } } } }"""


class DemoError(Exception):
    """The tour cannot go on; the message is the gateway's answer."""


class DemoTour:
    """Sends the questions and changes of the demo, and prints the answers.

    Args:
        http: A client of the gateway.
        estate: The estate that it serves.
        pause: Waits between two looks at a deployment.
    """

    def __init__(self, http: httpx.AsyncClient, estate: Estate, pause: Callable[[float], Awaitable[None]]) -> None:
        self._http = http
        self._estate = estate
        self._pause = pause

    async def ask_question(self) -> None:
        """Ask the question of the demo's link twice, and print it, the first model of its answer, and the calls.

        Raises:
            DemoError: The gateway has answered with an error.
        """
        bodies = [await self._ask(QUESTION, {}) for _ in range(2)]
        if "errors" in bodies[0]:
            raise DemoError(json.dumps(bodies[0])[:_MAX_PRINTED])
        first, *more = bodies[0]["data"]["models"]["nodes"]
        calls, again = (sum(body["extensions"]["aws"]["calls"].values()) for body in bodies)
        print("\n1. A question: which endpoint serves each model, what made it, and who approved it?\n")
        print(f"{QUESTION}\nThe answer to `{DEMO_HEADERS['X-Forwarded-User']}` of the group risk:\n{{")
        print(",\n".join(f'  "{field}": {json.dumps(value)}' for field, value in first.items()))
        print(f"}}\n… and {len(more)} more models. It took {calls} calls to AWS; asked again, it took {again}.")

    async def bring_to_approval(self) -> DemoIds:
        """Import a model, keep its assets, and wait until its deployment is rehearsed; import another one.

        Raises:
            DemoError: The gateway has answered otherwise than a demo expects.
        """
        print("\n2. A model on its way to an endpoint\n")
        registration, deployment = await self._import(APPROVED_MODEL)
        assets = demo_assets(self._estate.risk, APPROVED_MODEL)
        await self._data(PUT_ASSETS.query, {"input": {"registrationId": registration, "assets": assets}}, "putAssets")
        print(f"Added: {', '.join(asset['role'] for asset in assets)}. The deployment goes on by itself.")
        rehearsed = await self._until(deployment, lambda current: current["testResult"] and current["tickets"])
        _print_rehearsal(rehearsed)
        print("A second model, for you to go on with:")
        waiting, _ = await self._import(WAITING_MODEL)
        lacking = (asset["content"].get("s3Uri") for asset in demo_assets(self._estate.risk, WAITING_MODEL))
        print("Add them on the model's page in the console, or by the tab PutAssets in GraphiQL. Its data are at")
        print("  " + " and ".join(address for address in lacking if address) + ".\n")
        return DemoIds(deployment, waiting)

    async def ticket_of(self, deployment: str) -> str:
        """Wait until this deployment has a ticket that asks for approval, and give its key. Raises DemoError."""
        current = await self._until(deployment, lambda current: current["tickets"])
        key: str = current["tickets"][0]["key"]
        return key

    async def approve_and_launch(self, approval: DemoApproval, deployment: str) -> None:
        """Approve the deployment as another person, and wait until its runtime is in service.

        Args:
            approval: The way to approve it.
            deployment: Its id.

        Raises:
            DemoError: It has ended otherwise, or takes too long.
        """
        await approval.approve(self._http, deployment, await self.ticket_of(deployment))
        current = await self._until(deployment, lambda current: current["state"] == "DEPLOYED")
        print(f"Approved by {current['decision']['by']} and launched: {current['snapshotName']} is {current['state']},")
        print(f"and the endpoint {current['runtime']['name']} is {current['runtime']['status']}.\n")

    async def _import(self, model: str) -> tuple[str, str]:
        """Import a model; give its registration's id and that of the deployment that waits for assets."""
        payload = await self._data(IMPORT.query, {"model": model}, "importModel")
        run = await self._ended(payload["importRun"]) if payload["importRun"] else {}
        if not run.get("deployments"):
            shown = json.dumps({**payload, "importRun": run})[:_MAX_PRINTED]
            raise DemoError(f"The import of {model} started nothing: {shown}")
        deployment = run["deployments"][0]["id"]
        held_up = await self._until(deployment, lambda current: current["state"] == "BLOCKED")
        print(f"Imported {model}: {run['changes']['totalCount']} elements.")
        print(f"A deployment of its endpoint configuration {held_up['snapshotName']} has started, and is BLOCKED:")
        print(f"  {held_up['reason']}")
        return run["registration"]["id"], deployment

    async def _ended(self, run: Mapping[str, Any]) -> Mapping[str, Any]:
        """An import run, once it has ended: the mutation waits for it only so long, and a laptop may be slow."""
        current: Mapping[str, Any] = run
        for _ in range(_MAX_POLLS):
            current = await self._data(_IMPORT_RUN_QUERY, {"id": run["id"]}, "node")
            if current["state"] != "RUNNING":
                break
            await self._pause(_POLL_SECONDS)
        return current

    async def _until(self, deployment: str, condition: Callable[[Mapping[str, Any]], Any]) -> Mapping[str, Any]:
        """Wait until a condition holds of the deployment, and give the deployment. Raises DemoError."""
        current: Mapping[str, Any] = {}
        for _ in range(_MAX_POLLS):
            current = await self._data(_DEPLOYMENT_QUERY, {"id": deployment}, "deployment")
            if condition(current):
                return current
            if current["state"] in {"FAILED", "REJECTED", "CANCELLED", "SKIPPED"}:
                break
            await self._pause(_POLL_SECONDS)
        raise DemoError(f"The deployment does not go on: {json.dumps(current)}")

    async def _data(self, query: str, variables: Mapping[str, object], field: str) -> Mapping[str, Any]:
        body = await self._ask(query, variables)
        data: Mapping[str, Any] | None = (body.get("data") or {}).get(field)
        if data is None or data.get("userErrors"):
            raise DemoError(json.dumps(body)[:_MAX_PRINTED])
        return data

    async def _ask(self, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        answer = await self._http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=DEMO_HEADERS, timeout=60
        )
        body: Mapping[str, Any] = answer.json()
        return body


def _print_rehearsal(deployment: Mapping[str, Any]) -> None:
    result = deployment["testResult"]
    print(f"Rehearsed on test data by the transform job {result['job']['name']}:")
    for check in result["checks"]:
        outcome = "passed" if check["passed"] else "NOT PASSED"
        print(f"  {check['name']}: {outcome}, expected {check['expected']}, actual {check['actual']}")
    print(f"The deployment of {deployment['snapshotName']} is {deployment['state']}.\n")
