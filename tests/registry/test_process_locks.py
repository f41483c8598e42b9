"""registry.process_locks: the kernel tells whether a process of this machine lives, and nobody guesses."""

import asyncio
from pathlib import Path

import pytest

from registry.process_locks import ProcessLocks
from tests.processes.starting import PIPE, start


@pytest.mark.crash
async def test_a_killed_process_is_gone_and_a_living_one_is_not(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'registry.db'}"
    with ProcessLocks(url) as locks:
        assert locks.hold("me")
        other = await start("tests.registry.lock_holder", url, "other", stdout=PIPE)
        assert other.stdout is not None
        async with asyncio.timeout(30):
            assert await other.stdout.readline() == b"True\n"
        assert (locks.is_gone("other"), locks.is_gone("nobody")) == (False, True)
        other.kill()
        await other.wait()
        assert locks.is_gone("other")


def test_with_postgresql_nothing_is_known() -> None:
    with ProcessLocks("postgresql+psycopg://me@nowhere/x") as locks:
        assert (locks.hold("me"), locks.is_gone("other")) == (False, False)


def test_in_a_folder_that_is_not_there_nothing_is_known(tmp_path: Path) -> None:
    with ProcessLocks(f"sqlite+aiosqlite:///{tmp_path / 'missing' / 'registry.db'}") as locks:
        assert (locks.hold("me"), locks.is_gone("other")) == (False, False)
