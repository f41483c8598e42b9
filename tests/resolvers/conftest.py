"""What tests of resolvers share: a harness."""

from collections.abc import AsyncIterator

import pytest

from sandbox.server import Sandbox
from tests.resolvers.harness import MutationHarness, open_harness


@pytest.fixture
async def harness(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[MutationHarness]:
    async with open_harness(sandbox, sqlite_url) as opened:
        yield opened
