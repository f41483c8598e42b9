"""schema.inference_components: components as things of their own, from models and from runtimes, and their calls."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway
from tests.sagemaker_builder import building, tags

WHOLE = (
    "query($n: String!) { inferenceComponent(name: $n) { id name status rawStatus failureReason creationTime "
    "lastModifiedTime runtimeName runtime { name } variantName modelNames models { name } baseComponentName "
    "currentCopies desiredCopies consoleUrl tags { key } source } }"
)
LIST = (
    "query($f: InferenceComponentFilter, $o: ResourceOrder, $first: Int, $after: String) "
    "{ inferenceComponents(filter: $f, orderBy: $o, first: $first, after: $after) "
    "{ nodes { name runtimeName status } totalCount unreadableCount completeAsOf pageInfo { hasNextPage endCursor } } }"
)
OF_MODELS = (
    "query($after: String) { models(orderBy: {by: NAME, direction: ASC}) { nodes { name "
    "inferenceComponents(first: 2, after: $after) { nodes { name } totalCount unreadableCount completeAsOf "
    "pageInfo { hasNextPage endCursor } } } } }"
)
OF_RUNTIMES = (
    "{ runtimes(orderBy: {by: NAME, direction: ASC}) "
    "{ nodes { name inferenceComponents { nodes { name status } totalCount completeAsOf } } } }"
)
BY_NAME = {"by": "NAME", "direction": "ASC"}


@pytest.fixture
def hosts(sandbox: Sandbox) -> Sandbox:
    """Two hosts: on the one a component of `m`, its adapter, and one of `n`; on the other one of both models."""
    with building(sandbox) as things:
        for model in ("m", "n", "unused"):
            things.model(model)
        things.component_host("first")
        things.component_host("second")
        things.component("of-m", "first", "m", Tags=tags(team="risk"))
        adapter = {"Container": {"ArtifactUrl": "s3://b/a.tar.gz"}, "BaseInferenceComponentName": "of-m"}
        things.component("adapter", "first", Specification=adapter)
        things.component("of-n", "first", "n", RuntimeConfig={"CopyCount": 3})
        things.component("of-both", "second", "m", "n")
    sandbox.calls.clear()
    return sandbox


def calls(sandbox: Sandbox) -> dict[str, int]:
    made = dict(sandbox.calls.by_operation())
    made.pop("AssumeRole", None)
    sandbox.calls.clear()
    return made


def named(connection: Any) -> list[str]:
    return [node["name"] for node in connection["nodes"]]


async def test_one_with_all_that_it_has(gateway: GatewayClient, hosts: Sandbox) -> None:
    shown = (await gateway.ask(WHOLE, {"n": "of-n"})).data["inferenceComponent"]
    assert shown.pop("id")
    assert shown == {
        "name": "of-n",
        "status": "IN_SERVICE",
        "rawStatus": "InService",
        "failureReason": None,
        "creationTime": "2026-01-01T09:00:00+00:00",
        "lastModifiedTime": shown["lastModifiedTime"],
        "runtimeName": "first",
        "runtime": {"name": "first"},
        "variantName": "hosts",
        "modelNames": ["n"],
        "models": [{"name": "n"}],
        "baseComponentName": None,
        "currentCopies": 3,
        "desiredCopies": 3,
        "consoleUrl": None,
        "tags": [],
        "source": "LIVE",
    }
    assert calls(hosts) == {
        "DescribeInferenceComponent": 1,
        "DescribeEndpoint": 1,
        "DescribeModel": 1,
        "ListTags": 1,
    }
    assert (await gateway.ask(WHOLE, {"n": "none"})).data == {"inferenceComponent": None}


async def test_an_adapter_serves_its_bases_model(gateway: GatewayClient, hosts: Sandbox) -> None:
    shown = (await gateway.ask(WHOLE, {"n": "adapter"})).data["inferenceComponent"]
    assert (shown["modelNames"], shown["models"], shown["baseComponentName"]) == (["m"], [{"name": "m"}], "of-m")
    assert (shown["variantName"], shown["runtimeName"]) == ("hosts", "first")


async def test_a_model_that_is_gone(gateway: GatewayClient, hosts: Sandbox) -> None:
    with building(hosts) as things:
        things.call_at("DeleteModel", None, ModelName="n")
    shown = (await gateway.ask(WHOLE, {"n": "of-both"})).data["inferenceComponent"]
    assert (shown["modelNames"], shown["models"]) == (["m", "n"], [{"name": "m"}, None])


async def test_a_base_that_may_not_be_read_leaves_the_models_open(gateway: GatewayClient, hosts: Sandbox) -> None:
    hosts.faults.refuse("DescribeInferenceComponent", name="of-m")
    answer = await gateway.ask('{ inferenceComponent(name: "adapter") { baseComponentName modelNames } }')
    assert answer.body["data"]["inferenceComponent"] == {"baseComponentName": "of-m", "modelNames": None}
    assert (answer.codes, answer.error["path"]) == (["FORBIDDEN"], ["inferenceComponent", "modelNames"])


async def test_a_node_by_id(gateway: GatewayClient, hosts: Sandbox) -> None:
    id = (await gateway.ask(WHOLE, {"n": "of-m"})).data["inferenceComponent"]["id"]
    node = "query($id: ID!) { node(id: $id) { __typename ... on InferenceComponent { name tags { key value } } } }"
    assert (await gateway.ask(node, {"id": id})).data["node"] == {
        "__typename": "InferenceComponent",
        "name": "of-m",
        "tags": [{"key": "team", "value": "risk"}],
    }


async def test_a_list_is_one_call_and_nothing_is_described(gateway: GatewayClient, hosts: Sandbox) -> None:
    found = (await gateway.ask(LIST)).data["inferenceComponents"]
    assert named(found) == ["of-both", "of-n", "adapter", "of-m"]
    assert (found["totalCount"], found["unreadableCount"]) == (4, 0)
    assert found["completeAsOf"] is not None
    assert calls(hosts) == {"ListInferenceComponents": 1}


@pytest.mark.parametrize(
    ("filter", "names", "described"),
    [
        ({"nameContains": "OF-"}, ["of-both", "of-m", "of-n"], 0),
        ({"runtimeName": "first"}, ["adapter", "of-m", "of-n"], 0),
        ({"runtimeName": "none"}, [], 0),
        ({"status": ["FAILED", "CREATING"]}, [], 0),
        ({"status": ["IN_SERVICE"]}, ["adapter", "of-both", "of-m", "of-n"], 0),
        ({"modelName": "m"}, ["adapter", "of-both", "of-m"], 4),
        ({"modelName": "n", "runtimeName": "first"}, ["of-n"], 3),
    ],
)
async def test_filters(
    gateway: GatewayClient, hosts: Sandbox, filter: dict[str, Any], names: list[str], described: int
) -> None:
    """SageMaker would filter by name and status only after it has taken a page, so it is not asked to."""
    found = (await gateway.ask(LIST, {"f": filter, "o": BY_NAME})).data["inferenceComponents"]
    assert (named(found), found["totalCount"]) == (names, len(names))
    expected = {"ListInferenceComponents": 1, **({"DescribeInferenceComponent": described} if described else {})}
    assert calls(hosts) == expected


@pytest.mark.parametrize("filter", [{"nameContains": "a b"}, {"runtimeName": "a b"}, {"modelName": "-"}])
async def test_a_filter_at_fault_asks_nobody(gateway: GatewayClient, hosts: Sandbox, filter: dict[str, Any]) -> None:
    assert (await gateway.ask(LIST, {"f": filter})).codes == ["BAD_USER_INPUT"]
    assert calls(hosts) == {}


async def test_pages(gateway: GatewayClient, hosts: Sandbox) -> None:
    names, after = [], None
    for _ in range(2):
        found = (await gateway.ask(LIST, {"first": 2, "after": after})).data["inferenceComponents"]
        names += named(found)
        after = found["pageInfo"]["endCursor"]
    assert (names, found["pageInfo"]["hasNextPage"]) == (["of-both", "of-n", "adapter", "of-m"], False)


async def test_components_of_models(gateway: GatewayClient, hosts: Sandbox) -> None:
    """A list and a description each, once; adapters are among those of their base's model."""
    answer = await gateway.ask(OF_MODELS)
    m, n, unused = (node["inferenceComponents"] for node in answer.data["models"]["nodes"])
    assert (named(m), m["totalCount"], m["pageInfo"]["hasNextPage"]) == (["of-both", "adapter"], 3, True)
    assert (named(n), n["totalCount"], named(unused), unused["totalCount"]) == (["of-both", "of-n"], 2, [], 0)
    assert all(page["completeAsOf"] is not None and page["unreadableCount"] == 0 for page in (m, n, unused))
    read = {"ListModels": 1, "ListInferenceComponents": 1, "DescribeInferenceComponent": 4}
    assert calls(hosts) == answer.aws_extensions["calls"] == read
    rest = await gateway.ask(OF_MODELS, {"after": m["pageInfo"]["endCursor"]})
    assert named(rest.body["data"]["models"]["nodes"][0]["inferenceComponents"]) == ["of-m"]
    assert calls(hosts) == {}


