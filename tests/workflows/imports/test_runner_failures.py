"""Imports while AWS refuses, throttles or is away, while something is asked twice, and while somebody takes it away."""

import asyncio
from functools import partial

import pytest

from registry.enums import ImportRunState
from resolvers.imports import start as resolver
from sandbox.server import Sandbox
from tests.databases import on_both_databases
from tests.gateway_client import RISK, OpenGateway
from tests.imports import (
    IMPORT_SETTINGS,
    ask_import,
    audit_events,
    import_model,
    run_changes,
    run_problems,
    stored_elements,
    sync_registration,
    wait_for_run,
)
from workflows.durable.context import WorkflowContext

LISTS = {
    "SNAPSHOT": "ListEndpointConfigs",
    "RUNTIME": "ListEndpoints",
    "TRAINING_JOB": "ListTrainingJobs",
    "TRANSFORM_JOB": "ListTransformJobs",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps wait hardly at all before they are tried again."""
    monkeypatch.setattr("workflows.durable.executor.WorkflowContext", partial(WorkflowContext, pause=0.001))


@pytest.mark.parametrize("kind", LISTS)
async def test_a_kind_that_is_refused(account: Sandbox, open_working: OpenGateway, sqlite_url: str, kind: str) -> None:
    """The rest is imported; and of what was known of it, nothing vanishes, and nothing is asked for one by one."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        first = await import_model(gateway, "scorer")
        account.faults.refuse(LISTS[kind])
        account.calls.clear()
        again = await sync_registration(gateway, first)
        assert run_changes(again) == []
        refused = {kind, "RUNTIME"} if kind == "SNAPSHOT" else {kind}
        assert {(item, "FORBIDDEN") for item in refused} == set(run_problems(again))
        assert LISTS[kind] in again["importRun"]["problems"][0]["message"]
        assert account.calls.count("DescribeTransformJob") + account.calls.count("DescribeTrainingJob") == 0
    async with open_working(**IMPORT_SETTINGS) as gateway:
        fresh = await import_model(gateway, "scorer", {"createDefaultSnapshot": False})
        assert {element for element, _, _ in run_changes(fresh)} == {"MODEL", *LISTS} - refused


async def test_one_thing_that_is_refused(account: Sandbox, open_working: OpenGateway, sqlite_url: str) -> None:
    """It is counted among the problems; it does not vanish."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}, sagemaker={"search": False}) as gateway:
        account.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="hidden",
                     ProductionVariants=[{"VariantName": "v", "ModelName": "other", "InstanceType": "ml.m5.large",
                                          "InitialInstanceCount": 1}])  # fmt: skip
        account.faults.refuse("DescribeEndpointConfig", name="hidden")
        payload = await import_model(gateway, "scorer")
    assert len(run_changes(payload)) == 5
    (problem,) = payload["importRun"]["problems"]
    assert (problem["kind"], problem["code"], problem["count"]) == ("SNAPSHOT", "FORBIDDEN", 1)


async def test_more_than_may_be_looked_through(account: Sandbox, open_working: OpenGateway, sqlite_url: str) -> None:
    """Older ones are left out, and do not vanish; the bound is told."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        first = await import_model(gateway, "scorer")
    limits = {"scan": 1}
    account.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="newest",
                 ProductionVariants=[{"VariantName": "v", "ModelName": "scorer", "InstanceType": "ml.m5.large",
                                      "InitialInstanceCount": 1}])  # fmt: skip
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}, limits=limits) as gateway:
        again = await sync_registration(gateway, first)
        # The watch may have found the newest one first, and then the registration knows it already.
        assert set(run_changes(again)) <= {("SNAPSHOT", "newest", "ADDED")}
        assert ("SNAPSHOT", "LIMIT_EXCEEDED") in run_problems(again)


async def test_throttled_for_a_while(account: Sandbox, open_working: OpenGateway, sqlite_url: str) -> None:
    account.faults.throttle("ListTransformJobs", times=2)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, "scorer")
        run = await wait_for_run(sqlite_url, payload)
        assert (run.state, run.problems, run.done) == (ImportRunState.DONE, (), 5)


async def test_away_for_good(account: Sandbox, open_working: OpenGateway, sqlite_url: str) -> None:
    """What can be seen is imported after some patience."""
    account.faults.fail("ListTransformJobs", status=503)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, "scorer")
        run = await wait_for_run(sqlite_url, payload)
    assert (run.state, run.done) == (ImportRunState.DONE, 4)
    assert [(problem.kind.value, problem.code) for problem in run.problems] == [
        ("TRANSFORM_JOB", "UPSTREAM_UNAVAILABLE")
    ]


