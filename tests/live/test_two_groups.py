"""Two groups that are served with one role: each has its own readings, whatever else a document asks for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from aws.kinds.kind import Kind
from registry import elements
from registry.database import Database
from registry.enums import DeploymentState, ElementKind
from resolvers.node_ids import NodeId, decode_node_id
from sandbox.server import Sandbox
from tests.gateway_client import (
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.registry.factories import create_registration, key_in_id, seen_element, start_deployment, transitioned
from tests.sagemaker_builder import START, building

BOTH = ("risk", "other")
ORDERS = [BOTH, BOTH[::-1]]
PERMISSIONS = [
    {"group": "risk", "allow": ["READ", "IMPORT"]},
    {"group": "other", "allow": ["READ", "IMPORT", "DEPLOY", "CREATE_JOBS", "SEE_SECRETS"]},
    {"group": "mlops", "allow": ["READ"], "over": ["other"]},
    {"group": "stranger", "allow": ["READ"]},
]
SECRET = "hunter2"


@dataclass(frozen=True)
class TwoGroups:
    """A gateway whose groups `risk` and `other` have one role, and its registry."""

    gateway: GatewayClient
    database: Database

    async def ask(self, query: str, groups: tuple[str, ...] = BOTH, **more: Any) -> Any:
        """The data of an answer without errors."""
        return (await self.gateway.ask(query, groups=groups, **more)).data


@pytest.fixture
async def two_groups(open_gateway: OpenGateway, sandbox: Sandbox) -> AsyncIterator[TwoGroups]:
    """Each group has imported the model `shared`, whose environment holds a secret, and nobody `alone`."""
    with building(sandbox) as things:
        things.model("shared", at=START, PrimaryContainer={"Image": "image", "Environment": {"PASSWORD": SECRET}})
        things.model("alone", at=START.replace(minute=5))
        things.snapshot("shared-1", "shared", at=START.replace(minute=10))
    url = fresh_database()
    roles = (assume_role_entry(RISK, group) for group in ("risk", "other"))
    async with (
        open_gateway(**credential_settings(*roles), database={"url": url}, permissions=PERMISSIONS) as gateway,
        Database(url) as database,
    ):
        for group in BOTH:
            await create_registration(
                database,
                "shared",
                group=group,
                display_name=f"name of {group}",
                account_id=RISK.account,
                region=RISK.region,
                model_arn=RISK.arn("model", "shared"),
                model_created_at=START,
            )
        yield TwoGroups(gateway, database)


def aliases(selection: str, groups: tuple[str, ...] = BOTH) -> str:
    """A query of one model as each of these groups, in their order."""
    return f"""{{ {" ".join(f'{group}: model(name: "shared", group: "{group}") {selection}' for group in groups)} }}"""


@pytest.mark.parametrize("order", ORDERS)
async def test_a_registration_is_the_groups_that_reads(two_groups: TwoGroups, order: tuple[str, ...]) -> None:
    shown = await two_groups.ask(aliases("{ id group arn registration { group displayName } }", order))
    for group in BOTH:
        assert shown[group] == {
            "id": NodeId(Kind.MODEL, group, RISK.account, RISK.region, "shared").encode(),
            "group": group,
            "arn": RISK.arn("model", "shared"),
            "registration": {"group": group, "displayName": f"name of {group}"},
        }


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("acting", [None, "risk", "other"])
async def test_secrets_are_shown_to_the_group_that_may_see_them(
    two_groups: TwoGroups, order: tuple[str, ...], acting: str | None
) -> None:
    query = aliases("{ containers { environment { key value redacted } } }", order)
    shown = await two_groups.ask(query, acting=acting)
    pairs = {group: model["containers"][0]["environment"] for group, model in shown.items()}
    assert pairs == {
        "risk": [{"key": "PASSWORD", "value": None, "redacted": True}],
        "other": [{"key": "PASSWORD", "value": SECRET, "redacted": False}],
    }


@pytest.mark.parametrize("order", ORDERS)
async def test_a_filter_by_imports_is_about_the_groups_own(two_groups: TwoGroups, order: tuple[str, ...]) -> None:
    """`risk` gives up its registration: the other's does not stand in for it."""
    (own,) = (await two_groups.ask("{ registrations { nodes { id } } }", ("risk",)))["registrations"]["nodes"]
    removal = "mutation($i: ID!) { removeRegistration(input: {id: $i}) { userErrors { code } } }"
    await two_groups.ask(removal, ("risk",), variables={"i": own["id"]})
    field = '{0}: models(group: "{0}", filter: {{imported: true}}) {{ totalCount nodes {{ name group }} }}'
    shown = await two_groups.ask(f"{{ {' '.join(field.format(group) for group in order)} }}")
    assert shown == {
        "risk": {"totalCount": 0, "nodes": []},
        "other": {"totalCount": 1, "nodes": [{"name": "shared", "group": "other"}]},
    }


