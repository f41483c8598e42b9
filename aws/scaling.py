"""Application Auto Scaling of variants: the bounds and the policies of each."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from aws.client.client import AwsClient
from aws.client.paging import PageTokens
from aws.kinds.resource import ApiResponse

# The largest page of both listings (API reference of Application Auto Scaling).
_PAGE_SIZE: Final = 50
_DIMENSION: Final = "sagemaker:variant:DesiredInstanceCount"


@dataclass(frozen=True, slots=True)
class VariantScaling:
    """The least and the greatest number of instances of a variant, and the names of its policies, sorted."""

    min_capacity: int
    max_capacity: int
    policies: tuple[str, ...]


VariantKey = tuple[str, str]
"""Endpoint and variant."""


async def list_scaling(calls: AwsClient) -> Mapping[VariantKey, VariantScaling]:
    """The scaling of every variant that is registered: one call for each fifty targets, and for each fifty policies.

    Raises:
        AWSError: It could not be listed.
    """
    targets = [row async for row in _rows(calls, "DescribeScalableTargets", "ScalableTargets")]
    if not targets:
        return {}
    policies: dict[str, list[str]] = defaultdict(list)
    async for row in _rows(calls, "DescribeScalingPolicies", "ScalingPolicies"):
        policies[row["ResourceId"]].append(row["PolicyName"])
    return {
        key: VariantScaling(row["MinCapacity"], row["MaxCapacity"], tuple(sorted(policies[row["ResourceId"]])))
        for row in targets
        if (key := _variant_key(row["ResourceId"])) is not None
    }


async def _rows(calls: AwsClient, operation: str, member: str) -> AsyncIterator[ApiResponse]:
    page: dict[str, str] = {}
    tokens = PageTokens(operation)
    while True:
        answer = await calls.call(operation, ServiceNamespace="sagemaker", MaxResults=_PAGE_SIZE, **page)
        for row in answer.get(member, ()):
            if row["ScalableDimension"] == _DIMENSION:
                yield row
        if (token := tokens.following(answer.get("NextToken"))) is None:
            return
        page = {"NextToken": token}


def _variant_key(resource_id: str) -> VariantKey | None:
    """From `endpoint/NAME/variant/VARIANT`; None for any other form."""
    parts = resource_id.split("/")
    return (parts[1], parts[3]) if len(parts) == 4 and (parts[0], parts[2]) == ("endpoint", "variant") else None