async def test_aws_goes_down_in_the_middle(account: Sandbox, open_working: OpenGateway, sqlite_url: str) -> None:
    """Nothing is kept, the run says why, and the next one does it all. What is remembered does not count."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        assert len((await gateway.ask("{ models { nodes { name } } }")).data["models"]["nodes"]) == 2
        first = await import_model(gateway, "scorer")
        account.faults.fail("*", status=503)
        account.calls.clear()
        again = await sync_registration(gateway, first)
        run = await wait_for_run(sqlite_url, again)
        assert run.state is ImportRunState.FAILED
        assert "DescribeModel" in run.phase
        assert account.calls.count("DescribeModel") > 5
        account.faults.clear()
        assert run_changes(await sync_registration(gateway, first)) == []


async def test_credentials_that_cannot_be_had_for_a_while(
    account: Sandbox, open_working: OpenGateway, sqlite_url: str
) -> None:
    """The caller's are there already; those of the gateway itself come with the third try of the step."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        assert len((await gateway.ask("{ models { nodes { name } } }")).data["models"]["nodes"]) == 2
        account.faults.fail("AssumeRole", status=503, times=4)
        run = await wait_for_run(sqlite_url, await import_model(gateway, "scorer"))
    assert (run.state, run.done, account.calls.count("AssumeRole")) == (ImportRunState.DONE, 5, 6)


