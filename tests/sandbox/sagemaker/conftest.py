"""What tests of SageMaker's endpoints share."""

import pytest

from sandbox.server import Sandbox
from tests.sandbox.sagemaker.endpoint_requests import PLACE, ROLE


@pytest.fixture
def two_models(sandbox: Sandbox) -> list[str]:
    for name in ("one", "two"):
        container = {"Image": f"repository/{name}:1"}
        sandbox.call("CreateModel", *PLACE, ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    return ["one", "two"]
