"""Imports with entered credentials: who may, what is refused, and that nothing of them is left anywhere."""

import asyncio
import gc
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest

from sandbox.estate import Estate
from sandbox.iam import signatures
from sandbox.server import Sandbox
from tests.entered_credentials import (
    ENTERED_CREDENTIALS_SETTINGS,
    GATEWAY_CREDENTIALS_ONLY,
    MODEL,
    SECRET,
    contains_secret,
    person,
)
from tests.gateway_client import RISK, GraphQLResponse, OpenGateway
from tests.imports import IMPORT_SETTINGS, SYNC, ask_import, audit_events, dump_tables, import_model, run_changes
from workflows.imports import runs

__all__ = ["person"]

TEXTS, FLAT = frozenset({str, bytes}), frozenset({dict, tuple})


@pytest.fixture
def session(estate: Estate, sandbox: Sandbox) -> dict[str, str]:
    """Keys of a session in the account of risk, with a token; IAM counts."""
    sts = boto3.client(
        "sts",
        endpoint_url=sandbox.url,
        region_name="us-east-1",
        aws_access_key_id=estate.access_key_id,
        aws_secret_access_key=estate.secret_access_key,
    )
    external_id = {"ExternalId": RISK.external_id} if RISK.external_id else {}
    taken = sts.assume_role(RoleArn=RISK.role_arn, RoleSessionName="person", **external_id)["Credentials"]
    sandbox.enforce()
    return {
        "accessKeyId": taken["AccessKeyId"],
        "secretAccessKey": taken["SecretAccessKey"],
        "sessionToken": taken["SessionToken"],
        "region": RISK.region,
    }


def secrets_of(keys: Mapping[str, str]) -> list[str]:
    return [keys["secretAccessKey"], *([keys["sessionToken"]] if "sessionToken" in keys else [])]


def holders(secrets: list[str]) -> list[str]:
    """Types of the objects in this process's memory that hold a secret, the test's and the sandbox's among them."""
    # The sandbox keeps the keys that it has checked signatures with.
    signatures._key.cache_clear()
    # What the tests' conftest.py has hidden from the collector is looked at, too.
    gc.unfreeze()
    gc.collect()
    gc.disable()
    try:
        holding = texts_with(secrets, gc.get_referents(*gc.get_objects()))
        return sorted(f"{type(referrer)}" for referrer in gc.get_referrers(*holding) if referrer is not holding)
    finally:
        gc.enable()
        gc.freeze()


def texts_with(secrets: list[str], values: list[Any]) -> list[Any]:
    """Those of the values that are texts with a secret, or hold one themselves and are unknown to the collector."""
    wanted: list[Any] = [part for secret in secrets for part in (secret, secret.encode())]
    shortest = min(map(len, wanted))
    # The collector knows no dictionary and no tuple that holds only texts and numbers.
    flat = [value for value in values if type(value) in FLAT and not gc.is_tracked(value)]
    texts = [value for value in (*values, *gc.get_referents(*flat)) if type(value) in TEXTS and len(value) >= shortest]
    bad = {
        text
        for kind, gap in ((str, "\0"), (bytes, b"\0"))
        for text in _with_any(
            [part for part in wanted if type(part) is kind], gap, [*{t for t in texts if type(t) is kind}]
        )
    }
    around = [value for value in flat if any(type(text) in TEXTS and text in bad for text in gc.get_referents(value))]
    return [*(text for text in texts if text in bad), *around]


def _with_any(parts: list[Any], gap: Any, texts: list[Any]) -> Iterator[Any]:
    """Those of the texts with any of these parts, none of which has the gap; a thousand texts are searched as one."""
    for start in range(0, len(texts), 1000):
        chunk = texts[start : start + 1000]
        joined = gap.join(chunk)
        if any(part in joined for part in parts):
            yield from (text for text in chunk if any(part in text for part in parts))


