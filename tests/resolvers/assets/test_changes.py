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
async def shelf(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[MutationHarness]:
    """A desk that takes uploads."""
    sandbox.objects.make_bucket(BUCKET, RISK.account, RISK.region)
    async with open_harness(sandbox, sqlite_url, assets={"bucket": BUCKET, "maxUploadBytes": 1000}) as desk:
        yield desk


@pytest.fixture
async def churn(shelf: MutationHarness) -> Registration:
    """A registration of risk's."""
    return await create_registration(shelf.database, account_id=RISK.account, region=RISK.region, group="risk")


def asset(churn: Registration, content: AssetContent = TEXT, **changed: Any) -> PutAsset:
    """An asset to be kept."""
    given = {"role": OTHER, "name": "readme", **changed}
    return PutAsset(registration_id=churn.id, content=content, **given)


async def done(shelf: MutationHarness, change: Any, given: Any, *groups: str) -> Any:
    """What a change of ann's comes to that nothing is wrong with."""
    async with shelf.mutation(Permission.IMPORT, "ann", *groups) as act:
        payload = await change(act, given)
    assert payload.user_errors == ()
    return payload


async def faults(shelf: MutationHarness, change: Any, given: Any, *groups: str) -> Any:
    """The faults of a change that comes to nothing."""
    async with shelf.mutation(Permission.IMPORT, "ann", *groups) as act:
        with pytest.raises(UserFaultError) as caught:
            await change(act, given)
    return error_triples(caught.value.errors)


def wish(churn: Registration, **changed: Any) -> CreateUpload:
    """An upload that is wished for."""
    given = {"role": DATA, "name": "train.csv", "content_type": "text/csv", **changed}
    return CreateUpload(registration_id=churn.id, **given)


async def uploaded(shelf: MutationHarness, churn: Registration) -> tuple[AssetUploadForm, PutAsset]:
    """An upload that was made, and the asset that it is for."""
    upload: AssetUploadForm = (await done(shelf, create_asset_upload, wish(churn))).upload
    shelf.sandbox.objects.write(upload.s3_uri, b"1,2\n")
    return upload, asset(churn, AssetContent(upload_id=upload.upload_id), role=DATA, name="train.csv")


async def test_an_asset_is_kept(shelf: MutationHarness, churn: Registration) -> None:
    begun_at = datetime.now(UTC)
    async with shelf.mutation(Permission.IMPORT) as act:
        payload = await put_asset(act, asset(churn, content_type="text/markdown"))
    assert payload.registration is not None
    (kept,) = payload.registration.assets
    assert (kept.role, kept.name, kept.content, kept.s3_uri) == (OTHER, "readme", "# Read me", None)
    assert (kept.content_type, kept.size_bytes, kept.added_by) == ("text/markdown", 9, "ann")
    assert begun_at <= kept.added_at <= datetime.now(UTC)
    required = {each.role for each in payload.registration.required_assets}
    assert required == {AssetRole.DOCUMENTATION}
    assert (act.target, act.group) == (f"Registration {churn.id}, asset OTHER readme", "risk")
    assert shelf.sandbox.calls.count() == 0


async def test_a_deployment_that_lacked_it_goes_on(shelf: MutationHarness) -> None:
    create_model(shelf.sandbox)
    key = await imported(shelf.database, shelf.sandbox)
    course = await new_deployment_row(shelf.database)
    await VerifyPhase(shelf.means).verify(course.key, 1)
    assert (await reload(shelf.database, course.key)).state is DeploymentState.BLOCKED
    shelf.started_work.started.clear()
    given = PutAsset(
        registration_id=encode_own_id("Registration", key), role=AssetRole.DOCUMENTATION, name="readme", content=TEXT
    )
    await done(shelf, put_asset, given)
    assert shelf.started_work.started == [(f"deploy/{course.key}/2/verify", (course.key, 2))]


@pytest.mark.parametrize(
    ("change", "given", "more"),
    [
        (put_asset, PutAsset, {"content": AssetContent(text="theirs")}),
        (remove_asset, RemoveAsset, {}),
        (create_asset_upload, CreateUpload, {"content_type": "text/csv"}),
    ],
)
async def test_whose_it_is_not_changes_nothing(
    shelf: MutationHarness, churn: Registration, change: Any, given: Any, more: dict[str, Any]
) -> None:
    """What may not be seen is answered as what is not there."""
    await done(shelf, put_asset, asset(churn))
    words = "There is no registration with this id among those that you may see."
    for registration_id in (churn.id, encode_own_id("Registration", new_key()), "no id"):
        wanted = given(registration_id=registration_id, role=OTHER, name="readme", **more)
        assert await faults(shelf, change, wanted, "other") == [("NOT_FOUND", ("registrationId",), words)]
    async with shelf.mutation(Permission.IMPORT, "bob", "reader") as act:
        with pytest.raises(ForbiddenError, match="takes the permission IMPORT"):
            await change(act, given(registration_id=churn.id, role=OTHER, name="readme", **more))
    assert (await rows(shelf), shelf.sandbox.calls.count()) == (([("readme", "# Read me")], []), 0)


async def rows(shelf: MutationHarness) -> tuple[list[Any], list[Any]]:
    """The name and the text of each asset, and the name of each upload."""
    async with shelf.database.reading() as connection:
        kept = await connection.execute(select(tables.assets.c.name, tables.assets.c.content))
        handed = await connection.execute(select(tables.uploads.c.name))
        return [tuple(row) for row in kept], [row.name for row in handed]


async def test_what_can_be_no_asset_is_none(shelf: MutationHarness, churn: Registration) -> None:
    """Its target is told in the audit no longer than a name may be."""
    long = asset(churn, AssetContent(text="\0"), name="n" * 256, content_type="csv")
    async with shelf.mutation(Permission.IMPORT) as act:
        with pytest.raises(UserFaultError) as caught:
            await put_asset(act, long)
    assert [error.field for error in caught.value.errors] == [("name",), ("contentType",), ("content", "text")]
    assert act.target == f"Registration {churn.id}, asset OTHER {'n' * 255}"
    assert [field for _, field, _ in await faults(shelf, create_asset_upload, wish(churn, content_type="csv"))] == [
        ("contentType",)
    ]
    assert (await rows(shelf), shelf.sandbox.calls.count()) == (([], []), 0)


async def test_it_is_forgotten_and_what_it_stood_for_is_left(shelf: MutationHarness, churn: Registration) -> None:
    upload, given = await uploaded(shelf, churn)
    await done(shelf, put_asset, given)
    await done(shelf, put_asset, asset(churn))
    shelf.take_aws_calls()
    forgotten = RemoveAsset(registration_id=churn.id, role=DATA, name="train.csv")
    payload = await done(shelf, remove_asset, forgotten, "mlops")
    assert [each.name for each in payload.registration.assets] == ["readme"]
    words = "The registration has no asset TRAINING_DATA of this name."
    assert await faults(shelf, remove_asset, forgotten) == [("NOT_FOUND", ("name",), words)]
    assert await rows(shelf) == ([("readme", "# Read me")], [])
    assert (shelf.take_aws_calls(), shelf.sandbox.objects.read(upload.s3_uri)) == ({}, b"1,2\n")


async def test_a_form_is_handed_out(shelf: MutationHarness, churn: Registration) -> None:
    """By whoever may change what is the group's, as its role; an upload counts for an hour longer than its form."""
    before = datetime.now(UTC)
    async with shelf.mutation(Permission.IMPORT, "eve", "mlops") as act:
        upload = (await create_asset_upload(act, wish(churn))).upload
    assert upload is not None
    key, owner = key_of(upload.upload_id, "AssetUpload"), key_of(churn.id, "Registration")
    assert upload.s3_uri == f"s3://{BUCKET}/{RISK.account}/risk/uploads/{owner}/{key}/train.csv"
    assert upload.url.rstrip("/").endswith(BUCKET)
    assert {field.name: field.value for field in upload.fields}["Content-Type"] == "text/csv"
    assert upload.max_size_bytes == 1000
    lasts = timedelta(seconds=UPLOAD_FORM_SECONDS)
    assert lasts - timedelta(seconds=1) <= upload.expires_at - before <= lasts + (datetime.now(UTC) - before)
    async with shelf.database.reading() as connection:
        (row,) = await connection.execute(select(tables.uploads))
    assert (row.key, row.registration_key, row.role, row.name) == (key, owner, "TRAINING_DATA", "train.csv")
    assert (row.content_type, row.s3_uri, row.created_by) == ("text/csv", upload.s3_uri, "eve")
    assert row.expires_at == upload.expires_at + timedelta(hours=1)
    assert (act.group, act.role_arn, shelf.take_aws_calls()) == ("risk", RISK.role_arn, {})


async def test_outstanding_uploads_of_a_registration_are_bounded(
    shelf: MutationHarness, churn: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is put as an asset makes room for another, and so does another registration's own room."""
    monkeypatch.setattr("resolvers.assets.changes.MAX_OUTSTANDING_UPLOADS", 1)
    upload = (await done(shelf, create_asset_upload, wish(churn))).upload
    ((code, field, _),) = await faults(shelf, create_asset_upload, wish(churn))
    assert (code, field) == ("QUOTA_EXCEEDED", ("registrationId",))
    assert await shelf.rows("uploads") == [1]
    other = await create_registration(
        shelf.database, "other", account_id=RISK.account, region=RISK.region, group="risk"
    )
    await done(shelf, create_asset_upload, wish(other))
    shelf.sandbox.objects.write(upload.s3_uri, b"1,2\n")
    content = AssetContent(upload_id=upload.upload_id)
    await done(shelf, put_asset, asset(churn, content, role=DATA, name="train.csv"))
    await done(shelf, create_asset_upload, wish(churn))
    assert await shelf.rows("uploads") == [2]


async def test_without_a_bucket_there_are_no_forms(desk: MutationHarness) -> None:
    churn = await create_registration(desk.database, account_id=RISK.account, region=RISK.region, group="risk")
    words = "This gateway has no bucket for uploads (`assets.bucket`)."
    assert await faults(desk, create_asset_upload, wish(churn)) == [("DISABLED", None, words)]
    # Beside what is wrong with the input.
    both = await faults(desk, create_asset_upload, wish(churn, content_type="csv"))
    assert [(code, field) for code, field, _ in both] == [("INVALID", ("contentType",)), ("DISABLED", None)]
    assert (await rows(desk), desk.sandbox.calls.count()) == (([], []), 0)


async def test_an_upload_becomes_an_asset_once(shelf: MutationHarness, churn: Registration) -> None:
    """A call whose answer was lost can be repeated, and asks nobody; what was forgotten since is not kept again."""
    upload, given = await uploaded(shelf, churn)
    first = await done(shelf, put_asset, given)
    (kept,) = first.registration.assets
    assert (kept.role, kept.size_bytes, kept.content) == (DATA, 4, None)
    assert kept.s3_uri.startswith(f"s3://{BUCKET}/{RISK.account}/risk/taken/")
    assert shelf.sandbox.objects.under(f"s3://{BUCKET}/") == sorted([upload.s3_uri, kept.s3_uri])
    calls = {"HeadObject": 1, "CopyObject": 1}
    assert (shelf.take_aws_calls(), await rows(shelf)) == (calls, ([("train.csv", None)], []))
    assert (await done(shelf, put_asset, given), shelf.take_aws_calls()) == (first, {})
    await done(shelf, remove_asset, RemoveAsset(registration_id=churn.id, role=DATA, name="train.csv"))
    assert [fault[:2] for fault in await faults(shelf, put_asset, given)] == [("NOT_FOUND", UPLOAD)]
    assert (shelf.take_aws_calls(), await rows(shelf)) == ({}, ([], []))


async def test_what_comes_by_no_upload_takes_the_place_of_what_was_there(
    shelf: MutationHarness, churn: Registration
) -> None:
    """Wherever that is: a folder of this name is nobody's upload."""
    address = f"s3://{BUCKET}/None/readme.md"
    shelf.sandbox.objects.write(address, b"old")
    await done(shelf, put_asset, asset(churn, AssetContent(s3_uri=address)))
    await done(shelf, put_asset, asset(churn))
    assert await rows(shelf) == ([("readme", "# Read me")], [])


@pytest.mark.parametrize("changed", [{"role": OTHER}, {"name": "test.csv"}, {"content": True}])
async def test_an_upload_that_was_taken_is_none_for_another_asset(
    shelf: MutationHarness, churn: Registration, changed: dict[str, Any]
) -> None:
    _, given = await uploaded(shelf, churn)
    await done(shelf, put_asset, given)
    if changed.pop("content", False):
        changed["content"] = AssetContent(upload_id=encode_own_id("AssetUpload", new_key()))
    assert [fault[:2] for fault in await faults(shelf, put_asset, replace(given, **changed))] == [("NOT_FOUND", UPLOAD)]
    assert await rows(shelf) == ([("train.csv", None)], [])


@pytest.mark.parametrize("seen", [False, True], ids=["before it was found", "before it was taken"])
@pytest.mark.parametrize("left", [True, False], ids=["and kept", "and forgotten again"])
async def test_another_call_takes_the_upload_meanwhile(
    shelf: MutationHarness, churn: Registration, monkeypatch: pytest.MonkeyPatch, *, seen: bool, left: bool
) -> None:
    """Where the other was the same call, both are answered alike; otherwise there is no such upload any more."""
    _, given = await uploaded(shelf, churn)

    async def other() -> None:
        monkeypatch.setattr("resolvers.assets.changes.resolve_content", resolve_content)
        await done(shelf, put_asset, given)
        if not left:
            await done(shelf, remove_asset, RemoveAsset(registration_id=churn.id, role=DATA, name="train.csv"))

    async def overtaken(act: MutationContext, registration: Registration, wanted: PutAsset) -> AssetSource:
        if not seen:
            await other()
        content = await resolve_content(act, registration, wanted)
        await other()
        return content

    monkeypatch.setattr("resolvers.assets.changes.resolve_content", overtaken)
    if left:
        payload = await done(shelf, put_asset, given)
        assert [each.name for each in payload.registration.assets] == ["train.csv"]
    else:
        assert [fault[:2] for fault in await faults(shelf, put_asset, given)] == [("NOT_FOUND", UPLOAD)]
    assert await rows(shelf) == ([("train.csv", None)] if left else [], [])


async def test_one_too_many_is_not_kept_and_its_upload_not_taken(
    shelf: MutationHarness, churn: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.assets.changes.MAX_ASSETS", 2)
    for name in ("a", "b"):
        await done(shelf, put_asset, asset(churn, name=name))
    _, given = await uploaded(shelf, churn)
    words = "A registration has 2 assets at most; remove one of the others."
    assert await faults(shelf, put_asset, given) == [("QUOTA_EXCEEDED", None, words)]
    assert await rows(shelf) == ([("a", "# Read me"), ("b", "# Read me")], ["train.csv"])
    await done(shelf, put_asset, asset(churn, AssetContent(text="another"), name="b"))
    assert await rows(shelf) == ([("a", "# Read me"), ("b", "another")], ["train.csv"])
