"""gateway.entered_credentials: a scope for entered keys is nobody else's. See tests/resolvers/imports."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auth.credentials.signing import sign_as
from auth.errors import CredentialsError
from aws.client.errors import AWSError
from aws.kinds.kind import Kind
from gateway.bootstrap import start_process
from gateway.entered_credentials import EnteredScopes
from gateway.group_scopes import GroupScopes
from gateway.scope_opener import ScopeDeps
from resolvers.entered_credentials import EnteredCredentials
from sandbox.server import Sandbox
from tests.entered_credentials import KEYS, SECRET, person
from tests.gateway_client import RISK, load_test_settings
from tests.idle_engine import IdleEngine

__all__ = ["person"]

ENTERED = EnteredCredentials(access_key_id=KEYS["accessKeyId"], secret_access_key=SECRET)


@pytest.fixture
async def scope_deps(
    person: dict[str, str], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ScopeDeps]:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with AsyncExitStack() as stack:
        process = await start_process(load_test_settings(sandbox.url), stack)
        with sign_as("ann"):
            yield process.request_factory.scope_deps


async def test_calls_are_signed_with_the_entered_keys(scope_deps: ScopeDeps, sandbox: Sandbox) -> None:
    async with EnteredScopes(scope_deps).open(ENTERED, RISK.region) as scope:
        assert (scope.account_id, scope.region) == (RISK.account, RISK.region)
        assert len((await scope.reader.scan(Kind.SNAPSHOT)).resources) == 11
    (call, *_) = sandbox.calls.recent("ListEndpointConfigs")
    assert (call.access_key, call.principal) == (KEYS["accessKeyId"], f"arn:aws:iam::{RISK.account}:user/person")
    assert sandbox.calls.count("AssumeRole") == 0


async def test_nothing_is_shared(scope_deps: ScopeDeps, sandbox: Sandbox) -> None:
    """Neither with a second one of the same keys, nor with the scopes of the process; and Search is not used."""
    begun = datetime.now(UTC)
    scope_deps = replace(scope_deps, inventory_config=replace(scope_deps.inventory_config, search=True))
    for listed in (1, 2):
        async with EnteredScopes(scope_deps).open(ENTERED, RISK.region) as scope:
            await scope.reader.scan(Kind.MODEL)
        assert sandbox.calls.count("ListModels") == listed
    assert sandbox.calls.count("Search") == 0
    async with GroupScopes(scope_deps).open(RISK.name, RISK.region, RISK.account, begun) as scope:
        await scope.reader.scan(Kind.MODEL)
    assert (sandbox.calls.count("ListModels"), sandbox.calls.count("Search")) == (3, 1)


async def test_the_keys_are_in_no_representation(scope_deps: ScopeDeps) -> None:
    async with EnteredScopes(scope_deps).open(ENTERED, RISK.region) as scope:
        assert SECRET not in repr(ENTERED) + repr(scope)


@pytest.mark.parametrize("changed", [{"secret_access_key": "AnotherSecret"}, {"access_key_id": "AKIANOBODYSKEYS00001"}])
async def test_keys_that_aws_does_not_take(scope_deps: ScopeDeps, sandbox: Sandbox, changed: dict[str, str]) -> None:
    with pytest.raises((CredentialsError, AWSError)) as caught:
        async with EnteredScopes(scope_deps).open(replace(ENTERED, **changed), RISK.region):
            raise AssertionError("It must not be opened.")
    assert not any(secret in str(caught.value) for secret in (SECRET, *changed.values()))
    assert set(sandbox.calls.by_operation()) == {"GetCallerIdentity"}
