"""Deployments that are held up, left out, or fail, over HTTP: why, what is not done, and what goes on afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.settings.deployments import RehearsalSettings
from sandbox.sagemaker.store import ENDPOINT, TRANSFORM_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    approve,
    call_counts,
    create_model,
    deploy,
    list_deployments,
    mutate,
    mutate_without_errors,
    put_asset,
    register_model,
    step_states,
    use_fast_pace,
    wait_for_launch,
    wait_for_rehearsal,
    wait_for_state,
    wait_for_ticket,
    wait_until,
)
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.imports import import_model
from tests.sagemaker_builder import START, building
from workflows.approvals.backend import UNKNOWN_AUTHOR

NOTHING = [0, 0, 0]
WRITES = ("CreateTransformJob", "CreateEndpoint", "UpdateEndpoint")


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


async def test_missing_assets_are_named_and_their_arrival_goes_on(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    rules = {**DEPLOYMENT_SETTINGS, "requiredAssets": ["DOCUMENTATION", "SCHEMA"]}
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=rules) as gateway:
        registration = await register_model(gateway, "churn")
        deployment = await deploy(gateway)
        blocked = await wait_for_state(gateway, deployment, "BLOCKED")
        assert blocked["reason"] == (
            "These assets are missing: DOCUMENTATION of `churn`, SCHEMA of `churn`. Add them with putAsset, and the "
            "deployment continues."
        )
        assert (blocked["endedAt"], step_states(blocked)[:2]) == (None, [("VERIFY", "FAILED"), ("REHEARSE", "PENDING")])
        await put_asset(gateway, registration, "DOCUMENTATION")
        still = await wait_until(
            gateway, deployment, lambda result: "DOCUMENTATION" not in (result["reason"] or "DOCUMENTATION")
        )
        assert still["reason"].startswith("These assets are missing: SCHEMA of `churn`.")
        await put_asset(gateway, registration, "SCHEMA")
        assert (await wait_for_state(gateway, deployment, "AWAITING_APPROVAL"))["reason"] == UNKNOWN_AUTHOR
        assert [list_deployment["id"] for list_deployment in await list_deployments(gateway)] == [deployment]
    assert call_counts(sandbox, *WRITES) == NOTHING


async def test_a_group_without_deploy_is_held_up_until_it_has_it(
    sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """The watch starts it all the same, so that somebody sees that there is something to deploy."""
    create_model(sandbox)
    without = [*DEPLOYMENT_PERMISSIONS[:1], {"group": "risk", "allow": ["READ", "IMPORT"]}]
    watch = {**DEPLOYMENT_SETTINGS, "watchSeconds": 0.1}
    where: dict[str, Any] = {"database": {"url": database_url}, "deployments": watch}
    async with open_working(permissions=without, **where) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        with building(sandbox) as made:
            made.snapshot("churn-2", "churn")
        result = await listing(gateway, 1)
        blocked = await wait_for_state(gateway, result[0]["id"], "BLOCKED")
        assert (blocked["snapshotName"], blocked["trigger"]) == ("churn-2", "NEW_SNAPSHOT")
        assert blocked["reason"].startswith("The group `risk` does not have the permission DEPLOY")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, **where) as gateway:
        await mutate_without_errors(gateway, "retryDeployment", {"id": blocked["id"]})
        await wait_for_state(gateway, blocked["id"], "AWAITING_APPROVAL")
    assert call_counts(sandbox, *WRITES) == NOTHING


async def listing(gateway: GatewayClient, count: int) -> list[Any]:
    """The deployments, once there are so many."""
    while len(deployments := await list_deployments(gateway)) < count:
        pass
    return deployments


async def test_a_model_that_is_not_registered_is_skipped(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.model("fraud")
        made.snapshot("both", "churn", "fraud")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        skipped = await wait_for_state(gateway, await deploy(gateway, "both"), "SKIPPED")
        assert skipped["reason"] == (
            "A snapshot is deployed only if one group has registered all its models, as they are now; the group `risk` "
            "has not imported `fraud`."
        )
        assert (skipped["tickets"], skipped["endedAt"] is None) == ([], False)
    assert call_counts(sandbox, *WRITES) == NOTHING


async def test_a_model_that_was_made_again_is_another_one(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="churn")
        with building(sandbox) as made:
            made.call_at("CreateModel", ModelName="other", ExecutionRoleArn=RISK.execution_role_arn,
                      PrimaryContainer={"Image": "image"})  # fmt: skip
            made.model("churn")
        assert (await wait_for_state(gateway, await deploy(gateway), "SKIPPED"))["reason"].endswith(
            "not imported `churn`."
        )


async def test_what_runs_already_is_skipped_unless_asked_for(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.runtime("live", "churn-1", at=START + timedelta(days=1))
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await import_model(gateway, "churn", {"startDeployments": True})
        (result,) = await listing(gateway, 1)
        skipped = await wait_for_state(gateway, result["id"], "SKIPPED")
        assert (skipped["trigger"], skipped["startedBy"]) == ("IMPORT", "ann")
        assert skipped["reason"] == (
            "The endpoint `live` runs this snapshot already; deploySnapshot deploys it anyway."
        )
        await wait_for_state(gateway, await deploy(gateway), "BLOCKED")
    assert call_counts(sandbox, *WRITES) == NOTHING


async def test_test_data_that_cannot_be_read_holds_it_up(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        sandbox.faults.refuse("HeadObject")
        deployment = await deploy(gateway)
        blocked = await wait_for_state(gateway, deployment, "BLOCKED")
        assert blocked["reason"].startswith(
            "The TEST_DATA of `churn` may not be read by the group's role: s3://risk-ml"
        )
        sandbox.faults.clear()
        await mutate_without_errors(gateway, "retryDeployment", {"id": deployment})
        await wait_for_rehearsal(gateway, deployment)
    assert call_counts(sandbox, *WRITES) == [1, 0, 0]


async def test_without_a_place_to_write_nothing_is_rehearsed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments={"requiredAssets": []}) as gateway:
        await register_model(gateway, "churn", "TEST_DATA")
        blocked = await wait_for_state(gateway, await deploy(gateway), "BLOCKED")
        assert blocked["reason"].startswith("`deployments.rehearsal.outputS3Uri` is not set")
    assert call_counts(sandbox, *WRITES) == NOTHING


async def test_a_comparator_of_another_form_costs_no_job(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        registration = await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        await put_asset(gateway, registration, "TEST_RESULT_COMPARATOR", {"text": '{"rows": {"equal": 2}}'})
        blocked = await wait_for_state(gateway, await deploy(gateway), "BLOCKED")
        assert blocked["reason"] == (
            "The TEST_RESULT_COMPARATOR `test_result_comparator` does not have the form that docs/rehearsals.md "
            "describes: rows.equal: Extra inputs are not permitted."
        )
    assert call_counts(sandbox, *WRITES) == NOTHING


async def failed_rehearsal(sandbox: Sandbox, gateway: GatewayClient, comparator: str | None = None) -> Any:
    registration = await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
    if comparator is not None:
        await put_asset(gateway, registration, "TEST_RESULT_COMPARATOR", {"text": comparator})
    deployment = await deploy(gateway)
    await wait_for_rehearsal(gateway, deployment)
    sandbox.advance(600)
    await wait_for_state(gateway, deployment, "FAILED")
    return await wait_until(gateway, deployment, lambda result: result["tickets"])


async def test_a_comparison_that_fails(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        failed = await failed_rehearsal(sandbox, gateway, '{"rows": {"equals": 3}}')
        assert failed["reason"] == (
            "The rehearsal failed. `churn`: row count is 2, not 3. Correct that, then call retryDeployment."
        )
        assert failed["testResult"]["checks"] == [
            {"name": "transform job", "passed": True, "expected": "Completed", "actual": "Completed"},
            {"name": "row count", "passed": False, "expected": "3", "actual": "2"},
        ]
        assert failed["tickets"] == [{"key": "SG-1", "url": None, "status": "Open", "kind": "NOTIFICATION"}]
        assert step_states(failed) == [
            ("VERIFY", "DONE"),
            ("REHEARSE", "FAILED"),
            ("APPROVE", "SKIPPED"),
            ("LAUNCH", "SKIPPED"),
            ("NOTIFY", "DONE"),
        ]
        answer = await mutate(gateway, "approveDeployment", {"id": failed["id"]}, user="eve")
        (error,) = answer.data["approveDeployment"]["userErrors"]
        assert (error["code"], error["message"]) == (
            "CONFLICT",
            "The deployment is FAILED; only one that is AWAITING_APPROVAL can be decided about.",
        )
    assert call_counts(sandbox, *WRITES) == [1, 0, 0]


async def test_a_job_that_fails(sandbox: Sandbox, open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    create_model(sandbox)
    outcome = sandbox.timeline.outcome
    monkeypatch.setattr(
        sandbox.timeline,
        "outcome",
        lambda kind, name: Outcome(failure="ClientError: no") if kind is TRANSFORM_JOB else outcome(kind, name),
    )
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        failed = await failed_rehearsal(sandbox, gateway)
        assert "`churn`: transform job is Failed: ClientError: no, not Completed." in failed["reason"]
        assert not failed["testResult"]["passed"]
    assert call_counts(sandbox, *WRITES) == [1, 0, 0]


async def test_a_rehearsal_that_takes_too_long_is_stopped(
    sandbox: Sandbox, open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway)
        job = next(step["job"] for step in (await wait_for_rehearsal(gateway, deployment))["steps"] if step["job"])[
            "name"
        ]
        # A descriptor of the class goes before the instance's own value.
        monkeypatch.setattr(RehearsalSettings, "timeout_minutes", property(lambda _: 0), raising=False)
        failed = await wait_for_state(gateway, deployment, "FAILED")
        assert failed["reason"].startswith("The rehearsal has not ended in")
        while call_counts(sandbox, "StopTransformJob") == [0]:
            await wait_for_state(gateway, deployment, "FAILED")
    described = sandbox.call("DescribeTransformJob", RISK.account, RISK.region, TransformJobName=job)
    assert described["TransformJobStatus"] in {"Stopping", "Stopped"}
    assert call_counts(sandbox, *WRITES) == [1, 0, 0]


async def test_an_endpoint_that_fails_is_deleted(
    sandbox: Sandbox, open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_model(sandbox)
    outcome = sandbox.timeline.outcome
    monkeypatch.setattr(
        sandbox.timeline,
        "outcome",
        lambda kind, name: Outcome(failure="No capacity.") if kind is ENDPOINT else outcome(kind, name),
    )
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await wait_for_ticket(gateway, deployment)
        await approve(gateway, deployment)
        runtime = (await wait_for_launch(gateway, deployment))["runtimeName"]
        sandbox.advance(600)
        await wait_for_state(gateway, deployment, "FAILED")
        failed = await wait_until(gateway, deployment, lambda result: len(result["tickets"]) == 2)
        assert failed["reason"] == f"The endpoint `{runtime}` is Failed. AWS says: No capacity."
        assert [ticket["kind"] for ticket in failed["tickets"]] == ["APPROVAL", "NOTIFICATION"]
        while call_counts(sandbox, "DeleteEndpoint") == [0]:
            await wait_for_state(gateway, deployment, "FAILED")
        sandbox.advance(600)
        monkeypatch.undo()
        use_fast_pace(monkeypatch)
        again = await mutate_without_errors(gateway, "retryDeployment", {"id": deployment})
        assert (again["state"], again["decision"], again["endedAt"]) == ("VERIFYING", None, None)
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
    assert call_counts(sandbox, "CreateEndpoint", "DeleteEndpoint") == [1, 1]
