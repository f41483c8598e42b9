"""Everyday life of a fleet: people ask, import and deploy, and somebody approves in Jira."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import httpx

from gateway.commands.demo_approval import JiraApproval
from tests.drill.fleet import Fleet
from tests.gateway_client import identity_headers

MODELS: Final = "query EveryModel { models(first: 20) { nodes { name tags { key } snapshots { nodes { name } } } } }"
SNAPSHOTS: Final = "query EverySnapshot { snapshots(first: 50) { nodes { name } } }"
IMPORT: Final = """mutation ImportModel($model: String!) {
  importModel(input: {modelName: $model}) { registration { id } userErrors { code } } }"""
DEPLOY: Final = """mutation DeploySnapshot($snapshot: String!) {
  deploySnapshot(input: {snapshotName: $snapshot}) { deployment { id } userErrors { code } } }"""
WAITING: Final = """query Waiting { deployments(filter: {state: [AWAITING_APPROVAL]}, first: 20) {
  nodes { id tickets { key } } } }"""
ASK_SECONDS: Final = 0.5
CHANGE_SECONDS: Final = 4.0


class EverydayLife:
    """Requests by way of nginx, for as long as it is entered; failures are the operator's to find.

    Args:
        fleet: The fleet.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._approval = JiraApproval(fleet.jira)

    @asynccontextmanager
    async def lived(self) -> AsyncIterator[None]:
        """Live while the block runs."""
        tasks = [asyncio.create_task(self._ask()), asyncio.create_task(self._change())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _ask(self) -> None:
        while True:
            for group in ("risk", "marketing"):
                await self._post(MODELS, {}, group)
            await asyncio.sleep(ASK_SECONDS)

    async def _change(self) -> None:
        """Import each model, and deploy each snapshot, one after the other and again and again."""
        turn = 0
        while True:
            names = await self._names(MODELS, "models")
            snapshots = await self._names(SNAPSHOTS, "snapshots")
            if names:
                await self._post(IMPORT, {"model": names[turn % len(names)]})
            if snapshots:
                await self._post(DEPLOY, {"snapshot": snapshots[turn % len(snapshots)]})
            await self._approve()
            turn += 1
            await asyncio.sleep(CHANGE_SECONDS)

    async def _names(self, query: str, field: str) -> Sequence[str]:
        return [node["name"] for node in ((await self._post(query, {}))[field] or {}).get("nodes", ())]

    async def _approve(self) -> None:
        waiting = ((await self._post(WAITING, {}))["deployments"] or {}).get("nodes", ())
        async with httpx.AsyncClient() as http:
            for deployment in waiting:
                for ticket in deployment["tickets"]:
                    with suppress(httpx.HTTPError, ValueError):
                        await self._approval.approve(http, deployment["id"], ticket["key"])

    async def _post(self, query: str, variables: Mapping[str, Any], group: str = "risk") -> Mapping[str, Any]:
        """The data of the answer; of one that failed, nothing."""
        nothing: Mapping[str, Any] = dict.fromkeys(("models", "snapshots", "deployments"))
        body = {"query": query, "variables": variables}
        try:
            async with httpx.AsyncClient(base_url=self._fleet.public, timeout=8) as http:
                answer = await http.post("/graphql", json=body, headers=identity_headers("ann", [group]))
            return {**nothing, **(answer.json().get("data") or {})}
        except (httpx.HTTPError, ValueError):
            return nothing
