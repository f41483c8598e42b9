"""Opens the scope of the group risk as work opens it, without a gateway around it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aws.scopes import OpenScope
from gateway.bootstrap import _scope_deps
from gateway.group_scopes import GroupScopes
from sandbox.server import Sandbox
from tests.gateway_client import RISK, load_test_settings


@asynccontextmanager
async def scope_on(sandbox: Sandbox, **blocks: Any) -> AsyncIterator[OpenScope]:
    """The group's scope in the sandbox; keywords are blocks of the settings."""
    async with AsyncExitStack() as stack:
        scope_deps = await _scope_deps(load_test_settings(sandbox.url, **blocks), stack)
        yield await stack.enter_async_context(GroupScopes(scope_deps).open(RISK.name, RISK.region, RISK.account))
