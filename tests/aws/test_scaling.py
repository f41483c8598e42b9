"""aws.scaling: the bounds and policies of every variant that scales, and of nothing else."""

from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError
from aws.scaling import VariantScaling, list_scaling
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ScriptedClient

DIMENSION = "sagemaker:variant:DesiredInstanceCount"


def target(resource: str, dimension: str = DIMENSION) -> dict[str, Any]:
    return {"ResourceId": resource, "ScalableDimension": dimension, "MinCapacity": 1, "MaxCapacity": 4}


def policy(name: str, resource: str, dimension: str = DIMENSION) -> dict[str, Any]:
    return {"PolicyName": name, "ResourceId": resource, "ScalableDimension": dimension}


async def test_bounds_and_policies_by_variant() -> None:
    calls = ScriptedClient(
        {"ScalableTargets": [target("endpoint/live/variant/blue")], "NextToken": "t"},
        {"ScalableTargets": [target("endpoint/live/variant/green")]},
        {
            "ScalingPolicies": [
                policy("steps", "endpoint/live/variant/blue"),
                policy("load", "endpoint/live/variant/blue"),
                policy("left", "endpoint/gone/variant/blue"),
            ]
        },
    )
    assert await list_scaling(calls) == {
        ("live", "blue"): VariantScaling(1, 4, ("load", "steps")),
        ("live", "green"): VariantScaling(1, 4, ()),
    }
    assert [(operation, asked["ServiceNamespace"]) for operation, asked in calls.asked] == [
        ("DescribeScalableTargets", "sagemaker"),
        ("DescribeScalableTargets", "sagemaker"),
        ("DescribeScalingPolicies", "sagemaker"),
    ]
    assert calls.asked[1][1]["NextToken"] == "t"


async def test_what_else_scales_is_left_out() -> None:
    """Copies of inference components and provisioned concurrency are no instances."""
    concurrency = "sagemaker:variant:DesiredProvisionedConcurrency"
    others = [
        target("inference-component/c", "sagemaker:inference-component:DesiredCopyCount"),
        target("endpoint/live/variant/blue", concurrency),
        target("endpoint/live", DIMENSION),
    ]
    policies = [policy("concurrency", "endpoint/live/variant/blue", concurrency)]
    assert await list_scaling(ScriptedClient({"ScalableTargets": others}, {"ScalingPolicies": policies})) == {}


async def test_without_targets_no_policies_are_asked_for(sandbox: Sandbox, calls: AwsClient) -> None:
    assert await list_scaling(calls) == {}
    assert sandbox.calls.by_operation() == {"DescribeScalableTargets": 1}


async def test_refused_scaling_is_not_none(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.refuse("DescribeScalableTargets")
    with pytest.raises(AccessDeniedError):
        await list_scaling(calls)
    assert sandbox.calls.count("DescribeScalableTargets") == 1
