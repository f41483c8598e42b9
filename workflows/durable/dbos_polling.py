"""Have DBOS ask the database only for what this gateway uses of it: its internal queue, by which work is taken over.

Queues in the database, delays, timeouts and schedules are asked for once a second, by statements that cannot be turned
off in its settings.
"""

from collections.abc import Sequence
from typing import Any, Final

from dbos import DBOS

from registry.connection_checks import check_connections

QUEUE_SECONDS: Final = 2.0
"""Seconds between two looks at the internal queue."""


def stop_background_jobs(dbos: DBOS) -> None:
    """Let the thread for delays and timeouts end as soon as it begins; to be called before the launch."""
    dbos._background_jobs_stop_event.set()


def calm_polling(dbos: DBOS) -> None:
    """Look for work at this pace alone; to be called after the launch."""
    database: Any = dbos._sys_db
    database.list_queues = _none
    database.list_schedules = _none
    dbos._registry.get_internal_queue()._polling_interval_sec = QUEUE_SECONDS
    if database.engine.dialect.name == "postgresql":
        check_connections(database.engine)


def _none(**_filters: object) -> Sequence[Any]:
    return ()
