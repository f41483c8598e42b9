"""resolvers.assets.changes: an asset is kept or forgotten whole, each upload makes one, a refusal nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from auth.errors import ForbiddenError
from auth.permissions import Permission
from registry import tables
from registry.enums import AssetRole, DeploymentState
from registry.ids import encode_own_id, key_of, new_key
from registry.records import Registration
from resolvers.assets.changes import UPLOAD_FORM_SECONDS, create_asset_upload, put_asset, remove_asset
from resolvers.assets.contents import AssetSource, resolve_content
from resolvers.assets.inputs import AssetContent, AssetUploadForm, CreateUpload, PutAsset, RemoveAsset
from resolvers.errors import UserFaultError
from resolvers.mutations.context import MutationContext
from sandbox.server import Sandbox
from tests.deployments import create_model
from tests.gateway_client import RISK
from tests.registry.factories import create_registration
from tests.resolvers.harness import MutationHarness, error_triples, open_harness
from tests.sagemaker_builder import BUCKET
from tests.workflows.deployments.deployment_rows import new_deployment_row, reload
from tests.workflows.deployments.deployment_rows import register as imported
from workflows.deployments.verify import VerifyPhase

DATA, OTHER = AssetRole.TRAINING_DATA, AssetRole.OTHER
TEXT = AssetContent(text="# Read me")
UPLOAD = ("content", "uploadId")


@pytest.fixture
async def asset_harness(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[MutationHarness]:
    """A harness that takes uploads."""
    sandbox.objects.make_bucket(BUCKET, RISK.account, RISK.region)
    async with open_harness(sandbox, sqlite_url, assets={"bucket": BUCKET, "maxUploadBytes": 1000}) as harness:
        yield harness


@pytest.fixture
async def churn(asset_harness: MutationHarness) -> Registration:
    """A registration of risk's."""
    return await create_registration(asset_harness.database, account_id=RISK.account, region=RISK.region, group="risk")


def asset(churn: Registration, content: AssetContent = TEXT, **changed: Any) -> PutAsset:
    """An asset to be kept."""
    value = {"role": OTHER, "name": "readme", **changed}
    return PutAsset(registration_id=churn.id, content=content, **value)


async def done(asset_harness: MutationHarness, change: Any, value: Any, *groups: str) -> Any:
    """What a change of ann's comes to that nothing is wrong with."""
    async with asset_harness.mutation(Permission.IMPORT, "ann", *groups) as context:
        payload = await change(context, value)
    assert payload.user_errors == ()
    return payload


async def faults(asset_harness: MutationHarness, change: Any, value: Any, *groups: str) -> Any:
    """The faults of a change that comes to nothing."""
    async with asset_harness.mutation(Permission.IMPORT, "ann", *groups) as context:
        with pytest.raises(UserFaultError) as caught:
            await change(context, value)
    return error_triples(caught.value.errors)


def wish(churn: Registration, **changed: Any) -> CreateUpload:
    """An upload that is wished for."""
    value = {"role": DATA, "name": "train.csv", "content_type": "text/csv", **changed}
    return CreateUpload(registration_id=churn.id, **value)


async def uploaded(asset_harness: MutationHarness, churn: Registration) -> tuple[AssetUploadForm, PutAsset]:
    """An upload that was made, and the asset that it is for."""
    upload: AssetUploadForm = (await done(asset_harness, create_asset_upload, wish(churn))).upload
    asset_harness.sandbox.objects.write(upload.s3_uri, b"1,2\n")
    return upload, asset(churn, AssetContent(upload_id=upload.upload_id), role=DATA, name="train.csv")


async def test_an_asset_is_kept(asset_harness: MutationHarness, churn: Registration) -> None:
    begun_at = datetime.now(UTC)
    async with asset_harness.mutation(Permission.IMPORT) as context:
        payload = await put_asset(context, asset(churn, content_type="text/markdown"))
    assert payload.registration is not None
    (stored,) = payload.registration.assets
    assert (stored.role, stored.name, stored.content, stored.s3_uri) == (OTHER, "readme", "# Read me", None)
    assert (stored.content_type, stored.size_bytes, stored.added_by) == ("text/markdown", 9, "ann")
    assert begun_at <= stored.added_at <= datetime.now(UTC)
    required = {required_asset.role for required_asset in payload.registration.required_assets}
    assert required == {AssetRole.DOCUMENTATION}
    assert (context.target, context.group) == (f"Registration {churn.id}, asset OTHER readme", "risk")
    assert asset_harness.sandbox.calls.count() == 0


