"""Names of AWS regions, from botocore's data about SageMaker."""

from difflib import get_close_matches
from functools import cache

from botocore.exceptions import UnknownRegionError
from botocore.session import Session


def known_regions() -> frozenset[str]:
    """List the regions of SageMaker in every partition; regions newer than botocore's data are missing."""
    session = Session()
    partitions = session.get_available_partitions()
    return frozenset(region for name in partitions for region in session.get_available_regions("sagemaker", name))


@cache
def partition_of(region: str) -> str:
    """Give the partition of a region, by botocore's data and patterns; `aws` for an unknown form."""
    try:
        return str(Session().get_partition_for_region(region))
    except UnknownRegionError:
        return "aws"


def nearest_region(region: str, known: frozenset[str]) -> str | None:
    """Give the known region whose name is most similar to `region`; None if none is similar. Swapped letters win."""
    swapped = sorted(name for name in known if sorted(name) == sorted(region))
    return next(iter(swapped or get_close_matches(region, sorted(known), n=1, cutoff=0.75)), None)
