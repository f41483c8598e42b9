"""A snapshot's way to an endpoint, over HTTP, on the sandbox's AWS: whole, and in part where only a part is wanted."""

from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.databases import on_both_databases
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    approve,
    call_counts,
    create_model,
    deploy,
    deployment_events,
    list_deployments,
    register_model,
    step_states,
    use_fast_pace,
    wait_for_launch,
    wait_for_rehearsal,
    wait_for_state,
    wait_for_ticket,
    wait_until,
)
from tests.gateway_client import RISK, OpenGateway
from tests.imports import import_model
from tests.sagemaker_builder import building


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


def tags_of(sandbox: Sandbox, kind: str, name: str) -> dict[str, str]:
    result = sandbox.call("ListTags", RISK.account, RISK.region, ResourceArn=RISK.arn(kind, name))["Tags"]
    return {tag["Key"]: tag["Value"] for tag in result}


@on_both_databases
async def test_the_whole_way(sandbox: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """Verified, rehearsed over test data, approved by somebody else, launched, in service."""
    create_model(sandbox)
    async with open_working(
        permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS, database={"url": database_url}
    ) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway)
        await wait_for_rehearsal(gateway, deployment)
        sandbox.advance(600)
        waiting = await wait_for_ticket(gateway, deployment)
        assert (waiting["registrations"], waiting["snapshot"]) == ([{"modelName": "churn"}], {"name": "churn-1"})
        assert (waiting["runtime"], waiting["runtimeName"], waiting["decision"], waiting["endedAt"]) == (None,) * 4
        assert waiting["testResult"]["passed"]
        await approve(gateway, deployment, comment="Go")
        runtime = (await wait_for_launch(gateway, deployment))["runtimeName"]
        sandbox.advance(600)
        await wait_for_state(gateway, deployment, "DEPLOYED")
        # What becomes of the ticket is work of its own.
        deployed = await wait_until(gateway, deployment, lambda result: result["tickets"][0]["status"] == "Approved")
        assert (deployed["trigger"], deployed["startedBy"], deployed["reason"]) == ("REQUEST", "ann", None)
        assert deployed["runtime"] == {"name": runtime, "status": "IN_SERVICE", "snapshotName": "churn-1"}
        assert deployed["decision"] == {"outcome": "APPROVED", "by": "eve", "comment": "Go"}
        assert deployed["tickets"] == [{"key": "SG-1", "url": None, "status": "Approved", "kind": "APPROVAL"}]
        assert step_states(deployed) == [
            ("VERIFY", "DONE"),
            ("REHEARSE", "DONE"),
            ("APPROVE", "DONE"),
            ("LAUNCH", "DONE"),
            ("NOTIFY", "SKIPPED"),
        ]
        assert deployed["steps"][1]["job"]["status"] == "COMPLETED"
        assert deployed["steps"][3]["detail"] == f"Endpoint {runtime} of churn-1"
        assert [list_deployment["id"] for list_deployment in await list_deployments(gateway)] == [deployment]
    assert call_counts(sandbox, "CreateTransformJob", "CreateEndpoint", "UpdateEndpoint") == [1, 1, 0]
    check_tags(sandbox, deployed)
    await check_audit(database_url, deployment)


def check_tags(sandbox: Sandbox, deployed: Any) -> None:
    runtime, job = deployed["runtimeName"], deployed["steps"][1]["job"]["name"]
    for kind, name, subject in (("endpoint", runtime, "eve"), ("transform-job", job, "ann")):
        tags = tags_of(sandbox, kind, name)
        assert len(tags["sagegraph:deployment"]) == 32
        assert (tags["sagegraph:group"], tags["sagegraph:created-by"]) == ("risk", subject)


async def check_audit(url: str, deployment: str) -> None:
    audited = await deployment_events(url)
    assert [(event.action, event.actor, event.outcome.value) for event in audited] == [
        ("deployment.verify", "ann", "SUCCEEDED"),
        ("deployment.rehearse", "ann", "SUCCEEDED"),
        ("deployment.compare", "ann", "SUCCEEDED"),
        ("deployment.approve", "eve", "SUCCEEDED"),
        ("deployment.launch", "eve", "SUCCEEDED"),
        ("deployment.settle", "eve", "SUCCEEDED"),
    ]
    assert {audit_event.role_arn for audit_event in audited if audit_event.aws_request_ids} == {RISK.role_arn}
    assert {item.target for item in audited} == {f"Deployment {deployment}"}


