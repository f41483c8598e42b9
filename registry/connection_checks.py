"""Notice connections to PostgreSQL that the server has ended, without a statement before each transaction.

SQLAlchemy's own check (`pool_pre_ping`) costs an idle gateway as many round trips as its work. A server that ends a
connection sends a message, which makes the socket readable. A cut network sends nothing, so a connection that was idle
for a while is pinged.
"""

import select
import time
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

IDLE_SECONDS: Final = 30.0
"""The idle time after which a connection is pinged before its next use."""

_USED_AT: Final = "sagegraph_used_at"


def check_connections(engine: Engine) -> None:
    """Check each pooled connection of `engine` when it is taken; a dead one is replaced, with all others."""
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_check, engine))


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED_AT] = time.monotonic()


def _check(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    used_at = record.info.get(_USED_AT)
    if used_at is None or (time.monotonic() - used_at < IDLE_SECONDS and not _has_input(connection)):
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]  # Engines that connect have a driver.
        raise InvalidatePoolError from error


def _has_input(connection: Any) -> bool:
    """Tell whether the connection is closed, or has input outside of a statement, such as its end."""
    driver = getattr(connection, "driver_connection", connection)
    if driver.closed:
        return True
    return _is_readable(driver.fileno())


def _is_readable(descriptor: int) -> bool:
    if not hasattr(select, "poll"):  # Windows, whose `select` knows no limit.
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
