"""Model imports through a gateway, and queries of what the registry stored."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import make_url

from registry import audit, elements, import_runs
from registry.audit import AuditCriteria
from registry.database import Database
from registry.elements import ElementCriteria
from registry.enums import ImportRunState
from registry.ids import key_of
from registry.records import AuditEvent, ImportedElement, ImportRun
from tests.gateway_client import GatewayClient, GraphQLResponse

IMPORT_PERMISSIONS: Final = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["READ", "IMPORT", "DEPLOY", "ENTER_CREDENTIALS"]},
    {"group": "marketing", "allow": ["READ", "IMPORT"]},
]
"""The group risk may import, and make default snapshots; marketing may import alone."""
IMPORT_SETTINGS: Final[Mapping[str, Any]] = {"permissions": IMPORT_PERMISSIONS, "imports": {"startDeployments": False}}
"""Blocks of the settings of a gateway that imports, and starts no deployments."""

_PAYLOAD = """{
  registration { id displayName description customMetadata }
  importRun {
    id state phase done total problems { kind code message count }
    changes(first: 100) { totalCount nodes { kind name change match } }
  }
  plan {
    exists alreadyImported willCreateSnapshot awsCalls problems { kind code }
    elements(first: 100) { totalCount nodes { kind name change match } }
  }
  userErrors { code field message }
}"""
IMPORT: Final = f"mutation($input: ImportModelInput!) {{ importModel(input: $input) {_PAYLOAD} }}"
SYNC: Final = f"mutation($input: SyncRegistrationInput!) {{ syncRegistration(input: $input) {_PAYLOAD} }}"
PLAN: Final = """query($input: ImportPlanInput!) { importPlan(input: $input) {
  exists alreadyImported willCreateSnapshot awsCalls problems { kind code }
  elements(first: 100) { totalCount nodes { kind name change match } }
} }"""

Change = tuple[str, str, str]
"""The kind of an element, its name, and what is found about it."""


async def ask_import(
    gateway: GatewayClient, model: str, more: Mapping[str, Any] | None = None, **asking: Any
) -> GraphQLResponse:
    """The answer to an import, which starts no deployments unless `more` says so."""
    wanted = {"modelName": model, "startDeployments": False, **(more or {})}
    return await gateway.ask(IMPORT, {"input": wanted}, **asking)


async def import_model(gateway: GatewayClient, model: str, more: Mapping[str, Any] | None = None, **asking: Any) -> Any:
    """The payload of an import that nothing is wrong with."""
    payload = (await ask_import(gateway, model, more, **asking)).data["importModel"]
    assert payload["userErrors"] == []
    return payload


async def sync_registration(gateway: GatewayClient, payload: Any, **asking: Any) -> Any:
    """The payload of a sync of what an import has made."""
    answer = await gateway.ask(SYNC, {"input": {"id": payload["registration"]["id"]}}, **asking)
    result = answer.data["syncRegistration"]
    assert result["userErrors"] == []
    return result


def run_changes(payload: Any) -> list[Change]:
    """What a run that is done has found, sorted."""
    run = payload["importRun"]
    assert run["state"] == "DONE", run
    assert run["changes"]["totalCount"] == len(run["changes"]["nodes"])
    return sorted((item["kind"], item["name"], item["change"]) for item in run["changes"]["nodes"])


def run_problems(payload: Any) -> list[tuple[str, str]]:
    """The kind and code of each problem of a run."""
    return [(item["kind"], item["code"]) for item in payload["importRun"]["problems"]]


async def stored_elements(url: str, payload: Any) -> Sequence[ImportedElement]:
    """The elements that the registry keeps of what an import has made, the newest first."""
    key = str(key_of(payload["registration"]["id"], "Registration"))
    async with Database(url) as database, database.reading() as connection:
        return (await elements.page(connection, ElementCriteria(key), 1000)).records


async def fetch_run(url: str, payload: Any) -> ImportRun:
    """The run, as the registry has it now."""
    key = str(key_of(payload["importRun"]["id"], "ImportRun"))
    async with Database(url) as database, database.reading() as connection:
        run = await import_runs.by_key(connection, key)
    assert run is not None
    return run


async def wait_for_run(url: str, payload: Any) -> ImportRun:
    """The run, once it has ended."""
    async with asyncio.timeout(60):
        while (run := await fetch_run(url, payload)).state is ImportRunState.RUNNING:  # noqa: ASYNC110 - nobody tells.
            await asyncio.sleep(0.02)
    return run


async def audit_events(url: str) -> Sequence[AuditEvent]:
    """Every audit event, the newest first."""
    async with Database(url) as database, database.reading() as connection:
        return (await audit.page(connection, AuditCriteria(groups=None), 1000)).records


async def row_counts(url: str, *tables: str) -> tuple[int, ...]:
    """How many rows each of these tables of the registry has."""
    whole = dump_tables(url)
    return tuple(len(whole[table]) for table in tables)


def dump_tables(url: str) -> Mapping[str, list[Any]]:
    """Every row of every table, those of durable work among them, by the table's name."""
    known = make_url(url)
    if known.drivername.startswith("sqlite"):
        file = Path(str(known.database))
        return _sqlite(file) | _sqlite(file.with_name(f"{file.stem}-dbos.db"))
    with psycopg.connect(known.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        names = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')"
        ).fetchall()
        return {name: connection.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall() for schema, name in names}


def _sqlite(file: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}
