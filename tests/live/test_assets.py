"""Assets over HTTP, under IAM: kept by address and as text, forgotten, and refused where they cannot be read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from registry import registrations
from registry.enums import AuditOutcome
from registry.ids import encode_own_id, new_key
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, OpenGateway, assume_role_entry, credential_settings
from tests.live.asset_bench import BUCKET, OBJECT, AssetBench, asset_bench_on, assets_of, faults_of
from tests.live.mutation_bench import PERMISSIONS
from tests.registry.factories import key_in_id

ADDRESS = ["content", "s3Uri"]


@pytest.fixture
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[AssetBench]:
    async with asset_bench_on(open_gateway, sandbox) as opened:
        yield opened


async def kept(bench: AssetBench) -> list[str]:
    """The names of the assets that the registry has."""
    async with bench.bench.database.reading() as connection:
        registration = await registrations.by_key(connection, key_in_id(bench.registration_id), ())
    return [asset.name for asset in registration.assets] if registration else []


async def test_an_object_is_kept_with_what_s3_tells_of_it(bench: AssetBench) -> None:
    payload = await bench.put({"s3Uri": OBJECT})
    (asset,) = assets_of(payload)
    assert asset.pop("contentType") is not None
    assert asset == {
        "role": "DOCUMENTATION",
        "name": "readme",
        "s3Uri": OBJECT,
        "content": None,
        "sizeBytes": 10,
        "addedBy": "ann",
    }
    required = {item["role"]: item["present"] for item in payload["registration"]["requiredAssets"]}
    assert required == {
        "DOCUMENTATION": True,
        "SCHEMA": False,
        "TRAINING_DATA": False,
        "TEST_RESULT_COMPARATOR": False,
    }
    assert bench.bench.asked() == {"HeadObject": 1}
    (event,) = await bench.bench.events()
    assert (event.action, event.outcome, event.group) == ("putAsset", AuditOutcome.SUCCEEDED, "risk")
    assert (event.role_arn, event.aws_request_ids) == (RISK.role_arn, ())
    assert event.target == f"Registration {bench.registration_id}, asset DOCUMENTATION readme"


@pytest.mark.parametrize(
    ("value", "kept_as", "asked"),
    [
        (f"s3://{BUCKET}/docs/", f"s3://{BUCKET}/docs/", {"ListObjectsV2": 1, "HeadObject": 1}),
        (f"s3://{BUCKET}/doc", f"s3://{BUCKET}/doc", {"ListObjectsV2": 1, "HeadObject": 2}),
        (f"s3://{BUCKET}", f"s3://{BUCKET}/", {"ListObjectsV2": 1, "HeadObject": 1}),
        (f"https://{BUCKET}.s3.eu-west-1.amazonaws.com/docs/readme.md", OBJECT, {"HeadObject": 1}),
    ],
)
async def test_an_address_may_be_a_prefix_or_another_spelling(
    bench: AssetBench, value: str, kept_as: str, asked: dict[str, int]
) -> None:
    (asset,) = assets_of(await bench.put({"s3Uri": value}, "TRAINING_DATA"))
    assert (asset["s3Uri"], asset["sizeBytes"]) == (kept_as, 10 if kept_as == OBJECT else None)
    assert bench.bench.asked() == asked


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"s3://{BUCKET}/none.md", "UNREADABLE"),
        (f"s3://{BUCKET}/none/", "UNREADABLE"),
        (f"s3://{MARKETING.bucket}/anything", "UNREADABLE"),
        (f"s3://{MARKETING.bucket}/", "UNREADABLE"),
        ("s3://no-such-bucket-anywhere/x", "UNREADABLE"),
        ("s3://Not A Bucket/x", "INVALID"),
        ("https://example.com/readme.md", "INVALID"),
        ("readme.md", "INVALID"),
        ("", "INVALID"),
        (f"s3://{BUCKET}/" + "k" * 1024, "UNREADABLE"),
        (f"s3://{BUCKET}/" + "k" * 1025, "INVALID"),
        (f"s3://{BUCKET}/" + "ö" * 513, "INVALID"),
        (f"s3://{BUCKET}/" + "k" * 9000, "INVALID"),
    ],
    ids=lambda item: item[:40],
)
async def test_what_cannot_be_read_is_not_kept(bench: AssetBench, address: str, code: str) -> None:
    bench.bench.sandbox.objects.write(f"s3://{MARKETING.bucket}/anything", b"theirs")
    assert faults_of(await bench.put({"s3Uri": address})) == [(code, ADDRESS)]
    assert await kept(bench) == []
    (event,) = await bench.bench.events()
    assert event.outcome is AuditOutcome.FAILED


async def test_a_prefix_whose_objects_cannot_be_read(bench: AssetBench) -> None:
    """To list is not to read."""
    bench.bench.sandbox.faults.refuse("HeadObject", name="docs/readme.md")
    assert faults_of(await bench.put({"s3Uri": f"s3://{BUCKET}/docs/"})) == [("UNREADABLE", ADDRESS)]


@pytest.mark.parametrize("operation", ["HeadObject", "ListObjectsV2"])
async def test_s3_being_away_is_no_fault_of_the_address(bench: AssetBench, operation: str) -> None:
    bench.bench.sandbox.faults.fail(operation, status=503)
    value = {"registrationId": bench.registration_id, "role": "OTHER", "name": "x"}
    address = OBJECT if operation == "HeadObject" else f"s3://{BUCKET}/docs/"
    answer = await bench.bench.ask("putAsset", {**value, "content": {"s3Uri": address}}, "__typename")
    assert answer.codes in (["UPSTREAM_UNAVAILABLE"], ["THROTTLED"])
    assert answer.error["extensions"]["awsOperation"] == operation
    assert await kept(bench) == []


async def test_text_is_kept_without_aws(bench: AssetBench) -> None:
    (asset,) = assets_of(await bench.put({"text": "# Größe\n"}))
    assert asset == {
        "role": "DOCUMENTATION",
        "name": "readme",
        "s3Uri": None,
        "content": "# Größe\n",
        "contentType": "text/plain; charset=utf-8",
        "sizeBytes": 10,
        "addedBy": "ann",
    }
    assert bench.bench.asked() == {}


async def test_an_asset_is_replaced_by_role_and_name(bench: AssetBench) -> None:
    await bench.put({"text": "one"})
    await bench.put({"text": "other"}, "SCHEMA")
    (schema, readme) = sorted(
        assets_of(await bench.put({"text": "two"}, contentType="text/markdown", user="bob")),
        key=lambda asset: str(asset["content"]),
    )
    assert (schema["content"], readme["content"]) == ("other", "two")
    assert (readme["contentType"], readme["addedBy"]) == ("text/markdown", "bob")


@pytest.mark.parametrize(
    ("content", "more", "faults"),
    [
        ({"text": "x" * 65_537}, {}, [("INVALID", ["content", "text"])]),
        ({"text": "ö" * 32_769}, {}, [("INVALID", ["content", "text"])]),
        ({"text": "a\0b"}, {}, [("INVALID", ["content", "text"])]),
        ({"text": "1,2"}, {"role": "TEST_DATA"}, [("INVALID", ["content", "text"])]),
        ({"text": "1,2"}, {"role": "TRAINING_DATA"}, [("INVALID", ["content", "text"])]),
        ({"text": "x"}, {"name": ""}, [("INVALID", ["name"])]),
        ({"text": "x"}, {"name": "   "}, [("INVALID", ["name"])]),
        ({"text": "x"}, {"name": "n" * 256}, [("INVALID", ["name"])]),
        ({"text": "x"}, {"name": "a\nb"}, [("INVALID", ["name"])]),
        ({"text": "x"}, {"name": "a\0b"}, [("INVALID", ["name"])]),
        ({"text": "x"}, {"name": "a\u2028b"}, [("INVALID", ["name"])]),
        ({"text": "x"}, {"contentType": "text"}, [("INVALID", ["contentType"])]),
        ({"text": "x"}, {"contentType": "text/csv\r\nX: y"}, [("INVALID", ["contentType"])]),
        (
            {"text": "x"},
            {"name": "a\tb", "contentType": "t/" + "x" * 300},
            [("INVALID", ["name"]), ("INVALID", ["contentType"])],
        ),
        (
            {"text": "a\0" + "b" * 65_536},
            {"name": "", "role": "TEST_DATA"},
            [("INVALID", ["name"]), *[("INVALID", ["content", "text"])] * 3],
        ),
        (
            {"s3Uri": "file:///etc/passwd"},
            {"name": " ", "contentType": "text"},
            [("INVALID", ["name"]), ("INVALID", ["contentType"]), ("INVALID", ["content", "s3Uri"])],
        ),
    ],
)
async def test_what_is_no_asset_is_not_kept(bench: AssetBench, content: Any, more: Any, faults: Any) -> None:
    assert faults_of(await bench.put(content, **more)) == faults
    assert (await kept(bench), bench.bench.asked()) == ([], {})


async def test_the_largest_text_fits_into_a_request(bench: AssetBench) -> None:
    (asset,) = assets_of(await bench.put({"text": "x" * 65_536}, name="n" * 255))
    assert asset["sizeBytes"] == 65_536


@pytest.mark.parametrize(
    "content", [{}, {"text": "x", "s3Uri": OBJECT}, {"text": None}, {"text": "x", "uploadId": None}]
)
async def test_content_is_just_one_of_them(bench: AssetBench, content: Any) -> None:
    value = {"registrationId": bench.registration_id, "role": "OTHER", "name": "x", "content": content}
    answer = await bench.bench.ask("putAsset", value, "__typename")
    assert answer.codes == ["BAD_USER_INPUT"]
    assert (await kept(bench), await bench.bench.events()) == ([], ())


async def test_an_asset_is_forgotten_and_s3_is_left(bench: AssetBench) -> None:
    await bench.put({"s3Uri": OBJECT})
    bench.bench.asked()
    assert assets_of(await bench.remove()) == []
    assert bench.bench.asked() == {}
    assert bench.bench.sandbox.objects.read(OBJECT) == b"# Read me\n"
    assert faults_of(await bench.remove()) == [("NOT_FOUND", ["name"])]
    assert [event.action for event in await bench.bench.events()] == ["putAsset", "removeAsset", "removeAsset"]


async def test_a_registration_has_so_many_assets_and_no_more(
    bench: AssetBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.assets.changes.MAX_ASSETS", 2)
    for name in ("a", "b"):
        await bench.put({"text": "x"}, name=name)
    assert faults_of(await bench.put({"text": "x"}, name="c")) == [("QUOTA_EXCEEDED", None)]
    assert await kept(bench) == ["a", "b"]
    assert len(assets_of(await bench.put({"text": "y"}, name="a"))) == 2


ACTIONS: dict[str, dict[str, Any]] = {
    "putAsset": {"role": "OTHER", "name": "x", "content": {"s3Uri": OBJECT}},
    "removeAsset": {"role": "OTHER", "name": "x"},
    "createAssetUpload": {"role": "OTHER", "name": "x", "contentType": "text/csv"},
}


@pytest.mark.parametrize("mutation", ACTIONS)
async def test_nobody_is_nobody(bench: AssetBench, mutation: str) -> None:
    value = {"registrationId": bench.registration_id, **ACTIONS[mutation]}
    answer = await bench.bench.ask(mutation, value, "__typename", user=None)
    assert (answer.codes, bench.bench.asked(), await bench.bench.events()) == (["UNAUTHENTICATED"], {}, ())


@pytest.mark.parametrize("mutation", ACTIONS)
async def test_who_may_only_read_changes_nothing(bench: AssetBench, mutation: str) -> None:
    value = {"registrationId": bench.registration_id, **ACTIONS[mutation]}
    answer = await bench.bench.ask(mutation, value, "__typename", groups=["marketing"])
    assert answer.codes == ["FORBIDDEN"]
    assert (await kept(bench), bench.bench.asked()) == ([], {})
    (event,) = await bench.bench.events()
    assert (event.outcome, event.role_arn) == (AuditOutcome.REFUSED, None)


@pytest.mark.parametrize("mutation", ACTIONS)
async def test_another_group_s_registration_is_as_if_it_were_not(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, mutation: str
) -> None:
    permissions = [*PERMISSIONS, {"group": "marketing", "allow": ["IMPORT"]}]
    async with asset_bench_on(open_gateway, sandbox, permissions=permissions) as bench:
        text = []
        for registration_id in (bench.registration_id, encode_own_id("Registration", new_key()), "nonsense"):
            value = {"registrationId": registration_id, **ACTIONS[mutation]}
            payload = await bench.bench.do(mutation, value, "", groups=["marketing"])
            text.append(payload)
        assert text[0]["userErrors"][0]["field"] == ["registrationId"]
        assert text[0] == text[1] == text[2]
        assert (await kept(bench), bench.bench.asked()) == ([], {})


OVER = [*PERMISSIONS, {"group": "mlops", "allow": ["IMPORT"], "over": ["risk"]}]


@pytest.mark.parametrize("address", [OBJECT, f"s3://{BUCKET}/none.md", "s3://another-bucket/key"])
async def test_who_is_over_the_group_and_has_no_role_learns_nothing_of_s3(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, address: str
) -> None:
    async with asset_bench_on(open_gateway, sandbox, permissions=OVER) as bench:
        payload = await bench.put({"s3Uri": address}, user="zoe", groups=["mlops"])
        assert faults_of(payload) == [("UNREADABLE", ADDRESS)]
        assert payload["userErrors"][0]["message"].startswith("Your group has no role of its own in eu-west-1 ")
        assert (await kept(bench), bench.bench.asked()) == ([], {})
        (event,) = await bench.bench.events()
        assert (event.actor, event.group, event.outcome) == ("zoe", "risk", AuditOutcome.FAILED)


async def test_who_is_over_the_group_may_put_a_text_without_a_role(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with asset_bench_on(open_gateway, sandbox, permissions=OVER) as bench:
        (asset,) = assets_of(await bench.put({"text": "# Read me"}, user="zoe", groups=["mlops"]))
        assert (asset["addedBy"], bench.bench.asked()) == ("zoe", {})


async def test_who_is_over_the_group_looks_with_their_own_role(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    """Nobody finds out through another group's role what is in S3, nor what that role can see of their own."""
    other = assume_role_entry(MARKETING, "mlops", regions=[MARKETING.region, RISK.region])
    block = credential_settings(assume_role_entry(RISK), assume_role_entry(MARKETING), other)
    async with asset_bench_on(open_gateway, sandbox, permissions=OVER, **block) as bench:
        payload = await bench.put({"s3Uri": OBJECT}, groups=["mlops"])
        assert faults_of(payload) == [("UNREADABLE", ADDRESS)]
        assert MARKETING.role_arn in payload["userErrors"][0]["message"]
        payload = await bench.put({"s3Uri": f"s3://{MARKETING.bucket}/anything"}, groups=["mlops"])
        assert faults_of(payload) == [("UNREADABLE", ADDRESS)]
        assert await kept(bench) == []
        sandbox.objects.write(f"s3://{MARKETING.bucket}/anything", b"theirs")
        (asset,) = assets_of(await bench.put({"s3Uri": f"s3://{MARKETING.bucket}/anything"}, groups=["mlops"]))
        assert asset["sizeBytes"] == 6
        assert len(await kept(bench)) == 1
