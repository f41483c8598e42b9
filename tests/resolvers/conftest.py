"""What tests of resolvers share: a harness."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiobotocore.session import AioSession

from sandbox.server import Sandbox
from tests.aws.sandbox_account import GROUP
from tests.pipelines import MadeExecutions, make_executions
from tests.resolvers.harness import MutationHarness, open_harness
from tests.resolvers.lists.account_view import AccountView, account_view


@pytest.fixture
async def harness(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[MutationHarness]:
    async with open_harness(sandbox, sqlite_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def loader() -> Any:
    """botocore's descriptions of the services, read once."""
    return AioSession().get_component("data_loader")


@pytest.fixture
async def live_account(sandbox: Sandbox, loader: Any) -> AsyncIterator[AccountView]:
    """Requests of a role to an account, with nothing in it unless a test makes it."""
    async with account_view(sandbox, loader) as opened:
        yield opened


@pytest.fixture
def made(sandbox: Sandbox) -> MadeExecutions:
    """The account with executions of a pipeline (see tests.pipelines)."""
    return make_executions(sandbox, GROUP)
