"""aws.regions: names that no region has are known, and the nearest one is found."""

from functools import cache

import pytest

from aws.regions import known_regions, nearest_region

regions = cache(known_regions)


def test_regions_of_every_partition() -> None:
    assert {"us-east-2", "eu-west-1", "cn-north-1", "us-gov-west-1"} < regions()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("eu-wset-1", "eu-west-1"), ("us-esat-2", "us-east-2"), ("ap-notheast-1", "ap-northeast-1"), ("xx-moon-9", None)],
)
def test_the_nearest_region(written: str, meant: str | None) -> None:
    assert written not in regions()
    assert nearest_region(written, regions()) == meant
