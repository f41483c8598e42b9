"""Every mutation is audited once, whatever comes of it, and goes on when nobody waits for it."""

import asyncio
import logging
from typing import Any

import pytest

from registry import audit, audit_intents, registrations
from registry.errors import RegistryUnavailableError
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.imports import (
    IMPORT,
    IMPORT_SETTINGS,
    SYNC,
    ask_import,
    audit_events,
    dump_tables,
    import_model,
    run_changes,
    wait_for_run,
)
from tests.live.conftest import listening

MODEL, BARE = "credit-risk-scorer-v7", "ifrs9-macro-scenarios"
UPDATE = "mutation($input: UpdateRegistrationInput!) { updateRegistration(input: $input) { userErrors { code } } }"
REMOVE = "mutation($input: RemoveRegistrationInput!) { removeRegistration(input: $input) { userErrors { code } } }"


async def test_one_event_for_each(sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str) -> None:
    """Who, for which group, as which role, did what, to what, with which outcome, and in which request."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        answer = await ask_import(gateway, MODEL)
        id_ = answer.data["importModel"]["registration"]["id"]
        answers = [answer]
        answers += [await gateway.ask(SYNC, {"input": {"id": id_}}, user="bob")]
        answers += [await gateway.ask(UPDATE, {"input": {"id": id_, "displayName": ""}})]
        answers += [await gateway.ask(REMOVE, {"input": {"id": id_}}, groups=["marketing"])]
        answers += [await ask_import(gateway, "no name")]
        answers += [await ask_import(gateway, MODEL, {"group": "marketing"})]
        answers += [await gateway.ask(IMPORT, {"input": {"modelName": MODEL}}, groups=["strangers"])]
        answers += [await gateway.ask(REMOVE, {"input": {"id": id_}})]
        assert (await gateway.ask(REMOVE, {"input": {"id": id_}}, user=None)).codes == ["UNAUTHENTICATED"]
    result = [
        (event.actor, event.group, event.role_arn, event.action, event.target, event.outcome.value)
        for event in reversed(await audit_events(sqlite_url))
    ]
    target, role = f"Registration {id_}", RISK.role_arn
    assert result == [
        ("ann", "risk", role, "importModel", f"Model {MODEL}", "SUCCEEDED"),
        ("bob", "risk", role, "syncRegistration", target, "SUCCEEDED"),
        ("ann", "risk", None, "updateRegistration", target, "FAILED"),
        ("ann", "marketing", None, "removeRegistration", target, "REFUSED"),
        ("ann", "risk", None, "importModel", "Model no name", "FAILED"),
        ("ann", "risk", None, "importModel", f"Model {MODEL}", "REFUSED"),
        ("ann", "strangers", None, "importModel", None, "REFUSED"),
        ("ann", "risk", None, "removeRegistration", target, "SUCCEEDED"),
    ]
    requests = [audit_event.request_id for audit_event in reversed(await audit_events(sqlite_url))]
    assert requests == [response.headers["x-request-id"] for response in answers]


async def test_a_dry_run_is_told_from_an_import(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, sqlite_url: str
) -> None:
    async with open_gateway(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        await import_model(gateway, MODEL, {"dryRun": True})
    (event,) = await audit_events(sqlite_url)
    assert (event.outcome.value, event.detail) == ("SUCCEEDED", "A dry run: nothing was imported.")


async def test_a_default_snapshot_is_an_event_of_its_own(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str
) -> None:
    """With AWS's id of the request that made it."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        await import_model(gateway, BARE)
    made, asked = sorted(await audit_events(sqlite_url), key=lambda event: event.action)
    assert (asked.action, asked.aws_request_ids) == ("importModel", ())
    assert (made.action, made.actor, made.role_arn) == ("createSnapshot", "ann", RISK.role_arn)
    assert made.target == f"Snapshot {BARE}-default"
    (request_id,) = made.aws_request_ids
    assert len(request_id) == 36


async def test_an_import_that_fails_is_audited_as_such(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str
) -> None:
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, MODEL)
        sandbox.faults.refuse("DescribeModel")
        answer = await gateway.ask(SYNC, {"input": {"id": payload["registration"]["id"]}})
        run = answer.data["syncRegistration"]["importRun"]
        assert run["state"] == "FAILED"
        assert RISK.role_arn in run["phase"]
    assert [(event.outcome.value, event.detail) for event in await audit_events(sqlite_url)] == [
        ("FAILED", run["phase"]),
        ("SUCCEEDED", None),
    ]