async def test_a_deployment_that_lacked_it_goes_on(asset_harness: MutationHarness) -> None:
    create_model(asset_harness.sandbox)
    key = await imported(asset_harness.database, asset_harness.sandbox)
    deployment = await new_deployment_row(asset_harness.database)
    await VerifyPhase(asset_harness.means).verify(deployment.key, 1)
    assert (await reload(asset_harness.database, deployment.key)).state is DeploymentState.BLOCKED
    asset_harness.started_work.started.clear()
    asset = PutAsset(
        registration_id=encode_own_id("Registration", key), role=AssetRole.DOCUMENTATION, name="readme", content=TEXT
    )
    await done(asset_harness, put_asset, asset)
    assert asset_harness.started_work.started == [(f"deploy/{deployment.key}/2/verify", (deployment.key, 2))]


@pytest.mark.parametrize(
    ("change", "value", "more"),
    [
        (put_asset, PutAsset, {"content": AssetContent(text="theirs")}),
        (remove_asset, RemoveAsset, {}),
        (create_asset_upload, CreateUpload, {"content_type": "text/csv"}),
    ],
)
async def test_whose_it_is_not_changes_nothing(
    asset_harness: MutationHarness, churn: Registration, change: Any, value: Any, more: dict[str, Any]
) -> None:
    """What may not be seen is answered as what is not there."""
    await done(asset_harness, put_asset, asset(churn))
    words = "There is no registration with this id that you may see."
    for registration_id in (churn.id, encode_own_id("Registration", new_key()), "no id"):
        wanted = value(registration_id=registration_id, role=OTHER, name="readme", **more)
        assert await faults(asset_harness, change, wanted, "other") == [("NOT_FOUND", ("registrationId",), words)]
    async with asset_harness.mutation(Permission.IMPORT, "bob", "reader") as context:
        with pytest.raises(ForbiddenError, match="needs the permission IMPORT"):
            await change(context, value(registration_id=churn.id, role=OTHER, name="readme", **more))
    assert (await rows(asset_harness), asset_harness.sandbox.calls.count()) == (([("readme", "# Read me")], []), 0)


async def rows(asset_harness: MutationHarness) -> tuple[list[Any], list[Any]]:
    """The name and the text of each asset, and the name of each upload."""
    async with asset_harness.database.reading() as connection:
        stored = await connection.execute(select(tables.assets.c.name, tables.assets.c.content))
        handed = await connection.execute(select(tables.uploads.c.name))
        return [tuple(row) for row in stored], [row.name for row in handed]


async def test_what_can_be_no_asset_is_none(asset_harness: MutationHarness, churn: Registration) -> None:
    """Its target is told in the audit no longer than a name may be."""
    long = asset(churn, AssetContent(text="\0"), name="n" * 256, content_type="csv")
    async with asset_harness.mutation(Permission.IMPORT) as context:
        with pytest.raises(UserFaultError) as caught:
            await put_asset(context, long)
    assert [error.field for error in caught.value.errors] == [("name",), ("contentType",), ("content", "text")]
    assert context.target == f"Registration {churn.id}, asset OTHER {'n' * 255}"
    assert [
        field for _, field, _ in await faults(asset_harness, create_asset_upload, wish(churn, content_type="csv"))
    ] == [("contentType",)]
    assert (await rows(asset_harness), asset_harness.sandbox.calls.count()) == (([], []), 0)


async def test_it_is_forgotten_and_what_it_stood_for_is_left(
    asset_harness: MutationHarness, churn: Registration
) -> None:
    upload, value = await uploaded(asset_harness, churn)
    await done(asset_harness, put_asset, value)
    await done(asset_harness, put_asset, asset(churn))
    asset_harness.take_aws_calls()
    forgotten = RemoveAsset(registration_id=churn.id, role=DATA, name="train.csv")
    payload = await done(asset_harness, remove_asset, forgotten, "mlops")
    assert [item.name for item in payload.registration.assets] == ["readme"]
    words = "The registration has no asset TRAINING_DATA of this name."
    assert await faults(asset_harness, remove_asset, forgotten) == [("NOT_FOUND", ("name",), words)]
    assert await rows(asset_harness) == ([("readme", "# Read me")], [])
    assert (asset_harness.take_aws_calls(), asset_harness.sandbox.objects.read(upload.s3_uri)) == ({}, b"1,2\n")


