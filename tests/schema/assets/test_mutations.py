"""schema.assets.mutations: an asset's content is given in one way, and the text of it is in no representation."""

import pytest
import strawberry

from registry.enums import AssetRole
from resolvers.assets.inputs import AssetContent, CreateUpload, PutAsset, RemoveAsset
from schema.assets.mutations import AssetContentInput, CreateAssetUploadInput, PutAssetInput, RemoveAssetInput


@pytest.mark.parametrize(
    ("asset_content_input", "value"),
    [
        (AssetContentInput(s3_uri="s3://a/b"), AssetContent(s3_uri="s3://a/b")),
        (AssetContentInput(text=""), AssetContent(text="")),
        (AssetContentInput(upload_id=strawberry.ID("u")), AssetContent(upload_id="u")),
    ],
)
def test_content_is_given_in_one_way(asset_content_input: AssetContentInput, value: AssetContent) -> None:
    put = PutAssetInput(
        registration_id=strawberry.ID("r"), role=AssetRole.SCHEMA, name="n", content=asset_content_input
    )
    assert put.value() == PutAsset(registration_id="r", role=AssetRole.SCHEMA, name="n", content=value)


def test_the_other_inputs() -> None:
    registration_id = strawberry.ID("r")
    removed = RemoveAssetInput(registration_id=registration_id, role=AssetRole.OTHER, name="n")
    assert removed.value() == RemoveAsset(registration_id="r", role=AssetRole.OTHER, name="n")
    upload = CreateAssetUploadInput(
        registration_id=registration_id, role=AssetRole.OTHER, name="n", content_type="text/csv"
    )
    assert upload.value() == CreateUpload(registration_id="r", role=AssetRole.OTHER, name="n", content_type="text/csv")


def test_a_text_is_not_shown_in_logs() -> None:
    assert "words" not in repr(AssetContentInput(text="words").value())
