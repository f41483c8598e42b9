"""Dispatch: modelled operations are answered, all others are refused with NotInSandbox."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.server import Sandbox


def _error(call: Any, **ask: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        call(**ask)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_an_operation_that_is_not_modelled_is_refused_loudly(sagemaker: Any) -> None:
    code, status, message = _error(sagemaker.list_apps)
    assert (code, status) == ("NotInSandbox", 501)
    assert message.startswith("The sandbox does not model SageMaker ListApps.")


def test_a_service_that_is_not_modelled_is_refused_loudly(connect: Any) -> None:
    assert _error(connect("dynamodb").list_tables)[:2] == ("NotInSandbox", 501)
    assert _error(connect("sqs").list_queues)[:2] == ("NotInSandbox", 501)


def test_accounts_and_regions_are_apart(sandbox: Sandbox) -> None:
    ask: dict[str, Any] = {
        "ModelName": "m",
        "ExecutionRoleArn": "arn:aws:iam::222222222222:role/execution",
        "PrimaryContainer": {"Image": "repository/image:1"},
    }
    sandbox.call("CreateModel", "222222222222", "eu-west-1", **ask)
    assert len(sandbox.call("ListModels", "222222222222", "eu-west-1")["Models"]) == 1
    assert sandbox.call("ListModels", "222222222222", "us-east-2")["Models"] == []
    assert sandbox.call("ListModels", "333333333333", "eu-west-1")["Models"] == []


def test_partitions_show_in_arns(sandbox: Sandbox) -> None:
    made = sandbox.call(
        "CreateModel",
        "222222222222",
        "cn-north-1",
        ModelName="m",
        ExecutionRoleArn="arn:aws-cn:iam::222222222222:role/execution",
        PrimaryContainer={"Image": "repository/image:1"},
    )
    assert made == {"ModelArn": "arn:aws-cn:sagemaker:cn-north-1:222222222222:model/m"}
