"""registry.database: short transactions, whole or not at all; no exception of SQLAlchemy's, no password in a word."""

import pytest
from sqlalchemy import text

from registry.database import Database
from registry.errors import RegistryError


async def test_what_is_written_can_be_read(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO leases VALUES ('one', 'me', '2026-03-02 09:30:00', 1)"))
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT name, fence FROM leases"))).all() == [("one", 1)]


async def test_who_reads_cannot_write(database: Database) -> None:
    with pytest.raises(RegistryError):
        async with database.reading() as connection:
            await connection.execute(text("INSERT INTO leases VALUES ('one', 'me', '2026-03-02 09:30:00', 1)"))
