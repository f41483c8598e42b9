"""What tests of resolvers share: a desk."""

from collections.abc import AsyncIterator

import pytest

from sandbox.server import Sandbox
from tests.resolvers.desks import Desk, desk_on


@pytest.fixture
async def desk(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[Desk]:
    async with desk_on(sandbox, sqlite_url) as opened:
        yield opened
