"""A snapshot's way to an endpoint, over HTTP, on the sandbox's AWS: whole, and in part where only a part is wanted."""

from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.asking import RISK, OpenGateway
from tests.deploying import (
    ALLOWED,
    RULES,
    approve,
    calls,
    comes,
    deploy,
    events,
    launches,
    listed,
    model,
    quick,
    reaches,
    registered,
    rehearses,
    seen,
    steps,
)
from tests.importing import imported
from tests.making import making


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


def tags_of(sandbox: Sandbox, kind: str, name: str) -> dict[str, str]:
    found = sandbox.call("ListTags", RISK.account, RISK.region, ResourceArn=RISK.arn(kind, name))["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


async def test_the_whole_way(sandbox: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """Verified, rehearsed over test data, approved by somebody else, launched, in service."""
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES, database={"url": database_url}) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway)
        await rehearses(gateway, deployment)
        sandbox.advance(600)
        waiting = await reaches(gateway, deployment, "AWAITING_APPROVAL")
        assert (waiting["registrations"], waiting["snapshot"]) == ([{"modelName": "churn"}], {"name": "churn-1"})
        assert (waiting["runtime"], waiting["runtimeName"], waiting["decision"], waiting["endedAt"]) == (None,) * 4
        assert waiting["testResult"]["passed"]
        await approve(gateway, deployment, comment="Go")
        runtime = (await launches(gateway, deployment))["runtimeName"]
        sandbox.advance(600)
        await reaches(gateway, deployment, "DEPLOYED")
        # What becomes of the ticket is work of its own.
        deployed = await comes(gateway, deployment, lambda found: found["tickets"][0]["status"] == "Approved")
        assert (deployed["trigger"], deployed["startedBy"], deployed["reason"]) == ("REQUEST", "ann", None)
        assert deployed["runtime"] == {"name": runtime, "status": "IN_SERVICE", "snapshotName": "churn-1"}
        assert deployed["decision"] == {"outcome": "APPROVED", "by": "eve", "comment": "Go"}
        assert deployed["tickets"] == [{"key": "SG-1", "url": None, "status": "Approved", "kind": "APPROVAL"}]
        assert steps(deployed) == [
            ("VERIFY", "DONE"),
            ("REHEARSE", "DONE"),
            ("APPROVE", "DONE"),
            ("LAUNCH", "DONE"),
            ("NOTIFY", "SKIPPED"),
        ]
        assert deployed["steps"][1]["job"]["status"] == "COMPLETED"
        assert [each["id"] for each in await listed(gateway)] == [deployment]
    assert calls(sandbox, "CreateTransformJob", "CreateEndpoint", "UpdateEndpoint") == [1, 1, 0]
    check_tags(sandbox, deployed)
    await check_audit(database_url, deployment)


def check_tags(sandbox: Sandbox, deployed: Any) -> None:
    runtime, job = deployed["runtimeName"], deployed["steps"][1]["job"]["name"]
    for kind, name, subject in (("endpoint", runtime, "eve"), ("transform-job", job, "ann")):
        tags = tags_of(sandbox, kind, name)
        assert len(tags["sagegraph:deployment"]) == 32
        assert (tags["sagegraph:group"], tags["sagegraph:created-by"]) == ("risk", subject)


async def check_audit(url: str, deployment: str) -> None:
    audited = await events(url)
    assert [(each.action, each.actor, each.outcome.value) for each in audited] == [
        ("deployment.verify", "ann", "SUCCEEDED"),
        ("deployment.rehearse", "ann", "SUCCEEDED"),
        ("deployment.compare", "ann", "SUCCEEDED"),
        ("deployment.approve", "eve", "SUCCEEDED"),
        ("deployment.launch", "eve", "SUCCEEDED"),
        ("deployment.settle", "eve", "SUCCEEDED"),
    ]
    assert {each.role_arn for each in audited if each.aws_request_ids} == {RISK.role_arn}
    assert {each.target for each in audited} == {f"Deployment {deployment}"}


