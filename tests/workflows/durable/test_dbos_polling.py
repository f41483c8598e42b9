"""workflows.durable.dbos_polling: an idle DBOS asks for its queue alone.

What this saves is measured by the benchmark `traffic`; here, that the names of DBOS's which it rests on are there.
"""

from typing import Any

from dbos._sys_db import SystemDatabase

from tests.workflows.durable.engines import engine_on
from tests.workflows.durable.test_dbos_rows import dbos_of
from workflows.durable import dbos_polling
from workflows.durable.context import WorkflowContext


async def work(_context: WorkflowContext) -> None:
    """Nothing to do."""


async def test_queues_schedules_and_delays_are_not_asked_for(database_url: str) -> None:
    async with engine_on(database_url, {"work": work}) as engine:
        dbos = dbos_of(engine)
        database: Any = dbos._sys_db
        for name in ("list_queues", "list_schedules"):
            assert callable(getattr(SystemDatabase, name))
            assert getattr(database, name)(application_name="sagegraph") == ()
        (jobs,) = [thread for thread in dbos._background_threads if thread.name == "dbos-background-jobs"]
        jobs.join(10)
        assert not jobs.is_alive()
        assert dbos._registry.get_internal_queue()._polling_interval_sec == dbos_polling.QUEUE_SECONDS
        assert database.engine.pool._pre_ping is False
