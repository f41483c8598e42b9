"""Two models with their resources, and counts of the calls to AWS."""

import pytest

from sandbox.server import Sandbox
from tests.sagemaker_builder import building


@pytest.fixture
def two_models(sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        artifact = things.training("train-alpha")
        things.model("alpha", artifact)
        things.model("beta")
        things.snapshot("alpha-1", "alpha")
        things.snapshot("both", "alpha", "beta")
        things.runtime("live", "both")
        things.transform("batch", "beta")


def aws_calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls to SageMaker, without those for credentials."""
    return {name: count for name, count in sandbox.calls.by_operation().items() if not name.startswith("Assume")}


def no_call_repeated(sandbox: Sandbox) -> bool:
    """Whether nothing was described, and nobody's tags were asked for, more than once."""
    calls = [(call.operation, call.resource, call.account) for call in sandbox.calls.recent() if call.resource]
    return len(calls) == len(set(calls))
