"""gateway.entered: a scope for entered keys is nobody else's. That nothing of it is left: test_entered_imports.py."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auth.credentials.signing import sign_as
from auth.errors import CredentialsError
from aws.errors import AWSError
from aws.kinds import Kind
from gateway.context import Reach
from gateway.entered import EnteredScopes
from gateway.groups import GroupScopes
from gateway.house import open_house
from resolvers.entered import EnteredCredentials
from sandbox.server import Sandbox
from tests.asking import RISK, settings
from tests.entering import KEYS, SECRET, person
from tests.idle_engine import IdleEngine

__all__ = ["person"]

ENTERED = EnteredCredentials(access_key_id=KEYS["accessKeyId"], secret_access_key=SECRET)


@pytest.fixture
async def reach(person: dict[str, str], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reach]:
    monkeypatch.setattr("gateway.house.Engine", IdleEngine)
    async with AsyncExitStack() as stack:
        house = await open_house(settings(sandbox.url), stack)
        with sign_as("ann"):
            yield house.door.reach


async def test_calls_are_signed_with_the_entered_keys(reach: Reach, sandbox: Sandbox) -> None:
    async with EnteredScopes(reach).open(ENTERED, RISK.region) as scope:
        assert (scope.account_id, scope.region) == (RISK.account, RISK.region)
        assert len((await scope.reader.scan(Kind.SNAPSHOT)).resources) == 11
    (call, *_) = sandbox.calls.recent("ListEndpointConfigs")
    assert (call.access_key, call.principal) == (KEYS["accessKeyId"], f"arn:aws:iam::{RISK.account}:user/person")
    assert sandbox.calls.count("AssumeRole") == 0


async def test_nothing_is_shared(reach: Reach, sandbox: Sandbox) -> None:
    """Neither with a second one of the same keys, nor with the scopes of the process; and Search is not used."""
    begun = datetime.now(UTC)
    for listed in (1, 2):
        async with EnteredScopes(reach).open(ENTERED, RISK.region) as scope:
            await scope.reader.scan(Kind.MODEL)
        assert sandbox.calls.count("ListModels") == listed
    assert sandbox.calls.count("Search") == 0
    async with GroupScopes(reach).open(RISK.name, RISK.region, RISK.account, begun) as scope:
        await scope.reader.scan(Kind.MODEL)
    assert (sandbox.calls.count("ListModels"), sandbox.calls.count("Search")) == (3, 1)


async def test_the_keys_are_in_no_representation(reach: Reach) -> None:
    async with EnteredScopes(reach).open(ENTERED, RISK.region) as scope:
        assert SECRET not in repr(ENTERED) + repr(scope)


@pytest.mark.parametrize("changed", [{"secret_access_key": "AnotherSecret"}, {"access_key_id": "AKIANOBODYSKEYS00001"}])
async def test_keys_that_aws_does_not_take(reach: Reach, sandbox: Sandbox, changed: dict[str, str]) -> None:
    with pytest.raises((CredentialsError, AWSError)) as caught:
        async with EnteredScopes(reach).open(replace(ENTERED, **changed), RISK.region):
            raise AssertionError("It must not be opened.")
    assert not any(secret in str(caught.value) for secret in (SECRET, *changed.values()))
    assert set(sandbox.calls.by_operation()) == {"GetCallerIdentity"}
