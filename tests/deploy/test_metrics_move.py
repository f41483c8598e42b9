"""Every metric that a dashboard, an alert or the documentation names exists, and moves with what it tells of."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from registry import leases
from registry.database import Database
from registry.errors import RegistryUnavailableError
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.deploy.observability_files import documented_families, family, used_families
from tests.deployments import create_model, deploy, register_model
from tests.gateway_client import GatewayClient, identity_headers
from tests.imports import ask_import
from tests.live.conftest import listening
from tests.scrapes import Series, scrape, series

ANN = identity_headers("ann", ["risk"])
UNMOVED = {
    "sagegraph_build_info": "is a constant",
    "sagegraph_database_connections_max": "is a constant",
    "sagegraph_loop_failures_total": "is 0; see tests/workflows/durable/test_engine.py",
    "sagegraph_loop_leading": "is 1 from the start; see tests/workflows/durable/test_engine.py",
    "sagegraph_live_processes": "is 1 here; tests/gateway/test_live_processes.py counts more",
    "sagegraph_documents_refused_total": "the suite leaves nothing to graphql-core; see test_process_state.py",
    "sagegraph_no_access": "needs a second process; see test_process_state.py",
    "sagegraph_access_failures_total": "needs a second process; see test_process_state.py",
    "sagegraph_work_handed_over_total": "needs a second process; see test_process_state.py",
    "sagegraph_loop_helping": "needs a second process; see test_process_state.py",
    "sagegraph_webhook_deliveries_total": "needs a receiver; see tests/workflows/notifications/test_delivery.py",
    "sagegraph_rollouts_total": "needs an endpoint that is updated; see tests/live/test_rollouts.py",
    "sagegraph_settings_differ": "needs a second process; see test_process_state.py",
}
"""Metrics that do not move here, each with the reason."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each scrape looks at the database anew, and waits for it; throttled calls are tried again nearly at once."""
    monkeypatch.setattr("aws.client.rate_limit._MIN_RATE", 20)
    monkeypatch.setattr("gateway.observability.stored_state.KEPT_SECONDS", 0)
    monkeypatch.setattr("gateway.observability.stored_state.PATIENCE_SECONDS", 30)


def moved(before: Mapping[Series, float], after: Mapping[Series, float]) -> Mapping[Series, float]:
    """The series that are new, or tell another number."""
    return {key: value for key, value in after.items() if before.get(key) != value}


async def test_each_named_metric_exists_and_moves(
    sandbox: Sandbox, estate: Estate, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks: dict[str, Any] = {
        "limits": {"scopes": 1},
        "subscriptions": {"connections": 1},
        "permissions": [
            {"group": "risk", "allow": ["READ", "IMPORT", "DEPLOY"]},
            {"group": "marketing", "allow": ["READ", "IMPORT"]},
        ],
    }
    async with listening(sandbox.url, database={"url": sqlite_url}, **blocks) as (_, gateway):
        shown = (await gateway.http.get("/metrics")).text
        before = await scrape(gateway)
        changes = {**await changes_of_requests(sandbox, gateway, before), **await changes_of_loops(gateway, before)}
        changes |= await changes_of_open_work(sandbox, gateway, before)
        changes |= await changes_of_a_database_that_is_away(monkeypatch, gateway, before)
        changes |= await changes_of_a_lease(sqlite_url, gateway, before)
    there = set(re.findall(r"^# TYPE (\w+)", shown, re.MULTILINE))
    named = used_families() | documented_families()
    assert len(named) > 40
    assert named - there == set()
    assert {one for one in there if one.startswith("sagegraph_")} - documented_families() == set()
    moving = {family(name) for name, _ in changes}
    assert named - moving - UNMOVED.keys() == set()
    assert UNMOVED.keys() - named == set()


async def changes_of_requests(
    sandbox: Sandbox, gateway: GatewayClient, before: Mapping[Series, float]
) -> Mapping[Series, float]:
    """Two groups in a process that keeps one scope; a call that AWS throttles; an answer with an error."""
    sandbox.faults.throttle("ListModels", times=2)
    await gateway.ask("{ models { nodes { name tags { key } snapshots { nodes { name } } } } }")
    await gateway.ask("{ models { totalCount } }", groups=["marketing"])
    await gateway.ask("{ modles }")
    wrong = {"query": 'subscription { deploymentChanged(id: "none") { id } }'}
    await gateway.http.post("/graphql", json=wrong, headers={**ANN, "accept": "text/event-stream"})
    return moved(before, await scrape(gateway))


async def changes_of_loops(gateway: GatewayClient, before: Mapping[Series, float]) -> Mapping[Series, float]:
    samples = await scrape(gateway)
    while not samples.get(series("sagegraph_loop_passes_total", loop="imports")):
        samples = await scrape(gateway)
    return moved(before, samples)


async def changes_of_open_work(
    sandbox: Sandbox, gateway: GatewayClient, before: Mapping[Series, float]
) -> Mapping[Series, float]:
    """A deployment that lacks its assets; an import that AWS holds up, while somebody subscribes."""
    create_model(sandbox)
    await register_model(gateway)
    await deploy(gateway)
    models = await gateway.ask("{ models(first: 1) { nodes { name } } }", groups=["marketing"])
    name = models.data["models"]["nodes"][0]["name"]
    hold = sandbox.faults.block("ListTransformJobs")
    async with subscribed(gateway):
        importing = asyncio.create_task(ask_import(gateway, name, groups=["marketing"]))
        assert await asyncio.to_thread(hold.wait_for_requests, 1)
        changes = moved(before, await scrape(gateway))
        hold.release()
        await importing
    return {**moved(before, await scrape(gateway)), **changes}


async def changes_of_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, gateway: GatewayClient, before: Mapping[Series, float]
) -> Mapping[Series, float]:
    """As tests/gateway/observability/test_stored_state.py has it with a table that is gone."""

    async def away(_connection: object) -> None:
        raise RegistryUnavailableError("The registry does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr("gateway.observability.stored_state.work_counts", away)
        samples = await scrape(gateway)
    assert samples[series("sagegraph_database_up")] == 0
    assert (await scrape(gateway))[series("sagegraph_database_up")] == 1
    return moved(before, samples)


async def changes_of_a_lease(
    url: str, gateway: GatewayClient, before: Mapping[Series, float]
) -> Mapping[Series, float]:
    """Another process has a loop. Those of this one may all have been held before the first scrape."""
    async with Database(url) as database, database.writing() as connection:
        assert await leases.acquire(connection, "loop/elsewhere", "another", 600)
    samples = await scrape(gateway)
    assert samples[series("sagegraph_loop_holder", loop="elsewhere", process="another")] == 1
    return moved(before, samples)


@asynccontextmanager
async def subscribed(gateway: GatewayClient) -> AsyncIterator[None]:
    headers = {**ANN, "accept": "text/event-stream"}
    body = {"query": "subscription { deploymentsChanged { matches } }"}
    async with gateway.http.stream("POST", "/graphql", json=body, headers=headers) as response:
        assert response.status_code == 200
        lines = response.aiter_lines()
        assert await anext(lines) == "event: next"
        refused = await gateway.http.post("/graphql", json=body, headers=headers)
        assert refused.status_code == 503
        yield
