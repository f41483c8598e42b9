"""Uploads of assets, with real forms posted to the sandbox's S3: taken once, for one asset, within their limits."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from registry import registrations
from registry.enums import AuditOutcome
from registry.ids import key_of
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.live.asset_bench import BUCKET, SHOWN, AssetBench, asset_bench_on, assets_of, faults_of

UPLOAD = ["content", "uploadId"]
ROWS = b"1,2\n3,4\n"


@pytest.fixture
async def shelf(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[AssetBench]:
    async with asset_bench_on(open_gateway, sandbox) as opened:
        yield opened


async def post(upload: Any, content: bytes = ROWS, changed: Mapping[str, str] | None = None) -> int:
    """The status with which S3 answers the form, as a browser would post it."""
    fields = {field["name"]: field["value"] for field in upload["fields"]} | dict(changed or {})
    async with httpx.AsyncClient() as http:
        answer = await http.post(upload["url"], data=fields, files={"file": ("train.csv", content)})
    return answer.status_code


async def test_a_file_goes_straight_to_the_bucket_and_becomes_an_asset(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    assert shelf.bench.asked() == {}
    key, registration_key = key_of(upload["uploadId"], "AssetUpload"), key_of(shelf.registration_id, "Registration")
    assert upload["s3Uri"] == f"s3://{BUCKET}/{RISK.account}/risk/uploads/{registration_key}/{key}/train.csv"
    assert upload["maxSizeBytes"] == 1000
    lasts = datetime.fromisoformat(upload["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < lasts <= timedelta(minutes=15)
    assert await post(upload) == 204
    assert shelf.bench.sandbox.objects.read(upload["s3Uri"]) == ROWS
    shelf.bench.asked()
    (asset,) = assets_of(await shelf.taken(upload["uploadId"]))
    taken = asset.pop("s3Uri")
    assert taken.startswith(f"s3://{BUCKET}/{RISK.account}/risk/taken/{registration_key}/{key}/")
    assert shelf.bench.sandbox.objects.read(taken) == ROWS
    assert asset == {
        "role": "TRAINING_DATA",
        "name": "train.csv",
        "content": None,
        "contentType": "text/csv",
        "sizeBytes": len(ROWS),
        "addedBy": "ann",
    }
    assert shelf.bench.asked() == {"HeadObject": 1, "CopyObject": 1}
    events = await shelf.bench.events()
    assert [(event.action, event.outcome) for event in events] == [
        ("createAssetUpload", AuditOutcome.SUCCEEDED),
        ("putAsset", AuditOutcome.SUCCEEDED),
    ]
    secrets = {field["value"] for field in upload["fields"] if field["name"] in {"policy", "x-amz-signature"}}
    assert len(secrets) == 2
    assert not any(secret in repr(events) for secret in secrets)


async def test_it_is_signed_as_the_caller_with_the_group_s_role(shelf: AssetBench) -> None:
    upload = (await shelf.upload(user="bob"))["upload"]
    shelf.bench.asked()
    await post(upload)
    (call,) = [call for call in shelf.bench.sandbox.calls.recent() if call.service == "s3"]
    assert call.principal == f"arn:aws:sts::{RISK.account}:assumed-role/risk/bob"


@pytest.mark.parametrize(
    "changed", [{"Content-Type": "text/html"}, {"key": "elsewhere"}, {"x-amz-signature": "0" * 64}], ids=str
)
async def test_a_form_is_good_for_nothing_else(shelf: AssetBench, changed: dict[str, str]) -> None:
    upload = (await shelf.upload())["upload"]
    assert await post(upload, changed=changed) == 403
    assert shelf.bench.sandbox.objects.read(upload["s3Uri"]) is None
    assert faults_of(await shelf.taken(upload["uploadId"])) == [("NOT_FOUND", UPLOAD)]


async def test_a_file_has_its_largest_size(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    assert await post(upload, b"x" * 1001) == 400
    assert await post(upload, b"x" * 1000) == 204
    (asset,) = assets_of(await shelf.taken(upload["uploadId"]))
    assert asset["sizeBytes"] == 1000


async def test_what_is_larger_all_the_same_is_not_kept(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    shelf.bench.sandbox.objects.write(upload["s3Uri"], b"x" * 1001)
    payload = await shelf.taken(upload["uploadId"])
    assert faults_of(payload) == [("INVALID", UPLOAD)]
    assert "1,000" in payload["userErrors"][0]["message"]


async def test_before_the_file_is_there_it_can_be_asked_again(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    payload = await shelf.taken(upload["uploadId"])
    assert faults_of(payload) == [("NOT_FOUND", UPLOAD)]
    assert payload["userErrors"][0]["message"].startswith("Nothing has been uploaded yet")
    await post(upload)
    assert len(assets_of(await shelf.taken(upload["uploadId"]))) == 1


async def test_a_repeated_call_finds_what_it_has_done(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    await post(upload)
    first = await shelf.taken(upload["uploadId"])
    shelf.bench.asked()
    assert await shelf.taken(upload["uploadId"]) == first
    assert shelf.bench.asked() == {}


async def test_an_upload_is_taken_once(shelf: AssetBench) -> None:
    """Whatever has become of the asset since."""
    upload = (await shelf.upload())["upload"]
    await post(upload)
    await shelf.taken(upload["uploadId"])
    await shelf.remove("TRAINING_DATA", "train.csv")
    assert faults_of(await shelf.taken(upload["uploadId"])) == [("NOT_FOUND", UPLOAD)]


async def test_several_at_once_keep_one_and_all_are_told_of_it(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    await post(upload)
    payloads = await asyncio.gather(*(shelf.taken(upload["uploadId"]) for _ in range(5)))
    assert [payload["userErrors"] for payload in payloads] == [[]] * 5
    assert len(assets_of(payloads[0])) == 1
    assert all(payload == payloads[0] for payload in payloads)


@pytest.mark.parametrize(
    ("asset_role", "name"), [("TEST_DATA", "train.csv"), ("TRAINING_DATA", "test.csv"), ("OTHER", "train.csv")]
)
async def test_an_upload_is_for_one_asset(shelf: AssetBench, asset_role: str, name: str) -> None:
    upload = (await shelf.upload())["upload"]
    await post(upload)
    shelf.bench.asked()
    assert faults_of(await shelf.put({"uploadId": upload["uploadId"]}, asset_role, name)) == [("NOT_FOUND", UPLOAD)]
    assert shelf.bench.asked() == {}
    assert len(assets_of(await shelf.taken(upload["uploadId"]))) == 1


@pytest.mark.parametrize("upload_id", ["", "nonsense", "QXNzZXRVcGxvYWQ6MDA"])
async def test_an_upload_that_never_was(shelf: AssetBench, upload_id: str) -> None:
    assert faults_of(await shelf.taken(upload_id)) == [("NOT_FOUND", UPLOAD)]
    assert shelf.bench.asked() == {}


async def test_the_role_may_not_read_what_was_uploaded(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    await post(upload)
    shelf.bench.sandbox.faults.refuse("HeadObject")
    assert faults_of(await shelf.taken(upload["uploadId"])) == [("UNREADABLE", UPLOAD)]


async def test_a_form_used_again_leaves_what_was_taken(shelf: AssetBench) -> None:
    """Nor does the call that took it take the other content when it is repeated."""
    upload = (await shelf.upload())["upload"]
    await post(upload)
    (asset,) = assets_of(await shelf.taken(upload["uploadId"]))
    assert await post(upload, b"9,9\n") == 204
    assert assets_of(await shelf.taken(upload["uploadId"])) == [asset]
    assert shelf.bench.sandbox.objects.read(asset["s3Uri"]) == ROWS
    assert taken_objects(shelf) == [asset["s3Uri"]]


async def test_what_is_overwritten_while_it_is_taken_is_not_kept(shelf: AssetBench) -> None:
    """Its size and type were looked at, and were those of other content."""
    upload = (await shelf.upload())["upload"]
    await post(upload)
    hold = shelf.bench.sandbox.faults.block("CopyObject", times=1)
    taking = asyncio.create_task(shelf.taken(upload["uploadId"]))
    assert await asyncio.to_thread(hold.wait_for_requests)
    assert await post(upload, b"9,9\n") == 204
    hold.release()
    assert faults_of(await taking) == [("CONFLICT", UPLOAD)]
    assert taken_objects(shelf) == []
    (asset,) = assets_of(await shelf.taken(upload["uploadId"]))
    assert shelf.bench.sandbox.objects.read(asset["s3Uri"]) == b"9,9\n"


async def test_of_two_contents_that_are_taken_at_once_one_is_kept_as_it_was(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    await post(upload)
    hold = shelf.bench.sandbox.faults.block("CopyObject", times=1)
    first = asyncio.create_task(shelf.taken(upload["uploadId"]))
    assert await asyncio.to_thread(hold.wait_for_requests)
    assert await post(upload, b"9,9\n") == 204
    (second,) = assets_of(await shelf.taken(upload["uploadId"]))
    hold.release()
    assert assets_of(await first) == [second]
    assert shelf.bench.sandbox.objects.read(second["s3Uri"]) == b"9,9\n"
    assert taken_objects(shelf) == [second["s3Uri"]]


@pytest.mark.parametrize("trouble", ["refuse", "lose", "fail", "drop"])
async def test_a_copy_that_is_refused_or_not_answered_keeps_nothing(shelf: AssetBench, trouble: str) -> None:
    """The same call keeps it afterwards, whatever came of the first copy."""
    upload = (await shelf.upload())["upload"]
    await post(upload)
    # Not once: an HTTP client repeats a PUT over a connection that turns out to be closed.
    getattr(shelf.bench.sandbox.faults, trouble)("CopyObject")
    given = {
        "registrationId": shelf.registration_id,
        "role": "TRAINING_DATA",
        "name": "train.csv",
        "content": {"uploadId": upload["uploadId"]},
    }
    answer = await shelf.bench.ask("putAsset", given, SHOWN)
    code = "FORBIDDEN" if trouble == "refuse" else "UPSTREAM_UNAVAILABLE"
    assert [error["extensions"]["code"] for error in answer.errors] == [code]
    assert answer.errors[0]["extensions"]["awsOperation"] == "CopyObject"
    assert answer.body["data"] == {"putAsset": None}
    assert await kept(shelf) == []
    assert len(taken_objects(shelf)) == (1 if trouble == "lose" else 0)
    shelf.bench.sandbox.faults.clear()
    (asset,) = assets_of(await shelf.taken(upload["uploadId"]))
    assert taken_objects(shelf) == [asset["s3Uri"]]
    assert await kept(shelf) == [asset["s3Uri"]]
    outcomes = [event.outcome.value for event in await shelf.bench.events() if event.action == "putAsset"]
    assert outcomes == ["REFUSED" if trouble == "refuse" else "FAILED", "SUCCEEDED"]


async def test_the_place_that_a_form_writes_is_no_address_of_an_asset(shelf: AssetBench) -> None:
    upload = (await shelf.upload())["upload"]
    await post(upload)
    shelf.bench.asked()
    assert faults_of(await shelf.put({"s3Uri": upload["s3Uri"]})) == [("INVALID", ["content", "s3Uri"])]
    assert shelf.bench.asked() == {}
    assert await kept(shelf) == []


def taken_objects(shelf: AssetBench) -> list[str]:
    """What lies where taken uploads lie."""
    return shelf.bench.sandbox.objects.under(f"s3://{BUCKET}/{RISK.account}/risk/taken/")


async def kept(shelf: AssetBench) -> list[str | None]:
    """The addresses of the registration's assets."""
    async with shelf.bench.database.reading() as connection:
        registration = await registrations.by_key(connection, str(key_of(shelf.registration_id, "Registration")), ())
    assert registration is not None
    return [asset.s3_uri for asset in registration.assets]


