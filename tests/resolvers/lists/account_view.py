"""A view of an account that lives by the sandbox's clock, and what its role has been let see."""

from collections.abc import Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aws.client.client import CallPolicy
from aws.client.service_clients import AwsEndpoint, ServiceClients
from aws.inventory.inventory import Inventory
from aws.scopes import OpenScope
from resolvers.views.resource_view import LiveView
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    ACCOUNT,
    REGION,
    ROLE,
    SCOPE_ID,
    RecordingClient,
    StaticCredentials,
    UnlimitedRateLimiters,
    inventory_config,
    reader_of,
    sandbox_now,
)


class WitnessedClient(RecordingClient):
    """Notes when each thing was described, and so shown to the role, last."""

    def __init__(self, sandbox: Sandbox, clients: ServiceClients) -> None:
        super().__init__(clients, CallPolicy(ROLE, ACCOUNT, REGION, UnlimitedRateLimiters(), lambda: None))
        self.sandbox = sandbox
        self.described: dict[str, datetime] = {}

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        answer = await super().call(operation, **parameters)
        if operation.startswith("Describe"):
            self.described[next(iter(parameters.values()))] = sandbox_now(self.sandbox)
        return answer


class AccountView:
    """Requests to one inventory."""

    def __init__(self, sandbox: Sandbox, calls: WitnessedClient, **rules: Any) -> None:
        self.sandbox = sandbox
        self.calls = calls
        self.inventory = Inventory(calls, SCOPE_ID, inventory_config(sandbox, **rules))

    def request(self) -> LiveView:
        """The view of a request that begins now, of a caller without groups: it asks no registry for links by hand."""
        untouched: Any = None
        scope = OpenScope(SCOPE_ID.scope, ROLE, ACCOUNT, REGION, reader_of(self.inventory), untouched)
        return LiveView(scope, None, False, untouched)


@asynccontextmanager
async def account_view(sandbox: Sandbox, loader: Any, **rules: Any) -> Any:
    """A view of the sandbox's account of unknown keys; keywords are the inventory's rules."""
    clients = ServiceClients(AwsEndpoint(REGION, sandbox.url, loader), StaticCredentials())
    account = AccountView(sandbox, WitnessedClient(sandbox, clients), **rules)
    try:
        yield account
    finally:
        await account.inventory.close()
        await clients.close()
