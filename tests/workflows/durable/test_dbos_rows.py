"""workflows.durable.dbos_rows: work that nobody has in hand is given up as seen, or left to its new holder."""

from dataclasses import replace

from dbos import DBOS

from tests.workflows.durable.dbos_state import change, query
from tests.workflows.durable.engines import Pair, engine_on
from workflows.durable.dbos_rows import ENQUEUED, PENDING, OpenWorkflow, open_workflows, requeue
from workflows.durable.engine import Engine


def rows(url: str) -> list[tuple[str, str, str]]:
    """The status, the version and the queue of the work that is kept."""
    result = query(url, "SELECT status, application_version, queue_name FROM {0}workflow_status")
    return [(row[0], row[1], row[2] or "") for row in result]


def dbos_of(engine: Engine) -> DBOS:
    """DBOS itself."""
    assert engine._executor is not None
    return engine._executor.dbos


async def left(url: str, status: str = PENDING) -> OpenWorkflow:
    """Work of an earlier version that somebody has left, as it is seen."""
    await change(
        url, f"UPDATE {{0}}workflow_status SET executor_id = 'dead', application_version = '0', status = '{status}'"
    )
    (row,) = await open_workflows()
    return row


async def test_what_is_seen_of_work_that_has_not_ended(sqlite_url: str) -> None:
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        pair.gate.set()
        await engine.start("pair", "done", "k")
        await engine.idle()
        pair.gate.clear()
        pair.reached.clear()
        await engine.start("pair", "open", "l")
        await pair.reached.wait()
        (row,) = await open_workflows()
        assert (row.id, row.name, row.status, row.version) == ("open", "pair", PENDING, "1")
        assert engine.lease == f"executor/{row.executor}"
        assert row.changed > 1.7e9
        pair.gate.set()
        await engine.idle()
        assert await open_workflows() == []


async def test_work_is_given_up_once_and_only_as_it_was_seen(sqlite_url: str) -> None:
    """It becomes this version's, too; what somebody has taken up meanwhile stays theirs, and keeps its version."""
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        seen = await left(sqlite_url)
        dbos = dbos_of(engine)
        await requeue(dbos, [replace(seen, executor="another")], "7")
        assert rows(sqlite_url) == [(PENDING, "0", "")]
        await requeue(dbos, [seen], "7")
        assert rows(sqlite_url) == [(ENQUEUED, "7", "_dbos_internal_queue")]
        await requeue(dbos, [seen], "8")
        assert rows(sqlite_url) == [(ENQUEUED, "7", "_dbos_internal_queue")]
        pair.gate.set()


async def test_work_that_waits_changes_its_version_alone(sqlite_url: str) -> None:
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        seen = await left(sqlite_url, ENQUEUED)
        await requeue(dbos_of(engine), [seen], "0")
        assert rows(sqlite_url) == [(ENQUEUED, "0", "")]
        await requeue(dbos_of(engine), [seen], "7")
        assert rows(sqlite_url) == [(ENQUEUED, "7", "")]
        pair.gate.set()
