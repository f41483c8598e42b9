"""A client of a gateway that runs in this process with the demo's settings, on the sandbox's AWS."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from gateway.app import create_app
from gateway.settings.settings import Settings, from_mapping
from sandbox.estate.groups import ESTATE, Group
from tests.databases import SQLITE_TEMPLATE

RISK, MARKETING = ESTATE.risk, ESTATE.marketing
PEER = ("127.0.0.1", 50_000)


GATEWAY_KEYS = {
    "group": "gateway",
    "authenticationType": "BASIC",
    "accessKeyId": ESTATE.access_key_id,
    "secretAccessKey": ESTATE.secret_access_key,
    "region": "us-east-2",
}
# Every request looks again: for tests that change AWS between two requests.
NO_CACHE_AGES = dict.fromkeys(("freshSeconds", "deletionSeconds", "authoritySeconds", "tagSeconds"), 0.001)


def settings_mapping(url: str, **blocks: Any) -> dict[str, Any]:
    """The settings as a file would have them: two groups with a role each; `blocks` are added or take their place."""
    return {
        "aws": {"endpointUrl": url},
        **credential_settings(assume_role_entry(RISK), assume_role_entry(MARKETING)),
        "permissions": [{"group": "*", "allow": ["READ"]}],
        "database": {"url": fresh_database()},
        **blocks,
    }


def fresh_database() -> str:
    """The address of a database of SQLite's that is migrated and empty, for one gateway (see tests/databases.py)."""
    template = Path(os.environ[SQLITE_TEMPLATE])
    path = template.with_name(f"{uuid4().hex}.db")
    shutil.copyfile(template, path)
    shutil.copyfile(template.with_name(f"{template.stem}-dbos.db"), path.with_name(f"{path.stem}-dbos.db"))
    return f"sqlite+aiosqlite:///{path}"


def credential_settings(*roles: Mapping[str, Any]) -> dict[str, Any]:
    """The block of credentials: these roles to assume, on top of the gateway's own keys."""
    return {"sagemaker-credentials": {"storedCredentials": [GATEWAY_KEYS], "assumeRoleByGroup": list(roles)}}


def assume_role_entry(group: Group, name: str | None = None, **more: Any) -> dict[str, Any]:
    """The entry that serves a group, or another group of this name, with the group's role."""
    external_id = {"externalId": group.external_id} if group.external_id else {}
    entry = {"group": name or group.name, "roleArn": group.role_arn, "region": group.region}
    return {**entry, "base": {"group": "gateway"}, **external_id, **more}


def load_test_settings(url: str, **blocks: Any) -> Settings:
    """The settings, read."""
    return from_mapping(settings_mapping(url, **blocks))


@dataclass(frozen=True)
class GraphQLResponse:
    """What came back."""

    status: int
    headers: httpx.Headers
    body: dict[str, Any]

    @property
    def data(self) -> Any:
        """The data, of an answer that has no error."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors, of which there must be some."""
        errors: list[dict[str, Any]] = self.body["errors"]
        return errors

    @property
    def codes(self) -> list[str]:
        """The code of each error."""
        return [error["extensions"]["code"] for error in self.errors]

    @property
    def error(self) -> dict[str, Any]:
        """The only error."""
        (error,) = self.errors
        return error

    @property
    def aws_extensions(self) -> dict[str, Any]:
        """What the answer tells of its calls to AWS."""
        account: dict[str, Any] = self.body["extensions"]["aws"]
        return account


class GatewayClient:
    """A gateway that can be asked."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        user: str | None = "ann",
        groups: Sequence[str] = ("risk",),
        acting: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> GraphQLResponse:
        """Posts a query as this user of these groups; a user of None is anonymous."""
        body: dict[str, Any] = {"query": query} | ({} if variables is None else {"variables": variables})
        sent = {**identity_headers(user, groups, acting), **(headers or {})}
        response = await self.http.post("/graphql", json=body, headers=sent)
        return GraphQLResponse(response.status_code, response.headers, response.json())


def identity_headers(user: str | None, groups: Sequence[str] = (), acting: str | None = None) -> dict[str, str]:
    """The headers that a proxy would set."""
    if user is None:
        return {}
    texts = {"X-Forwarded-User": user, "X-Forwarded-Groups": ",".join(groups)}
    return texts | ({"X-Acting-Group": acting} if acting else {})


@asynccontextmanager
async def run_app(app: Starlette) -> AsyncIterator[GatewayClient]:
    """The application between its start and its end."""
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(with_state, client=PEER)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
            yield GatewayClient(http)


OpenGateway = Callable[..., AbstractAsyncContextManager[GatewayClient]]


def gateway_on(url: str, **blocks: Any) -> AbstractAsyncContextManager[GatewayClient]:
    """A running gateway with these settings, as a context manager."""
    return run_app(create_app(load_test_settings(url, **blocks)))