async def test_a_payload_shows_the_metadata_of_the_group_that_was_changed(two_groups: TwoGroups) -> None:
    change = """{0}: updateSnapshot(input: {{name: "shared-1", group: "{0}", customMetadata: {{of: "{0}"}}}}) {{
        snapshot {{ id group customMetadata }} userErrors {{ code }} }}"""
    shown = await two_groups.ask(f"mutation {{ {' '.join(change.format(group) for group in BOTH)} }}")
    for group in BOTH:
        assert shown[group] == {
            "snapshot": {
                "id": NodeId(Kind.SNAPSHOT, group, RISK.account, RISK.region, "shared-1").encode(),
                "group": group,
                "customMetadata": {"of": group},
            },
            "userErrors": [],
        }


async def test_what_a_model_leads_to_is_read_as_its_group(two_groups: TwoGroups) -> None:
    """Also back again, and in lists: the view goes along with the value."""
    shown = await two_groups.ask(
        aliases("""{ snapshots { nodes { group models { group registration { group } }
                     variants { model { group registration { group } } } } } }""")
    )
    for group in BOTH:
        back = {"group": group, "registration": {"group": group}}
        assert shown[group]["snapshots"]["nodes"] == [{"group": group, "models": [back], "variants": [{"model": back}]}]


@pytest.mark.parametrize("order", ["ASC", "DESC"])
async def test_a_registration_and_a_deployment_lead_to_their_own_groups_reading(
    two_groups: TwoGroups, order: str
) -> None:
    for group in BOTH:
        await start_deployment(
            two_groups.database,
            "shared-1" if group == "risk" else "shared-2",
            group=group,
            account_id=RISK.account,
            region=RISK.region,
            snapshot_created_at=START.replace(minute=10),
        )
    shown = await two_groups.ask(
        f"""{{ models(orderBy: {{by: NAME, direction: {order}}}) {{ nodes {{ name group }} }}
               registrations {{ nodes {{ group model {{ group registration {{ group }} }} }} }}
               deployments {{ nodes {{ group snapshot {{ group }} }} }} }}"""
    )
    assert {node["group"] for node in shown["models"]["nodes"]} == {"risk"}
    for node in shown["registrations"]["nodes"]:
        assert node["model"] == {"group": node["group"], "registration": {"group": node["group"]}}
    deployed = {node["group"]: node["snapshot"] for node in shown["deployments"]["nodes"]}
    assert deployed == {"risk": {"group": "risk"}, "other": None}


async def test_an_element_is_its_registrations_groups(two_groups: TwoGroups) -> None:
    """A stored copy, too, is another one for each group, whatever was shown before."""
    nodes = (await two_groups.ask("{ registrations { nodes { id group } } }"))["registrations"]["nodes"]
    for number, node in enumerate(nodes):
        seen = seen_element(1, kind=ElementKind.TRAINING_JOB, arn=RISK.arn("training-job", "job-1"))
        async with two_groups.database.writing() as connection:
            await elements.upsert(connection, key_in_id(node["id"]), [seen], START.replace(hour=number))
    shown = await two_groups.ask(
        "{ registrations { nodes { group elements { nodes { resource { id group source } } } } } }"
    )
    for node in shown["registrations"]["nodes"]:
        (element,) = node["elements"]["nodes"]
        assert (element["resource"]["group"], element["resource"]["source"]) == (node["group"], "REGISTRY")
        assert decode_node_id(element["resource"]["id"]).group == node["group"]


