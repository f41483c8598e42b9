"""What the proofs over HTTP share: a gateway that lives by the sandbox's clock, which stands still."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import pytest

from aws.inventory.inventory import Rules
from sandbox.server import Sandbox
from tests.asking import Gateway, OpenGateway

OpenStill = Callable[..., AbstractAsyncContextManager[Gateway]]


@pytest.fixture
def open_still(sandbox: Sandbox, open_gateway: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> OpenStill:
    """Opens a gateway whose inventories live by the sandbox's clock; keywords are blocks of its settings."""
    sandbox.clock.freeze()
    monkeypatch.setattr("gateway.app.Rules", partial(Rules, now=sandbox.clock.at))

    def opened(**blocks: Any) -> AbstractAsyncContextManager[Gateway]:
        return open_gateway(**blocks)

    return opened
