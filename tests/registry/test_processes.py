"""registry.processes: processes that live, with their faults, and the loops that they hold."""

from dataclasses import replace

from registry import leases, processes
from registry.database import Database
from registry.processes import AccessFault, FleetRows, ProcessRow
from tests.registry.factories import NOON

ROW = ProcessRow(
    id="a", executor="a1", name="machine:1", version="1", settings={"jira": "0"}, has_lock=False, started_at=NOON
)
FAULT = AccessFault("group/1/r/risk", "No role.", NOON)


async def keep(database: Database, *rows: ProcessRow) -> None:
    async with database.writing() as connection:
        for row in rows:
            await processes.register(connection, row)
            await leases.acquire(connection, f"executor/{row.executor}", row.executor, 60)


async def fleet(database: Database) -> FleetRows:
    async with database.reading() as connection:
        return await processes.fleet(connection)


async def test_only_those_whose_lease_stands_are_told(database: Database) -> None:
    await keep(database, ROW, replace(ROW, id="b", executor="b1"))
    async with database.writing() as connection:
        lease = await leases.acquire(connection, "loop/watch", "a", 60)
        await leases.acquire(connection, "loop/polling", "b", -1)
        await leases.acquire(connection, "executor/c1", "c1", 60)
        await processes.end_leases(connection, [replace(ROW, id="b", executor="b1")])
    assert lease is not None
    assert await fleet(database) == FleetRows({"a": ROW}, {"watch": "a"})


async def test_faults_take_the_place_of_those_before(database: Database) -> None:
    await keep(database, ROW, replace(ROW, id="b", executor="b1"))
    async with database.writing() as connection:
        await processes.replace_faults(connection, "a", [replace(FAULT, subject="approvals/jira")])
        await processes.replace_faults(connection, "a", [FAULT])
        await processes.replace_faults(connection, "b", [FAULT])
        await processes.replace_faults(connection, "b", [])
    rows = (await fleet(database)).processes
    assert (rows["a"].faults, rows["b"].faults) == ({FAULT.subject: FAULT}, {})


async def test_a_process_goes_with_its_faults_by_either_id(database: Database) -> None:
    await keep(database, ROW, replace(ROW, id="b", executor="b1"))
    async with database.writing() as connection:
        for id in ("a", "b"):
            await processes.replace_faults(connection, id, [FAULT])
        await processes.set_executor(connection, "a", "a2")
        await leases.acquire(connection, "executor/a2", "a2", 60)
        await processes.remove(connection, executor="b1")
    assert set((await fleet(database)).processes) == {"a"}
    async with database.writing() as connection:
        await processes.remove(connection, process_id="a")
    await keep(database, ROW)
    assert (await fleet(database)).processes["a"].faults == {}


async def test_the_leases_of_one_that_is_gone_end_at_once_and_no_other(database: Database) -> None:
    other = replace(ROW, id="b", executor="b1")
    await keep(database, ROW, other)
    async with database.writing() as connection:
        await leases.acquire(connection, "loop/watch", "a", 60)
        await leases.acquire(connection, "loop/polling", "b", 60)
        await processes.end_leases(connection, [ROW])
        assert await leases.expired(connection, "", 60) == ["executor/a1", "loop/watch"]
    assert await fleet(database) == FleetRows({"b": other}, {"polling": "b"})
