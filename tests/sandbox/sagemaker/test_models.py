"""Models: what is kept of them, and what is refused."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
ROLE = "arn:aws:iam::222222222222:role/execution"
CONTAINER = {"Image": "repository/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}


def test_describe_tells_everything_that_create_was_given(sandbox: Sandbox) -> None:
    value: dict[str, Any] = {
        "ModelName": "m",
        "ExecutionRoleArn": ROLE,
        "Containers": [{"ContainerHostname": "one", **CONTAINER}, {"ContainerHostname": "two", **CONTAINER}],
        "InferenceExecutionConfig": {"Mode": "Direct"},
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        "EnableNetworkIsolation": True,
        "Tags": [{"Key": "team", "Value": "risk"}],
    }
    sandbox.clock.freeze()
    sandbox.call("CreateModel", *PLACE, **value)
    text = sandbox.call("DescribeModel", *PLACE, ModelName="m")
    archive = {"S3Uri": CONTAINER["ModelDataUrl"], "S3DataType": "S3Object", "CompressionType": "Gzip"}
    source = {"S3DataSource": archive}
    assert text == {
        "ModelName": "m",
        "ModelArn": "arn:aws:sagemaker:eu-west-1:222222222222:model/m",
        "CreationTime": sandbox.clock.now(),
        "ExecutionRoleArn": ROLE,
        "Containers": [
            {"Mode": "SingleModel", "Environment": {}, "ModelDataSource": source, **c} for c in value["Containers"]
        ],
        "InferenceExecutionConfig": {"Mode": "Direct"},
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        "EnableNetworkIsolation": True,
    }


def _source(uri: str, kind: str, compression: str) -> dict[str, Any]:
    return {"S3DataSource": {"S3Uri": uri, "S3DataType": kind, "CompressionType": compression}}


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        ({}, "Exactly one of PrimaryContainer or Containers must be specified."),
        ({"PrimaryContainer": CONTAINER, "Containers": [CONTAINER]}, "Exactly one of PrimaryContainer or Containers"),
        ({"PrimaryContainer": {"ModelDataUrl": "s3://b/k"}}, "Image or ModelPackageName must be specified"),
        (
            {
                "PrimaryContainer": {
                    **CONTAINER,
                    "ModelDataSource": _source("s3://b/m/", "S3Prefix", "None"),
                }
            },
            "ModelDataUrl and ModelDataSource cannot both be specified",
        ),
        ({"PrimaryContainer": {"Image": "i:1", "Mode": "MultiModel"}}, "ModelDataUrl must be specified"),
        (
            {"Containers": [{"ContainerHostname": "one", **CONTAINER}, {"ContainerHostname": "one", **CONTAINER}]},
            "Each container of a model must have a ContainerHostname of its own.",
        ),
        (
            {"Containers": [{"ContainerHostname": "one", **CONTAINER}, CONTAINER]},
            "Each container of a model must have a ContainerHostname of its own.",
        ),
        (
            {"PrimaryContainer": {"Image": "i:1", "ModelDataSource": _source("s3://b/m", "S3Prefix", "None")}},
            "S3Uri s3://b/m must end with a forward slash",
        ),
        (
            {"PrimaryContainer": {"Image": "i:1", "ModelDataSource": _source("s3://b/m/", "S3Prefix", "Gzip")}},
            "CompressionType Gzip is not supported",
        ),
        ({"PrimaryContainer": {"ModelPackageName": "nobody"}}, 'Could not find model package "nobody".'),
        (
            {"PrimaryContainer": CONTAINER, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]},
            "Duplicate tag key found: a",
        ),
        ({"PrimaryContainer": CONTAINER, "Tags": [{"Key": "aws:x", "Value": "1"}]}, "System tags starting with aws:"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_kept(sandbox: Sandbox, ask: dict[str, Any], text: str) -> None:
    with pytest.raises(ServiceError) as caught:
        sandbox.call("CreateModel", *PLACE, ModelName="m", ExecutionRoleArn=ROLE, **ask)
    assert caught.value.code == "ValidationException"
    assert caught.value.message.startswith(text)
    assert sandbox.call("ListModels", *PLACE)["Models"] == []


def test_a_models_execution_role_is_needed(sandbox: Sandbox) -> None:
    with pytest.raises(ServiceError, match="ExecutionRoleArn must be specified"):
        sandbox.call("CreateModel", *PLACE, ModelName="m", PrimaryContainer=CONTAINER)


def test_no_more_than_fifty_tags(sandbox: Sandbox) -> None:
    tags = [{"Key": f"k{i}", "Value": "v"} for i in range(50)]
    arn = sandbox.call(
        "CreateModel", *PLACE, ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER, Tags=tags
    )["ModelArn"]
    with pytest.raises(ServiceError, match="The maximum number of tags per resource is 50"):
        sandbox.call("AddTags", *PLACE, ResourceArn=arn, Tags=[{"Key": "one-more", "Value": "v"}])
    assert len(sandbox.call("ListTags", *PLACE, ResourceArn=arn)["Tags"]) == 50


def test_tags_of_what_is_not_here_are_refused(sandbox: Sandbox) -> None:
    for arn in (
        "arn:aws:sagemaker:eu-west-1:222222222222:model/nobody",
        "arn:aws:sagemaker:eu-west-1:333333333333:model/m",
        "arn:aws:sagemaker:eu-west-1:222222222222:domain/m",
    ):
        with pytest.raises(ServiceError, match="Could not find resource"):
            sandbox.call("ListTags", *PLACE, ResourceArn=arn)
