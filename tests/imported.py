"""What tests of the registry over HTTP begin with: settings that allow imports, a model, an import of it."""

from typing import Any

from sandbox.estate.owners import Group
from sandbox.server import Sandbox
from tests.asking import RISK, Gateway, fresh_database
from tests.making import making, tags

EVERYBODY: dict[str, Any] = {"group": "*", "allow": ["READ"]}
# Whoever imports may; no default snapshot is made, since nobody may DEPLOY.
ALLOWED: dict[str, Any] = {"permissions": [EVERYBODY, {"group": "risk", "allow": ["IMPORT", "AUDIT"]}]}

IMPORT = """mutation($input: ImportModelInput!) { importModel(input: $input) {
  registration { id } importRun { id state phase } userErrors { code field message } } }"""


def relatives(sandbox: Sandbox, name: str = "churn", group: Group = RISK) -> None:
    """A model, the job that trained it, a snapshot, the runtime that serves it, and a job that uses it."""
    with making(sandbox, group) as things:
        artifact = things.training(f"{name}-train", HyperParameters={"depth": "s3cr3t-depth"})
        container = {"Image": "image", "ModelDataUrl": artifact, "Environment": {"TOKEN": "s3cr3t-token"}}
        things.model(name, Containers=[container], Tags=tags(team="risk"))
        things.snapshot(f"{name}-1", name)
        things.runtime(f"{name}-live", f"{name}-1")
        things.transform(f"{name}-batch", name)


async def imported(gateway: Gateway, name: str = "churn", **asked: Any) -> str:
    """The id of the registration that an import of this model has come to."""
    answer = await gateway.ask(IMPORT, {"input": {"modelName": name}}, **asked)
    payload = answer.data["importModel"]
    assert (payload["userErrors"], payload["importRun"]["state"]) == ([], "DONE"), payload
    found: str = payload["registration"]["id"]
    return found


def kept(url: str | None = None, *more: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The blocks of settings of a gateway that may import, with a database whose address is given too."""
    address = url or fresh_database()
    return {**ALLOWED, "database": {"url": address}, **dict(pair for block in more for pair in block.items())}, address
