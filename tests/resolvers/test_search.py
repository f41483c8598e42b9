"""resolvers.search: by name, display name and known tags, over every scope, within two seconds, for few calls."""

from datetime import timedelta
from typing import Any

import pytest

from registry.database import Database
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway, fresh_database
from tests.registry.factories import create_registration
from tests.sagemaker_builder import START, building, tags

BOTH = ("risk", "marketing")
QUERY = """query($t: String!, $k: [ElementKind!], $first: Int = 20, $after: String, $s: ListScope = MINE, $g: String) {
  search(text: $t, kinds: $k, first: $first, after: $after, scope: $s, group: $g) {
    edges { cursor matched node { __typename name group } } nodes { id } totalCount unreadableCount completeAsOf
    pageInfo { hasNextPage endCursor } scopes { group completeAsOf problem { code } } } }"""
LISTS = (
    *("ListModels", "ListEndpointConfigs", "ListEndpoints", "ListTrainingJobs", "ListTransformJobs"),
    *("ListInferenceComponents", "ListModelPackages", "ListProcessingJobs", "ListHyperParameterTuningJobs"),
)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No list is late because the machine is busy."""
    monkeypatch.setattr("resolvers.search.SECONDS", 20)


@pytest.fixture
def filled(sandbox: Sandbox) -> None:
    """Things of two accounts with `churn` in their names, and others."""
    with building(sandbox) as things:
        things.model("churn-model", Tags=tags(owner="Nina"))
        things.model("other-model", Tags=tags(owner="churners"))
        things.snapshot("Churn-1", "churn-model")
        things.runtime("live-churn", "Churn-1")
        things.transform("batch", "other-model")
    with building(sandbox, MARKETING) as things:
        things.model("churn-model", at=START + timedelta(hours=10))


async def found(gateway: GatewayClient, text: str, groups: tuple[str, ...] = BOTH, **variables: Any) -> Any:
    return (await gateway.ask(QUERY, {"t": text, **variables}, groups=groups)).data["search"]


def shown(page: Any) -> list[str]:
    return [f"{edge['node']['group']}/{edge['node']['__typename']}/{edge['node']['name']}" for edge in page["edges"]]


CHURN = [
    "marketing/Model/churn-model",
    "risk/Runtime/live-churn",
    "risk/Snapshot/Churn-1",
    "risk/Model/churn-model",
]


async def test_names_of_every_scope_newest_first(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    """A list of each kind, once; then nothing."""
    page = await found(gateway, "cHURn")
    assert shown(page) == CHURN
    assert {tuple(edge["matched"]) for edge in page["edges"]} == {("NAME",)}
    assert (page["totalCount"], page["unreadableCount"], page["pageInfo"]["hasNextPage"]) == (4, 0, False)
    assert page["completeAsOf"] == min(scope["completeAsOf"] for scope in page["scopes"])
    assert [(scope["group"], scope["problem"]) for scope in page["scopes"]] == [("risk", None), ("marketing", None)]
    assert sandbox.calls.by_operation() == {"AssumeRole": 2, **dict.fromkeys(LISTS, 2)}
    sandbox.calls.clear()
    for narrowed, expected in (
        ({"s": "ACTING"}, CHURN[1:]),
        ({"g": "marketing"}, CHURN[:1]),
        ({"k": ["MODEL", "TRANSFORM_JOB"]}, [CHURN[0], CHURN[3]]),
        ({"k": []}, []),
        ({"k": ["PIPELINE_EXECUTION"]}, []),
    ):
        assert shown(await found(gateway, "churn", **narrowed)) == expected
    assert sandbox.calls.count() == 0


async def test_page_by_page(gateway: GatewayClient, filled: None) -> None:
    pages: list[list[str]] = []
    after, more = None, True
    while more:
        page = await found(gateway, "churn", first=3, after=after)
        pages.append(shown(page))
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert pages == [CHURN[:3], CHURN[3:]]
    for other in ({"t": "chur"}, {"t": "churn", "g": "risk"}, {"t": "churn", "s": "ACTING"}):
        assert (await gateway.ask(QUERY, {**other, "after": after}, groups=BOTH)).codes == ["BAD_USER_INPUT"]
    bob = await gateway.ask(QUERY, {"t": "churn", "after": after}, groups=BOTH, user="bob")
    assert bob.codes == ["BAD_USER_INPUT"]


async def test_tags_where_they_are_known(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    assert shown(await found(gateway, "nina")) == []
    await gateway.ask("{ models { nodes { tags { key } } } }")
    sandbox.calls.clear()
    page = await found(gateway, "CHURNERS", k=["MODEL"])
    assert [(edge["node"]["name"], edge["matched"]) for edge in page["edges"]] == [("other-model", ["TAG"])]
    page = await found(gateway, "in", k=["MODEL"])
    assert [(edge["node"]["name"], edge["matched"]) for edge in page["edges"]] == [("churn-model", ["TAG"])]
    assert sandbox.calls.count() == 0


async def test_display_names_of_the_groups_own_registrations(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """Of the model that was registered: not of one made again under its name, nor of another group's registration."""
    with building(sandbox) as things:
        for name in ("a", "b", "c"):
            things.model(name)
    url = fresh_database()
    async with open_gateway(database={"url": url}) as gateway, Database(url) as database:
        for number, (name, group) in enumerate([("a", "risk"), ("b", "marketing"), ("c", "risk")]):
            made = START + timedelta(hours=number if name != "c" else 9)
            arn = f"arn:aws:sagemaker:{RISK.region}:{RISK.account}:model/{name}"
            place = {"account_id": RISK.account, "region": RISK.region}
            await create_registration(
                database, name, display_name="Who Leaves", group=group, model_arn=arn, model_created_at=made, **place
            )
        page = await found(gateway, "who leaves")
    assert [(edge["node"]["name"], edge["matched"]) for edge in page["edges"]] == [("a", ["DISPLAY_NAME"])]


