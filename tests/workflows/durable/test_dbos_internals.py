"""workflows.durable.dbos_internals: each private name of DBOS is there, or a sentence says which feature breaks.

An upgrade of DBOS that moves or changes one fails the first test here with those sentences.
"""

import ast
import importlib
import inspect
import logging
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from dbos import DBOS, DBOSConfig, WorkflowStatus

from tests.databases import on_both_databases
from tests.registry.test_pages import statements
from tests.workflows.durable.dbos_state import change, query
from tests.workflows.durable.engines import Pair, engine_on
from workflows.durable import dbos_internals
from workflows.durable.context import WorkflowContext
from workflows.durable.dbos_internals import TablesAddress, requeue
from workflows.durable.dbos_rows import ENQUEUED, PENDING, WorkflowCount, open_workflows
from workflows.durable.dbos_tables import dbos_url, quiet_dbos
from workflows.durable.engine import Engine
from workflows.durable.serialization import JSONSerializer

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
_HAND_OVER: Final = "A process that may not assume a group's role fails its work instead of handing it over."
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
    PrivateName("DBOS()._background_jobs_stop_event", "Event", _IDLE),
    PrivateName("DBOS()._sys_db.list_queues", "(application_name, client_system_database)", _IDLE),
    PrivateName(
        "DBOS()._sys_db.list_schedules",
        "(status, workflow_name, schedule_name_prefix, application_name, conn)",
        _IDLE,
    ),
    PrivateName("DBOS()._registry.get_internal_queue", "()", _IDLE),
    PrivateName("DBOS()._registry.get_internal_queue()._polling_interval_sec", "float", _IDLE),
    PrivateName("dbos._utils.INTERNAL_QUEUE_NAME", "str", _RECOVERY),
    PrivateName("DBOS()._sys_db.reenqueue_for_recovery", "(workflow_id, executor_ids, recovery_queue_name)", _RECOVERY),
    PrivateName("DBOS()._sys_db.engine", "OptionEngine", _UPGRADE),
    PrivateName(f"{_ROW}.workflow_uuid", "Column", _UPGRADE),
    PrivateName(f"{_ROW}.status", "Column", _UPGRADE),
    PrivateName(f"{_ROW}.application_version", "Column", _UPGRADE),
    PrivateName(f"{_ROW}.executor_id", "Column", _HAND_OVER),
    PrivateName(f"{_ROW}.owner_xid", "Column", _HAND_OVER),
    PrivateName(f"{_ROW}.name", "Column", _COUNTS),
    PrivateName(f"{_ROW}.created_at", "Column", _COUNTS),
    PrivateName(f"{_ROW}.queue_name", "Column", _HAND_OVER),
    PrivateName("DBOS()._sys_db.get_workflow_statuses", "(workflow_ids)", _HAND_OVER),
    PrivateName("dbos._core.execute_dequeued_workflow", "(dbos, status, owner_xid)", _HAND_OVER),
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
    with quiet_dbos():
        dbos = DBOS(config=DBOSConfig(name="idle", system_database_url=dbos_url(sqlite_url), log_level="WARNING"))
        address = TablesAddress(dbos_url(sqlite_url), "dbos", JSONSerializer(), {})
        with dbos_internals._system_database(address) as database:
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
    monkeypatch.setattr(idle_dbos._sys_db, "reenqueue_for_recovery", lambda workflow_id, fence: None)
    assert broken_features(idle_dbos) == [
        "`DBOS()._sys_db.reenqueue_for_recovery` of DBOS was `(workflow_id, executor_ids, recovery_queue_name)` and is "
        "(workflow_id, fence). After `kill -9`, no other process goes on with the work of the killed one."
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
        database: Any = dbos._sys_db
        assert (database.list_queues(application_name="x"), database.list_schedules(application_name="x")) == ((), ())
        (jobs,) = [thread for thread in dbos._background_threads if thread.name == "dbos-background-jobs"]
        jobs.join(10)
        assert not jobs.is_alive()
        assert dbos._registry.get_internal_queue()._polling_interval_sec == dbos_internals.QUEUE_SECONDS
        assert database.engine.pool._pre_ping is False


def rows(url: str) -> list[tuple[str, str, str]]:
    """The status, the version and the queue of the work that is kept."""
    result = query(url, "SELECT status, application_version, queue_name FROM {0}workflow_status")
    return [(row[0], row[1], row[2] or "") for row in result]


async def left(url: str, status: str = PENDING) -> WorkflowStatus:
    """Work of an earlier version that a process has left, as it is read."""
    await change(
        url, f"UPDATE {{0}}workflow_status SET executor_id = 'dead', application_version = '0', status = '{status}'"
    )
    (row,) = await open_workflows()
    return row


async def test_work_is_requeued_once_and_only_as_it_was_read(sqlite_url: str) -> None:
    """It becomes this version's, too; work that a process has taken up meanwhile stays there, and keeps its version."""
    pair = Pair()
    async with engine_on(sqlite_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        seen = await left(sqlite_url)
        taken_up = copy(seen)
        taken_up.executor_id = "another"
        dbos = dbos_of(engine)
        await requeue(dbos, [taken_up], "7")
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


def test_the_log_of_dbos_is_as_before() -> None:
    """One block within another takes nothing of the outer one's away."""
    logger = logging.getLogger("dbos")
    with quiet_dbos():
        with quiet_dbos():
            assert len(logger.filters) == 2
        assert (len(logger.filters), logger.level) == (1, logging.WARNING)
    assert (logger.filters, logger.handlers) == ([], [])


@on_both_databases
async def test_open_work_is_counted_by_one_statement(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        pair.gate.set()
        await engine.start("pair", "done", "k")
        await engine.idle()
        pair.gate.clear()
        pair.reached.clear()
        await engine.start("pair", "open", "l")
        await engine.start("pair", "open-2", "m")
        await pair.reached.wait()
        with statements() as asked:
            counts = await engine.count_open()
        # Others are the process's own, of work that waits for it.
        assert [statement for statement in asked if "count(" in statement.lower()] == [
            statement for statement in asked if "min(" in statement.lower()
        ]
        of_open = "UPDATE {0}workflow_status SET application_version = NULL WHERE workflow_uuid = 'open'"
        await change(database_url, of_open)
        oldest = {row.workflow_id: (row.created_at or 0) / 1000 for row in await open_workflows()}
        assert counts == (WorkflowCount("pair", PENDING, 2, min(oldest.values()), "1"),)
        assert await engine.count_open() == (
            WorkflowCount("pair", PENDING, 1, oldest["open"], ""),
            WorkflowCount("pair", PENDING, 1, oldest["open-2"], "1"),
        )
        pair.gate.set()
        await engine.idle()
        assert await engine.count_open() == ()
