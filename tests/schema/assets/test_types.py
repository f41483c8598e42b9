"""schema.assets.types: an asset with all that it shows, and what a deployment asks for."""

import dataclasses

from registry.enums import AssetRole
from registry.records import AssetRequirement as Requirement
from schema.assets.types import Asset, AssetRequirement
from tests.registry import samples
from tests.schema.single_field_schema import data_of

EVERYTHING = "{ __typename id role name s3Uri content contentType sizeBytes addedBy addedAt }"


async def test_an_asset_in_s3() -> None:
    assert await data_of(Asset, samples.ASSET, EVERYTHING) == {
        "__typename": "Asset",
        "id": "asset-1",
        "role": "TEST_DATA",
        "name": "march.csv",
        "s3Uri": "s3://example-assets/march.csv",
        "content": None,
        "contentType": "text/csv",
        "sizeBytes": 5_000_000_000,
        "addedBy": "ada",
        "addedAt": "2026-03-02T09:30:00+00:00",
    }


async def test_an_asset_that_is_text() -> None:
    text = dataclasses.replace(samples.ASSET, s3_uri=None, content="{}", content_type=None, size_bytes=None)
    assert await data_of(Asset, text, "{ s3Uri content contentType sizeBytes }") == {
        "s3Uri": None,
        "content": "{}",
        "contentType": None,
        "sizeBytes": None,
    }


async def test_what_a_deployment_asks_for() -> None:
    wanted = Requirement(AssetRole.TEST_RESULT_COMPARATOR, present=True)
    assert await data_of(AssetRequirement, wanted, "{ role present }") == {
        "role": "TEST_RESULT_COMPARATOR",
        "present": True,
    }
