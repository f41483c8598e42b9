"""The snapshot of a model that has none: made once, noted, audited; or left out, and then it is said why."""

import asyncio
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.ids import NAME_PATTERN
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway, assume_role_entry, credential_settings
from tests.imports import IMPORT_SETTINGS, audit_events, dump_tables, import_model, run_changes, run_problems
from tests.sagemaker_builder import building
from workflows.imports.default_snapshot import MAX_NAME_LENGTH, default_snapshot_name

BARE = "bare"
DEFAULT = ("SNAPSHOT", "bare-default", "ADDED")


@pytest.fixture
def bare(sandbox: Sandbox) -> Sandbox:
    """A model without a snapshot, and one that has one."""
    with building(sandbox) as made:
        made.model(BARE)
        made.model("other")
        made.snapshot("other", "other")
    return sandbox


def snapshots(sandbox: Sandbox, model: str = BARE) -> list[str]:
    listed = sandbox.call("ListEndpointConfigs", RISK.account, RISK.region, NameContains=model)["EndpointConfigs"]
    return [item["EndpointConfigName"] for item in listed]


async def test_it_is_made_once(bare: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """On the settings' instance type, in the caller's name; the next import finds it there."""
    made_of = {"defaultInstanceType": "ml.c5.xlarge", "startDeployments": False}
    blocks = {**IMPORT_SETTINGS, "imports": made_of, "database": {"url": database_url}}
    async with open_working(**blocks) as gateway:
        payload = await import_model(gateway, BARE)
        assert run_changes(payload) == [("MODEL", BARE, "ADDED"), DEFAULT]
        assert run_problems(payload) == []
        assert run_changes(await import_model(gateway, BARE)) == []
        query = '{ snapshot(name: "bare-default") { createdByImport tags { key value } variants { instanceType } } }'
        shown = (await gateway.ask(query)).data["snapshot"]
    assert (shown["createdByImport"], shown["variants"]) == (True, [{"instanceType": "ml.c5.xlarge"}])
    text = {tag["key"]: tag["value"] for tag in shown["tags"]}
    assert (text["sagegraph:created-by"], text["sagegraph:group"]) == ("ann", "risk")
    assert (snapshots(bare), bare.calls.count("CreateEndpointConfig")) == (["bare-default"], 1)
    assert sorted(event.action for event in await audit_events(database_url)) == [
        "createSnapshot",
        "importModel",
        "importModel",
    ]


async def test_long_names(bare: Sandbox, open_working: OpenGateway) -> None:
    """They are cut, and those that begin alike are told apart."""
    names = ["a" * 63, "a" * 62 + "b", "a" * 55]
    with building(bare) as made:
        for name in names:
            made.model(name)
    async with open_working(**IMPORT_SETTINGS) as gateway:
        result = [
            name for item in names for _, name, _ in run_changes(await import_model(gateway, item)) if "default" in name
        ]
    assert len(set(result)) == 3
    assert {len(name) for name in result} == {63}
    assert result[2] == "a" * 55 + "-default"


@pytest.mark.parametrize("how", ["by argument", "by setting"])
async def test_it_can_be_switched_off(bare: Sandbox, open_working: OpenGateway, how: str) -> None:
    off = {"createDefaultSnapshot": False}
    blocks = (
        {**IMPORT_SETTINGS, "imports": {**off, "startDeployments": False}} if how == "by setting" else IMPORT_SETTINGS
    )
    async with open_working(**blocks) as gateway:
        payload = await import_model(gateway, BARE, off if how == "by argument" else {})
        assert (run_changes(payload), run_problems(payload)) == ([("MODEL", BARE, "ADDED")], [])
        assert snapshots(bare) == []
        if how == "by setting":
            assert DEFAULT in run_changes(await import_model(gateway, BARE, {"createDefaultSnapshot": True}))


async def test_without_deploy_it_is_left_out(bare: Sandbox, open_working: OpenGateway) -> None:
    permissions = [{"group": "risk", "allow": ["READ", "IMPORT"]}]
    async with open_working(**{**IMPORT_SETTINGS, "permissions": permissions}) as gateway:
        payload = await import_model(gateway, BARE)
        dry = await import_model(gateway, BARE, {"dryRun": True})
        assert run_changes(await import_model(gateway, "other"))[0][2] == "ADDED"
    assert (run_changes(payload), run_problems(payload)) == ([("MODEL", BARE, "ADDED")], [("SNAPSHOT", "FORBIDDEN")])
    assert "DEPLOY" in payload["importRun"]["problems"][0]["message"]
    assert dry["plan"]["willCreateSnapshot"] is None
    assert (snapshots(bare), bare.calls.count("CreateEndpointConfig")) == ([], 0)


@pytest.mark.parametrize("operation", ["ListEndpointConfigs", "DescribeEndpointConfig", "CreateEndpointConfig"])
async def test_refused(bare: Sandbox, open_working: OpenGateway, sqlite_url: str, operation: str) -> None:
    """None is made where it is unknown whether one is needed."""
    bare.faults.refuse(operation)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}, sagemaker={"search": False}) as gateway:
        payload = await import_model(gateway, BARE)
    assert run_changes(payload) == [("MODEL", BARE, "ADDED")]
    assert ("SNAPSHOT", "FORBIDDEN") in run_problems(payload)
    text = [tuple(item.values()) for item in payload["importRun"]["problems"]]
    assert len(set(text)) == len(text)
    assert snapshots(bare) == []
    refused = [event for event in await audit_events(sqlite_url) if event.action == "createSnapshot"]
    assert [audit_event.outcome.value for audit_event in refused] == (
        ["REFUSED"] if operation.startswith("Create") else []
    )


