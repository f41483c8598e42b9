"""While the registry is away, what AWS tells is told all the same, and nothing is changed that could not be audited."""

import sqlite3
from typing import Any

import pytest

from aws.client.operations import WRITE_OPERATIONS
from registry.ids import encode_own_id
from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway, fresh_database
from tests.registrations import PERMISSION_SETTINGS
from tests.sagemaker_builder import building

LIVE = """{
  models { nodes { name registration { id } } }
  snapshot(name: "churn-1") { name modelNames customMetadata createdByImport }
  registrations { totalCount }
  auditEvents { totalCount }
  imported: models(filter: {imported: true}) { nodes { name } } }"""


@pytest.fixture
def away() -> tuple[str, str]:
    """The address of a database, and its file."""
    url = fresh_database()
    return url, url.removeprefix("sqlite+aiosqlite:///")


def break_down(path: str) -> None:
    """Takes the tables away from under the gateway."""
    with sqlite3.connect(path) as connection:
        for table in ("snapshot_notes", "audit_events", "elements", "assets", "import_runs", "registrations"):
            connection.execute(f"ALTER TABLE {table} RENAME TO gone_{table}")
    connection.close()


async def test_only_what_the_registry_has_is_missing(
    open_gateway: OpenGateway, sandbox: Sandbox, away: tuple[str, str]
) -> None:
    with building(sandbox) as things:
        things.model("churn")
        things.snapshot("churn-1", "churn")
    async with open_gateway(**PERMISSION_SETTINGS, database={"url": away[0]}) as gateway:
        break_down(away[1])
        answer = await gateway.ask(LIVE)
    assert answer.body["data"] == {
        "models": {"nodes": [{"name": "churn", "registration": None}]},
        "snapshot": {"name": "churn-1", "modelNames": ["churn"], "customMetadata": None, "createdByImport": None},
        "registrations": None,
        "auditEvents": None,
        "imported": None,
    }
    assert sorted(".".join(map(str, error["path"])) for error in answer.errors) == [
        "auditEvents",
        "imported",
        "models.nodes.0.registration",
        "registrations",
        "snapshot.createdByImport",
        "snapshot.customMetadata",
    ]
    assert set(answer.codes) == {"UPSTREAM_UNAVAILABLE"}


CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "importModel": ("ImportModelInput", {"modelName": "churn"}),
    "updateSnapshot": ("UpdateSnapshotInput", {"name": "churn-1", "customMetadata": {"a": 1}}),
    "updateRegistration": ("UpdateRegistrationInput", {"id": encode_own_id("Registration", "0" * 32)}),
}


@pytest.mark.parametrize("action", CHANGES)
async def test_nothing_is_changed(
    open_gateway: OpenGateway,
    sandbox: Sandbox,
    away: tuple[str, str],
    action: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The gateway ends only after the last try to keep the event.
    monkeypatch.setattr("resolvers.mutations.audited.RETRY_PAUSES", (0.01,))
    shape, value = CHANGES[action]
    with building(sandbox) as things:
        things.model("churn")
        things.snapshot("churn-1", "churn")
    query = f"mutation($i: {shape}!) {{ {action}(input: $i) {{ userErrors {{ code }} }} }}"
    async with open_gateway(**PERMISSION_SETTINGS, database={"url": away[0]}) as gateway:
        break_down(away[1])
        answer = await gateway.ask(query, {"i": value})
    assert (answer.body["data"], answer.codes) == ({action: None}, ["UPSTREAM_UNAVAILABLE"])
    assert not sandbox.calls.by_operation().keys() & WRITE_OPERATIONS.keys()