async def test_a_form_is_handed_out(asset_harness: MutationHarness, churn: Registration) -> None:
    """By whoever may change what is the group's, as its role; an upload counts for an hour longer than its form."""
    before = datetime.now(UTC)
    async with asset_harness.mutation(Permission.IMPORT, "eve", "mlops") as context:
        upload = (await create_asset_upload(context, wish(churn))).upload
    assert upload is not None
    key, owner = key_of(upload.upload_id, "AssetUpload"), key_of(churn.id, "Registration")
    assert upload.s3_uri == f"s3://{BUCKET}/{RISK.account}/risk/uploads/{owner}/{key}/train.csv"
    assert upload.url.rstrip("/").endswith(BUCKET)
    assert {field.name: field.value for field in upload.fields}["Content-Type"] == "text/csv"
    assert upload.max_size_bytes == 1000
    lasts = timedelta(seconds=UPLOAD_FORM_SECONDS)
    assert lasts - timedelta(seconds=1) <= upload.expires_at - before <= lasts + (datetime.now(UTC) - before)
    async with asset_harness.database.reading() as connection:
        (row,) = await connection.execute(select(tables.uploads))
    assert (row.key, row.registration_key, row.role, row.name) == (key, owner, "TRAINING_DATA", "train.csv")
    assert (row.content_type, row.s3_uri, row.created_by) == ("text/csv", upload.s3_uri, "eve")
    assert row.expires_at == upload.expires_at + timedelta(hours=1)
    assert (context.group, context.role_arn, asset_harness.take_aws_calls()) == ("risk", RISK.role_arn, {})