NODE = "query($i: ID!) { node(id: $i) { id ... on Model { group registration { group } } } }"


@pytest.mark.parametrize("acting", [None, "risk", "other"])
@pytest.mark.parametrize("group", BOTH)
async def test_a_node_is_read_as_the_ids_group(two_groups: TwoGroups, group: str, acting: str | None) -> None:
    wanted = NodeId(Kind.MODEL, group, RISK.account, RISK.region, "shared").encode()
    shown = await two_groups.ask(NODE, acting=acting, variables={"i": wanted})
    assert shown["node"] == {"id": wanted, "group": group, "registration": {"group": group}}


@pytest.mark.parametrize(
    ("caller", "name", "group", "codes"),
    [
        (("mlops",), "shared", "other", None),
        (("mlops",), "alone", "other", ["FORBIDDEN"]),
        (("mlops",), "gone", "other", ["FORBIDDEN"]),
        (("mlops",), "shared", "risk", ["FORBIDDEN"]),
        (("stranger",), "shared", "other", ["FORBIDDEN"]),
        (("risk",), "shared", "other", ["FORBIDDEN"]),
        (("risk",), "alone", "risk", None),
        (("risk",), "shared", None, ["FORBIDDEN"]),
        ((), "shared", None, ["FORBIDDEN"]),
    ],
)
async def test_a_node_of_another_group(
    two_groups: TwoGroups, sandbox: Sandbox, caller: tuple[str, ...], name: str, group: str | None, codes: Any
) -> None:
    """One that the caller is over shows what its registrations and deployments name; any other shows nothing."""
    wanted = NodeId(Kind.MODEL, group, RISK.account, RISK.region, name).encode()
    answer = await two_groups.gateway.ask(NODE, {"i": wanted}, groups=caller)
    if codes is None:
        assert answer.data["node"]["id"] == wanted
    else:
        assert (answer.body["data"], answer.codes) == ({"node": None}, codes)
        assert sandbox.calls.count("DescribeModel") == 0


async def test_two_groups_cost_what_one_does(two_groups: TwoGroups, sandbox: Sandbox) -> None:
    """They share the inventory of their role; one scope is told of."""
    answer = await two_groups.gateway.ask(aliases("{ containers { image } }"), groups=BOTH)
    assert sandbox.calls.count("DescribeModel") == 1
    assert "scopes" not in answer.aws_extensions
    assert answer.aws_extensions["role"] == RISK.role_arn


@pytest.mark.parametrize("acting", [None, "risk", "other"])
async def test_what_lies_below_a_node_does_not_depend_on_the_acting_group(
    two_groups: TwoGroups, acting: str | None
) -> None:
    for group in BOTH:
        row = await start_deployment(
            two_groups.database,
            "shared-1",
            group=group,
            account_id=RISK.account,
            region=RISK.region,
            snapshot_created_at=START.replace(minute=10),
        )
        await transitioned(two_groups.database, row, DeploymentState.FAILED)
    wanted = NodeId(Kind.SNAPSHOT, "risk", RISK.account, RISK.region, "shared-1").encode()
    query = """query($i: ID!) { node(id: $i) { ... on Snapshot {
        customMetadata deployments { totalCount nodes { group } } testResults { totalCount } } } }"""
    shown = await two_groups.ask(query, acting=acting, variables={"i": wanted})
    assert {node["group"] for node in shown["node"]["deployments"]["nodes"]} == set(BOTH)
    assert shown["node"]["deployments"]["totalCount"] == 2
    assert (shown["node"]["customMetadata"], shown["node"]["testResults"]) == ({}, {"totalCount": 0})