@pytest.mark.parametrize(("refused", "unreadable"), [("of-m", 2), ("adapter", 1)])
async def test_components_that_may_not_be_read_are_counted(
    gateway: GatewayClient, hosts: Sandbox, refused: str, unreadable: int
) -> None:
    """An adapter of a refused base may be any model's."""
    hosts.faults.refuse("DescribeInferenceComponent", name=refused)
    m, n, unused = (node["inferenceComponents"] for node in (await gateway.ask(OF_MODELS)).data["models"]["nodes"])
    assert (named(m), named(n), named(unused)) == (
        ["of-both"] if refused == "of-m" else ["of-both", "of-m"],
        ["of-both", "of-n"],
        [],
    )
    assert {page["unreadableCount"] for page in (m, n, unused)} == {unreadable}


async def test_components_of_runtimes_are_one_listing(gateway: GatewayClient, hosts: Sandbox) -> None:
    answer = await gateway.ask(OF_RUNTIMES)
    first, second = (node["inferenceComponents"] for node in answer.data["runtimes"]["nodes"])
    assert (named(first), first["totalCount"]) == (["of-n", "adapter", "of-m"], 3)
    assert second["nodes"] == [{"name": "of-both", "status": "IN_SERVICE"}]
    assert second["completeAsOf"] is not None
    assert calls(hosts) == answer.aws_extensions["calls"] == {"ListEndpoints": 1, "ListInferenceComponents": 1}


