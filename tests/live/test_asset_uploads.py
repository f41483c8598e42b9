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
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[AssetBench]:
    async with asset_bench_on(open_gateway, sandbox) as opened:
        yield opened


async def post(upload: Any, content: bytes = ROWS, changed: Mapping[str, str] | None = None) -> int:
    """The status with which S3 answers the form, as a browser would post it."""
    fields = {field["name"]: field["value"] for field in upload["fields"]} | dict(changed or {})
    async with httpx.AsyncClient() as http:
        answer = await http.post(upload["url"], data=fields, files={"file": ("train.csv", content)})
    return answer.status_code


async def test_a_file_goes_straight_to_the_bucket_and_becomes_an_asset(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    assert bench.bench.asked() == {}
    key, registration_key = (
        key_of(upload["uploadId"], "AssetUpload"),
        key_of(bench.registration_id, "Registration"),
    )
    assert upload["s3Uri"] == f"s3://{BUCKET}/{RISK.account}/risk/uploads/{registration_key}/{key}/train.csv"
    assert upload["maxSizeBytes"] == 1000
    lasts = datetime.fromisoformat(upload["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < lasts <= timedelta(minutes=15)
    assert await post(upload) == 204
    assert bench.bench.sandbox.objects.read(upload["s3Uri"]) == ROWS
    bench.bench.asked()
    (asset,) = assets_of(await bench.taken(upload["uploadId"]))
    taken = asset.pop("s3Uri")
    assert taken.startswith(f"s3://{BUCKET}/{RISK.account}/risk/taken/{registration_key}/{key}/")
    assert bench.bench.sandbox.objects.read(taken) == ROWS
    assert asset == {
        "role": "TRAINING_DATA",
        "name": "train.csv",
        "content": None,
        "contentType": "text/csv",
        "sizeBytes": len(ROWS),
        "addedBy": "ann",
    }
    assert bench.bench.asked() == {"HeadObject": 1, "CopyObject": 1}
    events = await bench.bench.events()
    assert [(event.action, event.outcome) for event in events] == [
        ("createAssetUpload", AuditOutcome.SUCCEEDED),
        ("putAsset", AuditOutcome.SUCCEEDED),
    ]
    secrets = {field["value"] for field in upload["fields"] if field["name"] in {"policy", "x-amz-signature"}}
    assert len(secrets) == 2
    assert not any(secret in repr(events) for secret in secrets)


async def test_it_is_signed_as_the_caller_with_the_group_s_role(bench: AssetBench) -> None:
    upload = (await bench.upload(user="bob"))["upload"]
    bench.bench.asked()
    await post(upload)
    (call,) = [call for call in bench.bench.sandbox.calls.recent() if call.service == "s3"]
    assert call.principal == f"arn:aws:sts::{RISK.account}:assumed-role/risk/bob"


@pytest.mark.parametrize(
    "changed", [{"Content-Type": "text/html"}, {"key": "elsewhere"}, {"x-amz-signature": "0" * 64}], ids=str
)
async def test_a_form_is_good_for_nothing_else(bench: AssetBench, changed: dict[str, str]) -> None:
    upload = (await bench.upload())["upload"]
    assert await post(upload, changed=changed) == 403
    assert bench.bench.sandbox.objects.read(upload["s3Uri"]) is None
    assert faults_of(await bench.taken(upload["uploadId"])) == [("NOT_FOUND", UPLOAD)]


async def test_a_file_has_its_largest_size(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    assert await post(upload, b"x" * 1001) == 400
    assert await post(upload, b"x" * 1000) == 204
    (asset,) = assets_of(await bench.taken(upload["uploadId"]))
    assert asset["sizeBytes"] == 1000


async def test_what_is_larger_all_the_same_is_not_kept(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    bench.bench.sandbox.objects.write(upload["s3Uri"], b"x" * 1001)
    payload = await bench.taken(upload["uploadId"])
    assert faults_of(payload) == [("INVALID", UPLOAD)]
    assert "1,000" in payload["userErrors"][0]["message"]


async def test_before_the_file_is_there_it_can_be_asked_again(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    payload = await bench.taken(upload["uploadId"])
    assert faults_of(payload) == [("NOT_FOUND", UPLOAD)]
    assert payload["userErrors"][0]["message"].startswith("The file was not sent yet")
    await post(upload)
    assert len(assets_of(await bench.taken(upload["uploadId"]))) == 1


async def test_a_repeated_call_finds_what_it_has_done(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    await post(upload)
    first = await bench.taken(upload["uploadId"])
    bench.bench.asked()
    assert await bench.taken(upload["uploadId"]) == first
    assert bench.bench.asked() == {}


async def test_an_upload_is_taken_once(bench: AssetBench) -> None:
    """Whatever has become of the asset since."""
    upload = (await bench.upload())["upload"]
    await post(upload)
    await bench.taken(upload["uploadId"])
    await bench.remove("TRAINING_DATA", "train.csv")
    assert faults_of(await bench.taken(upload["uploadId"])) == [("NOT_FOUND", UPLOAD)]


async def test_several_at_once_keep_one_and_all_are_told_of_it(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    await post(upload)
    payloads = await asyncio.gather(*(bench.taken(upload["uploadId"]) for _ in range(5)))
    assert [payload["userErrors"] for payload in payloads] == [[]] * 5
    assert len(assets_of(payloads[0])) == 1
    assert all(payload == payloads[0] for payload in payloads)


@pytest.mark.parametrize(
    ("asset_role", "name"), [("TEST_DATA", "train.csv"), ("TRAINING_DATA", "test.csv"), ("OTHER", "train.csv")]
)
async def test_an_upload_is_for_one_asset(bench: AssetBench, asset_role: str, name: str) -> None:
    upload = (await bench.upload())["upload"]
    await post(upload)
    bench.bench.asked()
    assert faults_of(await bench.put({"uploadId": upload["uploadId"]}, asset_role, name)) == [("NOT_FOUND", UPLOAD)]
    assert bench.bench.asked() == {}
    assert len(assets_of(await bench.taken(upload["uploadId"]))) == 1


@pytest.mark.parametrize("upload_id", ["", "nonsense", "QXNzZXRVcGxvYWQ6MDA"])
async def test_an_upload_that_never_was(bench: AssetBench, upload_id: str) -> None:
    assert faults_of(await bench.taken(upload_id)) == [("NOT_FOUND", UPLOAD)]
    assert bench.bench.asked() == {}


async def test_the_role_may_not_read_what_was_uploaded(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    await post(upload)
    bench.bench.sandbox.faults.refuse("HeadObject")
    assert faults_of(await bench.taken(upload["uploadId"])) == [("UNREADABLE", UPLOAD)]


async def test_a_form_used_again_leaves_what_was_taken(bench: AssetBench) -> None:
    """Nor does the call that took it take the other content when it is repeated."""
    upload = (await bench.upload())["upload"]
    await post(upload)
    (asset,) = assets_of(await bench.taken(upload["uploadId"]))
    assert await post(upload, b"9,9\n") == 204
    assert assets_of(await bench.taken(upload["uploadId"])) == [asset]
    assert bench.bench.sandbox.objects.read(asset["s3Uri"]) == ROWS
    assert taken_objects(bench) == [asset["s3Uri"]]


async def test_what_is_overwritten_while_it_is_taken_is_not_kept(bench: AssetBench) -> None:
    """Its size and type were looked at, and were those of other content."""
    upload = (await bench.upload())["upload"]
    await post(upload)
    hold = bench.bench.sandbox.faults.block("CopyObject", times=1)
    taking = asyncio.create_task(bench.taken(upload["uploadId"]))
    assert await asyncio.to_thread(hold.wait_for_requests)
    assert await post(upload, b"9,9\n") == 204
    hold.release()
    assert faults_of(await taking) == [("CONFLICT", UPLOAD)]
    assert taken_objects(bench) == []
    (asset,) = assets_of(await bench.taken(upload["uploadId"]))
    assert bench.bench.sandbox.objects.read(asset["s3Uri"]) == b"9,9\n"


async def test_of_two_contents_that_are_taken_at_once_one_is_kept_as_it_was(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    await post(upload)
    hold = bench.bench.sandbox.faults.block("CopyObject", times=1)
    first = asyncio.create_task(bench.taken(upload["uploadId"]))
    assert await asyncio.to_thread(hold.wait_for_requests)
    assert await post(upload, b"9,9\n") == 204
    (second,) = assets_of(await bench.taken(upload["uploadId"]))
    hold.release()
    assert assets_of(await first) == [second]
    assert bench.bench.sandbox.objects.read(second["s3Uri"]) == b"9,9\n"
    assert taken_objects(bench) == [second["s3Uri"]]


@pytest.mark.parametrize("trouble", ["refuse", "lose", "fail", "drop"])
async def test_a_copy_that_is_refused_or_not_answered_keeps_nothing(bench: AssetBench, trouble: str) -> None:
    """The same call keeps it afterwards, whatever came of the first copy."""
    upload = (await bench.upload())["upload"]
    await post(upload)
    # Not once: an HTTP client repeats a PUT over a connection that turns out to be closed.
    getattr(bench.bench.sandbox.faults, trouble)("CopyObject")
    value = {
        "registrationId": bench.registration_id,
        "role": "TRAINING_DATA",
        "name": "train.csv",
        "content": {"uploadId": upload["uploadId"]},
    }
    answer = await bench.bench.ask("putAsset", value, SHOWN)
    code = "FORBIDDEN" if trouble == "refuse" else "UPSTREAM_UNAVAILABLE"
    assert [error["extensions"]["code"] for error in answer.errors] == [code]
    assert answer.errors[0]["extensions"]["awsOperation"] == "CopyObject"
    assert answer.body["data"] == {"putAsset": None}
    assert await kept(bench) == []
    assert len(taken_objects(bench)) == (1 if trouble == "lose" else 0)
    bench.bench.sandbox.faults.clear()
    (asset,) = assets_of(await bench.taken(upload["uploadId"]))
    assert taken_objects(bench) == [asset["s3Uri"]]
    assert await kept(bench) == [asset["s3Uri"]]
    outcomes = [event.outcome.value for event in await bench.bench.events() if event.action == "putAsset"]
    assert outcomes == ["REFUSED" if trouble == "refuse" else "FAILED", "SUCCEEDED"]


async def test_the_place_that_a_form_writes_is_no_address_of_an_asset(bench: AssetBench) -> None:
    upload = (await bench.upload())["upload"]
    await post(upload)
    bench.bench.asked()
    assert faults_of(await bench.put({"s3Uri": upload["s3Uri"]})) == [("INVALID", ["content", "s3Uri"])]
    assert bench.bench.asked() == {}
    assert await kept(bench) == []


def taken_objects(bench: AssetBench) -> list[str]:
    """What lies where taken uploads lie."""
    return bench.bench.sandbox.objects.under(f"s3://{BUCKET}/{RISK.account}/risk/taken/")


async def kept(bench: AssetBench) -> list[str | None]:
    """The addresses of the registration's assets."""
    async with bench.bench.database.reading() as connection:
        registration = await registrations.by_key(connection, str(key_of(bench.registration_id, "Registration")), ())
    assert registration is not None
    return [asset.s3_uri for asset in registration.assets]


async def test_without_a_bucket_there_are_no_uploads(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with asset_bench_on(open_gateway, sandbox, assets={}) as bench:
        payload = await bench.upload()
        assert faults_of(payload) == [("DISABLED", None)]
        assert "assets.bucket" in payload["userErrors"][0]["message"]
        assert faults_of(await bench.upload("")) == [("INVALID", ["name"]), ("DISABLED", None)]
        assert bench.bench.asked() == {}


@pytest.mark.parametrize(
    ("name", "content_type", "faults"),
    [
        ("a\nb", "text/csv", [("INVALID", ["name"])]),
        ("a", "csv", [("INVALID", ["contentType"])]),
        ("", "", [("INVALID", ["name"]), ("INVALID", ["contentType"])]),
    ],
)
async def test_what_is_no_asset_gets_no_form(bench: AssetBench, name: str, content_type: str, faults: Any) -> None:
    assert faults_of(await bench.upload(name, content_type)) == faults
    assert bench.bench.sandbox.calls.count() == 0


async def test_a_name_becomes_a_safe_part_of_the_key(bench: AssetBench) -> None:
    upload = (await bench.upload("../März 2026/*?.csv"))["upload"]
    *_, last = upload["s3Uri"].split("/")
    assert upload["s3Uri"].count("/") == 8
    assert last.startswith("_M_rz_2026_")
    assert await post(upload) == 204
    (asset,) = assets_of(await bench.taken(upload["uploadId"], "../März 2026/*?.csv"))
    assert asset["name"] == "../März 2026/*?.csv"
