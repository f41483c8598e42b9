"""Rehearsals of a snapshot of several models: each that has test data, all of them known before any begins."""

import asyncio

import pytest

from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    call_counts,
    create_model,
    deploy,
    fetch_deployment,
    register_model,
    use_fast_pace,
    wait_for_rehearsal,
    wait_for_state,
)
from tests.gateway_client import OpenGateway
from tests.sagemaker_builder import building


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


async def test_each_model_with_test_data_is_rehearsed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.model("fraud")
        made.snapshot("both", "churn", "fraud")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        await register_model(gateway, "fraud", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, "both", launch=False)
        await wait_for_rehearsal(gateway, deployment)
        sandbox.advance(600)
        completed = await wait_for_state(gateway, deployment, "COMPLETED", "REHEARSING")
        while completed["state"] == "REHEARSING":
            sandbox.advance(600)
            completed = await wait_for_state(gateway, deployment, "COMPLETED", "REHEARSING")
        details = [step["detail"] for step in completed["steps"] if step["name"] == "REHEARSE"]
        assert details == ["`churn` passed every check (1).", "`fraud` passed every check (1)."]
        assert [item["modelName"] for item in completed["registrations"]] == ["churn", "fraud"]
    assert call_counts(sandbox, "CreateTransformJob") == [2]


async def test_every_job_is_known_before_the_first_begins(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """One that ends early must not be taken for all of them, and whoever cancels must find them all."""
    create_model(sandbox)
    with building(sandbox) as made:
        made.model("fraud")
        made.snapshot("both", "churn", "fraud")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        await register_model(gateway, "fraud", "DOCUMENTATION", "TEST_DATA")
        hold = sandbox.faults.block("CreateTransformJob")
        deployment = await deploy(gateway, "both", launch=False)
        assert await asyncio.to_thread(hold.wait_for_requests)
        waiting = await fetch_deployment(gateway, deployment)
        states = [(step["name"], step["state"]) for step in waiting["steps"] if step["name"] == "REHEARSE"]
        hold.release()
        await wait_for_rehearsal(gateway, deployment)
    assert states == [("REHEARSE", "RUNNING"), ("REHEARSE", "RUNNING")]
    assert call_counts(sandbox, "CreateTransformJob") == [2]
