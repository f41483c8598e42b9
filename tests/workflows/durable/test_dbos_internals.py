"""workflows.durable.dbos_internals: each private name of DBOS is there, or a sentence says which feature breaks.

An upgrade of DBOS that moves or changes one fails the first test here with those sentences.
"""

import ast
import asyncio
import importlib
import inspect
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from dbos import DBOS, DBOSConfig
from dbos import error as dbos_errors

from tests.workflows.durable.dbos_state import query, step_names
from tests.workflows.durable.engines import Pair, engine_on
from workflows.durable import dbos_internals
from workflows.durable.context import WorkflowContext
from workflows.durable.dbos_internals import hand_over, running_ids, running_tasks, take
from workflows.durable.dbos_rows import ENQUEUED, PENDING, open_workflows
from workflows.durable.dbos_tables import dbos_url, quiet_dbos
from workflows.durable.engine import Engine

ROOT: Final = Path(dbos_internals.__file__).parents[2]


@dataclass(frozen=True)
class PrivateName:
    """A private name of DBOS.

    Attributes:
        path: Where it is, from a module of DBOS's or from an instance, `DBOS()`.
        shape: The parameters of a function, or the type of anything else.
        feature: The sentence that says what breaks without it.
    """

    path: str
    shape: str
    feature: str


_RECOVERY: Final = "After `kill -9`, no other process goes on with the work of the killed one."
_UPGRADE: Final = "After an upgrade, work that the release before has left is never taken up."
_TABLES: Final = "`migrate` makes no tables for durable work, and `check` cannot tell that they are behind."
_IDLE: Final = "An idle gateway asks the database several times a second for nothing."
_COUNTS: Final = "`/readyz` and the metrics say nothing of durable work."
_ROW: Final = "DBOS()._sys_db.tables.workflow_status.c"

NAMES: Final = (
    PrivateName(
        "DBOS()._background_event_loop.set_main_loop",
        "()",
        "Resumed work runs on a loop of DBOS's own, where the AWS clients of the gateway fail.",
    ),
    PrivateName("DBOS()._workflow_tasks", "set", "An orderly end of a process breaks steps off in the middle."),
    PrivateName("DBOS()._active_workflows_set.activeList", "()", "A process takes up the work that it has in hand."),
    PrivateName("DBOS().background_thread_stop_events", "list", _IDLE),
    PrivateName("DBOS()._background_jobs_stop_event", "Event", _IDLE),
    PrivateName("DBOS()._sys_db.engine", "OptionEngine", _RECOVERY),
    PrivateName(f"{_ROW}.workflow_uuid", "Column", _RECOVERY),
    PrivateName(f"{_ROW}.status", "Column", _RECOVERY),
    PrivateName(f"{_ROW}.executor_id", "Column", _RECOVERY),
    PrivateName(f"{_ROW}.owner_xid", "Column", _RECOVERY),
    PrivateName(f"{_ROW}.name", "Column", _COUNTS),
    PrivateName(f"{_ROW}.created_at", "Column", _COUNTS),
    PrivateName(f"{_ROW}.recovery_attempts", "Column", "Work that kills each process that takes it up never ends."),
    PrivateName(f"{_ROW}.application_version", "Column", _UPGRADE),
    PrivateName("DBOS()._sys_db.get_workflow_statuses", "(workflow_ids)", _RECOVERY),
    PrivateName("dbos._core.execute_dequeued_workflow", "(dbos, status, owner_xid)", _RECOVERY),
    PrivateName("dbos._sys_db.SystemDatabase.run_migrations", "(self)", _TABLES),
    PrivateName("dbos._sys_db.SystemDatabase.verify_migrations", "(self)", _TABLES),
    PrivateName("dbos._sys_db.SystemDatabase.destroy", "(self)", _TABLES),
)


def broken_features(dbos: DBOS) -> list[str]:
    """The sentence of each name that is not as the gateway uses it."""
    sentences = []
    for name in NAMES:
        try:
            shape = _shape(_resolved(name.path, dbos)[-1])
        except AttributeError:
            shape = "gone"
        if shape != name.shape:
            sentences.append(f"`{name.path}` of DBOS was `{name.shape}` and is {shape}. {name.feature}")
    return sentences


