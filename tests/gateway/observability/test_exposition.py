"""gateway.observability.exposition: a process's metrics at once, without asking AWS."""

import time
from datetime import UTC, datetime, timedelta

from gateway.observability.exposition import _work_by_label
from gateway.observability.metrics import Metrics
from gateway.observability.stored_state import StoredState
from registry.work_counts import WorkCount
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway
from tests.scrapes import scrape, series


async def test_what_a_process_knows_is_told_without_asking_aws(
    gateway: GatewayClient, sandbox: Sandbox, estate: object
) -> None:
    # The schema, and with it this count, is shared by the tests of one process.
    planned = (await scrape(gateway))[series("sagegraph_documents_planned_total")]
    await gateway.ask("{ models { nodes { name runtimes { nodes { name } } } } }")
    calls = sandbox.calls.count()
    samples = await scrape(gateway)
    assert sandbox.calls.count() == calls
    assert samples[series("sagegraph_scopes")] == 1
    assert samples[series("sagegraph_aws_calls_total", operation="ListModels", outcome="OK")] == 1
    assert samples[series("sagegraph_aws_calls_total", operation="AssumeRole", outcome="OK")] == 1
    assert samples[series("sagegraph_cache_entries", cache="descriptions")] == 17
    assert samples[series("sagegraph_database_up")] == 1
    assert samples[series("sagegraph_documents_planned_total")] == planned + 1
    assert samples[series("sagegraph_requests_in_progress")] == 1
    assert not [name for name, _ in samples if name.endswith("_created")]


async def test_groups_without_a_label_are_added_up() -> None:
    old, new = datetime.now(UTC) - timedelta(seconds=90), datetime.now(UTC)
    work = tuple(
        WorkCount("deployment", "LAUNCHING", *more) for more in (("a", 1, new), ("b", 2, old), ("risk", 4, new))
    )
    counts, ages = _work_by_label(StoredState(True, work), Metrics({"risk"}), time.time())
    other, risk = ("deployment", "LAUNCHING", "other"), ("deployment", "LAUNCHING", "risk")
    assert counts == {other: 3, risk: 4}
    assert (round(ages[other]), round(ages[risk])) == (90, 0)


async def test_durable_work_and_loops(open_working: OpenGateway) -> None:
    async with open_working() as gateway:
        samples = await scrape(gateway)
        while not samples.get(series("sagegraph_loop_passes_total", loop="imports")):
            samples = await scrape(gateway)
        process = next(dict(labels)["process"] for name, labels in samples if name == "sagegraph_build_info")
        assert samples[series("sagegraph_loop_leading", loop="imports")] == 1
        assert samples[series("sagegraph_loop_failures_total", loop="imports")] == 0
        assert time.time() - samples[series("sagegraph_loop_last_success_timestamp_seconds", loop="imports")] < 60
        holders = {key: value for key, value in samples.items() if key[0] == "sagegraph_loop_holder"}
        assert all(dict(labels)["process"] == process for _, labels in holders)
