"""Rehearsals of a snapshot of several models: each that has test data, all of them known before any begins."""

import asyncio

import pytest

from sandbox.server import Sandbox
from tests.asking import OpenGateway
from tests.deploying import ALLOWED, RULES, calls, deploy, model, quick, reaches, registered, rehearses, seen
from tests.making import making


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


async def test_each_model_with_test_data_is_rehearsed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    with making(sandbox) as made:
        made.model("fraud")
        made.snapshot("both", "churn", "fraud")
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        await registered(gateway, "fraud", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, "both", launch=False)
        await rehearses(gateway, deployment)
        sandbox.advance(600)
        completed = await reaches(gateway, deployment, "COMPLETED", "REHEARSING")
        while completed["state"] == "REHEARSING":
            sandbox.advance(600)
            completed = await reaches(gateway, deployment, "COMPLETED", "REHEARSING")
        details = [step["detail"] for step in completed["steps"] if step["name"] == "REHEARSE"]
        assert details == ["`churn` passed every check (1).", "`fraud` passed every check (1)."]
        assert [each["modelName"] for each in completed["registrations"]] == ["churn", "fraud"]
    assert calls(sandbox, "CreateTransformJob") == [2]


async def test_every_job_is_known_before_the_first_begins(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """One that ends early must not be taken for all of them, and whoever cancels must find them all."""
    model(sandbox)
    with making(sandbox) as made:
        made.model("fraud")
        made.snapshot("both", "churn", "fraud")
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        await registered(gateway, "fraud", "DOCUMENTATION", "TEST_DATA")
        hold = sandbox.trouble.block("CreateTransformJob")
        deployment = await deploy(gateway, "both", launch=False)
        assert await asyncio.to_thread(hold.wait_for)
        waiting = await seen(gateway, deployment)
        states = [(step["name"], step["state"]) for step in waiting["steps"] if step["name"] == "REHEARSE"]
        hold.release()
        await rehearses(gateway, deployment)
    assert states == [("REHEARSE", "RUNNING"), ("REHEARSE", "RUNNING")]
    assert calls(sandbox, "CreateTransformJob") == [2]
