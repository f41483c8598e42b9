"""MLflow's SageMaker client: a model is deployed, replaced, run in a batch and taken away, as MLflow waits for it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.foreign.conftest import Run

pytestmark = pytest.mark.slow

PROGRAM = """
import json, time
from types import SimpleNamespace

import boto3
import mlflow.sagemaker
from mlflow.deployments import get_deploy_client

# MLflow looks every five seconds, and not before twenty: its time goes twenty times as fast, as the sandbox's does.
mlflow.sagemaker.time = SimpleNamespace(time=lambda: time.time() * 20, sleep=lambda seconds: time.sleep(seconds / 20))

role, region = "arn:aws:iam::123456789012:role/execution", "eu-west-1"
s3 = boto3.client("s3")
for bucket in ("models", "rows"):
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
s3.put_object(Bucket="rows", Key="in/rows.csv", Body=b"1,2")
where = {"execution_role_arn": role, "bucket": "models", "image_url": "repository/scorer:1", "timeout_seconds": 1200}
config = where | {"instance_type": "ml.m5.large", "instance_count": 1, "region_name": region, "archive": False}
client = get_deploy_client(f"sagemaker:/{region}")
client.create_deployment("live", "model", flavor="python_function", config=config)
first = client.get_deployment("live")
client.update_deployment("live", "model", flavor="python_function", config=config | {"mode": "replace"})
second = client.get_deployment("live")
mlflow.sagemaker.deploy_transform_job(
    "batch", "model", "S3Prefix", "s3://rows/in/", "text/csv", "s3://rows/out", execution_role_arn=role,
    bucket="models", image_url="repository/scorer:1", region_name=region, instance_type="ml.m5.large",
    flavor="python_function", timeout_seconds=1200, archive=True,
)
written = [row["Key"] for row in s3.list_objects_v2(Bucket="rows", Prefix="out/")["Contents"]]
listed = [row["EndpointName"] for row in client.list_deployments()]
client.delete_deployment("live", config={"region_name": region, "archive": False, "timeout_seconds": 1200})
told = {
    "states": [first["EndpointStatus"], second["EndpointStatus"]],
    "moved": first["EndpointConfigName"] != second["EndpointConfigName"],
    "written": written,
    "listed": listed,
    "left": client.list_deployments(),
}
print(json.dumps(told))
"""
MODEL = """
flavors:
  python_function:
    loader_module: scorer
    python_version: 3.11.0
model_uuid: 0123456789abcdef0123456789abcdef
mlflow_version: 3.0.0
"""


@pytest.fixture(scope="module")
def python(environment: Callable[[str], Path]) -> str:
    return str(environment("mlflow") / "python")


def test_a_model_is_deployed_replaced_run_and_taken_away(
    python: str, run: Run, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_text(MODEL)
    assert json.loads(run(python, "-c", PROGRAM).strip().splitlines()[-1]) == {
        "states": ["InService", "InService"],
        "moved": True,
        "written": ["out/rows.csv.out"],
        "listed": ["live"],
        "left": [],
    }
    here = ("123456789012", "eu-west-1")
    configs = sandbox.call("ListEndpointConfigs", *here)["EndpointConfigs"]
    models = sandbox.call("ListModels", *here)["Models"]
    # The batch keeps its model: it was asked to archive it.
    assert (configs, len(models)) == ([], 1)