async def test_without_test_data_it_goes_straight_to_approval(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        waiting = await wait_for_state(gateway, await deploy(gateway), "AWAITING_APPROVAL")
        assert step_states(waiting)[1] == ("REHEARSE", "SKIPPED")
        assert waiting["steps"][1]["detail"] == "There is no TEST_DATA, so there was nothing to rehearse with."
        assert waiting["testResult"] is None
    assert call_counts(sandbox, "CreateTransformJob", "CreateEndpoint") == [0, 0]


async def test_a_rehearsal_is_left_out_where_that_is_wanted(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        waiting = await wait_for_state(gateway, await deploy(gateway, rehearse=False), "AWAITING_APPROVAL")
        assert waiting["steps"][1]["detail"] == "No rehearsal was asked for."
    assert call_counts(sandbox, "CreateTransformJob") == [0]


async def test_a_rehearsal_alone_is_completed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, launch=False)
        await wait_for_rehearsal(gateway, deployment)
        sandbox.advance(600)
        completed = await wait_for_state(gateway, deployment, "COMPLETED")
        assert (completed["tickets"], completed["runtimeName"]) == ([], None)
        assert completed["endedAt"] is not None
        assert step_states(completed)[1:] == [
            ("REHEARSE", "DONE"),
            ("APPROVE", "SKIPPED"),
            ("LAUNCH", "SKIPPED"),
            ("NOTIFY", "SKIPPED"),
        ]
        # The snapshot is free for another one.
        assert await deploy(gateway, rehearse=False) != deployment
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_what_the_job_of_a_rehearsal_is_asked_for(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, launch=False)
        job = next(step["job"] for step in (await wait_for_rehearsal(gateway, deployment))["steps"] if step["job"])[
            "name"
        ]
        sandbox.advance(600)
        completed = await wait_for_state(gateway, deployment, "COMPLETED")
    described = sandbox.call("DescribeTransformJob", RISK.account, RISK.region, TransformJobName=job)
    assert described["ModelName"] == "churn"
    assert described["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"] == f"s3://{RISK.bucket}/tests/rows.csv"
    asked = described["TransformInput"]
    assert (asked["ContentType"], asked["SplitType"]) == ("text/csv", "Line")
    assert described["TransformResources"] == {"InstanceType": "ml.m5.large", "InstanceCount": 1}
    output = described["TransformOutput"]["S3OutputPath"]
    assert output.startswith(f"s3://{RISK.bucket}/rehearsals/{RISK.account}/risk/")
    assert output.endswith("/1/churn/")
    assert completed["testResult"]["outputS3Uri"] == output


async def test_an_endpoint_that_was_asked_for_by_name_is_updated(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway, runtimeName="live")
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        await approve(gateway, deployment)
        assert (await wait_for_launch(gateway, deployment))["runtimeName"] == "live"
        sandbox.advance(600)
        deployed = await wait_for_state(gateway, deployment, "DEPLOYED")
        assert deployed["runtime"] == {"name": "live", "status": "IN_SERVICE", "snapshotName": "churn-1"}
    assert call_counts(sandbox, "CreateEndpoint", "UpdateEndpoint") == [0, 1]


async def test_a_name_that_nothing_has_is_given_to_the_new_endpoint(
    sandbox: Sandbox, open_working: OpenGateway
) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway, runtimeName="fresh")
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        await approve(gateway, deployment)
        await wait_for_launch(gateway, deployment)
        sandbox.advance(600)
        assert (await wait_for_state(gateway, deployment, "DEPLOYED"))["runtime"]["name"] == "fresh"
    assert call_counts(sandbox, "CreateEndpoint") == [1]


async def test_the_estate_with_iam_enforced(sandbox: Sandbox, estate: Estate, open_working: OpenGateway) -> None:
    """An import walks to approval by itself, as the group's own role, whose rights are those that the estate gives."""
    sandbox.enforce()
    name = "ifrs9-macro-scenarios"
    async with open_working(
        permissions=DEPLOYMENT_PERMISSIONS, deployments={**DEPLOYMENT_SETTINGS, "requiredAssets": []}
    ) as gateway:
        await import_model(gateway, name, {"startDeployments": True})
        (result,) = [deployment for deployment in await list_deployments(gateway) if deployment["trigger"] == "IMPORT"]
        await wait_for_state(gateway, result["id"], "AWAITING_APPROVAL")
        await approve(gateway, result["id"])
        runtime = (await wait_for_launch(gateway, result["id"]))["runtimeName"]
        sandbox.advance(600)
        deployed = await wait_for_state(gateway, result["id"], "DEPLOYED")
        assert deployed["runtime"]["name"] == runtime
