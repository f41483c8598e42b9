"""Queries.node and nodes: resources by id, each read once, and none of another group, account or region."""

import base64

import pytest

from aws.kinds.kind import Kind
from resolvers.node_ids import NodeId
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, NO_CACHE_AGES, RISK, GatewayClient, GraphQLResponse, OpenGateway
from tests.query_cases import aws_calls, no_call_repeated, two_models

__all__ = ["two_models"]


KINDS = {
    Kind.MODEL: ("alpha", "Model"),
    Kind.SNAPSHOT: ("both", "Snapshot"),
    Kind.RUNTIME: ("live", "Runtime"),
    Kind.TRAINING_JOB: ("train-alpha", "TrainingJob"),
    Kind.TRANSFORM_JOB: ("batch", "TransformJob"),
}


async def test_node(gateway: GatewayClient, sandbox: Sandbox, two_models: None) -> None:
    for kind, (name, type_name) in KINDS.items():
        wanted = NodeId(kind, "risk", RISK.account, RISK.region, name).encode()
        sandbox.calls.clear()
        answer = await gateway.ask(
            "query($i: ID!) { node(id: $i) { __typename id ... on Resource { name } } }", {"i": wanted}
        )
        assert answer.data == {"node": {"__typename": type_name, "id": wanted, "name": name}}
        assert sum(aws_calls(sandbox).values()) == 1


async def nodes(gateway: GatewayClient, *ids: str) -> GraphQLResponse:
    return await gateway.ask("query($i: [ID!]!) { nodes(ids: $i) { id __typename } }", {"i": list(ids)})


async def test_nodes_keep_their_order_and_each_is_read_once(
    gateway: GatewayClient, sandbox: Sandbox, two_models: None
) -> None:
    ids = [NodeId(kind, "risk", RISK.account, RISK.region, name).encode() for kind, (name, _) in KINDS.items()]
    gone = NodeId(Kind.MODEL, "risk", RISK.account, RISK.region, "gone").encode()
    answer = await nodes(gateway, *ids, gone, *reversed(ids))
    types = [type_name for _, type_name in KINDS.values()]
    assert [node and node["__typename"] for node in answer.data["nodes"]] == [*types, None, *reversed(types)]
    assert sum(aws_calls(sandbox).values()) == 6
    assert no_call_repeated(sandbox)


NO_ID = "This is not an id that this gateway has given out. Take ids from the `id` fields of answers."

NOT_MINE = (
    "The id belongs to the group `marketing`, and you are not in it. A group that is `over` it sees the resources "
    "that its registrations and deployments name."
)


FOREIGN = NodeId(Kind.MODEL, "risk", "999999999999", RISK.region, "alpha").encode()


async def test_nodes_that_cannot_be_read_leave_the_others(
    gateway: GatewayClient, sandbox: Sandbox, two_models: None
) -> None:
    good = NodeId(Kind.MODEL, "risk", RISK.account, RISK.region, "alpha").encode()
    other = NodeId(Kind.MODEL, "marketing", MARKETING.account, MARKETING.region, "alpha").encode()
    answer = await nodes(gateway, "garbage", good, FOREIGN, other)
    assert answer.body["data"] == {"nodes": [None, {"id": good, "__typename": "Model"}, None, None]}
    assert [(error["path"], error["message"]) for error in answer.errors] == [
        (["nodes", 0], NO_ID),
        (
            ["nodes", 2],
            "The group of the id has no role in account 999999999999 and region eu-west-1; read the resource by its "
            "name.",
        ),
        (["nodes", 3], NOT_MINE),
    ]
    assert answer.codes == ["BAD_USER_INPUT", "FORBIDDEN", "FORBIDDEN"]


