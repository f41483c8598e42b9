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
