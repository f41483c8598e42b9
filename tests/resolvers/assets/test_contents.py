"""resolvers.assets.contents: nothing becomes an asset that is not there, or that those concerned may not read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auth.permissions import Permission
from aws.storage import ObjectStorage, StoredObject
from registry import uploads
from registry.enums import AssetRole
from registry.ids import encode_own_id, key_of
from registry.records import Registration
from registry.uploads import NewUpload
from resolvers.assets.contents import MAX_TEXT_BYTES, AssetSource, content_errors, resolve_content
from resolvers.assets.inputs import AssetContent, PutAsset
from resolvers.assets.names import taken_key, upload_key
from resolvers.errors import UserFaultError
from sandbox.server import Sandbox
from tests.gateway_client import RISK, assume_role_entry, credential_settings
from tests.registry.factories import create_registration
from tests.resolvers.harness import MutationHarness, error_triples, open_harness
from tests.sagemaker_builder import BUCKET

OBJECT = f"s3://{BUCKET}/docs/readme.md"
PLACE = f"s3://{BUCKET}/uploads/readme.md"
TEXT, UPLOAD = ("content", "text"), ("content", "uploadId")
NO_UPLOAD = (
    "There is no upload with this id for this registration, role and name; it may have expired or been used. "
    "Ask createAssetUpload for another."
)
SOON = timedelta(minutes=5)
ROLE = RISK.role_arn


@pytest.fixture
async def asset_harness(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[MutationHarness]:
    """A harness that takes uploads of 1,000 bytes, and an object."""
    sandbox.objects.make_bucket(BUCKET, RISK.account, RISK.region)
    sandbox.objects.write(OBJECT, b"# Read me\n")
    async with open_harness(sandbox, sqlite_url, assets={"bucket": BUCKET, "maxUploadBytes": 1000}) as harness:
        yield harness


async def owned(harness: MutationHarness, name: str = "churn") -> Registration:
    """A registration of risk's."""
    return await create_registration(harness.database, name, account_id=RISK.account, region=RISK.region, group="risk")


async def found(
    harness: MutationHarness,
    content: AssetContent,
    group: str = "risk",
    registration: Registration | None = None,
    **changed: Any,
) -> AssetSource:
    """What an input of content comes to."""
    registration = registration or await owned(harness)
    value: dict[str, Any] = {"role": AssetRole.DOCUMENTATION, "name": "readme", **changed}
    async with harness.mutation(Permission.IMPORT, "ann", group) as context:
        return await resolve_content(
            context, registration, PutAsset(registration_id=registration.id, content=content, **value)
        )


async def handed(harness: MutationHarness, registration: Registration, lasts: timedelta = SOON) -> str:
    """The id of an upload of documentation that somebody has been given."""
    now = datetime.now(UTC)
    new = NewUpload(
        role=AssetRole.DOCUMENTATION,
        name="readme",
        content_type="text/markdown",
        s3_uri=PLACE,
        created_by="ann",
        expires_at=now + lasts,
    )
    async with harness.database.writing() as connection:
        upload = await uploads.create(connection, str(key_of(registration.id, "Registration")), new, now, 100)
    assert upload is not None
    return upload.id


def wrong_with(content: AssetContent, role: AssetRole) -> Any:
    """What is wrong with content as it is given."""
    return error_triples(content_errors(PutAsset(registration_id="", role=role, name="readme", content=content)))


async def faults(harness: MutationHarness, content: AssetContent, **changed: Any) -> Any:
    """The faults of an input."""
    with pytest.raises(UserFaultError) as caught:
        await found(harness, content, **changed)
    return error_triples(caught.value.errors)