@pytest.mark.parametrize("text", ["", "c", "c" * 257])
async def test_a_text_that_cannot_be_searched(gateway: GatewayClient, sandbox: Sandbox, text: str) -> None:
    assert (await gateway.ask(QUERY, {"t": text})).codes == ["BAD_USER_INPUT"]
    assert sandbox.calls.count() == 0


async def test_a_text_that_no_database_keeps(gateway: GatewayClient, filled: None) -> None:
    assert shown(await found(gateway, "churn\x00")) == []


async def test_what_is_refused_takes_nothing_else_along(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    sandbox.faults.refuse("ListEndpoints", account=RISK.account)
    sandbox.faults.refuse("AssumeRole", name="marketing")
    page = await found(gateway, "churn")
    assert shown(page) == [CHURN[2], CHURN[3]]
    assert [scope["problem"] for scope in page["scopes"]] == [{"code": "FORBIDDEN"}] * 2
    assert (page["totalCount"], page["completeAsOf"]) == (None, None)
    assert (await gateway.ask(QUERY, {"t": "churn"}, groups=("nobody",))).codes == ["FORBIDDEN"]
    assert (await gateway.ask(QUERY, {"t": "churn"}, user=None)).codes == ["UNAUTHENTICATED"]


async def test_it_answers_from_what_is_known_in_time(
    gateway: GatewayClient, sandbox: Sandbox, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is slow is read on behind the answer, and is known to the next search."""
    await found(gateway, "churn", ("risk",), k=["MODEL", "SNAPSHOT"])
    hold = sandbox.faults.block("ListEndpoints")
    with monkeypatch.context() as patch:
        patch.setattr("resolvers.search.SECONDS", 1)
        page = await found(gateway, "churn", ("risk",), k=["MODEL", "SNAPSHOT", "RUNTIME"])
    assert shown(page) == [CHURN[2], CHURN[3]]
    assert (page["totalCount"], page["completeAsOf"], page["scopes"][0]["problem"]) == (None, None, None)
    hold.release()
    assert shown(await found(gateway, "churn", ("risk",), k=["RUNTIME"])) == [CHURN[1]]
    assert sandbox.calls.by_operation() == {"AssumeRole": 1, **dict.fromkeys(LISTS[:3], 1)}


async def test_the_calls_of_a_large_account(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """Cold, the pages of each list; past the fresh age, a call for each."""
    with building(sandbox) as things:
        things.model("m")
        for number in range(250):
            things.transform(f"b-{number}", "m")
    async with open_gateway(sagemaker={"freshSeconds": 0.001}) as gateway:
        cold = await found(gateway, "B-24", ("risk",), first=3)
        calls = sandbox.calls.by_operation()
        sandbox.calls.clear()
        warm = await found(gateway, "B-24", ("risk",), first=3)
    assert [edge["node"]["name"] for edge in cold["edges"]] == ["b-249", "b-248", "b-247"]
    assert (cold["totalCount"], warm["edges"]) == (11, cold["edges"])
    assert calls == {"AssumeRole": 1, **dict.fromkeys(LISTS, 1), "ListTransformJobs": 3}
    assert sandbox.calls.by_operation() == dict.fromkeys(LISTS, 1)
