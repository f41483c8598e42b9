"""The snapshot of a model that has none: made once, noted, audited; or left out, and then it is said why."""

import asyncio
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.asking import RISK, OpenGateway, credentials, role
from tests.importing import WORKING, changes, events, everything, imported, problems
from tests.making import making

BARE = "bare"
DEFAULT = ("SNAPSHOT", "bare-default", "ADDED")


@pytest.fixture
def bare(sandbox: Sandbox) -> Sandbox:
    """A model without a snapshot, and one that has one."""
    with making(sandbox) as made:
        made.model(BARE)
        made.model("other")
        made.snapshot("other", "other")
    return sandbox


def snapshots(sandbox: Sandbox, model: str = BARE) -> list[str]:
    listed = sandbox.call("ListEndpointConfigs", RISK.account, RISK.region, NameContains=model)["EndpointConfigs"]
    return [each["EndpointConfigName"] for each in listed]


async def test_it_is_made_once(bare: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """On the settings' instance type, in the caller's name; the next import finds it there."""
    made_of = {"defaultInstanceType": "ml.c5.xlarge", "startDeployments": False}
    blocks = {**WORKING, "imports": made_of, "database": {"url": database_url}}
    async with open_working(**blocks) as gateway:
        payload = await imported(gateway, BARE)
        assert changes(payload) == [("MODEL", BARE, "ADDED"), DEFAULT]
        assert problems(payload) == []
        assert changes(await imported(gateway, BARE)) == []
        query = '{ snapshot(name: "bare-default") { createdByImport tags { key value } variants { instanceType } } }'
        shown = (await gateway.ask(query)).data["snapshot"]
    assert (shown["createdByImport"], shown["variants"]) == (True, [{"instanceType": "ml.c5.xlarge"}])
    told = {tag["key"]: tag["value"] for tag in shown["tags"]}
    assert (told["sagegraph:created-by"], told["sagegraph:group"]) == ("ann", "risk")
    assert (snapshots(bare), bare.calls.count("CreateEndpointConfig")) == (["bare-default"], 1)
    assert sorted(each.action for each in await events(database_url)) == [
        "createSnapshot",
        "importModel",
        "importModel",
    ]


async def test_long_names(bare: Sandbox, open_working: OpenGateway) -> None:
    """They are cut, and those that begin alike are told apart."""
    names = ["a" * 63, "a" * 62 + "b", "a" * 55]
    with making(bare) as made:
        for name in names:
            made.model(name)
    async with open_working(**WORKING) as gateway:
        found = [name for each in names for _, name, _ in changes(await imported(gateway, each)) if "default" in name]
    assert len(set(found)) == 3
    assert {len(name) for name in found} == {63}
    assert found[2] == "a" * 55 + "-default"


@pytest.mark.parametrize("how", ["by argument", "by setting"])
async def test_it_can_be_switched_off(bare: Sandbox, open_working: OpenGateway, how: str) -> None:
    off = {"createDefaultSnapshot": False}
    blocks = {**WORKING, "imports": {**off, "startDeployments": False}} if how == "by setting" else WORKING
    async with open_working(**blocks) as gateway:
        payload = await imported(gateway, BARE, off if how == "by argument" else {})
        assert (changes(payload), problems(payload)) == ([("MODEL", BARE, "ADDED")], [])
        assert snapshots(bare) == []
        if how == "by setting":
            assert DEFAULT in changes(await imported(gateway, BARE, {"createDefaultSnapshot": True}))


async def test_without_deploy_it_is_left_out(bare: Sandbox, open_working: OpenGateway) -> None:
    permissions = [{"group": "risk", "allow": ["READ", "IMPORT"]}]
    async with open_working(**{**WORKING, "permissions": permissions}) as gateway:
        payload = await imported(gateway, BARE)
        dry = await imported(gateway, BARE, {"dryRun": True})
        assert changes(await imported(gateway, "other"))[0][2] == "ADDED"
    assert (changes(payload), problems(payload)) == ([("MODEL", BARE, "ADDED")], [("SNAPSHOT", "FORBIDDEN")])
    assert "DEPLOY" in payload["importRun"]["problems"][0]["message"]
    assert dry["plan"]["willCreateSnapshot"] is None
    assert (snapshots(bare), bare.calls.count("CreateEndpointConfig")) == ([], 0)


@pytest.mark.parametrize("operation", ["ListEndpointConfigs", "DescribeEndpointConfig", "CreateEndpointConfig"])
async def test_refused(bare: Sandbox, open_working: OpenGateway, sqlite_url: str, operation: str) -> None:
    """None is made where it is unknown whether one is needed."""
    bare.trouble.refuse(operation)
    async with open_working(**WORKING, database={"url": sqlite_url}, sagemaker={"search": False}) as gateway:
        payload = await imported(gateway, BARE)
    assert changes(payload) == [("MODEL", BARE, "ADDED")]
    assert ("SNAPSHOT", "FORBIDDEN") in problems(payload)
    told = [tuple(each.values()) for each in payload["importRun"]["problems"]]
    assert len(set(told)) == len(told)
    assert snapshots(bare) == []
    refused = [each for each in await events(sqlite_url) if each.action == "createSnapshot"]
    assert [each.outcome.value for each in refused] == (["REFUSED"] if operation.startswith("Create") else [])


async def test_the_name_is_taken_by_something_else(bare: Sandbox, open_working: OpenGateway) -> None:
    with making(bare) as made:
        made.snapshot("bare-default", "other")
    async with open_working(**WORKING) as gateway:
        plan = (await imported(gateway, BARE, {"dryRun": True}))["plan"]
        payload = await imported(gateway, BARE)
    assert (plan["willCreateSnapshot"], plan["problems"]) == (None, [{"kind": "SNAPSHOT", "code": "ALREADY_EXISTS"}])
    assert changes(payload) == [("MODEL", BARE, "ADDED")]
    assert problems(payload) == [("SNAPSHOT", "ALREADY_EXISTS")]
    assert "bare-default" in payload["importRun"]["problems"][0]["message"]


@pytest.mark.parametrize("trouble", ["drop", "lose", "fail"])
async def test_aws_does_not_answer(bare: Sandbox, open_working: OpenGateway, sqlite_url: str, trouble: str) -> None:
    """Whether it was made or not, in the end there is one, and it is known whose it is."""
    getattr(bare.trouble, trouble)("CreateEndpointConfig", times=1)
    async with open_working(**WORKING, database={"url": sqlite_url}) as gateway:
        assert DEFAULT in changes(await imported(gateway, BARE))
    assert snapshots(bare) == ["bare-default"]
    assert [bool(row[6]) for row in everything(sqlite_url)["snapshot_notes"]] == [True]


async def test_two_groups_with_one_account(bare: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """Each has an import of its own, and the model has one default snapshot."""
    both = credentials(role(RISK), role(RISK, "twin"))
    permissions = [{"group": "*", "allow": ["READ", "IMPORT", "DEPLOY"]}]
    blocks: dict[str, Any] = {**WORKING, **both, "permissions": permissions, "database": {"url": database_url}}
    async with open_working(**blocks) as gateway:
        one, two = await asyncio.gather(*(imported(gateway, BARE, groups=[each]) for each in ("risk", "twin")))
    assert one["registration"]["id"] != two["registration"]["id"]
    assert changes(one) == changes(two) == [("MODEL", BARE, "ADDED"), DEFAULT]
    assert snapshots(bare) == ["bare-default"]


async def test_the_estate_has_one_model_without(estate: Estate, open_working: OpenGateway) -> None:
    async with open_working(**WORKING) as gateway:
        found = changes(await imported(gateway, "ifrs9-macro-scenarios"))
    assert ("SNAPSHOT", "ifrs9-macro-scenarios-default", "ADDED") in found