async def test_the_name_is_taken_by_something_else(bare: Sandbox, open_working: OpenGateway) -> None:
    with building(bare) as made:
        made.snapshot("bare-default", "other")
    async with open_working(**IMPORT_SETTINGS) as gateway:
        plan = (await import_model(gateway, BARE, {"dryRun": True}))["plan"]
        payload = await import_model(gateway, BARE)
    assert (plan["willCreateSnapshot"], plan["problems"]) == (None, [{"kind": "SNAPSHOT", "code": "ALREADY_EXISTS"}])
    assert run_changes(payload) == [("MODEL", BARE, "ADDED")]
    assert run_problems(payload) == [("SNAPSHOT", "ALREADY_EXISTS")]
    assert "bare-default" in payload["importRun"]["problems"][0]["message"]


@pytest.mark.parametrize("trouble", ["drop", "lose", "fail"])
async def test_aws_does_not_answer(bare: Sandbox, open_working: OpenGateway, sqlite_url: str, trouble: str) -> None:
    """Whether it was made or not, in the end there is one, and it is known whose it is."""
    getattr(bare.faults, trouble)("CreateEndpointConfig", times=1)
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        assert DEFAULT in run_changes(await import_model(gateway, BARE))
    assert snapshots(bare) == ["bare-default"]
    assert [bool(row[6]) for row in dump_tables(sqlite_url)["snapshot_notes"]] == [True]


async def test_two_groups_with_one_account(bare: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """Each has an import of its own, and the model has one default snapshot."""
    both = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "twin"))
    permissions = [{"group": "*", "allow": ["READ", "IMPORT", "DEPLOY"]}]
    blocks: dict[str, Any] = {**IMPORT_SETTINGS, **both, "permissions": permissions, "database": {"url": database_url}}
    async with open_working(**blocks) as gateway:
        one, two = await asyncio.gather(*(import_model(gateway, BARE, groups=[item]) for item in ("risk", "twin")))
    assert one["registration"]["id"] != two["registration"]["id"]
    assert run_changes(one) == run_changes(two) == [("MODEL", BARE, "ADDED"), DEFAULT]
    assert snapshots(bare) == ["bare-default"]


async def test_the_estate_has_one_model_without(estate: Estate, open_working: OpenGateway) -> None:
    async with open_working(**IMPORT_SETTINGS) as gateway:
        result = run_changes(await import_model(gateway, "ifrs9-macro-scenarios"))
    assert ("SNAPSHOT", "ifrs9-macro-scenarios-default", "ADDED") in result


NAMES = st.from_regex(NAME_PATTERN, fullmatch=True, alphabet=string.ascii_letters + string.digits + "-").filter(
    lambda name: len(name) <= MAX_NAME_LENGTH
)


def test_names() -> None:
    assert default_snapshot_name("scorer") == "scorer-default"
    assert default_snapshot_name("a" * 55) == "a" * 55 + "-default"
    assert default_snapshot_name("a" * 56) == "a" * 46 + "-" + default_snapshot_name("a" * 56)[47:55] + "-default"


@given(NAMES)
def test_every_name_is_one_that_sagemaker_takes(name: str) -> None:
    made = default_snapshot_name(name)
    assert NAME_PATTERN.fullmatch(made)
    assert len(made) <= MAX_NAME_LENGTH
    assert made == default_snapshot_name(name)


@given(NAMES, NAMES)
def test_names_differ_as_models_do(one: str, other: str) -> None:
    assert (default_snapshot_name(one) == default_snapshot_name(other)) is (one == other)


@pytest.mark.parametrize("refused", [None, "ListInferenceComponents", "DescribeInferenceComponent"])
async def test_a_model_that_an_inference_component_serves(
    bare: Sandbox, open_working: OpenGateway, refused: str | None
) -> None:
    """It needs no snapshot; where components may not be read, it is unknown whether it does, and none is made."""
    with building(bare) as made:
        made.component_host("host")
        made.component("component", "host", BARE)
    if refused:
        bare.faults.refuse(refused)
    async with open_working(**{**IMPORT_SETTINGS, "imports": {"startDeployments": True}}) as gateway:
        payload = await import_model(gateway, BARE, {"startDeployments": True})
    component = [] if refused else [("INFERENCE_COMPONENT", "component", "ADDED")]
    runtime = [] if refused else [("RUNTIME", "host", "ADDED")]
    assert run_changes(payload) == [*component, ("MODEL", BARE, "ADDED"), *runtime]
    problems = [("RUNTIME", "FORBIDDEN"), ("SNAPSHOT", "FORBIDDEN")] if refused else []
    assert sorted(run_problems(payload)) == problems
    assert (snapshots(bare), bare.calls.count("CreateEndpointConfig")) == ([], 0)
