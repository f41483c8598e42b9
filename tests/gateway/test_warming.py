"""gateway.warming: accounts are read before anybody asks, as the gateway, and a failure hinders nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from gateway.bootstrap import Process, start_process
from gateway.settings.settings import SettingsError, from_mapping
from gateway.warming import Warmer
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, OpenGateway, load_test_settings, settings_mapping
from tests.idle_engine import IdleEngine

JOBS = "{ models(first: 5) { nodes { name jobs(first: 5) { nodes { name status } } } } }"


@pytest.fixture
async def process(sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Process]:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with AsyncExitStack() as stack:
        yield await start_process(load_test_settings(sandbox.url), stack)


async def test_a_group_is_read_whole_and_nothing_is_read_twice(process: Process, sandbox: Sandbox) -> None:
    warmer = Warmer(process.request_factory.scope_deps, ["risk"])
    await warmer.run_once()
    first = sandbox.calls.by_operation()
    assert {call.principal for call in sandbox.calls.recent("ListModels")} == {
        f"arn:aws:sts::{RISK.account}:assumed-role/{RISK.name}/sagegraph"
    }
    assert sandbox.calls.by_account().keys() <= {RISK.account, "111111111111"}
    await warmer.run_once()
    assert sandbox.calls.by_operation() == first


async def test_a_refused_group_is_told_once_and_hinders_no_other(
    process: Process, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.faults.fail("AssumeRole", code="AccessDenied", status=403, times=2)
    warmer = Warmer(process.request_factory.scope_deps, ["risk", "marketing"])
    await warmer.run_once()
    assert [record.levelname for record in caplog.records if record.name == "sagegraph.warming"] == ["WARNING"] * 2
    await warmer.run_once()
    assert sandbox.calls.by_account()[MARKETING.account] > 0


async def test_the_first_question_waits_for_nothing(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, run_once = asyncio.Event(), Warmer.run_once

    async def run_and_tell(self: Warmer) -> None:
        await run_once(self)
        read.set()

    monkeypatch.setattr(Warmer, "run_once", run_and_tell)
    ages = {"freshSeconds": 600, "deletionSeconds": 900}
    async with open_gateway(sagemaker={"warm": ["risk"], **ages}) as gateway:
        async with asyncio.timeout(30):
            await read.wait()
        sandbox.calls.clear()
        answer = await gateway.ask(JOBS)
    assert len(answer.data["models"]["nodes"]) == 5
    assert sandbox.calls.by_operation() == {"AssumeRole": 1, "DescribeModelPackage": 1}


def test_a_group_without_a_role_is_a_fault(sandbox: Sandbox) -> None:
    with pytest.raises(SettingsError) as text:
        from_mapping(settings_mapping(sandbox.url, sagemaker={"warm": ["risk", "nobody"]}))
    assert [fault.key for fault in text.value.faults] == ["sagemaker.warm[1]"]
