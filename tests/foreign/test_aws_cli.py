"""The AWS CLI: models, endpoints with its own waiters, a transform job over S3, and who the caller is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.foreign.conftest import Run

pytestmark = pytest.mark.slow

ROLE = "arn:aws:iam::123456789012:role/execution"


@pytest.fixture(scope="module")
def program(environment: Callable[[str], Path]) -> str:
    return str(environment("aws-cli") / "aws")


@pytest.fixture
def aws(program: str, run: Run) -> Callable[..., Any]:
    def call(*arguments: str) -> Any:
        output = run(program, *arguments, "--output", "json")
        return json.loads(output) if output.strip() else None

    return call


def test_a_model_is_served_and_run_in_a_batch(aws: Callable[..., Any], sandbox: Sandbox, tmp_path: Path) -> None:
    """Its waiters look every half minute and every minute: things are ready at their first look."""
    (tmp_path / "rows.csv").write_text("1,2\n3,4\n")
    aws("s3api", "create-bucket", "--bucket", "rows", "--create-bucket-configuration", "LocationConstraint=eu-west-1")
    aws("s3api", "put-object", "--bucket", "rows", "--key", "in/rows.csv", "--body", "rows.csv")
    container = json.dumps({"Image": "repository/scorer:1", "ModelDataUrl": "s3://rows/model.tar.gz"})
    sagemaker = "sagemaker"
    aws(sagemaker, "create-model", "--model-name", "scorer", "--execution-role-arn", ROLE,
        "--primary-container", container)  # fmt: skip
    variant = "VariantName=v,ModelName=scorer,InstanceType=ml.m5.large,InitialInstanceCount=1"
    aws(sagemaker, "create-endpoint-config", "--endpoint-config-name", "scorer-1", "--production-variants", variant)
    aws(sagemaker, "create-endpoint", "--endpoint-name", "live", "--endpoint-config-name", "scorer-1")
    aws(sagemaker, "wait", "endpoint-in-service", "--endpoint-name", "live")
    source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://rows/in/"}}}
    aws(sagemaker, "create-transform-job", "--transform-job-name", "batch", "--model-name", "scorer",
        "--transform-input", json.dumps({**source, "ContentType": "text/csv", "SplitType": "Line"}),
        "--transform-output", "S3OutputPath=s3://rows/out",
        "--transform-resources", "InstanceType=ml.m5.large,InstanceCount=1")  # fmt: skip
    sandbox.advance(600)
    aws(sagemaker, "wait", "transform-job-completed-or-stopped", "--transform-job-name", "batch")
    assert [item["ModelName"] for item in aws(sagemaker, "list-models")["Models"]] == ["scorer"]
    assert aws(sagemaker, "describe-endpoint", "--endpoint-name", "live")["EndpointStatus"] == "InService"
    keys = [
        element["Key"]
        for element in aws("s3api", "list-objects-v2", "--bucket", "rows", "--prefix", "out/")["Contents"]
    ]
    assert keys == ["out/rows.csv.out"]


def test_the_caller_is_a_user_with_an_arn(aws: Callable[..., Any]) -> None:
    identity = aws("sts", "get-caller-identity")
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/any"
