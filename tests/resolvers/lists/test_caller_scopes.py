"""resolvers.lists.caller_scopes: each thing as its group reads it, and how many scopes one query asks."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway, assume_role_entry, credential_settings
from tests.sagemaker_builder import IMAGE, building

WIDE = """{ models(scope: MINE) {
  nodes { id name group containers { environment { key value redacted } } registration { id }
    snapshots { nodes { name group } scopes { group region problem { code } } } } } }"""
GROUPS = ("risk", "marketing")


async def test_each_thing_through_the_view_of_its_group(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """Secrets are visible per group, and what lies below a thing is its own account's, whatever has the same name."""
    for group in (RISK, MARKETING):
        with building(sandbox, group) as things:
            container = {"Image": IMAGE, "Environment": {"TOKEN": f"of-{group.name}"}}
            things.model("m", PrimaryContainer=container)
            things.snapshot(f"of-{group.name}", "m")
    allow = [{"group": "*", "allow": ["READ"]}, {"group": "marketing", "allow": ["SEE_SECRETS"]}]
    async with open_gateway(permissions=allow) as gateway:
        nodes = (await gateway.ask(WIDE, groups=GROUPS)).data["models"]["nodes"]
        again = [
            await gateway.ask("query($id: ID!) { node(id: $id) { id } }", {"id": node["id"]}, groups=GROUPS)
            for node in nodes
        ]
    assert [(node["group"], node["containers"][0]["environment"][0]["value"]) for node in nodes] == [
        ("marketing", "of-marketing"),
        ("risk", None),
    ]
    for node, group in zip(nodes, (MARKETING, RISK), strict=True):
        scope = {"group": group.name, "region": group.region, "problem": None}
        assert node["snapshots"] == {"nodes": [{"name": f"of-{group.name}", "group": group.name}], "scopes": [scope]}
    assert [answer.data["node"]["id"] for answer in again] == [node["id"] for node in nodes]


async def test_a_group_without_read_is_a_problem_of_its_own(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
    async with open_gateway(permissions=[{"group": "risk", "allow": ["READ"]}]) as gateway:
        query = "{ models(scope: MINE) { nodes { name } scopes { group problem { code } } } }"
        answer = await gateway.ask(query, groups=GROUPS)
    assert answer.data["models"] == {
        "nodes": [{"name": "m"}],
        "scopes": [
            {"group": "risk", "problem": None},
            {"group": "marketing", "problem": {"code": "FORBIDDEN"}},
        ],
    }
    assert sandbox.calls.by_operation() == {"AssumeRole": 1, "ListModels": 1}


MANY = [f"eu-{place}-{number}" for place in ("west", "north", "south", "central", "east") for number in range(1, 6)]


@pytest.mark.parametrize(("most", "codes"), [(25, None), (24, ["LIMIT_EXCEEDED"])])
async def test_scopes_of_one_query(
    open_gateway: OpenGateway, sandbox: Sandbox, most: int, codes: list[str] | None
) -> None:
    """Twenty-five regions: each costs what one does, and none is asked if they are too many."""
    served = credential_settings(assume_role_entry(RISK, region=MANY[0], regions=MANY))
    async with open_gateway(**served, sagemaker={"scopesPerQuery": most}) as gateway:
        answer = await gateway.ask("{ models(first: 3, scope: MINE) { nodes { name } scopes { region } } }")
        narrowed = await gateway.ask(f'{{ models(scope: MINE, region: "{MANY[3]}") {{ scopes {{ region }} }} }}')
    assert narrowed.data["models"]["scopes"] == [{"region": MANY[3]}]
    assert answer.body["extensions"]["cost"]["requested"] == 3 * most
    if codes is None:
        assert [scope["region"] for scope in answer.data["models"]["scopes"]] == MANY
        assert sandbox.calls.by_operation() == {"AssumeRole": 1, "ListModels": 25}
    else:
        assert answer.codes == codes
        assert sandbox.calls.by_operation() == {"AssumeRole": 1, "ListModels": 1}


BY_VARIABLE = "query($s: ListScope) { models(first: 3, scope: $s) { nodes { name } } }"
BY_DEFAULT = "query($s: ListScope = MINE) { models(first: 3, scope: $s) { nodes { name } } }"
NESTED = "{ models(first: 3, scope: MINE) { nodes { snapshots(first: 2) { nodes { name } } } } me { subject } }"
FRAGMENT = "{ ...F } fragment F on Query { jobs(first: 3, scope: MINE) { nodes { name } scopes { group } } }"


@pytest.mark.parametrize(
    ("query", "variables", "alone", "cost"),
    [
        (BY_VARIABLE, {"s": "MINE"}, 3, 6),
        (BY_VARIABLE, {"s": "ACTING"}, 3, 3),
        (BY_VARIABLE, {"s": None}, 3, 3),
        (BY_DEFAULT, {}, 3, 6),
        (NESTED, {}, 10, 19),
        (FRAGMENT, {}, 3, 6),
    ],
)
async def test_the_cost_of_every_scope(
    gateway: GatewayClient, query: str, variables: dict[str, Any], alone: int, cost: int
) -> None:
    """Also of a document that is known already, and for each caller by their own groups."""
    for groups, expected in ((GROUPS, cost), (("risk",), alone), (GROUPS, cost)):
        answer = await gateway.ask(query, variables, groups=groups)
        assert answer.body["extensions"]["cost"]["requested"] == expected
