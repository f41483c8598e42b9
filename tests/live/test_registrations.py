"""Registrations and what they lead to: live as long as AWS answers, as they were kept where it does not."""

from typing import Any

import pytest
from sqlalchemy import text

from registry.database import Database
from sandbox.server import Sandbox
from tests.gateway_client import (
    MARKETING,
    NO_CACHE_AGES,
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
)
from tests.registrations import (
    PERMISSION_SETTINGS,
    create_related_resources,
    import_registration,
    import_settings,
    sync_to_end,
)
from tests.sagemaker_builder import building

# All that the import of a model brings in, as somebody reads it (ModelOp's "Import Elements").
WHOLE = """{ registrations(first: 1) { totalCount nodes {
  displayName modelName model { name source }
  elements(first: 10) { totalCount pageInfo { hasNextPage } nodes { kind name arn match vanishedAt resource {
    __typename id name arn accountId region creationTime consoleUrl source asOf
    ... on Model { executionRoleArn network { isolated }
      containers { image modelDataUrl environment { key value redacted } }
      tags { key value } registration { modelName }
      snapshots { totalCount nodes { name source } } runtimes { nodes { name source } }
      jobs { totalCount completeAsOf edges { match node { name source } } } }
    ... on Snapshot { modelNames createdByImport customMetadata snapshotTags: tags { key }
      variants { name instanceType initialInstanceCount model { name source } }
      runtimes { nodes { name source } } }
    ... on Runtime { runtimeStatus: status snapshotName lastModifiedTime
      snapshot { name source } runtimeModels: models { name source } runtimeVariants: variants { name currentWeight } }
    ... on TrainingJob { trainingImage modelArtifactsS3Uri billableSeconds hyperParameters { key value redacted }
      finalMetrics { name } }
    ... on TransformJob { modelName batchStrategy model { name source } }
    ... on Job { status startTime endTime executionSeconds inputs { s3Uri } outputS3Uri instanceType instanceCount
      jobModels: models { name source } }
  } } } } } }"""
SOURCES = """{ registrations { nodes { elements { nodes { name resource { id source name } } } } } }"""


def without(result: Any, *names: str) -> Any:
    """What was found, without these fields."""
    if isinstance(result, list):
        return [without(item, *names) for item in result]
    if not isinstance(result, dict):
        return result
    return {name: without(element, *names) for name, element in result.items() if name not in names}


def every(result: Any, name: str) -> set[Any]:
    """Each value that a field of this name has, however deep."""
    if isinstance(result, list):
        return {value for item in result for value in every(item, name)}
    if not isinstance(result, dict):
        return set()
    own = {result[name]} if name in result else set()
    return own | {value for element in result.values() for value in every(element, name)}


async def sources(gateway: GatewayClient, **asked: Any) -> dict[str, str]:
    """Where the resource of each element was read."""
    answer = await gateway.ask(SOURCES, **asked)
    nodes = [node for item in answer.data["registrations"]["nodes"] for node in item["elements"]["nodes"]]
    return {node["name"]: node["resource"]["source"] for node in nodes}


@pytest.mark.parametrize("fresh", [True, False], ids=["nobody has asked before", "the role is at hand"])
async def test_while_aws_is_down_everything_is_as_it_was(
    open_working: OpenGateway, sandbox: Sandbox, fresh: bool
) -> None:
    """What is kept tells the same as AWS did, but for where and when it was read, and for what counts as complete."""
    create_related_resources(sandbox)
    blocks, _ = import_settings()
    async with open_working(**blocks, sagemaker=NO_CACHE_AGES) as gateway:
        await import_registration(gateway)
        before = (await gateway.ask(WHOLE)).data["registrations"]
        if not fresh:
            sandbox.faults.drop("*")
            answer = await gateway.ask(WHOLE)
    if fresh:
        sandbox.faults.drop("*")
        async with open_working(**blocks) as gateway:
            answer = await gateway.ask(WHOLE)
    assert [error["path"] for error in answer.errors] == [["registrations", "nodes", 0, "model"]]
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]
    after = answer.body["data"]["registrations"]
    assert every(before, "source") <= {"LIVE", "CACHE"}
    assert every(after, "source") == {"REGISTRY"}
    changing = ("source", "asOf", "totalCount", "completeAsOf", "model")
    assert without(after, *changing) == without(before, *changing)
    elements = after["nodes"][0]["elements"]
    assert (elements["totalCount"], len(elements["nodes"])) == (5, 5)
    model = next(node["resource"] for node in elements["nodes"] if node["kind"] == "MODEL")
    # Of what is kept nobody can say that there is no more.
    assert (model["snapshots"]["totalCount"], model["jobs"]["totalCount"], model["jobs"]["completeAsOf"]) == (
        None,
        None,
        None,
    )


