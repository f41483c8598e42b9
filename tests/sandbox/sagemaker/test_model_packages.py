"""Model packages and their groups."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
SPECIFICATION: dict[str, Any] = {"Containers": [{"Image": "r/i:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}]}


def test_versions_are_counted_and_await_approval(sandbox: Sandbox) -> None:
    sandbox.call("CreateModelPackageGroup", *PLACE, ModelPackageGroupName="group")
    arns = [
        sandbox.call("CreateModelPackage", *PLACE, ModelPackageGroupName="group", InferenceSpecification=SPECIFICATION)[
            "ModelPackageArn"
        ]
        for _ in range(2)
    ]
    assert arns == [f"arn:aws:sagemaker:eu-west-1:222222222222:model-package/group/{n}" for n in (1, 2)]
    text = sandbox.call("DescribeModelPackage", *PLACE, ModelPackageName=arns[1])
    assert (text["ModelPackageVersion"], text["ModelApprovalStatus"], text["InferenceSpecification"]) == (
        2,
        "PendingManualApproval",
        SPECIFICATION,
    )


def test_a_package_may_stand_alone(sandbox: Sandbox) -> None:
    sandbox.call("CreateModelPackage", *PLACE, ModelPackageName="alone", InferenceSpecification=SPECIFICATION)
    assert "ModelPackageVersion" not in sandbox.call("DescribeModelPackage", *PLACE, ModelPackageName="alone")


@pytest.mark.parametrize(
    ("operation", "ask", "text"),
    [
        ("CreateModelPackage", {}, "Missing ARN."),
        (
            "CreateModelPackage",
            {"ModelPackageName": "alone", "ModelPackageGroupName": "group"},
            "Both ModelPackageName and ModelPackageGroupName are provided in the input.",
        ),
        ("CreateModelPackage", {"ModelPackageGroupName": "nobody"}, "Model Package Group does not exist."),
        ("DescribeModelPackage", {"ModelPackageName": "nobody"}, "ModelPackage nobody does not exist."),
        ("CreateModelPackageGroup", {"ModelPackageGroupName": "group"}, "Model Package Group already exists"),
    ],
)
def test_what_makes_no_sense_is_refused(sandbox: Sandbox, operation: str, ask: dict[str, Any], text: str) -> None:
    sandbox.call("CreateModelPackageGroup", *PLACE, ModelPackageGroupName="group")
    with pytest.raises(ServiceError) as caught:
        sandbox.call(operation, *PLACE, **ask)
    assert (caught.value.code, caught.value.message[: len(text)]) == ("ValidationException", text)


@pytest.fixture
def versions(sandbox: Sandbox) -> str:
    """Two versions and a package without any; gives the group's ARN of versions."""
    for group in ("group", "other"):
        sandbox.call("CreateModelPackageGroup", *PLACE, ModelPackageGroupName=group)
        sandbox.call("CreateModelPackage", *PLACE, ModelPackageGroupName=group)
    sandbox.call("CreateModelPackage", *PLACE, ModelPackageName="alone")
    return "arn:aws:sagemaker:eu-west-1:222222222222:model-package/group/1"


@pytest.mark.parametrize(
    ("ask", "names"),
    [
        ({}, ["alone"]),
        ({"ModelPackageType": "Unversioned"}, ["alone"]),
        ({"ModelPackageType": "Versioned"}, ["group/1", "other/1"]),
        ({"ModelPackageType": "Both"}, ["alone", "group/1", "other/1"]),
        ({"ModelPackageType": "Both", "ModelPackageGroupName": "group"}, ["group/1"]),
        ({"ModelPackageType": "Both", "ModelApprovalStatus": "Approved"}, []),
    ],
)
def test_a_list_is_of_one_type(sandbox: Sandbox, versions: str, ask: dict[str, Any], names: list[str]) -> None:
    """Rows of versions have no name."""
    rows = sandbox.call("ListModelPackages", *PLACE, **ask)["ModelPackageSummaryList"]
    assert sorted(row["ModelPackageArn"].split("/", 1)[1] for row in rows) == names
    assert {row.get("ModelPackageName") for row in rows} == {None if "/" in name else name for name in names}
    assert {row["ModelPackageStatus"] for row in rows} <= {"Completed"}


