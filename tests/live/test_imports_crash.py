"""Gateways that are killed amid an import, at each of its steps: another one ends it, and nothing is done twice."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry import import_runs
from registry.database import Database
from registry.enums import ImportRunState
from registry.ids import key_of
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.imports import IMPORT, IMPORT_SETTINGS, audit_events, dump_tables, import_model, run_changes
from tests.live.gateway_processes import PATIENCE, configured, serving
from tests.sagemaker_builder import building, processing_step, registering_step, training_step
from tests.workflows.durable.dbos_state import change, end_leases
from workflows.durable.engine import Engine, EngineTimings

pytestmark = pytest.mark.crash

MODEL, DEFAULT = "scenarios", "scenarios-default"
"""A model without a snapshot, so that its import makes one, of a version that a pipeline has registered."""
ELEMENTS = ["MODEL", "SNAPSHOT", "TRAINING_JOB", "TRANSFORM_JOB", "TRANSFORM_JOB"]
LATER_ELEMENTS = ["MODEL_PACKAGE", "PIPELINE_EXECUTION", "PROCESSING_JOB"]
"""Kinds of element with a table of their own."""
COUNT = len(ELEMENTS) + len(LATER_ELEMENTS)


@pytest.fixture(autouse=True)
def account(sandbox: Sandbox, estate: Estate) -> None:
    """The estate, and the model."""
    with building(sandbox) as made:
        made.call_at("CreateModelPackageGroup", ModelPackageGroupName=MODEL)
        made.execution(
            "Scenarios", training_step(), processing_step("evaluate", "train"), registering_step(MODEL, "train")
        )
        made.model(MODEL, PrimaryContainer={"ModelPackageName": RISK.arn("model-package", f"{MODEL}/1")})
        for number in range(2):
            made.transform(f"{MODEL}-{number}", MODEL)


async def the_run(url: str) -> Any:
    """The only run."""
    (row,) = dump_tables(url)["import_runs"]
    async with Database(url) as database, database.reading() as connection:
        return await import_runs.by_key(connection, row[0])


@pytest.fixture
def open_successor(open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> OpenGateway:
    """Opens a gateway that soon takes others for dead."""
    monkeypatch.setattr("gateway.bootstrap.Engine", partial(Engine, timings=EngineTimings(lease=1, dead_after=0)))
    return open_working


async def kill(config: Path, point: str) -> None:
    """Has a gateway import the model, and waits until it has died of it."""
    async with serving(config, point) as (process, gateway):
        with pytest.raises(httpx.TransportError):
            await gateway.ask(IMPORT, {"input": {"modelName": MODEL}})
        assert await asyncio.wait_for(process.wait(), PATIENCE) == -9


async def end(url: str) -> Any:
    """The run, once another gateway has ended it: the lease of the dead one is ended before its time."""
    await end_leases(url, "executor/%")
    async with asyncio.timeout(PATIENCE):
        while (run := await the_run(url)).state is ImportRunState.RUNNING:  # noqa: ASYNC110 - nobody tells.
            await asyncio.sleep(0.05)
    return run


# All of prepare, create, keep, look and finish, before and after, can be tried; these are those between two notes.
POINTS = ["sqlite-create:after", "sqlite-keep:after", "sqlite-look:after", "sqlite-finish:before"]
POINTS += ["postgres-create:after", "postgres-keep:after"]


@pytest.mark.parametrize(("database_url", "point"), [item.split("-") for item in POINTS], indirect=["database_url"])
async def test_killed(
    sandbox: Sandbox,
    open_successor: OpenGateway,
    database_url: str,
    tmp_path: Path,
    point: str,
) -> None:
    await kill(configured(tmp_path, sandbox, database_url), point)
    blocks = {**IMPORT_SETTINGS, "database": {"url": database_url}}
    before = await the_run(database_url)
    assert before.state is (ImportRunState.DONE if point == "finish:after" else ImportRunState.RUNNING)
    async with open_successor(**blocks) as gateway:
        run = await end(database_url)
        assert (run.state, run.done, run.total, run.problems) == (ImportRunState.DONE, COUNT, COUNT, ())
        payload = await import_model(gateway, MODEL)
        assert run_changes(payload) == []
    whole = dump_tables(database_url)
    result = [sorted(row[2] for row in whole[table]) for table in ("elements", "later_elements")]
    assert (len(whole["registrations"]), result) == (1, [ELEMENTS, LATER_ELEMENTS])
    changes = (*whole["import_changes"], *whole["later_import_changes"])
    first = [row for row in changes if row[0] == key_of(run.id, "ImportRun")]
    assert sorted(row[2] for row in first) == sorted((*ELEMENTS, *LATER_ELEMENTS))
    await check_snapshot(sandbox, database_url)


async def check_snapshot(sandbox: Sandbox, url: str) -> None:
    """There is one default snapshot, of which it is known who made it, and that was audited once.

    How often AWS was asked for it tells nothing: its name makes every call but the first a refusal, and a process that
    loses its lease on a busy machine asks again.
    """
    listed = sandbox.call("ListEndpointConfigs", RISK.account, RISK.region, NameContains=MODEL)["EndpointConfigs"]
    assert [item["EndpointConfigName"] for item in listed] == [DEFAULT]
    made = [event for event in await audit_events(url) if event.action == "createSnapshot"]
    assert [(event.target, event.outcome.value) for event in made] == [(f"Snapshot {DEFAULT}", "SUCCEEDED")]
    whole = dump_tables(url)
    (note,) = whole["snapshot_notes"]
    assert (note[3], bool(note[6])) == (DEFAULT, True)


async def test_killed_while_it_asks_aws(
    sandbox: Sandbox,
    open_successor: OpenGateway,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Inside a step, from outside, while people ask how far it is."""
    config = configured(tmp_path, sandbox, sqlite_url)
    hold = sandbox.faults.block("ListTransformJobs", times=1)
    async with serving(config) as (process, gateway):
        payload = await import_model(gateway, MODEL)
        assert payload["importRun"]["state"] == "RUNNING"
        process.kill()
        await process.wait()
    hold.release()
    # Nobody brings the run to its end yet: the answer shows it as it is.
    monkeypatch.setattr("resolvers.imports.start.WAIT_SECONDS", 0.1)
    async with open_successor(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        joined = await import_model(gateway, MODEL)
        assert joined["importRun"]["id"] == payload["importRun"]["id"]
        run = await end(sqlite_url)
        assert (run.state, run.done) == (ImportRunState.DONE, COUNT)
    await check_snapshot(sandbox, sqlite_url)


async def test_a_lease_that_is_lost_over_a_creation(
    sandbox: Sandbox, open_successor: OpenGateway, sqlite_url: str
) -> None:
    """The next life of the process asks AWS again, while the first call is still under way, and is carried out last."""
    hold = sandbox.faults.block("CreateEndpointConfig", times=1)
    async with open_successor(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        importing = asyncio.create_task(import_model(gateway, MODEL))
        assert await asyncio.to_thread(hold.wait_for_requests)
        (before,) = _executors(sqlite_url)
        await change(sqlite_url, "UPDATE leases SET holder = 'another' WHERE name LIKE 'executor/%'")
        await importing
        run = await end(sqlite_url)
        hold.release()
        assert before not in _executors(sqlite_url)
        while sandbox.calls.open_now("CreateEndpointConfig"):  # noqa: ASYNC110 - nobody tells.
            await asyncio.sleep(0.01)
    assert (run.state, run.total) == (ImportRunState.DONE, COUNT)
    assert sandbox.calls.count("CreateEndpointConfig") >= 2
    await check_snapshot(sandbox, sqlite_url)


def _executors(url: str) -> list[str]:
    """The leases of the processes that are alive."""
    return [row[0] for row in dump_tables(url)["leases"] if row[0].startswith("executor/")]


async def test_two_processes_at_once(
    sandbox: Sandbox,
    open_working: OpenGateway,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is one run, whichever gateway is asked, and what is there once is kept once.

    Each import is answered at its end, though the other gateway brings it about: no wait is over before.
    """
    config = configured(tmp_path, sandbox, postgres_url)
    monkeypatch.setattr("resolvers.imports.start.WAIT_SECONDS", 10 * PATIENCE)
    async with (
        serving(config) as (_, other),
        open_working(**IMPORT_SETTINGS, database={"url": postgres_url}) as gateway,
    ):
        asked = [import_model(item, MODEL, user=f"user{n}") for n in range(4) for item in (gateway, other)]
        async with asyncio.timeout(PATIENCE):
            payloads = await asyncio.gather(*asked)
            for model in ("credit-risk-scorer-v7", "fraud-detection-v12"):
                await asyncio.gather(*(import_model(element, model) for element in (gateway, other)))
    run_ids = {payload["importRun"]["id"] for payload in payloads}
    whole = dump_tables(postgres_url)
    (own,) = [row[1] for row in whole["elements"] if row[3] == MODEL]
    rows = [row for row in whole["elements"] if row[1] == own]
    assert sorted(row[2] for row in rows) == ELEMENTS
    assert sorted(row[2] for row in whole["later_elements"]) == LATER_ELEMENTS
    assert len(whole["registrations"]) == 3
    assert {payload["registration"]["id"] for payload in payloads if payload["registration"]} <= {
        payloads[0]["registration"]["id"]
    }
    assert len(run_ids) <= 2
    assert "RUNNING" not in [row[7] for row in whole["import_runs"]]
    await check_snapshot(sandbox, postgres_url)