async def test_no_secret_is_kept_or_shown(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """Not even to those who may see secrets: while AWS is down there are none to see."""
    create_related_resources(sandbox)
    seeing = {"permissions": [{"group": "*", "allow": ["READ", "IMPORT", "SEE_SECRETS"]}]}
    blocks, url = import_settings(None, seeing)
    async with open_working(**blocks, sagemaker=NO_CACHE_AGES) as gateway:
        await import_registration(gateway)
        assert "s3cr3t" in str((await gateway.ask(WHOLE)).data)
        sandbox.faults.drop("*")
        down = (await gateway.ask(WHOLE)).body
    assert "s3cr3t" not in str(down)
    assert every(down, "redacted") == {True}
    async with Database(url) as database, database.reading() as connection:
        rows = (await connection.execute(text("SELECT stored FROM elements"))).all()
    assert len(rows) == 5
    assert "s3cr3t" not in str(rows)


async def test_what_is_refused_is_shown_as_it_was(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """And only that: the rest is live."""
    create_related_resources(sandbox)
    async with open_working(**PERMISSION_SETTINGS, sagemaker=NO_CACHE_AGES) as gateway:
        await import_registration(gateway)
        sandbox.faults.refuse("DescribeEndpoint")
        result = await sources(gateway)
    assert result == {
        "churn": "LIVE",
        "churn-1": "LIVE",
        "churn-live": "REGISTRY",
        "churn-train": "LIVE",
        "churn-batch": "LIVE",
    }


async def test_what_has_vanished_is_shown_as_it_was(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """Before a sync has noted it, and after."""
    create_related_resources(sandbox)
    async with open_working(**PERMISSION_SETTINGS, sagemaker=NO_CACHE_AGES) as gateway:
        registration = await import_registration(gateway)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        assert (await sources(gateway))["churn-1"] == "REGISTRY"
        await sync_to_end(gateway, registration)
        query = """query($v: Boolean) { registrations { nodes { elements(vanished: $v) {
          totalCount nodes { name resource { source } } } } } }"""
        gone = (await gateway.ask(query, {"v": True})).data["registrations"]["nodes"][0]["elements"]
        there = (await gateway.ask(query, {"v": False})).data["registrations"]["nodes"][0]["elements"]
    assert gone == {"totalCount": 1, "nodes": [{"name": "churn-1", "resource": {"source": "REGISTRY"}}]}
    assert (there["totalCount"], every(there, "source")) == (4, {"LIVE"})


async def test_what_was_made_anew_is_another_thing(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """The registration is of the model that was; so its `model` is null, and its element is what was kept."""
    create_related_resources(sandbox)
    query = """{ registrations { nodes { model { name } elements(kinds: [MODEL]) {
      nodes { resource { name source creationTime ... on Model { registration { id } } } } } } }
      model(name: "churn") { creationTime registration { id } } }"""
    async with open_working(**PERMISSION_SETTINGS, sagemaker=NO_CACHE_AGES) as gateway:
        registration = await import_registration(gateway)
        before = (await gateway.ask(query)).data
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="churn")
        sandbox.call(
            "CreateModel",
            RISK.account,
            RISK.region,
            ModelName="churn",
            ExecutionRoleArn=RISK.execution_role_arn,
            PrimaryContainer={"Image": "other"},
        )
        after = (await gateway.ask(query)).data
    assert before["registrations"]["nodes"][0]["model"] == {"name": "churn"}
    assert before["model"]["registration"] == {"id": registration}
    (node,) = after["registrations"]["nodes"]
    assert node["model"] is None
    assert after["model"]["registration"] is None
    (element,) = node["elements"]["nodes"]
    assert element["resource"] == {
        "name": "churn",
        "source": "REGISTRY",
        "creationTime": before["model"]["creationTime"],
        "registration": {"id": registration},
    }
    assert after["model"]["creationTime"] > before["model"]["creationTime"]


async def test_a_role_that_moved_to_another_account_reads_no_model(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """What was imported is shown as it was, and the model's place says why it is not read."""
    create_related_resources(sandbox)
    blocks, _ = import_settings()
    async with open_working(**blocks) as gateway:
        await import_registration(gateway)
    moved = credential_settings(
        {**assume_role_entry(MARKETING, "risk"), "region": RISK.region, "regions": [RISK.region]}
    )
    query = """{ registrations(first: 1) { nodes { model { name } elements(kinds: [MODEL]) { nodes { resource {
      name source ... on Model { runtimes { nodes { name source } } } } } } } } }"""
    async with open_working(**{**blocks, **moved}) as gateway:
        answer = await gateway.ask(query)
    (node,) = answer.body["data"]["registrations"]["nodes"]
    assert node["model"] is None
    assert answer.error["extensions"]["code"] == "FORBIDDEN"
    assert answer.error["message"] == (
        f"The role of the group `risk` is in account {MARKETING.account} now; the model was imported from account "
        f"{RISK.account}."
    )
    assert node["elements"]["nodes"][0]["resource"] == {
        "name": "churn",
        "source": "REGISTRY",
        "runtimes": {"nodes": [{"name": "churn-live", "source": "REGISTRY"}]},
    }
    assert sandbox.calls.count(account=MARKETING.account, operation="DescribeModel") == 0


async def test_a_list_of_registrations_asks_for_each_thing_once(open_working: OpenGateway, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        for number in range(5):
            things.model(f"model-{number}")
        things.snapshot("shared", *(f"model-{number}" for number in range(5)))
    async with open_working(**PERMISSION_SETTINGS, sagemaker=NO_CACHE_AGES) as gateway:
        for number in range(5):
            await import_registration(gateway, f"model-{number}")
        sandbox.calls.clear()
        query = "{ registrations { nodes { model { name } elements { nodes { resource { name source } } } } } }"
        nodes = (await gateway.ask(query)).data["registrations"]["nodes"]
    assert [node["model"]["name"] for node in nodes] == [f"model-{number}" for number in reversed(range(5))]
    assert every(nodes, "source") == {"LIVE"}
    made = sandbox.calls.by_operation()
    assert {name: count for name, count in made.items() if name.startswith(("Describe", "List"))} == {
        "DescribeModel": 5,
        "DescribeEndpointConfig": 1,
    }


async def test_a_page_of_models_shows_the_registration_of_each(open_working: OpenGateway, sandbox: Sandbox) -> None:
    """So many that they are worked out in slices of time."""
    names = [f"model-{number:02}" for number in range(20)]
    with building(sandbox) as things:
        for name in names:
            things.model(name)
    async with open_working(**PERMISSION_SETTINGS) as gateway:
        await import_registration(gateway, "model-07")
        query = "{ models(first: 20) { nodes { name registration { modelName } } } }"
        nodes = (await gateway.ask(query)).data["models"]["nodes"]
    assert {node["name"]: node["registration"] for node in nodes} == {
        name: {"modelName": name} if name == "model-07" else None for name in names
    }