@pytest.mark.parametrize("query", [LIST, OF_MODELS, OF_RUNTIMES])
async def test_a_listing_that_is_refused_is_no_empty_list(gateway: GatewayClient, hosts: Sandbox, query: str) -> None:
    hosts.faults.refuse("ListInferenceComponents")
    answer = await gateway.ask(query)
    assert set(answer.codes) == {"FORBIDDEN"}
    assert {error["path"][-1] for error in answer.body["errors"]} == {"inferenceComponents"}


async def test_a_change_is_seen_however_long_the_list(open_gateway: OpenGateway, hosts: Sandbox) -> None:
    """No filter tells which have changed, so that the list is read whole; descriptions last."""
    hosts.faults.shorten("ListInferenceComponents", 1)
    question = "{ inferenceComponents { nodes { name status modelNames } } }"
    async with open_gateway(sagemaker={"freshSeconds": 0.001}) as gateway:
        before = (await gateway.ask(question)).data["inferenceComponents"]["nodes"]
        assert [node["modelNames"] for node in before] == [["m", "n"], ["n"], ["m"], ["m"]]
        update_component(hosts)
        calls(hosts)
        after = (await gateway.ask(question)).data["inferenceComponents"]["nodes"]
    assert [node["modelNames"] for node in after] == [["m", "n"], ["n"], ["n"], ["n"]]
    assert calls(hosts) == {"ListInferenceComponents": 4, "DescribeInferenceComponent": 1}


def update_component(sandbox: Sandbox) -> None:
    """Let `of-m` serve `n`."""
    specification = {"ModelName": "n", "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}}
    with building(sandbox) as things:
        things.call_at("UpdateInferenceComponent", None, InferenceComponentName="of-m", Specification=specification)


async def test_runtimes_of_a_component_that_is_refused_by_now_count(open_gateway: OpenGateway, hosts: Sandbox) -> None:
    """The links are known; once the description is too old, it is refused, and the list is not whole any more."""
    question = '{ model(name: "n") { runtimes { nodes { name } totalCount unreadableCount completeAsOf } } }'
    async with open_gateway(sagemaker={"freshSeconds": 0.001, "authoritySeconds": 0.001}) as gateway:
        before = (await gateway.ask(question)).data["model"]["runtimes"]
        assert (sorted(named(before)), before["unreadableCount"]) == (["first", "second"], 0)
        hosts.faults.refuse("DescribeInferenceComponent", name="of-n")
        for _ in range(2):
            after = (await gateway.ask(question)).data["model"]["runtimes"]
            assert (named(after), after["totalCount"], after["unreadableCount"]) == (["second"], None, 1)
            assert after["completeAsOf"] is None