async def test_without_test_data_it_goes_straight_to_approval(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION")
        waiting = await reaches(gateway, await deploy(gateway), "AWAITING_APPROVAL")
        assert steps(waiting)[1] == ("REHEARSE", "SKIPPED")
        assert waiting["steps"][1]["detail"] == "There is no TEST_DATA, so there was nothing to rehearse with."
        assert waiting["testResult"] is None
    assert calls(sandbox, "CreateTransformJob", "CreateEndpoint") == [0, 0]


async def test_a_rehearsal_is_left_out_where_that_is_wanted(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        waiting = await reaches(gateway, await deploy(gateway, rehearse=False), "AWAITING_APPROVAL")
        assert waiting["steps"][1]["detail"] == "No rehearsal was asked for."
    assert calls(sandbox, "CreateTransformJob") == [0]


async def test_a_rehearsal_alone_is_completed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, launch=False)
        await rehearses(gateway, deployment)
        sandbox.advance(600)
        completed = await reaches(gateway, deployment, "COMPLETED")
        assert (completed["tickets"], completed["runtimeName"]) == ([], None)
        assert completed["endedAt"] is not None
        assert steps(completed)[1:] == [
            ("REHEARSE", "DONE"),
            ("APPROVE", "SKIPPED"),
            ("LAUNCH", "SKIPPED"),
            ("NOTIFY", "SKIPPED"),
        ]
        # The snapshot is free for another one.
        assert await deploy(gateway, rehearse=False) != deployment
    assert calls(sandbox, "CreateEndpoint") == [0]


async def test_what_the_job_of_a_rehearsal_is_asked_for(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, launch=False)
        job = next(step["job"] for step in (await rehearses(gateway, deployment))["steps"] if step["job"])["name"]
        sandbox.advance(600)
        completed = await reaches(gateway, deployment, "COMPLETED")
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
    model(sandbox)
    with making(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway, runtimeName="live")
        await reaches(gateway, deployment, "AWAITING_APPROVAL")
        await approve(gateway, deployment)
        assert (await launches(gateway, deployment))["runtimeName"] == "live"
        sandbox.advance(600)
        deployed = await reaches(gateway, deployment, "DEPLOYED")
        assert deployed["runtime"] == {"name": "live", "status": "IN_SERVICE", "snapshotName": "churn-1"}
    assert calls(sandbox, "CreateEndpoint", "UpdateEndpoint") == [0, 1]


async def test_a_name_that_nothing_has_is_given_to_the_new_endpoint(
    sandbox: Sandbox, open_working: OpenGateway
) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway, runtimeName="fresh")
        await reaches(gateway, deployment, "AWAITING_APPROVAL")
        await approve(gateway, deployment)
        await launches(gateway, deployment)
        sandbox.advance(600)
        assert (await reaches(gateway, deployment, "DEPLOYED"))["runtime"]["name"] == "fresh"
    assert calls(sandbox, "CreateEndpoint") == [1]


RELATIONS = """query($id: ID!, $snapshot: String!) {
  node(id: $id) { id ... on Deployment { state } }
  snapshot(name: $snapshot) {
    deployments { totalCount nodes { id } } testResults { totalCount nodes { id passed job { name } } }
  }
  registrations { nodes { deployments { totalCount nodes { id } } } }
}"""


