"""What tests of durable work share: a database with DBOS's tables as well."""

from collections.abc import AsyncIterator

import pytest

from tests.workflows.durable.processes import Workers
from workflows.durable.tables import migrate_durable


@pytest.fixture
async def durable(database_url: str) -> str:
    """The address of an empty registry that has DBOS's tables beside its own."""
    await migrate_durable(database_url)
    return database_url


@pytest.fixture
async def workers(durable: str) -> AsyncIterator[Workers]:
    """Begins processes on that database; none is left behind."""
    begun = Workers(durable)
    yield begun
    await begun.clear()
