"""The scopes that durable work gets: the group's role, in the gateway's own name, with nothing from memory."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from auth.errors import ForbiddenError, UnknownRegionError
from aws.client.call_stats import current_call_stats
from aws.client.errors import UnavailableError
from aws.kinds.kind import Kind
from gateway.bootstrap import start_process
from gateway.group_scopes import GroupScopes
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, load_test_settings
from tests.idle_engine import IdleEngine


@pytest.fixture
async def groups(sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GroupScopes]:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with AsyncExitStack() as stack:
        process = await start_process(load_test_settings(sandbox.url), stack)
        yield GroupScopes(process.request_factory.scope_deps)


async def test_calls_are_the_groups_and_signed_by_the_gateway(groups: GroupScopes, sandbox: Sandbox) -> None:
    async with groups.open("risk", RISK.region, RISK.account) as scope:
        assert (scope.role, scope.account_id, scope.region) == (RISK.role_arn, RISK.account, RISK.region)
        assert len((await scope.reader.scan(Kind.SNAPSHOT)).resources) == 11
    (call, *_) = sandbox.calls.recent("ListEndpointConfigs")
    assert call.principal == f"arn:aws:sts::{RISK.account}:assumed-role/{RISK.name}/sagegraph"


async def test_what_was_deleted_is_missed_at_once(groups: GroupScopes, sandbox: Sandbox) -> None:
    """What was read since a moment counts for all who ask since then; for others it is listed anew."""
    begun = datetime.now(UTC)
    for since, listed in ((begun, 1), (begun, 1), (None, 2), (begun, 2)):
        async with groups.open("risk", RISK.region, RISK.account, since) as scope:
            await scope.reader.scan(Kind.SNAPSHOT)
        assert sandbox.calls.count("ListEndpointConfigs") == listed
    sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="CreditLimit-Advisor-Config")
    async with groups.open("risk", RISK.region, RISK.account) as scope:
        assert len((await scope.reader.scan(Kind.SNAPSHOT)).resources) == 10


async def test_nothing_is_told_from_memory(groups: GroupScopes, sandbox: Sandbox) -> None:
    """While AWS is away, what was known just before is no answer, and what has failed is asked for again."""
    begun = datetime.now(UTC)
    async with groups.open("risk", RISK.region, RISK.account, begun) as scope:
        await scope.reader.scan(Kind.SNAPSHOT)
    sandbox.faults.fail("ListEndpointConfigs", status=503, times=2)
    async with groups.open("risk", RISK.region, RISK.account) as scope:
        with pytest.raises(UnavailableError):
            await scope.reader.scan(Kind.SNAPSHOT)
    async with groups.open("risk", RISK.region, RISK.account, begun) as scope:
        assert len((await scope.reader.scan(Kind.SNAPSHOT)).resources) == 11


async def test_each_has_an_account_of_its_calls(groups: GroupScopes) -> None:
    for _ in range(2):
        async with groups.open("risk", RISK.region, RISK.account) as scope:
            await scope.reader.listing(Kind.SNAPSHOT).ensure(1)
            stats = current_call_stats.get()
            assert stats is not None
            assert stats.calls["ListEndpointConfigs"] == 1
    assert current_call_stats.get() is None


@pytest.mark.parametrize(
    ("group", "region", "account", "error"),
    [
        ("strangers", RISK.region, RISK.account, ForbiddenError),
        ("risk", MARKETING.region, RISK.account, UnknownRegionError),
        ("risk", RISK.region, MARKETING.account, ForbiddenError),
    ],
    ids=["no role", "another region", "another account"],
)
async def test_what_is_not_opened(
    groups: GroupScopes, sandbox: Sandbox, group: str, region: str, account: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=group):
        async with groups.open(group, region, account):
            raise AssertionError("It must not be opened.")
    assert set(sandbox.calls.by_operation()) <= {"AssumeRole"}
