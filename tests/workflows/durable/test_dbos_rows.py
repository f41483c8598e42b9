"""workflows.durable.dbos_rows: work is listed until it has ended, and deleted afterwards."""

from datetime import UTC, datetime, timedelta

from tests.workflows.durable.dbos_state import workflow_statuses
from tests.workflows.durable.engines import Pair, engine_on
from workflows.durable.dbos_rows import (
    PENDING,
    delete_workflows,
    ended_workflows,
    open_workflows,
)


async def test_open_work_is_listed_until_it_has_ended(sqlite_url: str) -> None:
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        pair.gate.set()
        await engine.start("pair", "done", "k")
        await engine.idle()
        pair.gate.clear()
        pair.reached.clear()
        await engine.start("pair", "open", "l")
        await engine.start("pair", "open-2", "m")
        await pair.reached.wait()
        first, second = await open_workflows()
        assert (first.workflow_id, first.name, first.status, first.app_version) == ("open", "pair", PENDING, "1")
        assert engine.lease == f"executor/{first.executor_id}"
        assert (second.workflow_id, second.status) == ("open-2", PENDING)
        pair.gate.set()
        await engine.idle()
        assert await open_workflows() == []


async def test_ended_work_is_listed_by_its_end_and_deleted(sqlite_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        for work_id in ("a", "b", "c"):
            await engine.start("pair", work_id, "k")
            await engine.idle()
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert await ended_workflows(later, 2) == ["a", "b"]
        assert await ended_workflows(later, 2, 2) == ["c"]
        assert await ended_workflows(later - timedelta(hours=1), 2) == []
        await delete_workflows(["a", "c"])
        assert workflow_statuses(sqlite_url) == {"b": "SUCCESS"}