async def test_outstanding_uploads_of_a_registration_are_bounded(
    asset_harness: MutationHarness, churn: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is put as an asset makes room for another, and so does another registration's own room."""
    monkeypatch.setattr("resolvers.assets.changes.MAX_OUTSTANDING_UPLOADS", 1)
    upload = (await done(asset_harness, create_asset_upload, wish(churn))).upload
    ((code, field, _),) = await faults(asset_harness, create_asset_upload, wish(churn))
    assert (code, field) == ("QUOTA_EXCEEDED", ("registrationId",))
    assert await asset_harness.rows("uploads") == [1]
    other = await create_registration(
        asset_harness.database, "other", account_id=RISK.account, region=RISK.region, group="risk"
    )
    await done(asset_harness, create_asset_upload, wish(other))
    asset_harness.sandbox.objects.write(upload.s3_uri, b"1,2\n")
    content = AssetContent(upload_id=upload.upload_id)
    await done(asset_harness, put_asset, asset(churn, content, role=DATA, name="train.csv"))
    await done(asset_harness, create_asset_upload, wish(churn))
    assert await asset_harness.rows("uploads") == [2]


async def test_without_a_bucket_there_are_no_forms(harness: MutationHarness) -> None:
    churn = await create_registration(harness.database, account_id=RISK.account, region=RISK.region, group="risk")
    words = "Uploads are off (`assets.bucket`); give the asset's S3 address or its text instead."
    assert await faults(harness, create_asset_upload, wish(churn)) == [("DISABLED", None, words)]
    # Beside what is wrong with the input.
    both = await faults(harness, create_asset_upload, wish(churn, content_type="csv"))
    assert [(code, field) for code, field, _ in both] == [("INVALID", ("contentType",)), ("DISABLED", None)]
    assert (await rows(harness), harness.sandbox.calls.count()) == (([], []), 0)


async def test_an_upload_becomes_an_asset_once(asset_harness: MutationHarness, churn: Registration) -> None:
    """A call whose answer was lost can be repeated, and asks nobody; what was forgotten since is not kept again."""
    upload, asset = await uploaded(asset_harness, churn)
    first = await done(asset_harness, put_asset, asset)
    (stored,) = first.registration.assets
    assert (stored.role, stored.size_bytes, stored.content) == (DATA, 4, None)
    assert stored.s3_uri.startswith(f"s3://{BUCKET}/{RISK.account}/risk/taken/")
    assert asset_harness.sandbox.objects.under(f"s3://{BUCKET}/") == sorted([upload.s3_uri, stored.s3_uri])
    calls = {"HeadObject": 1, "CopyObject": 1}
    assert (asset_harness.take_aws_calls(), await rows(asset_harness)) == (calls, ([("train.csv", None)], []))
    assert (await done(asset_harness, put_asset, asset), asset_harness.take_aws_calls()) == (first, {})
    await done(asset_harness, remove_asset, RemoveAsset(registration_id=churn.id, role=DATA, name="train.csv"))
    assert [fault[:2] for fault in await faults(asset_harness, put_asset, asset)] == [("NOT_FOUND", UPLOAD)]
    assert (asset_harness.take_aws_calls(), await rows(asset_harness)) == ({}, ([], []))


async def test_what_comes_by_no_upload_takes_the_place_of_what_was_there(
    asset_harness: MutationHarness, churn: Registration
) -> None:
    """Wherever that is: a folder of this name is nobody's upload."""
    address = f"s3://{BUCKET}/None/readme.md"
    asset_harness.sandbox.objects.write(address, b"old")
    await done(asset_harness, put_asset, asset(churn, AssetContent(s3_uri=address)))
    await done(asset_harness, put_asset, asset(churn))
    assert await rows(asset_harness) == ([("readme", "# Read me")], [])


@pytest.mark.parametrize("changed", [{"role": OTHER}, {"name": "test.csv"}, {"content": True}])
async def test_an_upload_that_was_taken_is_none_for_another_asset(
    asset_harness: MutationHarness, churn: Registration, changed: dict[str, Any]
) -> None:
    _, asset = await uploaded(asset_harness, churn)
    await done(asset_harness, put_asset, asset)
    if changed.pop("content", False):
        changed["content"] = AssetContent(upload_id=encode_own_id("AssetUpload", new_key()))
    assert [fault[:2] for fault in await faults(asset_harness, put_asset, replace(asset, **changed))] == [
        ("NOT_FOUND", UPLOAD)
    ]
    assert await rows(asset_harness) == ([("train.csv", None)], [])


@pytest.mark.parametrize("seen", [False, True], ids=["before it was found", "before it was taken"])
@pytest.mark.parametrize("left", [True, False], ids=["and kept", "and forgotten again"])
async def test_another_call_takes_the_upload_meanwhile(
    asset_harness: MutationHarness, churn: Registration, monkeypatch: pytest.MonkeyPatch, *, seen: bool, left: bool
) -> None:
    """Where the other was the same call, both are answered alike; otherwise there is no such upload any more."""
    _, asset = await uploaded(asset_harness, churn)

    async def other() -> None:
        monkeypatch.setattr("resolvers.assets.changes.resolve_content", resolve_content)
        await done(asset_harness, put_asset, asset)
        if not left:
            await done(asset_harness, remove_asset, RemoveAsset(registration_id=churn.id, role=DATA, name="train.csv"))

    async def overtaken(context: MutationContext, registration: Registration, wanted: PutAsset) -> AssetSource:
        if not seen:
            await other()
        content = await resolve_content(context, registration, wanted)
        await other()
        return content

    monkeypatch.setattr("resolvers.assets.changes.resolve_content", overtaken)
    if left:
        payload = await done(asset_harness, put_asset, asset)
        assert [item.name for item in payload.registration.assets] == ["train.csv"]
    else:
        assert [fault[:2] for fault in await faults(asset_harness, put_asset, asset)] == [("NOT_FOUND", UPLOAD)]
    assert await rows(asset_harness) == ([("train.csv", None)] if left else [], [])


async def test_one_too_many_is_not_kept_and_its_upload_not_taken(
    asset_harness: MutationHarness, churn: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.assets.changes.MAX_ASSETS", 2)
    for name in ("a", "b"):
        await done(asset_harness, put_asset, asset(churn, name=name))
    _, value = await uploaded(asset_harness, churn)
    words = "The registration has 2 assets, the most allowed; remove one first."
    assert await faults(asset_harness, put_asset, value) == [("QUOTA_EXCEEDED", None, words)]
    assert await rows(asset_harness) == ([("a", "# Read me"), ("b", "# Read me")], ["train.csv"])
    await done(asset_harness, put_asset, asset(churn, AssetContent(text="another"), name="b"))
    assert await rows(asset_harness) == ([("a", "# Read me"), ("b", "another")], ["train.csv"])
