"""Registered models for tests over HTTP: settings that allow imports, a model, and an import of it."""

import asyncio
from typing import Any

from sandbox.estate.groups import Group
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, fresh_database
from tests.sagemaker_builder import building, tags

EVERYONE_READS: dict[str, Any] = {"group": "*", "allow": ["READ"]}
# Whoever imports may; no default snapshot is made, since nobody may DEPLOY.
PERMISSION_SETTINGS: dict[str, Any] = {"permissions": [EVERYONE_READS, {"group": "risk", "allow": ["IMPORT", "AUDIT"]}]}

IMPORT = """mutation($input: ImportModelInput!) { importModel(input: $input) {
  importRun { id } userErrors { code field message } } }"""


def create_related_resources(sandbox: Sandbox, name: str = "churn", group: Group = RISK) -> None:
    """A model, the job that trained it, a snapshot, the runtime that serves it, and a job that uses it."""
    with building(sandbox, group) as things:
        artifact = things.training(f"{name}-train", HyperParameters={"depth": "s3cr3t-depth"})
        container = {"Image": "image", "ModelDataUrl": artifact, "Environment": {"TOKEN": "s3cr3t-token"}}
        things.model(name, Containers=[container], Tags=tags(team="risk"))
        things.snapshot(f"{name}-1", name)
        things.runtime(f"{name}-live", f"{name}-1")
        things.transform(f"{name}-batch", name)


async def import_registration(gateway: GatewayClient, name: str = "churn", **asked: Any) -> str:
    """The id of the registration that an import of this model has come to."""
    answer = await gateway.ask(IMPORT, {"input": {"modelName": name, "startDeployments": False}}, **asked)
    payload = answer.data["importModel"]
    assert payload["userErrors"] == []
    return await wait_for_import(gateway, payload["importRun"]["id"], **asked)


async def sync_to_end(gateway: GatewayClient, registration: str, **asked: Any) -> None:
    """Syncs a registration, to the end."""
    query = "mutation($i: ID!) { syncRegistration(input: {id: $i}) { importRun { id } userErrors { message } } }"
    payload = (await gateway.ask(query, {"i": registration}, **asked)).data["syncRegistration"]
    assert payload["userErrors"] == []
    await wait_for_import(gateway, payload["importRun"]["id"], **asked)


async def wait_for_import(gateway: GatewayClient, run: str, **asked: Any) -> str:
    """The id of the registration that a run has come to, once it is done; on a busy machine that takes a while."""
    query = "query($i: ID!) { node(id: $i) { ... on ImportRun { state phase registration { id } } } }"
    async with asyncio.timeout(60):
        result = (await gateway.ask(query, {"i": run}, **asked)).data["node"]
        while result["state"] == "RUNNING":
            await asyncio.sleep(0.02)
            result = (await gateway.ask(query, {"i": run}, **asked)).data["node"]
    assert result["state"] == "DONE", result
    registration: str = result["registration"]["id"]
    return registration


def import_settings(url: str | None = None, *more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The blocks of settings of a gateway that may import, with a database whose address is given too."""
    address = url or fresh_database()
    return {
        **PERMISSION_SETTINGS,
        "database": {"url": address},
        **dict(pair for block in more for pair in block.items()),
    }, address