@pytest.mark.parametrize(
    ("text", "size"),
    [("# Größe\n", 10), ("", 0), ("x" * MAX_TEXT_BYTES, 65_536), ("ö" * (MAX_TEXT_BYTES // 2), 65_536)],
)
async def test_a_text_is_held_as_it_is(asset_harness: MutationHarness, text: str, size: int) -> None:
    """Nobody asks AWS for it; its size is in bytes."""
    plain = "text/plain; charset=utf-8"
    content = await found(asset_harness, AssetContent(text=text))
    assert content == AssetSource(text=text, content_type=plain, size_bytes=size)
    assert "Größe" not in repr(content)
    assert asset_harness.sandbox.calls.count() == 0


@pytest.mark.parametrize(
    ("role", "content_type"), [(AssetRole.TEST_RESULT_COMPARATOR, "text/json"), (AssetRole.OTHER, "text/markdown")]
)
async def test_a_text_has_the_type_that_it_is_given(
    asset_harness: MutationHarness, role: AssetRole, content_type: str
) -> None:
    content = await found(asset_harness, AssetContent(text="{}"), role=role, content_type=content_type)
    assert content == AssetSource(text="{}", content_type=content_type, size_bytes=2)


@pytest.mark.parametrize(
    ("text", "role", "words"),
    [
        ("1,2", AssetRole.TRAINING_DATA, "Jobs read TRAINING_DATA from S3; give it by s3Uri or uploadId."),
        ("1,2", AssetRole.TEST_DATA, "Jobs read TEST_DATA from S3; give it by s3Uri or uploadId."),
        ("a\0b", AssetRole.OTHER, "This holds a NUL; leave it out."),
        (
            "x" * (MAX_TEXT_BYTES + 1),
            AssetRole.OTHER,
            "A text may have 65,536 bytes, not 65,537; give a larger one by s3Uri or uploadId.",
        ),
    ],
)
def test_a_text_that_cannot_be_held(text: str, role: AssetRole, words: str) -> None:
    assert wrong_with(AssetContent(text=text), role) == [("INVALID", TEXT, words)]


def test_all_that_is_wrong_with_it_is_told_before_anything_is_asked() -> None:
    """Of an upload nothing can be told so early, and of an address no more than that it is none."""
    assert len(wrong_with(AssetContent(text="\0" * (MAX_TEXT_BYTES + 1)), AssetRole.TEST_DATA)) == 3
    for text in ("", "ö" * (MAX_TEXT_BYTES // 2)):
        assert wrong_with(AssetContent(text=text), AssetRole.OTHER) == []
    assert wrong_with(AssetContent(upload_id="no id"), AssetRole.OTHER) == []
    assert wrong_with(AssetContent(s3_uri=OBJECT), AssetRole.OTHER) == []
    words = "`` is not an S3 address; write s3:// and a bucket first."
    assert wrong_with(AssetContent(s3_uri=""), AssetRole.OTHER) == [("INVALID", ("content", "s3Uri"), words)]


@pytest.mark.parametrize(
    ("value", "stored", "size"), [(None, "binary/octet-stream", 10), ("text/markdown", "text/markdown", 10)]
)
async def test_an_object_is_known_as_s3_tells_of_it(
    asset_harness: MutationHarness, value: str | None, stored: str, size: int
) -> None:
    content = await found(asset_harness, AssetContent(s3_uri=OBJECT), content_type=value)
    assert content.fingerprint is not None
    assert content.fingerprint.startswith("etag:")
    assert replace(content, fingerprint=None) == AssetSource(s3_uri=OBJECT, content_type=stored, size_bytes=size)
    assert asset_harness.take_aws_calls() == {"HeadObject": 1}


@pytest.mark.parametrize("value", [None, "text/markdown"])
async def test_of_a_prefix_s3_tells_nothing(asset_harness: MutationHarness, value: str | None) -> None:
    prefix = f"s3://{BUCKET}/docs/"
    assert await found(asset_harness, AssetContent(s3_uri=prefix), content_type=value) == AssetSource(
        s3_uri=prefix, content_type=value
    )


@pytest.mark.parametrize(("address", "code"), [("", "INVALID"), (f"s3://{BUCKET}/none", "UNREADABLE")])
async def test_an_address_with_nothing_behind_it(asset_harness: MutationHarness, address: str, code: str) -> None:
    ((told_code, field, _),) = await faults(asset_harness, AssetContent(s3_uri=address))
    assert (told_code, field) == (code, ("content", "s3Uri"))


async def test_a_group_that_is_over_the_owner_looks_with_its_own_role(sandbox: Sandbox, sqlite_url: str) -> None:
    sandbox.objects.make_bucket(BUCKET, RISK.account, RISK.region)
    sandbox.objects.write(OBJECT, b"# Read me\n")
    async with open_harness(
        sandbox, sqlite_url, **credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "mlops"))
    ) as harness:
        await found(harness, AssetContent(s3_uri=OBJECT), "mlops")
        assert harness.take_aws_calls() == {"HeadObject": 1}


@pytest.mark.parametrize(
    ("value", "s3_tells", "stored"),
    [
        ("text/plain", "text/html", "text/plain"),
        (None, "text/html", "text/html"),
        (None, None, "text/markdown"),
    ],
)
async def test_an_upload_that_was_made(
    asset_harness: MutationHarness,
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
    s3_tells: str | None,
    stored: str,
) -> None:
    """It is copied out of its form's reach, and its row stays until the asset is kept."""

    async def look(_: ObjectStorage, s3_uri: str) -> StoredObject:
        return StoredObject(s3_uri, 4, None, s3_tells, etag=asset_harness.sandbox.objects.etag(s3_uri))

    registration = await owned(asset_harness)
    upload_id = await handed(asset_harness, registration)
    asset_harness.sandbox.objects.write(PLACE, b"1,2\n")
    monkeypatch.setattr(ObjectStorage, "head", look)
    content = await found(
        asset_harness, AssetContent(upload_id=upload_id), registration=registration, content_type=value
    )
    key, owner = str(key_of(upload_id, "AssetUpload")), str(key_of(registration.id, "Registration"))
    etag = str(asset_harness.sandbox.objects.etag(PLACE))
    place = f"s3://{BUCKET}/{taken_key(RISK.account, 'risk', owner, key, etag, 'readme')}"
    assert content == AssetSource(
        s3_uri=place, content_type=stored, size_bytes=4, fingerprint=f"etag:{etag}", upload_key=key
    )
    assert asset_harness.sandbox.objects.read(place) == b"1,2\n"
    assert await asset_harness.rows("uploads") == [1]


async def test_an_upload_that_is_not_there(asset_harness: MutationHarness) -> None:
    """Or not yet, or not for the role, or too large: it can be asked again."""
    registration = await owned(asset_harness)
    content = AssetContent(upload_id=await handed(asset_harness, registration))
    words = "The file was not sent yet; post it with the form, then send this mutation again."
    assert await faults(asset_harness, content, registration=registration) == [("NOT_FOUND", UPLOAD, words)]
    asset_harness.sandbox.objects.write(PLACE, b"x" * 1000)
    taken = await found(asset_harness, content, registration=registration)
    assert taken.size_bytes == 1000
    asset_harness.sandbox.objects.write(PLACE, b"x" * 1001)
    words = "An upload may have 1,000 bytes, not 1,001 (`assets.maxUploadBytes`)."
    assert await faults(asset_harness, content, registration=registration) == [("INVALID", UPLOAD, words)]
    asset_harness.sandbox.faults.refuse("HeadObject")
    words = f"AWS refuses {PLACE} to {ROLE}, or the file was not sent yet."
    assert await faults(asset_harness, content, registration=registration) == [("UNREADABLE", UPLOAD, words)]
    assert await asset_harness.rows("uploads") == [1]
    assert asset_harness.sandbox.objects.under(f"s3://{BUCKET}/") == sorted([PLACE, OBJECT, str(taken.s3_uri)])


async def test_the_place_of_an_upload_is_no_address_of_an_asset(asset_harness: MutationHarness) -> None:
    """A form could write it again after it was verified."""
    place = f"s3://{BUCKET}/{upload_key(RISK.account, 'risk', 'r', 'u', 'readme')}"
    asset_harness.sandbox.objects.write(place, b"# Read me")
    registration = await owned(asset_harness)
    for address in (place, place.removesuffix("readme"), f"s3://{BUCKET}/{RISK.account}/risk/uploads"):
        ((code, field, _),) = await faults(asset_harness, AssetContent(s3_uri=address), registration=registration)
        assert (code, field) == ("INVALID", ("content", "s3Uri"))
    assert asset_harness.sandbox.calls.count() == 0


@pytest.mark.parametrize(
    "changed", [{"role": AssetRole.OTHER}, {"name": "other"}, {"lasts": -SOON}, {"theirs": True}, {"id": "no id"}]
)
async def test_an_upload_for_something_else_is_none(asset_harness: MutationHarness, changed: dict[str, Any]) -> None:
    """Nor does it count once it has expired; AWS is not asked."""
    registration = await owned(asset_harness)
    upload_id = await handed(asset_harness, registration, changed.pop("lasts", SOON))
    taken_by = await owned(asset_harness, "fraud") if changed.pop("theirs", False) else registration
    content = AssetContent(upload_id=changed.pop("id", upload_id))
    assert await faults(asset_harness, content, registration=taken_by, **changed) == [("NOT_FOUND", UPLOAD, NO_UPLOAD)]
    other = AssetContent(upload_id=encode_own_id("Asset", str(key_of(upload_id, "AssetUpload"))))
    assert await faults(asset_harness, other, registration=registration) == [("NOT_FOUND", UPLOAD, NO_UPLOAD)]
    assert (asset_harness.sandbox.calls.count(), await asset_harness.rows("uploads")) == (0, [1])