def test_a_decision_is_kept_with_its_words(sandbox: Sandbox, versions: str) -> None:
    life_cycle = {"Stage": "Production", "StageStatus": "Live"}
    change = {"ModelApprovalStatus": "Approved", "ApprovalDescription": "yes", "ModelLifeCycle": life_cycle}
    assert sandbox.call("UpdateModelPackage", *PLACE, ModelPackageArn=versions, **change) == {
        "ModelPackageArn": versions
    }
    package = sandbox.call("DescribeModelPackage", *PLACE, ModelPackageName=versions)
    assert {key: package[key] for key in change} == change
    assert package["LastModifiedTime"] >= package["CreationTime"]


def test_only_versions_are_decided_about(sandbox: Sandbox, versions: str) -> None:
    for name in ("alone", "group/9"):
        arn = versions.replace("group/1", name)
        with pytest.raises(ServiceError) as caught:
            sandbox.call("UpdateModelPackage", *PLACE, ModelPackageArn=arn, ModelApprovalStatus="Approved")
        assert caught.value.code == "ValidationException"
    assert "ModelApprovalStatus" not in sandbox.call("DescribeModelPackage", *PLACE, ModelPackageName="alone")


def _groups(sandbox: Sandbox, **ask: Any) -> list[str]:
    rows = sandbox.call("ListModelPackageGroups", *PLACE, **ask)["ModelPackageGroupSummaryList"]
    return [row["ModelPackageGroupName"] for row in rows]


def test_groups_are_listed_and_described_by_name_or_arn(sandbox: Sandbox, versions: str) -> None:
    assert _groups(sandbox, SortBy="Name", SortOrder="Descending") == ["other", "group"]
    assert _groups(sandbox, NameContains="rou") == ["group"]
    assert _groups(sandbox, CrossAccountFilterOption="CrossAccount") == []
    by_name = sandbox.call("DescribeModelPackageGroup", *PLACE, ModelPackageGroupName="group")
    by_arn = sandbox.call("DescribeModelPackageGroup", *PLACE, ModelPackageGroupName=by_name["ModelPackageGroupArn"])
    assert by_name == by_arn
    assert by_name["ModelPackageGroupStatus"] == "Completed"


def test_a_group_is_deleted_once_its_versions_are(sandbox: Sandbox, versions: str) -> None:
    with pytest.raises(ServiceError) as caught:
        sandbox.call("DeleteModelPackageGroup", *PLACE, ModelPackageGroupName="group")
    assert (caught.value.code, sorted(_groups(sandbox))) == ("ConflictException", ["group", "other"])
    sandbox.call("DeleteModelPackage", *PLACE, ModelPackageName=versions)
    sandbox.call("DeleteModelPackageGroup", *PLACE, ModelPackageGroupName="group")
    assert _groups(sandbox) == ["other"]
    left = sandbox.call("ListModelPackages", *PLACE, ModelPackageType="Both")["ModelPackageSummaryList"]
    assert sorted(row["ModelPackageArn"].split("/", 1)[1] for row in left) == ["alone", "other/1"]


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("DescribeModelPackageGroup", {"ModelPackageGroupName": "nobody"}),
        ("DeleteModelPackageGroup", {"ModelPackageGroupName": "nobody"}),
        ("DeleteModelPackage", {"ModelPackageName": "nobody"}),
    ],
)
def test_nothing_is_deleted_that_is_not_there(sandbox: Sandbox, operation: str, ask: dict[str, Any]) -> None:
    with pytest.raises(ServiceError, match="does not exist") as caught:
        sandbox.call(operation, *PLACE, **ask)
    assert caught.value.code == "ValidationException"
