"""The tags of many resources for one call, over HTTP."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.estate import Estate
from sandbox.server import Sandbox


@pytest.fixture
def tagging(sandbox: Sandbox, estate: Estate) -> Any:
    keys = {"aws_access_key_id": estate.access_key_id, "aws_secret_access_key": estate.secret_access_key}
    client = boto3.client("resourcegroupstaggingapi", region_name="eu-west-1", endpoint_url=sandbox.url, **keys)
    yield client
    client.close()


def make_model(sandbox: Sandbox, estate: Estate, name: str, **tags: str) -> str:
    answer = sandbox.call(
        "CreateModel",
        estate.account,
        "eu-west-1",
        ModelName=name,
        ExecutionRoleArn=f"arn:aws:iam::{estate.account}:role/sagemaker-execution",
        PrimaryContainer={"Image": f"{estate.account}.dkr.ecr.eu-west-1.amazonaws.com/a:1"},
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return str(answer["ModelArn"])


def test_tagged_resources_come_with_their_tags_and_others_not_at_all(
    sandbox: Sandbox, estate: Estate, tagging: Any
) -> None:
    tagged = make_model(sandbox, estate, "tagged", team="risk", stage="prod")
    plain = make_model(sandbox, estate, "plain")
    gone = tagged.replace("/tagged", "/gone")
    answer = tagging.get_resources(ResourceARNList=[tagged, plain, gone])
    assert answer["ResourceTagMappingList"] == [
        {"ResourceARN": tagged, "Tags": [{"Key": "stage", "Value": "prod"}, {"Key": "team", "Value": "risk"}]}
    ]
    assert answer["PaginationToken"] == ""
    assert sandbox.calls.count("GetResources") == 1


def test_more_than_a_hundred_are_refused(tagging: Any) -> None:
    arns = [f"arn:aws:sagemaker:eu-west-1:111111111111:model/m{number}" for number in range(101)]
    with pytest.raises(ClientError, match="less than or equal to 100") as refused:
        tagging.get_resources(ResourceARNList=arns)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"


def test_what_is_not_modelled_is_refused_loudly(tagging: Any) -> None:
    with pytest.raises(ClientError, match="does not model GetResources by anything but ResourceARNList"):
        tagging.get_resources(TagFilters=[{"Key": "team"}])


def test_it_takes_a_permission_of_its_own(sandbox: Sandbox, estate: Estate, tagging: Any) -> None:
    arn = make_model(sandbox, estate, "tagged", team="risk")
    sandbox.enforce()
    with pytest.raises(ClientError, match="not authorized to perform: tag:GetResources") as refused:
        tagging.get_resources(ResourceARNList=[arn])
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
