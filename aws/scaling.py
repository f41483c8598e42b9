"""Application Auto Scaling of variants: the bounds and policies of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.kinds.resource import ApiResponse

# With the largest page of both listings (API reference of Application Auto Scaling).
_SAGEMAKER: Final[Mapping[str, Any]] = {"ServiceNamespace": "sagemaker", "MaxResults": 50}
_DIMENSION: Final = "sagemaker:variant:DesiredInstanceCount"


@dataclass(frozen=True, slots=True)
class VariantScaling:
    """The scaling of a variant.

    Attributes:
        min_capacity: The smallest number of instances.
        max_capacity: The largest number of instances.
        policies: The names of its policies, sorted.
    """

    min_capacity: int
    max_capacity: int
    policies: tuple[str, ...]


VariantKey = tuple[str, str]
"""The names of an endpoint and a variant."""


async def list_scaling(calls: AwsClient) -> Mapping[VariantKey, VariantScaling]:
    """List the scaling of every registered variant: one call for each fifty targets, and each fifty policies.

    Raises:
        AWSError: A page could not be read.
    """
    targets = _of_variants(await read_pages(calls, "DescribeScalableTargets", key="ScalableTargets", **_SAGEMAKER))
    if not targets:
        return {}
    policies: dict[str, list[str]] = defaultdict(list)
    for row in _of_variants(await read_pages(calls, "DescribeScalingPolicies", key="ScalingPolicies", **_SAGEMAKER)):
        policies[row["ResourceId"]].append(row["PolicyName"])
    return {
        key: VariantScaling(row["MinCapacity"], row["MaxCapacity"], tuple(sorted(policies[row["ResourceId"]])))
        for row in targets
        if (key := _variant_key(row["ResourceId"])) is not None
    }


def _of_variants(rows: Sequence[ApiResponse]) -> Sequence[ApiResponse]:
    return [row for row in rows if row["ScalableDimension"] == _DIMENSION]


def _variant_key(resource_id: str) -> VariantKey | None:
    """Parse `endpoint/NAME/variant/VARIANT`; None for any other form."""
    parts = resource_id.split("/")
    return (parts[1], parts[3]) if len(parts) == 4 and (parts[0], parts[2]) == ("endpoint", "variant") else None
