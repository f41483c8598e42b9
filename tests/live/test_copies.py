"""Copies that imports have kept: of several only one is shown, and of another version what can be read."""

import pytest
from sqlalchemy import text

from registry.database import Database
from sandbox.server import Sandbox
from tests.gateway_client import NO_CACHE_AGES, RISK, OpenGateway
from tests.registrations import (
    PERMISSION_SETTINGS,
    create_related_resources,
    import_registration,
    import_settings,
)
from tests.sagemaker_builder import building

SHARED = """{ registrations { nodes { modelName elements(kinds: [SNAPSHOT]) {
  nodes { resource { id name source asOf ... on Snapshot { models { id name source } } } } } } } }"""


async def test_what_two_imports_have_is_shown_once(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """Both have a copy of the snapshot, of different times; one response shows one of them wherever it comes up.

    A model that this copy's import did not bring in is not known to be gone, so it is an error.
    """
    with building(sandbox) as things:
        things.model("one")
        things.model("two")
        things.snapshot("both", "one", "two")
    async with open_working(**PERMISSION_SETTINGS, sagemaker=NO_CACHE_AGES) as gateway:
        await import_registration(gateway, "one")
        await import_registration(gateway, "two")
        sandbox.faults.drop("*")
        answer = await gateway.ask(SHARED)
    nodes = answer.body["data"]["registrations"]["nodes"]
    assert [node["modelName"] for node in nodes] == ["two", "one"]
    shown = [node["elements"]["nodes"][0]["resource"] for node in nodes]
    assert shown[0]["source"] == "REGISTRY"
    assert shown[0] == shown[1]
    assert sorted(item["name"] if item else "" for item in shown[0]["models"])[0] == ""
    assert set(answer.codes) == {"UPSTREAM_UNAVAILABLE"}


BESIDE = """{ models { nodes { id name source asOf containers { image } } }
  registrations { nodes { elements(kinds: [MODEL]) { nodes { resource {
    id name source asOf ... on Model { containers { image } } } } } } } }"""


@pytest.mark.parametrize(("slow", "source"), [("DescribeModel", "LIVE"), ("ListModels", "REGISTRY")])
async def test_a_list_and_an_import_agree(open_working: OpenGateway, sandbox: Sandbox, slow: str, source: str) -> None:
    """The role may list models, and describe none any more: the row and the copy differ, and what is first is shown."""
    create_related_resources(sandbox)
    async with open_working(**PERMISSION_SETTINGS, sagemaker=NO_CACHE_AGES) as gateway:
        await import_registration(gateway)
        sandbox.faults.delay(slow, seconds=0.3)
        sandbox.faults.refuse("DescribeModel")
        answer = await gateway.ask(BESIDE)
    result = answer.body["data"]
    (element,) = result["registrations"]["nodes"][0]["elements"]["nodes"]
    assert result["models"]["nodes"] == [element["resource"]]
    assert element["resource"]["source"] == source


async def test_a_copy_of_another_version_is_shown_as_far_as_it_can_be_read(
    open_working: OpenGateway, sandbox: Sandbox
) -> None:
    create_related_resources(sandbox)
    blocks, url = import_settings()
    async with open_working(**blocks, sagemaker=NO_CACHE_AGES) as gateway:
        await import_registration(gateway)
        async with Database(url) as database, database.writing() as connection:
            statement = "UPDATE elements SET stored = :stored WHERE kind = :kind"
            await connection.execute(text(statement), {"stored": '{"anything": 1}', "kind": "RUNTIME"})
            changed = "json_set(stored, '$.detail.network', 'elsewhere', '$.tags', 5)"
            await connection.execute(text(f"UPDATE elements SET stored = {changed} WHERE kind = 'MODEL'"))
        sandbox.faults.drop("*")
        query = """{ registrations { nodes { elements(kinds: [MODEL, RUNTIME]) { nodes { resource {
          name accountId region creationTime source
          ... on Runtime { status rawStatus snapshotName }
          ... on Model { tags { key } containers { image } } } } } } } }"""
        answer = await gateway.ask(query)
    runtime, model = (
        node["resource"] for node in answer.body["data"]["registrations"]["nodes"][0]["elements"]["nodes"]
    )
    place = {"accountId": RISK.account, "region": RISK.region, "source": "REGISTRY"}
    assert runtime == {
        "name": "churn-live",
        **place,
        "creationTime": "2026-01-01T03:00:00+00:00",
        "status": "UNKNOWN",
        "rawStatus": "Unknown",
        "snapshotName": None,
    }
    assert model == {
        "name": "churn",
        **place,
        "creationTime": "2026-01-01T01:00:00+00:00",
        "tags": None,
        "containers": None,
    }
    assert sorted(error["message"] for error in answer.errors) == [
        f"The stored copy of the {name} was made by another version of the gateway, which this one cannot read; "
        "sync the registration once AWS answers."
        for name in ("endpoint `churn-live`", "model `churn`")
    ] + [
        "The tags of the model `churn` were not kept at the import, and cannot be read from AWS now.",
    ]