async def test_nodes_that_take_too_long_leave_the_others(
    open_gateway: OpenGateway, sandbox: Sandbox, two_models: None
) -> None:
    ids = [NodeId(Kind.MODEL, "risk", RISK.account, RISK.region, name).encode() for name in ("alpha", "beta")]
    hold = sandbox.faults.block("DescribeModel", name="beta")
    async with open_gateway(limits={"seconds": 2}) as gateway:
        answer = await nodes(gateway, *reversed(ids))
    hold.release()
    assert answer.body["data"] == {"nodes": [None, {"id": ids[0], "__typename": "Model"}]}
    assert (answer.error["path"], answer.codes) == (["nodes", 0], ["TIMEOUT"])


@pytest.mark.parametrize("count", [100, 101])
async def test_the_most_ids(gateway: GatewayClient, sandbox: Sandbox, count: int) -> None:
    answer = await nodes(gateway, *[FOREIGN] * count)
    if count == 100:
        assert answer.codes == ["FORBIDDEN"] * 100
    else:
        assert (answer.error["message"], answer.codes) == ("`ids` takes at most 100 ids, not 101.", ["BAD_USER_INPUT"])
        assert answer.body["data"] is None
    assert sandbox.calls.count() == 0


def plain(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "garbage",
        "%%%",
        plain("Model"),
        plain("Pipeline:222222222222:eu-west-1:alpha:risk"),
        plain("Model:222222222222:eu-west-1:alpha"),
        plain("Model:222222222222:eu-west-1:a/b:risk"),
        plain("Model:2222:eu-west-1:alpha:risk"),
        plain("Model:222222222222:nowhere:alpha:risk"),
        plain(f"Model:222222222222:eu-west-1:{'a' * 64}:risk"),
        plain("Model:222222222222:eu-west-1:../x:risk"),
        plain("Model:222222222222:eu-west-1:alpha:risk") + "=",
        "TW9kZWw6MjIyMjIyMjIyMjIyOmV1LXdlc3QtMTphbHBoYQ",
    ],
)
async def test_an_id_that_was_never_given_out(gateway: GatewayClient, sandbox: Sandbox, wanted: str) -> None:
    answer = await gateway.ask("query($i: ID!) { node(id: $i) { id } }", {"i": wanted})
    assert (answer.body["data"], answer.codes) == ({"node": None}, ["BAD_USER_INPUT"])
    assert answer.error["message"] == NO_ID
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(
    "wanted",
    [FOREIGN, NodeId(Kind.MODEL, "risk", RISK.account, "eu-central-1", "alpha").encode()],
)
async def test_an_id_of_an_account_or_region_that_is_not_ones_own(
    gateway: GatewayClient, sandbox: Sandbox, wanted: str
) -> None:
    answer = await gateway.ask("query($i: ID!) { node(id: $i) { id } }", {"i": wanted})
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0


async def test_a_role_that_turns_out_to_be_in_another_account_reads_nothing(
    gateway: GatewayClient, sandbox: Sandbox
) -> None:
    """Stored keys tell their account only once they are used, and a model of the same name would be another one."""
    wanted = NodeId(Kind.MODEL, "gateway", MARKETING.account, "us-east-2", "alpha").encode()
    answer = await gateway.ask("query($i: ID!) { node(id: $i) { id } }", {"i": wanted}, groups=["gateway"])
    assert (answer.body["data"], answer.codes) == ({"node": None}, ["FORBIDDEN"])
    assert sandbox.calls.by_operation() == {"GetCallerIdentity": 1}


async def test_a_node_that_is_gone(open_gateway: OpenGateway, sandbox: Sandbox, two_models: None) -> None:
    wanted = {"i": NodeId(Kind.MODEL, "risk", RISK.account, RISK.region, "beta").encode()}
    query = "query($i: ID!) { node(id: $i) { id } }"
    async with open_gateway(sagemaker=NO_CACHE_AGES) as gateway:
        assert (await gateway.ask(query, wanted)).data["node"]
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="beta")
        assert (await gateway.ask(query, wanted)).data == {"node": None}
