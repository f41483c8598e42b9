"""A gateway is killed over a change, when AWS has done it: the audit has it all the same, once another one runs."""

import asyncio
import json
from functools import partial
from pathlib import Path

import httpx
import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway
from tests.imports import IMPORT_SETTINGS, audit_events, dump_tables
from tests.live.gateway_processes import PATIENCE, configured, serving
from tests.workflows.durable.dbos_state import end_leases
from workflows.durable.engine import Engine, EngineTimings

pytestmark = pytest.mark.crash

CREATE = """mutation($input: CreateSnapshotInput!) {
  createSnapshot(input: $input) { created snapshot { name } userErrors { code message } }
}"""
VARIANT = {"modelName": "fraud-detection-v12", "instanceType": "ml.m5.large", "initialInstanceCount": 1}
GIVEN = {"input": {"name": "fraud-2026", "variants": [VARIANT]}}


async def test_a_change_that_its_gateway_died_over_is_audited(
    sandbox: Sandbox,
    estate: Estate,
    open_working: OpenGateway,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(configured(tmp_path, sandbox, database_url), "create:after") as (process, gateway):
        with pytest.raises(httpx.TransportError):
            await gateway.ask(CREATE, GIVEN)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == -9
    assert await audit_events(database_url) == ()
    assert sandbox.calls.count("CreateEndpointConfig") == 1
    # Its leases end before their time: that of the executor, and those of the loops, which last longer.
    await end_leases(database_url)
    monkeypatch.setattr("gateway.bootstrap.Engine", partial(Engine, timings=EngineTimings(lease=1, dead_after=0)))
    # It looks for what was forgotten at once, and else every half a minute.
    monkeypatch.setattr("gateway.bootstrap.INTERVAL_SECONDS", 0.2)
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        async with asyncio.timeout(PATIENCE):
            while not (events := await audit_events(database_url)):  # noqa: ASYNC110 - nobody tells.
                await asyncio.sleep(0.05)
        again = (await gateway.ask(CREATE, GIVEN)).data["createSnapshot"]
    assert again == {"created": False, "snapshot": {"name": "fraud-2026"}, "userErrors": []}
    (event,) = events
    assert (event.action, event.actor, event.group, event.outcome.value) == ("createSnapshot", "ann", "risk", "FAILED")
    assert "the gateway ended before it knew the outcome" in str(event.detail)
    assert json.dumps(GIVEN) not in str(dump_tables(database_url))
    assert dump_tables(database_url)["audit_intents"] == []
