"""Model packages: lists, single versions, the models of a version and the versions of a model, and their calls."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.sagemaker_builder import BUCKET, IMAGE, building, tags

ARN = RISK.arn("model-package", "scorers")
OTHER = f"arn:aws:sagemaker:{RISK.region}:999999999999:model-package/shared/7"
ROWS = "nodes { name packageGroupName version approvalStatus status rawStatus stage stageStatus description }"
LIST = "query($f: ModelPackageFilter) { modelPackages(filter: $f) { nodes { name } totalCount unreadableCount } }"
ONE = "query($arn: String!) { modelPackage(arn: $arn) { %s } }"
VERSIONS = "query($n: String!) { model(name: $n) { modelPackages { name approvalStatus } } }"


@pytest.fixture
def registry(sandbox: Sandbox) -> None:
    """Two versions of a group, the second approved and in production; models of each; a package without versions."""
    inference = {
        "Containers": [
            {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/m.tar.gz", "Environment": {"KEY": "secret"}},
            {"Image": IMAGE, "ContainerHostname": "second"},
        ],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    with building(sandbox) as things:
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        for number in (1, 2):
            things.call_at(
                "CreateModelPackage",
                ModelPackageGroupName="scorers",
                ModelPackageDescription=f"Version {number}",
                InferenceSpecification=inference,
                Tags=tags(team="t"),
            )
        things.call_at("CreateModelPackage", ModelPackageName="Alone")
        things.call_at(
            "UpdateModelPackage",
            ModelPackageArn=f"{ARN}/2",
            ModelApprovalStatus="Approved",
            ApprovalDescription="by the board",
            ModelLifeCycle={"Stage": "Production", "StageStatus": "Live"},
        )
        things.model("first", PrimaryContainer={"ModelPackageName": f"{ARN}/1"})
        things.model("second", PrimaryContainer={"ModelPackageName": f"{ARN}/2"})
        things.model("twice", Containers=[{"ModelPackageName": f"{ARN}/{n}"} for n in (2, 1, 2)])
        things.model("by-name", PrimaryContainer={"ModelPackageName": "Alone"})
        things.model("plain", PrimaryContainer={"Image": IMAGE})
    sandbox.calls.clear()


async def test_a_list_is_one_listing_of_both_types(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    answer = await gateway.ask(f"{{ modelPackages {{ {ROWS} totalCount }} }}")
    alone, second, first = answer.data["modelPackages"]["nodes"]
    assert second == {
        "name": "scorers/2",
        "packageGroupName": "scorers",
        "version": 2,
        "approvalStatus": "APPROVED",
        "status": "COMPLETED",
        "rawStatus": "Completed",
        "stage": "Production",
        "stageStatus": "Live",
        "description": "Version 2",
    }
    assert (first["name"], first["approvalStatus"], first["stage"]) == ("scorers/1", "PENDING", None)
    nothing = [alone[key] for key in ("packageGroupName", "version", "approvalStatus")]
    assert (alone["name"], nothing) == ("alone", [None] * 3)
    assert answer.data["modelPackages"]["totalCount"] == 3
    assert answer.aws_extensions["calls"] == {"ListModelPackages": 1}


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ({"groupName": "scorers"}, ["scorers/2", "scorers/1"]),
        ({"groupName": "nobody"}, []),
        ({"approvalStatus": ["PENDING"]}, ["scorers/1"]),
        ({"approvalStatus": ["APPROVED", "REJECTED"], "groupName": "scorers"}, ["scorers/2"]),
        ({"approvalStatus": []}, []),
        ({"createdBefore": "2000-01-01T00:00:00Z"}, []),
    ],
)
async def test_a_filter_takes_no_description(
    gateway: GatewayClient, sandbox: Sandbox, registry: None, filter: dict[str, Any], names: list[str]
) -> None:
    answer = await gateway.ask(LIST, {"f": filter})
    result = answer.data["modelPackages"]
    assert ([node["name"] for node in result["nodes"]], result["unreadableCount"]) == (names, 0)
    assert answer.aws_extensions["calls"] == {"ListModelPackages": 1}


async def test_a_version_by_its_arn(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    fields = (
        "id arn accountId consoleUrl lastModifiedTime lastModifiedBy approvalDescription tags { key value } "
        "containers { image hostname modelDataUrl environment { key value redacted } }"
    )
    answer = await gateway.ask(ONE % fields, {"arn": f"{ARN}/2"})
    package = answer.data["modelPackage"]
    id = package.pop("id")
    assert package == {
        "arn": f"{ARN}/2",
        "accountId": RISK.account,
        "consoleUrl": f"https://console.aws.amazon.com/sagemaker/home?region={RISK.region}#/model-packages/scorers/2",
        "lastModifiedTime": package["lastModifiedTime"],
        "lastModifiedBy": None,
        "approvalDescription": "by the board",
        "tags": [{"key": "team", "value": "t"}],
        "containers": [
            {
                "image": IMAGE,
                "hostname": None,
                "modelDataUrl": f"s3://{BUCKET}/m.tar.gz",
                "environment": [{"key": "KEY", "value": None, "redacted": True}],
            },
            {"image": IMAGE, "hostname": "second", "modelDataUrl": None, "environment": []},
        ],
    }
    assert package["lastModifiedTime"] is not None
    assert answer.aws_extensions["calls"] == {"DescribeModelPackage": 1, "ListTags": 1}
    again = await gateway.ask("query($id: ID!) { node(id: $id) { id ... on ModelPackage { version } } }", {"id": id})
    assert again.data["node"] == {"id": id, "version": 2}


async def test_none_of_that_arn_and_no_such_arn(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    assert (await gateway.ask(ONE % "name", {"arn": f"{ARN}/9"})).data == {"modelPackage": None}
    sandbox.calls.clear()
    for arn in ("scorers/2", RISK.arn("model", "first"), f"{ARN}/x", f"{ARN}/2\n"):
        answer = await gateway.ask(ONE % "name", {"arn": arn})
        assert (answer.codes, sandbox.calls.by_operation()) == (["BAD_USER_INPUT"], {})


async def test_versions_that_a_model_comes_from(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    """Each version once, one call for each version."""
    answer = await gateway.ask("{ models(orderBy: {by: NAME}) { nodes { name modelPackages { name } } } }")
    assert {node["name"]: node["modelPackages"] for node in answer.data["models"]["nodes"]} == {
        "by-name": [{"name": "alone"}],
        "first": [{"name": "scorers/1"}],
        "plain": [],
        "second": [{"name": "scorers/2"}],
        "twice": [{"name": "scorers/2"}, {"name": "scorers/1"}],
    }
    calls = {"ListModels": 1, "DescribeModel": 5, "DescribeModelPackage": 3}
    assert answer.aws_extensions["calls"] == calls


async def test_models_made_from_each_version(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    answer = await gateway.ask("{ modelPackages { nodes { name models { nodes { name } totalCount } } } }")
    made = {node["name"]: node["models"] for node in answer.data["modelPackages"]["nodes"]}
    assert {name: {model["name"] for model in models["nodes"]} for name, models in made.items()} == {
        "alone": {"by-name"},
        "scorers/1": {"first", "twice"},
        "scorers/2": {"second", "twice"},
    }
    assert {name: models["totalCount"] for name, models in made.items()} == {"alone": 1, "scorers/1": 2, "scorers/2": 2}
    assert answer.aws_extensions["calls"] == {"ListModelPackages": 1, "ListModels": 1, "DescribeModel": 5}


async def test_a_version_that_is_gone_and_one_that_is_refused(
    gateway: GatewayClient, sandbox: Sandbox, registry: None
) -> None:
    gone = "ModelPackage x does not exist."
    sandbox.faults.fail("DescribeModelPackage", status=400, code="ValidationException", message=gone)
    assert (await gateway.ask(VERSIONS, {"n": "second"})).data["model"] == {"modelPackages": [None]}
    sandbox.faults.clear()
    sandbox.faults.refuse("DescribeModelPackage")
    answer = await gateway.ask(VERSIONS, {"n": "first"})
    assert (answer.codes, answer.body["data"]["model"]) == (["FORBIDDEN"], {"modelPackages": [None]})


async def test_a_version_of_another_account_is_asked_for_by_its_arn(
    gateway: GatewayClient, sandbox: Sandbox, registry: None
) -> None:
    """It is never taken for a version of the same name here."""
    with building(sandbox) as things:
        things.model("borrowed", PrimaryContainer={"ModelPackageName": OTHER.replace("shared/7", "scorers/2")})
    assert (await gateway.ask(VERSIONS, {"n": "borrowed"})).data["model"] == {"modelPackages": [None]}
    answer = await gateway.ask(ONE % "models { nodes { name } }", {"arn": f"{ARN}/2"})
    assert {model["name"] for model in answer.data["modelPackage"]["models"]["nodes"]} == {"second", "twice"}


async def test_a_decision_made_elsewhere_is_seen(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    """No row is needed to see it: descriptions of versions last for the fresh age."""
    states = ONE % "approvalStatus approvalDescription"
    first = await gateway.ask(states, {"arn": f"{ARN}/1"})
    assert first.data["modelPackage"] == {"approvalStatus": "PENDING", "approvalDescription": None}
    sandbox.call(
        "UpdateModelPackage",
        RISK.account,
        RISK.region,
        ModelPackageArn=f"{ARN}/1",
        ModelApprovalStatus="Rejected",
        ApprovalDescription="no",
    )
    answer = await gateway.ask(states, {"arn": f"{ARN}/1"}, headers={"Cache-Control": "no-cache"})
    assert answer.data["modelPackage"] == {"approvalStatus": "REJECTED", "approvalDescription": "no"}


async def test_models_and_jobs_read_no_package_list(gateway: GatewayClient, sandbox: Sandbox, registry: None) -> None:
    assert (await gateway.ask("{ models { nodes { name containers { modelPackageName } } } }")).data
    assert sandbox.calls.by_operation() == {"AssumeRole": 1, "ListModels": 1, "DescribeModel": 5}