async def test_an_import_that_fails_when_nobody_waits_for_it_is_audited_by_itself(
    sandbox: Sandbox,
    estate: Estate,
    open_working: OpenGateway,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The event of the mutation cannot tell, and says so."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, MODEL)
        monkeypatch.setattr("resolvers.imports.start.WAIT_SECONDS", 0)
        hold = sandbox.faults.block("DescribeModel", times=1)
        sandbox.faults.refuse("DescribeModel")
        result = (await gateway.ask(SYNC, {"input": {"id": payload["registration"]["id"]}}, user="bob")).data
        run = result["syncRegistration"]["importRun"]
        assert run["state"] == "RUNNING"
        hold.release()
        failed = await wait_for_run(sqlite_url, result["syncRegistration"])
    event, asked, _ = await audit_events(sqlite_url)
    assert (asked.action, asked.outcome.value) == ("syncRegistration", "SUCCEEDED")
    assert asked.detail == "The ImportRun goes on; should it fail, that is an event of its own."
    assert (event.action, event.actor, event.group, event.outcome.value) == ("import.fail", "bob", "risk", "FAILED")
    assert (event.target, event.detail) == (f"ImportRun {run['id']}", f"The import of {MODEL} failed: {failed.phase}")


async def test_an_event_that_cannot_be_kept_is_logged_whole(
    sandbox: Sandbox,
    estate: Estate,
    open_working: OpenGateway,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was done stands, and the caller is told of it."""

    async def fails(*_: Any) -> None:
        raise RegistryUnavailableError("The disk is full.")

    monkeypatch.setattr("resolvers.mutations.audited.RETRY_PAUSES", (0.01,))
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        monkeypatch.setattr(audit, "append", fails)
        assert len(run_changes(await import_model(gateway, MODEL))) == 12
    line, again, end = [record for record in caplog.records if record.name == "sagegraph.audit"]
    assert [line.levelno, again.levelno, end.levelno] == [logging.ERROR, logging.WARNING, logging.ERROR]
    assert all(part in line.getMessage() for part in ("importModel", "ann", "risk", MODEL))
    assert await audit_events(sqlite_url) == ()
    assert len(dump_tables(sqlite_url)["audit_intents"]) == 1


async def test_an_event_is_kept_once_the_database_is_back(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what has happened, once, and leaves nothing that somebody would take for a dead process's."""
    original, trouble = audit.append, [RegistryUnavailableError("The disk is full.")] * 2

    async def fails_twice(*arguments: Any) -> Any:
        if trouble:
            raise trouble.pop()
        return await original(*arguments)

    monkeypatch.setattr("resolvers.mutations.audited.RETRY_PAUSES", (0.01, 0.01))
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        monkeypatch.setattr(audit, "append", fails_twice)
        await import_model(gateway, MODEL)
    (event,) = await audit_events(sqlite_url)
    assert (event.action, event.actor, event.outcome.value, event.detail) == ("importModel", "ann", "SUCCEEDED", None)
    assert dump_tables(sqlite_url)["audit_intents"] == []


async def test_an_unexpected_error_is_masked_in_the_audit_too(
    sandbox: Sandbox,
    estate: Estate,
    open_working: OpenGateway,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Auditors read the event, and nobody knows what such an error holds."""

    async def fails(*_: Any, **__: Any) -> None:
        raise KeyError("hunter2")

    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        id_ = (await import_model(gateway, MODEL))["registration"]["id"]
        monkeypatch.setattr(registrations, "by_key", fails)
        answer = await gateway.ask(REMOVE, {"input": {"id": id_}})
    assert answer.codes == ["INTERNAL"]
    event = (await audit_events(sqlite_url))[0]
    assert (event.action, event.outcome.value) == ("removeRegistration", "FAILED")
    assert event.detail == "The gateway failed; its log has the details under the request id."
    assert "hunter2" not in f"{answer.body} {dump_tables(sqlite_url)}"


async def test_an_intent_is_kept_before_aws_is_asked_and_gone_with_the_event(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str
) -> None:
    """It is what is left of a change whose process is killed: who began what, for whom, and in which request."""
    hold = sandbox.faults.block("DescribeModel", times=1)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        asking = asyncio.create_task(ask_import(gateway, MODEL))
        assert await asyncio.to_thread(hold.wait_for_requests)
        (begun,) = dump_tables(sqlite_url)["audit_intents"]
        assert await audit_events(sqlite_url) == ()
        hold.release()
        answer = await asking
        whole = dump_tables(sqlite_url)
    assert begun[2:6] == ("ann", "risk", "importModel", answer.headers["x-request-id"])
    assert begun[6] in [row[0] for row in whole["leases"]]
    assert (len(whole["audit_events"]), whole["audit_intents"]) == (1, [])


async def test_what_is_refused_leaves_no_intent(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, sqlite_url: str
) -> None:
    """Nor does a request for a group that the caller is not in."""
    async with open_gateway(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        for asking in ({"groups": ["strangers"]}, {"acting": "marketing"}):
            assert (await ask_import(gateway, MODEL, **asking)).codes == ["FORBIDDEN"]
        assert (await ask_import(gateway, MODEL, user=None)).codes == ["UNAUTHENTICATED"]
    whole = dump_tables(sqlite_url)
    assert (len(whole["audit_events"]), whole["audit_intents"]) == (2, [])


async def test_one_event_however_many_mutations_of_a_request_are_refused(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, sqlite_url: str
) -> None:
    """Somebody without any permission cannot fill the audit; each mutation is refused all the same."""
    field = 'removeRegistration(input: {id: "x"}) { userErrors { code } }'
    query = "mutation { " + " ".join(f"a{number}: {field}" for number in range(15)) + " }"
    async with open_gateway(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        callers: list[dict[str, Any]] = [{"groups": ["strangers"]}, {"groups": []}, {"acting": "marketing"}]
        for caller in callers:
            answer = await gateway.ask(query, **caller)
            assert answer.codes == ["FORBIDDEN"] * 15
    whole = dump_tables(sqlite_url)
    assert (len(whole["audit_events"]), whole["audit_intents"]) == (3, [])


async def test_without_a_registry_nothing_is_done(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise RegistryUnavailableError("The registry does not answer.")

    async with open_working(**IMPORT_SETTINGS) as gateway:
        monkeypatch.setattr(audit_intents, "begin", away)
        sandbox.calls.clear()
        answer = await ask_import(gateway, MODEL)
        assert (answer.codes, answer.body["data"]) == (["UPSTREAM_UNAVAILABLE"], {"importModel": None})
        assert sandbox.calls.count() == 0


async def test_a_client_that_leaves(sandbox: Sandbox, estate: Estate, sqlite_url: str, open_working: Any) -> None:
    """What it has begun goes on, and is audited."""
    hold = sandbox.faults.block("DescribeModel", times=1)
    async with listening(sandbox.url, **IMPORT_SETTINGS, database={"url": sqlite_url}) as (_, gateway):
        leaving = asyncio.create_task(ask_import(gateway, MODEL))
        assert await asyncio.to_thread(hold.wait_for_requests)
        leaving.cancel()
        await asyncio.wait((leaving,))
        assert (await gateway.ask("{ me { subject } }")).data == {"me": {"subject": "ann"}}
        hold.release()
        payload = await import_model(gateway, MODEL)
        await wait_for_run(sqlite_url, payload)
    assert [(event.action, event.outcome.value) for event in await audit_events(sqlite_url)] == [
        ("importModel", "SUCCEEDED")
    ] * 2
    assert sandbox.calls.count("DescribeTransformJob") <= 20


async def test_the_time_is_up(sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str) -> None:
    """The answer says so, and what was begun goes on."""
    hold = sandbox.faults.block("ListTransformJobs", times=1)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}, limits={"seconds": 1}) as gateway:
        answer = await ask_import(gateway, MODEL)
        assert answer.codes == ["TIMEOUT"]
        hold.release()
    assert [event.outcome.value for event in await audit_events(sqlite_url)] == ["SUCCEEDED"]
    (row,) = dump_tables(sqlite_url)["import_runs"]
    assert "DONE" in row or "RUNNING" in row
