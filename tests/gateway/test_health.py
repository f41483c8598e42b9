"""gateway.health: alive as long as the loop turns, ready once the lifespan has made everything."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import httpx
from sqlalchemy import create_engine, text
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from gateway.app import create_app
from gateway.version import VERSION
from sandbox.server import Sandbox
from tests.databases import full_disk
from tests.gateway_client import GatewayClient, load_test_settings

ALIVE = {"status": "ok", "version": VERSION}


async def test_alive_and_ready(gateway: GatewayClient, sandbox: Sandbox) -> None:
    for path, body in {"/livez": ALIVE, "/readyz": {"status": "ok"}}.items():
        response = await gateway.http.get(path)
        assert (response.status_code, response.json()) == (200, body)
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
    assert sandbox.calls.count() == 0


async def test_before_the_lifespan() -> None:
    transport = httpx.ASGITransport(create_app(load_test_settings("http://127.0.0.1:1")))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        alive, ready = await http.get("/livez"), await http.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, ALIVE)
    assert (ready.status_code, ready.json()) == (503, {"status": "starting"})
    assert ready.headers["x-request-id"]


async def test_head(gateway: GatewayClient) -> None:
    for path in ("/livez", "/readyz"):
        assert (await gateway.http.head(path)).status_code == 200
        refused = await gateway.http.post(path)
        assert (refused.status_code, sorted(refused.headers["allow"].split(", "))) == (405, ["GET", "HEAD"])


async def _readiness(app: Starlette, state: Mapping[str, Any]) -> httpx.Response:
    """Ask the application for its readiness, with the state that its lifespan left."""

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    transport = httpx.ASGITransport(with_state, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        return await http.get("/readyz")


async def test_degraded_while_durable_work_cannot_be_read(sandbox: Sandbox, sqlite_url: str) -> None:
    """Its tables are away for a while. Questions about AWS are answered all the same, so the process stays ready."""
    app = create_app(load_test_settings(sandbox.url, database={"url": sqlite_url}))
    async with app.router.lifespan_context(app) as state:
        assert state is not None
        tables = sqlite_url.partition("///")[2].removesuffix(".db") + "-dbos.db"
        with closing(sqlite3.connect(tables, timeout=30)) as database:
            database.execute("ALTER TABLE workflow_status RENAME TO gone")
            away = await _readiness(app, state)
            database.execute("ALTER TABLE gone RENAME TO workflow_status")
        assert (away.status_code, away.json()["status"]) == (200, "degraded")
        assert away.json()["reason"].startswith("The registry (SQLite) does not answer: no such table: ")
        assert (await _readiness(app, state)).status_code == 200


async def test_degraded_while_postgres_misses_the_tables_of_durable_work(sandbox: Sandbox, postgres_url: str) -> None:
    app = create_app(load_test_settings(sandbox.url, database={"url": postgres_url}))
    engine = create_engine(postgres_url)
    async with app.router.lifespan_context(app) as state:
        assert state is not None
        try:
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE dbos.workflow_status RENAME TO gone"))
            away = await _readiness(app, state)
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE dbos.gone RENAME TO workflow_status"))
        finally:
            engine.dispose()
        assert (away.status_code, away.json()["status"]) == (200, "degraded")
        assert (await _readiness(app, state)).status_code == 200


async def test_degraded_while_nothing_can_be_written(sandbox: Sandbox, sqlite_url: str) -> None:
    """A full disk still answers reads; the renewal of the process's lease tells that it takes no write."""
    app = create_app(load_test_settings(sandbox.url, database={"url": sqlite_url}))
    async with app.router.lifespan_context(app) as state:
        assert state is not None
        lease = state["engine"]._executor.held_lease
        with full_disk(sqlite_url):
            await lease._renew()
            full = await _readiness(app, state)
        assert (full.status_code, full.json()["status"]) == (200, "degraded")
        assert full.json()["reason"].startswith("The registry (SQLite) does not answer: ")
        await lease._renew()
        assert (await _readiness(app, state)).json() == {"status": "ok"}


async def test_not_ready_once_durable_work_has_ended(sandbox: Sandbox, sqlite_url: str) -> None:
    app = create_app(load_test_settings(sandbox.url, database={"url": sqlite_url}))
    async with app.router.lifespan_context(app) as state:
        assert state is not None
    ended = await _readiness(app, state)
    assert (ended.status_code, ended.json()["status"]) == (503, "not ready")