def _resolved(path: str, dbos: DBOS) -> list[Any]:
    """The objects along a path, the last one last. Raises AttributeError."""
    if path.startswith("dbos."):
        module, rest = ".".join(path.split(".")[:2]), path.split(".")[2:]
        objects: list[Any] = [importlib.import_module(module)]
    else:
        objects, rest = [dbos], path.split(".")[1:]
    for name in rest:
        value = getattr(objects[-1], name.removesuffix("()"))
        objects.append(value() if name.endswith("()") else value)
    return objects


def _shape(value: Any) -> str:
    if inspect.isroutine(value):
        return f"({', '.join(inspect.signature(value).parameters)})"
    return type(value).__name__


@pytest.fixture
def idle_dbos(sqlite_url: str) -> Iterator[DBOS]:
    """DBOS that is not launched, with its tables: no thread uses the names that a test takes away."""
    quiet_dbos()
    dbos = DBOS(config=DBOSConfig(name="idle", system_database_url=dbos_url(sqlite_url), log_level="WARNING"))
    with dbos_internals._system_database(dbos_url(sqlite_url), {}) as database:
        dbos._sys_db_field = database
        yield dbos
    DBOS.destroy(destroy_registry=True)


def test_every_private_name_is_as_the_gateway_uses_it(idle_dbos: DBOS) -> None:
    assert not broken_features(idle_dbos)