async def test_a_model_that_is_gone(account: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """It has vanished; what belongs to it is looked at all the same."""
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        first = await import_model(gateway, "scorer")
        account.call("DeleteModel", RISK.account, RISK.region, ModelName="scorer")
        account.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="scorer-runtime")
        account.advance(600)
        account.clock.reset()
        gone = await sync_registration(gateway, first)
        assert run_changes(gone) == [("MODEL", "scorer", "VANISHED"), ("RUNTIME", "scorer-runtime", "VANISHED")]
        assert run_changes(await sync_registration(gateway, first)) == []
        answer = await ask_import(gateway, "scorer")
        (error,) = answer.data["importModel"]["userErrors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["modelName"])
    there = {element.name for element in await stored_elements(database_url, first) if element.vanished_at is None}
    assert there == {"scorer-snapshot", "train", "batch"}


async def test_a_model_that_was_made_anew(account: Sandbox, open_working: OpenGateway, sqlite_url: str) -> None:
    """Under its name there is another one now: its import is another registration, and the old one takes nothing up."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        first = await import_model(gateway, "scorer")
        account.call("DeleteModel", RISK.account, RISK.region, ModelName="scorer")
        account.call("CreateModel", RISK.account, RISK.region, ModelName="scorer",
                     ExecutionRoleArn=RISK.execution_role_arn, PrimaryContainer={"Image": "image"})  # fmt: skip
        account.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="of-the-new-one",
                     ProductionVariants=[{"VariantName": "v", "ModelName": "scorer", "InstanceType": "ml.m5.large",
                                          "InitialInstanceCount": 1}])  # fmt: skip
        assert run_changes(await sync_registration(gateway, first)) == [("MODEL", "scorer", "VANISHED")]
        second = await import_model(gateway, "scorer")
    assert second["registration"]["id"] != first["registration"]["id"]
    assert ("SNAPSHOT", "of-the-new-one", "ADDED") in run_changes(second)
    assert ("MODEL", "scorer", "ADDED") in run_changes(second)


@on_both_databases
@pytest.mark.parametrize("clients", [2, 10])
async def test_clients_at_once(account: Sandbox, open_working: OpenGateway, database_url: str, clients: int) -> None:
    """There is one run, and all are given it, whole."""
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        hold = account.faults.block("DescribeTransformJob", times=1)
        asked = [asyncio.create_task(import_model(gateway, "scorer", user=f"user{n}")) for n in range(clients)]
        assert await asyncio.to_thread(hold.wait_for_requests)
        hold.release()
        payloads = await asyncio.gather(*asked)
    assert len({payload["importRun"]["id"] for payload in payloads}) == 1
    assert len({payload["registration"]["id"] for payload in payloads}) == 1
    assert all(len(run_changes(payload)) == 5 for payload in payloads)
    assert len(await stored_elements(database_url, payloads[0])) == 5
    assert len(await audit_events(database_url)) == clients


@on_both_databases
async def test_clients_at_once_who_ask_for_other_things(
    account: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """Each is done what it asks for, one after the other: the second waits for the end of the first."""
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        hold = account.faults.block("DescribeTransformJob", times=1)
        asked = [
            asyncio.create_task(import_model(gateway, "scorer", {"customMetadata": {name: 1}}))
            for name in ("one", "two")
        ]
        assert await asyncio.to_thread(hold.wait_for_requests)
        hold.release()
        payloads = await asyncio.gather(*asked)
        again = await sync_registration(gateway, payloads[0])
    assert len({payload["importRun"]["id"] for payload in payloads}) == 2
    assert len({payload["registration"]["id"] for payload in payloads}) == 1
    assert sorted(len(run_changes(payload)) for payload in payloads) == [0, 5]
    assert again["registration"]["customMetadata"] == {"one": 1, "two": 1}


async def test_an_import_that_takes_long(
    account: Sandbox, open_working: OpenGateway, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is answered before it is done, tells how far it is, and is done by itself."""
    monkeypatch.setattr(resolver, "WAIT_SECONDS", 0.3)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        hold = account.faults.block("ListTransformJobs")
        payload = await import_model(gateway, "scorer")
        run = payload["importRun"]
        assert (run["state"], run["done"], run["total"]) == ("RUNNING", 4, None)
        assert run["phase"] == "Looked through every training job"
        assert (payload["registration"], run["changes"]["totalCount"]) == (None, 0)
        assert (await import_model(gateway, "scorer"))["importRun"]["id"] == run["id"]
        other = (await ask_import(gateway, "scorer", {"description": "Scores."})).data["importModel"]
        assert (other["importRun"]["id"], other["userErrors"][0]["code"]) == (run["id"], "CONFLICT")
        query = "query($id: ID!) { node(id: $id) { ... on ImportRun { state done total registration { id } } } }"
        assert (await gateway.ask(query, {"id": run["id"]})).data["node"]["state"] == "RUNNING"
        hold.release()
        assert (await wait_for_run(sqlite_url, payload)).state is ImportRunState.DONE
        node = (await gateway.ask(query, {"id": run["id"]})).data["node"]
        assert (node["state"], node["done"], node["total"]) == ("DONE", 5, 5)
        assert node["registration"]["id"]


async def test_a_registration_that_is_removed_meanwhile(
    account: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """The sync fails with words for people; nothing of it is kept, and an import makes it anew."""
    remove = "mutation($id: ID!) { removeRegistration(input: {id: $id}) { removedRegistrationId } }"
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        first = await import_model(gateway, "scorer")
        hold = account.faults.block("ListTransformJobs")
        syncing = asyncio.create_task(sync_registration(gateway, first))
        assert await asyncio.to_thread(hold.wait_for_requests)
        id_ = first["registration"]["id"]
        assert (await gateway.ask(remove, {"id": id_})).data["removeRegistration"]["removedRegistrationId"] == id_
        hold.release()
        payload = await syncing
        run = await wait_for_run(database_url, payload)
        assert (run.state, run.phase) == (
            ImportRunState.FAILED,
            "The registration was removed while it was read; import it again.",
        )
        again = await import_model(gateway, "scorer")
        assert len(run_changes(again)) == 5
        assert again["registration"]["id"] != id_


async def test_what_people_say_is_what_they_last_said(
    account: Sandbox, open_working: OpenGateway, sqlite_url: str
) -> None:
    texts = {"displayName": " Scorer ", "description": "Scores.", "customMetadata": {"a": 1, "b": {"c": 2, "d": None}}}
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        first = (await import_model(gateway, "scorer", texts))["registration"]
        assert (first["displayName"], first["description"]) == ("Scorer", "Scores.")
        assert first["customMetadata"] == {"a": 1, "b": {"c": 2}}
        assert (await import_model(gateway, "scorer"))["registration"] == first
        last = await import_model(gateway, "scorer", {"displayName": "Other", "customMetadata": {"b": {"e": 3}}})
    assert last["registration"]["displayName"] == "Other"
    assert last["registration"]["description"] == "Scores."
    assert last["registration"]["customMetadata"] == {"a": 1, "b": {"c": 2, "e": 3}}
