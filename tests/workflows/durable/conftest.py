"""What tests of durable work share: both databases, and processes that do it."""

from collections.abc import AsyncIterator

import pytest

from tests.databases import each_database_url
from tests.workflows.durable.processes import Workers

__all__ = ["each_database_url"]


@pytest.fixture
async def workers(database_url: str) -> AsyncIterator[Workers]:
    """Begins processes on that database; none is left behind."""
    begun = Workers(database_url)
    yield begun
    await begun.clear()
