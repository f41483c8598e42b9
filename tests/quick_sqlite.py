"""SQLite's statements, run in the loop's thread: aiosqlite hands each one to a thread and back, four times a statement.

That is a third of the processor's time of a test of the registry. SQLite is asked the same, and answers the same; tests
of locks and of cancelled statements take the threads (`sqlite_threads`), and so does every process that is started.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

import pytest
from aiosqlite.core import set_result

Work = Callable[[], Any]
_BUSY_TIMEOUT: Final = re.compile(r"PRAGMA busy_timeout = (\d+)")
# Seconds between two tries of a statement that another connection is in the way of.
_PAUSE: Final = 0.005
# At these calls other tasks have their turn, as they have it while a thread works.
_WAITED_FOR: Final = frozenset(("execute", "executemany", "commit", "rollback"))


class _NoThread:
    """A connection's thread that has nothing to do."""

    daemon: bool

    def __init__(self, **_named: object) -> None: ...

    def start(self) -> None: ...


class _Here:
    """A connection's queue that does at once what is put into it, and tries again as SQLite does while it is locked."""

    def __init__(self) -> None:
        self._patience = 5.0

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Work]) -> None:
        future, work = item
        if future is None:
            work()
            return
        if isinstance(work, partial):
            work = self._impatient(work)
        self._try(future, work, future.get_loop().time() + self._patience)

    def _impatient(self, work: partial[Any]) -> partial[Any]:
        """Keep the time limit of locks here: SQLite's own wait would hold up the task that has the lock."""
        timeout = _BUSY_TIMEOUT.fullmatch(work.args[0]) if work.args and isinstance(work.args[0], str) else None
        if timeout is None:
            return work
        self._patience = int(timeout[1]) / 1000
        return partial(work.func, "PRAGMA busy_timeout = 0", *work.args[1:])

    def _try(self, future: asyncio.Future[Any], work: Work, deadline: float) -> None:
        if future.done():
            return
        loop = future.get_loop()
        try:
            result = work()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY and not _is_inside(work) and loop.time() < deadline:
                loop.call_later(_PAUSE, self._try, future, work, deadline)
            else:
                future.set_exception(error)
        except BaseException as error:  # noqa: BLE001  # As aiosqlite hands it on.
            future.set_exception(error)
        else:
            if isinstance(work, partial) and work.func.__name__ in _WAITED_FOR:
                loop.call_soon(set_result, future, result)
            else:
                future.set_result(result)


def _is_inside(work: Work) -> bool:
    """Tell whether a transaction has begun: SQLite does not wait for a lock then, as the other one may wait for it."""
    owner = getattr(work.func, "__self__", None) if isinstance(work, partial) else None
    connection = owner.connection if isinstance(owner, sqlite3.Cursor) else owner
    return isinstance(connection, sqlite3.Connection) and connection.in_transaction


@contextmanager
def quick_sqlite() -> Iterator[None]:
    """Let connections that are made while the block runs have no thread."""
    with pytest.MonkeyPatch.context() as patch:
        _let_work(patch, _Here, _NoThread)
        yield


@pytest.fixture
def sqlite_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives connections their threads, for tests of locks, time limits and what is broken off."""
    _let_work(monkeypatch, SimpleQueue, Thread)


def _let_work(patch: pytest.MonkeyPatch, queue: type, thread: type) -> None:
    patch.setattr("aiosqlite.core.SimpleQueue", queue)
    patch.setattr("aiosqlite.core.Thread", thread)