async def test_what_leads_to_a_deployment(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        await registered(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, launch=False)
        await rehearses(gateway, deployment)
        sandbox.advance(600)
        job = next(step["job"] for step in (await reaches(gateway, deployment, "COMPLETED"))["steps"] if step["job"])[
            "name"
        ]
        variables = {"id": deployment, "snapshot": "churn-1"}
        found: Any = (await gateway.ask(RELATIONS, variables)).data
        one = {"totalCount": 1, "nodes": [{"id": deployment}]}
        assert found["node"] == {"id": deployment, "state": "COMPLETED"}
        assert found["snapshot"]["deployments"] == one
        assert found["registrations"]["nodes"] == [{"deployments": one}]
        (result,) = found["snapshot"]["testResults"]["nodes"]
        assert (result["passed"], result["job"]) == (True, {"name": job})
        again = await gateway.ask(
            "query($id: ID!) { node(id: $id) { ... on TestResult { passed } } }", {"id": result["id"]}
        )
        assert again.data == {"node": {"passed": True}}
        # Of another account's group nobody learns anything.
        theirs = await gateway.ask(
            "query($id: ID!) { deployment(id: $id) { id } node(id: $id) { id } deployments { totalCount } }",
            {"id": deployment},
            groups=("marketing",),
        )
        assert theirs.data == {"deployment": None, "node": None, "deployments": {"totalCount": 0}}


async def test_what_is_gone_is_null(sandbox: Sandbox, open_working: OpenGateway) -> None:
    model(sandbox)
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        registration = await registered(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await reaches(gateway, deployment, "AWAITING_APPROVAL")
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        with making(sandbox) as made:
            made.snapshot("churn-1", "churn")
        removal = "mutation($id: ID!) { removeRegistration(input: {id: $id}) { removedRegistrationId } }"
        assert (await gateway.ask(removal, {"id": registration})).data["removeRegistration"]["removedRegistrationId"]
        headers = {"Cache-Control": "no-cache"}
        found = await seen(gateway, deployment, headers=headers)
        assert (found["snapshot"], found["registrations"], found["snapshotName"]) == (None, [], "churn-1")


async def test_the_estate_with_iam_enforced(sandbox: Sandbox, estate: Estate, open_working: OpenGateway) -> None:
    """An import walks to approval by itself, as the group's own role, whose rights are those that the estate gives."""
    sandbox.enforce()
    name = "ifrs9-macro-scenarios"
    async with open_working(permissions=ALLOWED, deployments={**RULES, "requiredAssets": []}) as gateway:
        await imported(gateway, name, {"startDeployments": True})
        (found,) = [each for each in await listed(gateway) if each["trigger"] == "IMPORT"]
        await reaches(gateway, found["id"], "AWAITING_APPROVAL")
        await approve(gateway, found["id"])
        runtime = (await launches(gateway, found["id"]))["runtimeName"]
        sandbox.advance(600)
        deployed = await reaches(gateway, found["id"], "DEPLOYED")
        assert deployed["runtime"]["name"] == runtime


PAGE = """query($filter: DeploymentFilter, $after: String) {
  deployments(first: 2, after: $after, filter: $filter) {
    nodes { snapshotName } pageInfo { hasNextPage endCursor } totalCount
  }
}"""


async def test_lists_are_paged_and_narrowed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    with making(sandbox) as made:
        made.model("churn")
        for number in range(3):
            made.snapshot(f"churn-{number}", "churn")
    async with open_working(permissions=ALLOWED, deployments=RULES) as gateway:
        registration = await registered(gateway, "churn")
        for number in range(3):
            await reaches(gateway, await deploy(gateway, f"churn-{number}"), "BLOCKED")
        first = (await gateway.ask(PAGE)).data["deployments"]
        assert [each["snapshotName"] for each in first["nodes"]] == ["churn-2", "churn-1"]
        assert (first["pageInfo"]["hasNextPage"], first["totalCount"]) == (True, 3)
        rest = (await gateway.ask(PAGE, {"after": first["pageInfo"]["endCursor"]})).data["deployments"]
        assert [each["snapshotName"] for each in rest["nodes"]] == ["churn-0"]
        for narrowed, count in (
            ({"state": ["BLOCKED"]}, 3),
            ({"state": []}, 0),
            ({"state": ["FAILED", "DEPLOYED"]}, 0),
            ({"snapshotName": "churn-1"}, 1),
            ({"registrationId": registration}, 3),
            ({"registrationId": registration, "snapshotName": "churn-2"}, 1),
        ):
            found = (await gateway.ask(PAGE, {"filter": narrowed})).data["deployments"]
            assert found["totalCount"] == count, narrowed


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('{ deployment(id: "nonsense") { id } }', "`id` is no id of a deployment"),
        ('{ deployments(filter: {registrationId: "nonsense"}) { totalCount } }', "`filter.registrationId` is no id"),
        ('{ deployments(filter: {snapshotName: "\\u0000"}) { totalCount } }', "`filter.snapshotName` holds a NUL"),
        ('{ deployments(after: "nonsense") { totalCount } }', "`after` is no cursor of this list"),
        ("{ deployments(first: 101) { totalCount } }", "`first` must be from 1 to 100, not 101."),
    ],
)
async def test_questions_that_are_at_fault(open_gateway: OpenGateway, query: str, said: str) -> None:
    async with open_gateway(permissions=ALLOWED) as gateway:
        answer = await gateway.ask(query)
        assert answer.codes == ["BAD_USER_INPUT"]
        assert said in answer.error["message"]
