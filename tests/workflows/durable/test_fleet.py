"""workflows.durable.fleet: who lives, what each leaves to the others, and whose settings differ."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from registry import leases
from registry.database import Database
from registry.process_locks import ProcessLocks
from workflows.durable.access import approvals_subject, group_subject
from workflows.durable.fleet import Fleet, ProcessInfo, loop_lease

RISK = group_subject("risk", "222222222222", "eu-west-1")
JIRA = approvals_subject("jira")
OWN = {"permissions": "1"}


async def _probe() -> None:
    """Finds nothing out."""


@asynccontextmanager
async def member(
    database: Database, id: str, settings: Mapping[str, str] = OWN, *, lease: float = 60, version: str = "1"
) -> AsyncIterator[Fleet]:
    """A process of the fleet, with a lease of its own."""
    fleet = Fleet(database, id, ProcessInfo(f"{id}:1", settings), version, ProcessLocks("sqlite+aiosqlite:///x"))
    async with AsyncExitStack() as stack:
        async with database.writing() as connection:
            assert await leases.acquire(connection, f"executor/{id}", id, lease) is not None
        await fleet.join(id)
        stack.push_async_callback(fleet.leave)
        yield fleet


async def lack(fleet: Fleet, *subjects: str) -> None:
    """Lets a process have no access to these, and tell."""
    for subject in subjects:
        fleet.access.failed(subject, ValueError("None here."), _probe)
    await fleet._publish()


async def lead(database: Database, fleet: Fleet, loop: str) -> None:
    async with database.writing() as connection:
        assert await leases.acquire(connection, loop_lease(loop), fleet.id, 60) is not None


async def test_what_a_leader_lacks_is_left_to_those_who_do_not(database: Database) -> None:
    async with member(database, "a") as a, member(database, "b") as b, member(database, "c") as c:
        await lead(database, a, "watch")
        await lack(a, RISK, JIRA)
        await lack(c, RISK)
        for fleet in (a, b, c):
            await fleet.refresh()
        assert [a.is_left(RISK), a.is_left(JIRA), b.is_left(RISK)] == [True, True, False]
        assert b.left_by_leader("watch") == {RISK, JIRA}
        assert c.left_by_leader("watch") == {JIRA}
        assert a.left_by_leader("watch") == b.left_by_leader("polling") == frozenset()
        assert [row.id for row in a.others_with_access([RISK, JIRA])] == ["b"]
        assert [row.id for row in a.others_with_access([JIRA])] == ["b", "c"]
        assert b.holders() == {"watch": "a:1"}

        await lack(b, RISK)
        await a.refresh()
        assert (a.is_left(RISK), a.others_with_access([RISK])) == (False, ())
        a.access.worked(JIRA)
        await a._publish()
        await b.refresh()
        assert b.left_by_leader("watch") == frozenset()


async def test_nothing_is_left_to_the_dead_nor_to_another_version(database: Database) -> None:
    async with member(database, "a") as a, member(database, "b", lease=-1), member(database, "c", version="2"):
        await lack(a, RISK)
        await a.refresh()
        assert (a.is_left(RISK), set(a.view.processes), a.has_others()) == (False, {"a", "c"}, True)


async def test_one_that_has_left_is_forgotten(database: Database) -> None:
    async with member(database, "a") as a:
        async with member(database, "b") as b:
            await lack(b, RISK)
            await a.refresh()
            assert a.view.processes["b"].faults[RISK].reason == "None here."
        await a.refresh()
        assert set(a.view.processes) == {"a"}


async def test_a_next_life_is_known_by_its_lease(database: Database) -> None:
    async with member(database, "a") as a, member(database, "b") as b:
        async with database.writing() as connection:
            await leases.acquire(connection, "executor/b2", "b2", 60)
        b.begin_life("b2")
        await b._publish()
        await a.refresh()
        assert a.view.processes["b"].executor == "b2"


async def test_other_settings_are_named_by_block_and_logged_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    other = {"permissions": "2", "jira": "3"}
    async with member(database, "a") as a, member(database, "b", other), member(database, "c"):
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                await a.refresh()
        assert [(each.process, each.blocks) for each in a.settings_differences()] == [("b:1", ("jira", "permissions"))]
        # By `c` as it joined, and by `a` with its first look.
        assert caplog.text.count("b:1") == 2


async def test_a_change_is_published_at_once(database: Database) -> None:
    async with member(database, "a") as a, member(database, "b") as b:
        watching = asyncio.create_task(a.run(3600))
        a.access.failed(RISK, ValueError("None here."), _probe)
        async with asyncio.timeout(20):
            while RISK not in b.view.processes["a"].faults:
                await b.refresh()
        watching.cancel()
        await asyncio.wait((watching,))