async def test_without_a_bucket_there_are_no_uploads(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with asset_bench_on(open_gateway, sandbox, assets={}) as shelf:
        payload = await shelf.upload()
        assert faults_of(payload) == [("DISABLED", None)]
        assert "assets.bucket" in payload["userErrors"][0]["message"]
        assert faults_of(await shelf.upload("")) == [("INVALID", ["name"]), ("DISABLED", None)]
        assert shelf.bench.asked() == {}


@pytest.mark.parametrize(
    ("name", "content_type", "faults"),
    [
        ("a\nb", "text/csv", [("INVALID", ["name"])]),
        ("a", "csv", [("INVALID", ["contentType"])]),
        ("", "", [("INVALID", ["name"]), ("INVALID", ["contentType"])]),
    ],
)
async def test_what_is_no_asset_gets_no_form(shelf: AssetBench, name: str, content_type: str, faults: Any) -> None:
    assert faults_of(await shelf.upload(name, content_type)) == faults
    assert shelf.bench.sandbox.calls.count() == 0


async def test_a_name_becomes_a_safe_part_of_the_key(shelf: AssetBench) -> None:
    upload = (await shelf.upload("../März 2026/*?.csv"))["upload"]
    *_, last = upload["s3Uri"].split("/")
    assert upload["s3Uri"].count("/") == 8
    assert last.startswith("_M_rz_2026_")
    assert await post(upload) == 204
    (asset,) = assets_of(await shelf.taken(upload["uploadId"], "../März 2026/*?.csv"))
    assert asset["name"] == "../März 2026/*?.csv"
