"""resolvers.assets.inputs: what nobody should log is in no repr: the text of an asset, and the fields of a form."""

from datetime import UTC, datetime

from registry.enums import AssetRole
from resolvers.assets.inputs import AssetContent, AssetUploadForm, CreateUploadResult, FormField, PutAsset

SECRET = "geheim"


def test_a_text_is_in_no_repr() -> None:
    asset = PutAsset(
        registration_id="registration-1", role=AssetRole.SCHEMA, name="schema", content=AssetContent(text=SECRET)
    )
    assert (SECRET in repr(asset), "schema" in repr(asset)) == (False, True)


def test_the_fields_of_a_form_are_in_no_repr() -> None:
    upload = AssetUploadForm(
        upload_id="upload-1",
        url="https://bucket.s3.amazonaws.com/",
        fields=(FormField("policy", SECRET), FormField("x-amz-signature", SECRET)),
        s3_uri="s3://bucket/key",
        expires_at=datetime(2026, 3, 2, tzinfo=UTC),
        max_size_bytes=1000,
    )
    shown = repr(CreateUploadResult(upload=upload))
    assert (SECRET in shown, "x-amz-signature" in shown) == (False, True)