def test_a_name_that_is_gone_is_told_by_the_feature_that_breaks(
    idle_dbos: DBOS, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        if name.path.startswith(_ROW):
            continue  # Columns of a table cannot be taken away.
        *_, parent, value = _resolved(name.path, idle_dbos)
        last = name.path.rpartition(".")[-1]
        owner = parent if last in vars(parent) else next(kind for kind in type(parent).__mro__ if last in vars(kind))
        with monkeypatch.context() as patch:
            patch.setattr(owner, f"{last}_renamed", value, raising=False)
            patch.delattr(owner, last)
            assert f"`{name.path}` of DBOS was `{name.shape}` and is gone. {name.feature}" in broken_features(idle_dbos)
    assert not broken_features(idle_dbos)


def test_a_changed_signature_is_told_by_the_feature_that_breaks(
    idle_dbos: DBOS, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_dbos._sys_db, "get_workflow_statuses", lambda workflow_ids, fence: None)
    assert broken_features(idle_dbos) == [
        "`DBOS()._sys_db.get_workflow_statuses` of DBOS was `(workflow_ids)` and is (workflow_ids, fence). "
        "After `kill -9`, no other process goes on with the work of the killed one."
    ]


def test_every_private_name_in_the_product_stands_here_with_its_feature() -> None:
    """A private name that is new to the product needs its sentence."""
    known = {part.removesuffix("()") for name in NAMES for part in name.path.split(".")}
    assert _private_names(Path(dbos_internals.__file__)) <= known
    users = [file for file in (ROOT / "workflows").rglob("*.py") if "dbos" in file.read_text()]
    used = {file.name: names for file in users if (names := _private_names(file))}
    assert list(used) == ["dbos_internals.py"]


def _private_names(file: Path) -> set[str]:
    """The names that a module imports from private modules of DBOS's, and private attributes of anything but itself."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dbos._"):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "dbos":
            names |= {alias.name for alias in node.names if alias.name.startswith("_")}
        elif isinstance(node, ast.Attribute) and re.match("_[^_]", node.attr) and not _is_own(node.value):
            names.add(node.attr)
    return names


def _is_own(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in {"self", "cls"}


async def work(_context: WorkflowContext) -> None:
    """Nothing to do."""


def dbos_of(engine: Engine) -> DBOS:
    """DBOS itself."""
    assert engine._executor is not None
    return engine._executor.dbos


async def test_queues_schedules_and_delays_are_not_asked_for(database_url: str) -> None:
    """What this saves is measured by the benchmark `traffic`."""
    async with engine_on(database_url, {"work": work}) as engine:
        dbos = dbos_of(engine)
        listener, notifier, queues, jobs, scheduler = dbos._background_threads
        for thread in (notifier, queues, jobs, scheduler):
            thread.join(20)
            assert not thread.is_alive()
        assert listener.is_alive()


def rows(url: str) -> list[tuple[str, str, str]]:
    """The status, the version and the executor of the work that is kept."""
    result = query(url, "SELECT status, application_version, executor_id FROM {0}workflow_status")
    return [(row[0], row[1], row[2]) for row in result]


@asynccontextmanager
async def left(url: str, pair: Pair, status: str = PENDING, attempts: int = 1) -> AsyncIterator[tuple[DBOS, Any]]:
    """DBOS, and work of an earlier version that a process has left in its second step, as it is read."""
    async with engine_on(url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
    pair.reached.clear()
    values = f"executor_id = 'dead', application_version = '0', status = '{status}', recovery_attempts = {attempts}"
    query(url, f"UPDATE {{0}}workflow_status SET {values}")
    # Another body: the engine's own sweep takes nothing of it up.
    async with engine_on(url, {"work": work}) as engine:
        dbos = dbos_of(engine)
        dbos._registry.workflow_info_map["pair"] = engine._executor._registered("pair", pair.body)  # type: ignore[union-attr]
        (row,) = await open_workflows()
        yield dbos, row


@pytest.mark.parametrize("status", [PENDING, ENQUEUED])
async def test_work_is_taken_once_and_only_as_it_was_read(sqlite_url: str, status: str) -> None:
    """It becomes this version's, too; work that a process has taken up meanwhile stays there, and keeps its version."""
    pair = Pair()
    async with left(sqlite_url, pair, status) as (dbos, seen):
        taken_up = copy(seen)
        taken_up.executor_id = "another"
        assert await take(dbos, [taken_up], "b", "7") == []
        assert rows(sqlite_url) == [(status, "0", "dead")]
        assert await take(dbos, [seen], "b", "7") == ["a"]
        await pair.reached.wait()
        assert rows(sqlite_url) == [(PENDING, "7", "b")]
        assert running_ids(dbos) == {"a"}
        assert await take(dbos, [seen], "c", "8") == []
        pair.gate.set()
        await asyncio.wait(running_tasks(dbos))
    assert rows(sqlite_url) == [("SUCCESS", "7", "b")]
    assert pair.calls == ["first k", "second k 7", "second k 7", "end k"]


async def test_work_that_was_taken_a_hundred_times_is_given_up(sqlite_url: str) -> None:
    pair = Pair()
    async with left(sqlite_url, pair, attempts=101) as (dbos, seen):
        with pytest.raises(dbos_errors.DBOSException):
            await take(dbos, [seen], "b", "7")
        assert rows(sqlite_url) == [("MAX_RECOVERY_ATTEMPTS_EXCEEDED", "7", "b")]
    assert pair.calls == ["first k", "second k 7"]


async def test_work_that_is_handed_over_is_the_others_alone(sqlite_url: str) -> None:
    """What the first one does with it still is kept no more; the attempts count anew."""
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        dbos, executor = dbos_of(engine), engine.lease.removeprefix("executor/")
        assert not await hand_over(dbos, "a", "another", "b")
        assert await hand_over(dbos, "a", executor, "b")
        assert not await hand_over(dbos, "a", executor, "c")
        pair.gate.set()
        assert rows(sqlite_url) == [(PENDING, "1", "b")]
    assert query(sqlite_url, "SELECT recovery_attempts FROM {0}workflow_status")[0][0] == 0
    assert step_names(sqlite_url, "a") == ["first"]


def test_the_log_of_dbos_is_part_of_ours_however_often_it_is_asked_for() -> None:
    logger = logging.getLogger("dbos")
    quiet_dbos()
    quiet_dbos()
    assert (logger.level, logger.propagate, len(logger.handlers), len(logger.filters)) == (logging.WARNING, True, 1, 1)
