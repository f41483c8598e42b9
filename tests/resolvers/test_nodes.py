"""resolvers.nodes: what belongs to a group is there for whoever may see it, and for nobody else, by any id."""

import base64
from typing import Any

import pytest

from auth.caller import Caller
from auth.credential_entries import CredentialEntries
from auth.errors import ForbiddenError, UnauthenticatedError
from auth.permissions import Permission
from auth.policy import Policy
from aws.client.call_stats import CallStats
from aws.kinds.kind import Kind
from gateway.settings.server import LimitSettings
from registry import assets, audit, elements, import_runs, registrations, test_results
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.enums import AuditOutcome
from registry.ids import encode_own_id, key_of, new_key
from registry.test_results import NewTestResult
from resolvers.errors import BadInputError
from resolvers.node_ids import NodeId
from resolvers.nodes import REGISTRY_TYPES, registry_node, registry_nodes
from resolvers.request import Request, RequestInfo
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, NO_CACHE_AGES, RISK, GatewayClient, GraphQLResponse, OpenGateway
from tests.grants import Grant
from tests.query_cases import aws_calls, no_call_repeated, two_models
from tests.registry.factories import NOON, create_registration_key, new_asset, new_run, seen_element, start_deployment

READ = frozenset({Permission.READ})
GRANTS = (Grant("*", READ), Grant("mlops", READ | {Permission.AUDIT}, over=("risk",)))
RISK_CALLER, MARKETING_CALLER, OVER_CALLER = (
    Caller("ann", ("risk",)),
    Caller("bob", ("marketing",)),
    Caller("eve", ("mlops",)),
)
WITH_REGISTRATION = {"Registration", "ImportedElement", "Asset"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


class Services:
    """As much of the services as is asked."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.required_assets = ()


def request(database: Database, caller: Caller | None, *grants: Grant) -> Request:
    """A request of somebody's."""
    policy = Policy(CredentialEntries(), grants or GRANTS)
    opener: Any = None
    services: Any = Services(database)
    return Request(RequestInfo(caller, "id", NOON, CallStats()), policy, LimitSettings(), opener, services)


async def one_of_each(database: Database) -> dict[str, str]:
    """The key of one thing of each type, all of the group risk, by the word in its id."""
    registration, deployment = await create_registration_key(database), await start_deployment(database)
    async with database.writing() as connection:
        await elements.upsert(connection, registration, [seen_element(1)], NOON)
        (element,) = await elements.known_elements(connection, registration)
        asset = await assets.upsert(connection, registration, new_asset())
        run, _ = await import_runs.start(connection, new_run())
        await test_results.insert_once(connection, _result(deployment.key))
        (result,) = (await test_results.of_attempts(connection, {deployment.key: 1})).values()
        event = await audit.append(connection, _event())
    return {
        "Registration": registration,
        "ImportedElement": element.key,
        "Asset": str(key_of(asset.id, "Asset")),
        "ImportRun": str(key_of(run.id, "ImportRun")),
        "Deployment": deployment.key,
        "TestResult": str(key_of(result.id, "TestResult")),
        "AuditEvent": str(key_of(event.id, "AuditEvent")),
    }


def _result(deployment: str) -> NewTestResult:
    return NewTestResult(
        deployment_key=deployment,
        attempt=1,
        model_name="churn",
        at=NOON,
        passed=True,
        job_name="job",
        output_s3_uri=None,
        checks=(),
    )


def _event(group: str | None = "risk") -> NewAuditEvent:
    return NewAuditEvent(at=NOON, actor="ann", group=group, action="importModel", outcome=AuditOutcome.SUCCEEDED)


async def found(database: Database, caller: Caller, keys: dict[str, str]) -> set[str]:
    """The words of those that the caller is shown; what they may see nothing of at all is an error."""
    shown: set[str] = set()
    for word, key in keys.items():
        if word == "AuditEvent" and caller is not OVER_CALLER:
            with pytest.raises(ForbiddenError, match="needs the permission AUDIT"):
                await registry_nodes(request(database, caller), [key], word)
            continue
        node: Any = await registry_node(request(database, caller), encode_own_id(word, key), word)
        if node is not None:
            assert node.id == encode_own_id(word, key)
            shown.add(word)
    return shown


async def test_each_type_is_its_groups_and_theirs_who_are_over_it(database: Database) -> None:
    keys = await one_of_each(database)
    assert keys.keys() == REGISTRY_TYPES.keys()
    assert await found(database, RISK_CALLER, keys) == REGISTRY_TYPES.keys() - {"AuditEvent"}
    assert await found(database, OVER_CALLER, keys) == REGISTRY_TYPES.keys()
    assert await found(database, MARKETING_CALLER, keys) == set()


async def test_what_belonged_to_a_registration_goes_with_it(database: Database) -> None:
    """Deployments, runs and outcomes keep their history."""
    keys = await one_of_each(database)
    async with database.writing() as connection:
        await registrations.remove(connection, keys["Registration"])
    assert await found(database, OVER_CALLER, keys) == REGISTRY_TYPES.keys() - WITH_REGISTRATION


async def test_many_at_once_keep_their_places(database: Database) -> None:
    """What is hidden and what is not there are the same."""
    own, other = (
        await create_registration_key(database, "a"),
        await create_registration_key(database, "b", group="marketing"),
    )
    nodes: Any = await registry_nodes(request(database, RISK_CALLER), [other, own, new_key(), own], "Registration")
    assert [None if node is None else node.model_name for node in nodes] == [None, "a", None, "a"]


async def test_an_event_of_no_group_is_for_who_sees_every_group(database: Database) -> None:
    async with database.writing() as connection:
        event = await audit.append(connection, _event(None))
    key = str(key_of(event.id, "AuditEvent"))
    assert await registry_nodes(request(database, OVER_CALLER), [key], "AuditEvent") == [None]
    everywhere = Grant("mlops", READ | {Permission.AUDIT}, over=("*",))
    assert await registry_nodes(request(database, OVER_CALLER, everywhere), [key], "AuditEvent") == [event]


NAMES = {
    "Registration": "a registration",
    "ImportedElement": "an imported element",
    "Asset": "an asset",
    "ImportRun": "an import run",
    "Deployment": "a deployment",
    "TestResult": "a test result",
    "AuditEvent": "an audit event",
}


@pytest.mark.parametrize("word", REGISTRY_TYPES)
async def test_nobody_sees_nothing(database: Database, word: str) -> None:
    """Also by what is no id; an id of another type is none of this one."""
    for value in ("no id", encode_own_id(word, new_key())):
        with pytest.raises(UnauthenticatedError):
            await registry_node(request(database, None), value, word)
    other = "Asset" if word == "Registration" else "Registration"
    with pytest.raises(BadInputError, match=f"is not the id of {NAMES[word]};"):
        await registry_node(request(database, OVER_CALLER), encode_own_id(other, new_key()), word)


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
