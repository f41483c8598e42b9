"""What tests of resolvers share: a desk, whose sessions read botocore's descriptions of the services once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.resolvers.harness import MutationHarness, open_harness


@pytest.fixture
def reading_once(service_models: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets desks share the descriptions: each reading takes 0.1 s."""
    monkeypatch.setattr("gateway.bootstrap.new_data_loader", lambda: service_models)


@pytest.fixture
async def desk(sandbox: Sandbox, sqlite_url: str, reading_once: None) -> AsyncIterator[MutationHarness]:
    async with open_harness(sandbox, sqlite_url) as opened:
        yield opened
