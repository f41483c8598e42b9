"""gateway.access_rounds: a worker knows from its start on which groups it cannot act for."""

from contextlib import AsyncExitStack

import pytest

from gateway.access_rounds import try_groups
from gateway.bootstrap import start_process
from gateway.group_scopes import GroupScopes
from gateway.settings.settings import Settings
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, assume_role_entry, credential_settings, load_test_settings
from tests.idle_engine import IdleEngine
from workflows.durable.access import AccessLog, group_subject

RISK_SUBJECT = group_subject("risk", RISK.account, RISK.region)


async def tried(settings: Settings, monkeypatch: pytest.MonkeyPatch, access: AccessLog) -> None:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with AsyncExitStack() as stack:
        process = await start_process(settings, stack)
        await try_groups(settings.entries(), GroupScopes(process.request_factory.scope_deps, access))


async def test_groups_whose_credentials_come(sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.enforce()
    access = AccessLog()
    await tried(load_test_settings(sandbox.url), monkeypatch, access)
    assert access.faults == {}
    counts = sandbox.calls.by_operation()
    assert counts["AssumeRole"] == 2
    assert set(counts) <= {"AssumeRole", "GetCallerIdentity"}


async def test_a_wrong_secret_shows_before_anybody_needs_it(
    sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.enforce()
    access, roles = AccessLog(), (assume_role_entry(RISK, externalId="wrong"), assume_role_entry(MARKETING))
    await tried(load_test_settings(sandbox.url, **credential_settings(*roles)), monkeypatch, access)
    assert access.faults.keys() == {RISK_SUBJECT}
    assert "AssumeRole" in access.faults[RISK_SUBJECT].reason


async def test_aws_that_is_away_ends_no_round(
    sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.faults.fail("AssumeRole", status=503)
    access = AccessLog()
    await tried(load_test_settings(sandbox.url), monkeypatch, access)
    assert len(access.faults) == 2