async def test_an_import_leaves_nothing_of_them(
    person: dict[str, str],
    session: dict[str, str],
    sandbox: Sandbox,
    open_working: OpenGateway,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It ends with its request. Then its keys are in no row, no line of a log at any level, no answer, no memory."""
    secrets = [*secrets_of(person), *secrets_of(session)]
    for chatty in ("botocore", "aiobotocore", "urllib3"):
        caplog.set_level(logging.DEBUG, chatty)
    caplog.set_level(logging.DEBUG)
    # The gateway's own set-up keeps these at warnings: they tell of signed headers.
    for signed in ("botocore", "aiobotocore"):
        logging.getLogger(signed).setLevel(logging.WARNING)
    async with open_working(
        **ENTERED_CREDENTIALS_SETTINGS, **GATEWAY_CREDENTIALS_ONLY, database={"url": sqlite_url}
    ) as gateway:
        before = holders(secrets)
        first = await import_model(gateway, MODEL, {"credentials": person})
        second = await import_model(gateway, MODEL, {"credentials": session})
        assert (len(run_changes(first)), run_changes(second)) == (12, [])
        assert holders(secrets) == before
        again = await gateway.ask(SYNC, {"input": {"id": first["registration"]["id"]}})
        assert again.codes == ["FORBIDDEN"]
    called_as = {call.principal.removeprefix("arn:aws:") for call in sandbox.calls.recent("DescribeModel")}
    assert called_as == {f"iam::{RISK.account}:user/person", f"sts::{RISK.account}:assumed-role/{RISK.name}/person"}
    assert not contains_secret(secrets, first, second, again.body, caplog.text, dump_tables(sqlite_url))
    assert [(event.action, event.group, event.outcome.value) for event in await audit_events(sqlite_url)] == [
        ("syncRegistration", "risk", "REFUSED"),
        ("importModel", "risk", "SUCCEEDED"),
        ("importModel", "risk", "SUCCEEDED"),
    ]


async def test_later_syncs_take_the_groups_own_role(
    person: dict[str, str], open_working: OpenGateway, sqlite_url: str
) -> None:
    async with open_working(**ENTERED_CREDENTIALS_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, MODEL, {"credentials": person})
        again = await gateway.ask(SYNC, {"input": {"id": payload["registration"]["id"]}})
        assert run_changes(again.data["syncRegistration"]) == []


async def test_a_default_snapshot_is_among_what_is_imported(person: dict[str, str], open_working: OpenGateway) -> None:
    async with open_working(**ENTERED_CREDENTIALS_SETTINGS) as gateway:
        result = run_changes(await import_model(gateway, "ifrs9-macro-scenarios", {"credentials": person}))
    assert ("SNAPSHOT", "ifrs9-macro-scenarios-default", "ADDED") in result


async def test_a_dry_run(person: dict[str, str], open_working: OpenGateway, sqlite_url: str) -> None:
    async with open_working(
        **ENTERED_CREDENTIALS_SETTINGS, **GATEWAY_CREDENTIALS_ONLY, database={"url": sqlite_url}
    ) as gateway:
        payload = await import_model(gateway, MODEL, {"credentials": person, "dryRun": True})
        answer = await ask_import(gateway, "nothing", {"credentials": person, "dryRun": True})
    nothing = answer.data["importModel"]
    assert (payload["plan"]["elements"]["totalCount"], payload["importRun"]) == (12, None)
    assert nothing["plan"]["exists"] is False
    assert [item["code"] for item in nothing["userErrors"]] == ["NOT_FOUND"]
    assert [table for table in ("registrations", "import_runs") if dump_tables(sqlite_url)[table]] == []


async def test_aws_fails_in_the_middle(
    person: dict[str, str],
    sandbox: Sandbox,
    open_working: OpenGateway,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The run ends with the request, as failed, and is not tried again; the next one is not in its way."""
    caplog.set_level(logging.DEBUG, "sagegraph")
    async with open_working(
        **ENTERED_CREDENTIALS_SETTINGS, **GATEWAY_CREDENTIALS_ONLY, database={"url": sqlite_url}
    ) as gateway:
        sandbox.faults.fail("ListEndpointConfigs", status=503)
        failed = await import_model(gateway, MODEL, {"credentials": person})
        assert failed["importRun"]["state"] == "FAILED"
        assert "ListEndpointConfigs" in failed["importRun"]["phase"]
        sandbox.faults.clear()
        sandbox.faults.drop("ListTransformJobs")
        partly = await import_model(gateway, MODEL, {"credentials": person})
        assert [(item["kind"], item["code"]) for item in partly["importRun"]["problems"]] == [
            ("TRANSFORM_JOB", "UPSTREAM_UNAVAILABLE")
        ]
        sandbox.faults.clear()
        assert len(run_changes(await import_model(gateway, MODEL, {"credentials": person}))) == 6
    assert not contains_secret([SECRET], failed, partly, caplog.text, dump_tables(sqlite_url))
    assert [event.outcome.value for event in await audit_events(sqlite_url)] == ["SUCCEEDED", "SUCCEEDED", "FAILED"]


async def test_the_time_is_up(
    person: dict[str, str], sandbox: Sandbox, open_working: OpenGateway, sqlite_url: str
) -> None:
    """The answer says so; what was begun ends all the same, with the keys that only it has."""
    hold = sandbox.faults.block("ListTransformJobs")
    async with open_working(
        **ENTERED_CREDENTIALS_SETTINGS, **GATEWAY_CREDENTIALS_ONLY, database={"url": sqlite_url}, limits={"seconds": 1}
    ) as gateway:
        answer = await ask_import(gateway, MODEL, {"credentials": person})
        assert answer.codes == ["TIMEOUT"]
        hold.release()
    (row,) = dump_tables(sqlite_url)["import_runs"]
    assert "DONE" in row
    assert not contains_secret([SECRET], answer.body, dump_tables(sqlite_url))
    (event,) = await audit_events(sqlite_url)
    assert event.outcome.value == "SUCCEEDED"


@pytest.mark.parametrize(
    ("blocks", "codes", "user_errors"),
    [
        (IMPORT_SETTINGS, None, [("DISABLED", ["credentials"])]),
        (
            {**ENTERED_CREDENTIALS_SETTINGS, "permissions": [{"group": "risk", "allow": ["READ", "IMPORT"]}]},
            ["FORBIDDEN"],
            None,
        ),
        (
            {
                **ENTERED_CREDENTIALS_SETTINGS,
                "permissions": [{"group": "risk", "allow": ["READ", "ENTER_CREDENTIALS"]}],
            },
            ["FORBIDDEN"],
            None,
        ),
    ],
    ids=["switched off", "without ENTER_CREDENTIALS", "without IMPORT"],
)
async def test_who_may_not(
    person: dict[str, str],
    sandbox: Sandbox,
    open_working: OpenGateway,
    sqlite_url: str,
    blocks: Any,
    codes: list[str] | None,
    user_errors: list[Any] | None,
) -> None:
    async with open_working(**blocks, database={"url": sqlite_url}) as gateway:
        answer: GraphQLResponse = await ask_import(gateway, MODEL, {"credentials": person})
    if codes is not None:
        assert answer.codes == codes
    else:
        result = answer.data["importModel"]["userErrors"]
        assert [(item["code"], item["field"]) for item in result] == user_errors
    assert sandbox.calls.count() == 0
    assert not dump_tables(sqlite_url)["import_runs"]


async def test_another_group_than_ones_own(
    person: dict[str, str], sandbox: Sandbox, open_working: OpenGateway, sqlite_url: str
) -> None:
    async with open_working(**ENTERED_CREDENTIALS_SETTINGS, database={"url": sqlite_url}) as gateway:
        answer = await ask_import(gateway, MODEL, {"credentials": person, "group": "marketing"})
    assert (answer.codes, sandbox.calls.count()) == (["FORBIDDEN"], 0)


async def test_a_run_whose_process_died_stands_in_nobodys_way(
    person: dict[str, str],
    sandbox: Sandbox,
    open_working: OpenGateway,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is held, a second one is told so; once its lease has ended, it is given up."""
    async with open_working(
        **ENTERED_CREDENTIALS_SETTINGS, **GATEWAY_CREDENTIALS_ONLY, database={"url": sqlite_url}
    ) as gateway:
        hold = sandbox.faults.block("ListTransformJobs")
        first = asyncio.create_task(import_model(gateway, MODEL, {"credentials": person}))
        assert await asyncio.to_thread(hold.wait_for_requests)
        second = await ask_import(gateway, MODEL, {"credentials": person})
        (error,) = second.data["importModel"]["userErrors"]
        assert error["code"] == "CONFLICT"
        hold.release()
        assert len(run_changes(await first)) == 12
        assert not [row for row in dump_tables(sqlite_url)["leases"] if row[0].startswith("import/")]

        async def nothing(*_: Any, **__: Any) -> None:
            raise asyncio.CancelledError

        monkeypatch.setattr(runs, "_LEASE_SECONDS", 0.05)
        monkeypatch.setattr("resolvers.imports.with_entered_credentials._run_steps", nothing)
        monkeypatch.setattr("workflows.imports.runs.leases.remove", _kept)
        assert (await ask_import(gateway, MODEL, {"credentials": person})).status == 503
        monkeypatch.undo()
        await asyncio.sleep(0.06)
        left = [row for row in dump_tables(sqlite_url)["import_runs"] if "RUNNING" in row]
        assert len(left) == 1
        assert run_changes(await import_model(gateway, MODEL, {"credentials": person})) == []


async def _kept(*_: Any) -> None:
    """Does not remove a lease, as a process that dies does not."""
