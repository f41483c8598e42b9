"""What tests share: one sandbox for the session, emptied before each test that uses it, and its estate."""

from collections.abc import Iterator

import pytest

from sandbox.estate import Estate, fill
from sandbox.server import Sandbox


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """An empty AWS: no resources, no trouble, no counts, real time."""
    sandbox_server.reset()
    return sandbox_server


@pytest.fixture
def estate(sandbox: Sandbox) -> Estate:
    """The sandbox, filled as the demo fills it."""
    return fill(sandbox)
