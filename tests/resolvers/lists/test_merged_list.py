"""resolvers.lists.merged_list: a list of all scopes is the merge of their single lists, whatever fails in between."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.estate.groups import Group
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
from tests.sagemaker_builder import START, building

REGIONS = [RISK.region, MARKETING.region]
SERVED = credential_settings(
    assume_role_entry(RISK, regions=REGIONS), assume_role_entry(MARKETING), assume_role_entry(RISK, "twin")
)
"""Risk in two regions, marketing in its own account, and twin with risk's role, whose models it sees too."""
ALL = ("twin", "marketing", "risk")
SCOPES = [("risk", REGIONS[0]), ("risk", REGIONS[1]), ("marketing", MARKETING.region), ("twin", RISK.region)]
ACCOUNTS = {"risk": RISK.account, "marketing": MARKETING.account, "twin": RISK.account}

MINE = """query(
  $first: Int = 50, $after: String, $by: ResourceOrderField, $to: OrderDirection, $f: ModelFilter, $g: String
  $r: String
) {
  mine: models(
    scope: MINE, first: $first, after: $after, orderBy: {by: $by, direction: $to}, filter: $f, group: $g, region: $r
  ) {
    nodes { name group region accountId creationTime } totalCount unreadableCount completeAsOf
    pageInfo { hasNextPage endCursor }
    scopes { group accountId region completeAsOf unreadableCount problem { code } } } }"""
SINGLE = 's{}: models(first: 100, group: "{}", region: "{}") {{ nodes {{ name accountId region creationTime }} }}'
SINGLES = "{" + " ".join(SINGLE.format(number, *scope) for number, scope in enumerate(SCOPES)) + "}"


def model(sandbox: Sandbox, group: Group, name: str, hours: int, region: str | None = None) -> None:
    """A model of a group's account, made so many hours after the start."""
    with building(sandbox, replace(group, region=region or group.region)) as things:
        things.model(name, at=START + timedelta(hours=hours))


async def mine(gateway: GatewayClient, **variables: Any) -> Any:
    return (await gateway.ask(MINE, variables, groups=ALL)).data["mine"]


def named(page: Any) -> list[str]:
    """Each node as `group/region/name`."""
    return [f"{node['group']}/{node['region'][:2]}/{node['name']}" for node in page["nodes"]]


@pytest.fixture
def several(sandbox: Sandbox) -> None:
    """Two models of risk's in Europe, one in America, and two of marketing's, one of which has a name of risk's."""
    model(sandbox, RISK, "a", 1)
    model(sandbox, MARKETING, "b", 2)
    model(sandbox, RISK, "c", 3, MARKETING.region)
    model(sandbox, RISK, "d", 4)
    model(sandbox, MARKETING, "d", 4)


@pytest.fixture
async def served(open_gateway: OpenGateway) -> AsyncIterator[GatewayClient]:
    async with open_gateway(**SERVED, sagemaker=NO_CACHE_AGES) as gateway:
        yield gateway


async def test_all_scopes_in_one_order(served: GatewayClient, sandbox: Sandbox, several: None) -> None:
    """In the order of places; what two groups list is shown once, as the first of me.roles."""
    page = await mine(served)
    assert named(page) == ["marketing/us/d", "risk/eu/d", "risk/us/c", "marketing/us/b", "risk/eu/a"]
    assert (page["totalCount"], page["unreadableCount"], page["pageInfo"]["hasNextPage"]) == (5, 0, False)
    assert [(scope["group"], scope["region"]) for scope in page["scopes"]] == SCOPES
    assert [scope["accountId"] for scope in page["scopes"]] == [ACCOUNTS[group] for group, _ in SCOPES]
    assert page["completeAsOf"] == min(scope["completeAsOf"] for scope in page["scopes"])
    # Twin shares risk's role, and so what is known of risk's account.
    assert sandbox.calls.by_operation() == {"AssumeRole": 2, "ListModels": 3}


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"g": "risk"}, ["risk/eu/d", "risk/us/c", "risk/eu/a"]),
        ({"g": "twin"}, ["twin/eu/d", "twin/eu/a"]),
        ({"r": MARKETING.region}, ["marketing/us/d", "risk/us/c", "marketing/us/b"]),
        ({"g": "risk", "r": MARKETING.region}, ["risk/us/c"]),
        ({"f": {"nameContains": "D"}}, ["marketing/us/d", "risk/eu/d"]),
        ({"by": "NAME", "to": "ASC"}, ["risk/eu/a", "marketing/us/b", "risk/us/c", "risk/eu/d", "marketing/us/d"]),
        ({"f": {"isServed": False}}, ["marketing/us/d", "risk/eu/d", "risk/us/c", "marketing/us/b", "risk/eu/a"]),
        ({"f": {"isServed": True}}, []),
        ({"f": {"imported": True}}, []),
    ],
)
async def test_narrowed(served: GatewayClient, several: None, narrowed: Any, expected: list[str]) -> None:
    assert named(await mine(served, **narrowed)) == expected
    pages, after = [], None
    for _ in expected:
        page = await mine(served, first=1, after=after, **narrowed)
        pages += named(page)
        after = page["pageInfo"]["endCursor"]
    assert pages == expected


@pytest.mark.parametrize(
    ("variables", "groups", "code"),
    [
        ({"g": "stranger"}, ALL, "FORBIDDEN"),
        ({"r": "eu-north-1"}, ALL, "BAD_USER_INPUT"),
        ({}, ("nobody",), "FORBIDDEN"),
        ({"g": "nobody"}, (*ALL, "nobody"), "FORBIDDEN"),
        ({"after": "x"}, ALL, "BAD_USER_INPUT"),
        ({"f": {"nameContains": "a b"}}, ALL, "BAD_USER_INPUT"),
    ],
)
async def test_what_is_refused_whole(
    served: GatewayClient, sandbox: Sandbox, variables: Any, groups: Sequence[str], code: str
) -> None:
    assert (await served.ask(MINE, variables, groups=groups)).codes == [code]
    assert sandbox.calls.count() == 0


async def test_the_acting_group_plays_no_part(served: GatewayClient, sandbox: Sandbox, several: None) -> None:
    """But one that the caller is not in is refused, as for every question."""
    assert (await served.ask(MINE, {}, groups=ALL, acting="stranger")).codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0
    pages = [(await served.ask(MINE, {}, groups=ALL, acting=acting)).data["mine"] for acting in (None, "twin")]
    assert named(pages[0]) == named(pages[1])


async def test_a_cursor_is_its_callers_list_and_orders(served: GatewayClient, sandbox: Sandbox, several: None) -> None:
    after = (await mine(served, first=1))["pageInfo"]["endCursor"]
    acting = (await served.ask("{ models(first: 1) { pageInfo { endCursor } } }")).data["models"]["pageInfo"]
    sandbox.calls.clear()
    refused = [
        await served.ask(MINE, {"after": after}, groups=ALL, user="bob"),
        await served.ask(MINE, {"after": after, "to": "ASC"}, groups=ALL),
        await served.ask(MINE, {"after": after, "g": "risk"}, groups=ALL),
        await served.ask(MINE, {"after": after, "f": {"nameContains": "a"}}, groups=ALL),
        await served.ask(MINE, {"after": acting["endCursor"]}, groups=ALL),
        await served.ask("query($a: String) { models(after: $a) { totalCount } }", {"a": after}),
        await served.ask(MINE.replace("models(", "snapshots(").replace("ModelF", "SnapshotF"), {"after": after}),
    ]
    assert [answer.codes for answer in refused] == [["BAD_USER_INPUT"]] * 7
    assert sandbox.calls.count() == 0
    # Groups come and go; the place stays.
    answer = await served.ask(MINE, {"after": after}, groups=("marketing",))
    assert named(answer.data["mine"]) == ["marketing/us/b"]


@pytest.mark.parametrize(
    ("operation", "target", "lost", "code"),
    [
        ("ListModels", {"account": MARKETING.account}, ["marketing"], "FORBIDDEN"),
        ("AssumeRole", {"name": "marketing"}, ["marketing"], "FORBIDDEN"),
        ("ListModels", {"account": RISK.account}, ["risk", "risk", "twin"], "FORBIDDEN"),
    ],
)
async def test_one_scope_is_refused(
    served: GatewayClient, sandbox: Sandbox, several: None, operation: str, target: Any, lost: list[str], code: str
) -> None:
    sandbox.faults.refuse(operation, **target)
    page = await mine(served)
    assert [scope["group"] for scope in page["scopes"] if scope["problem"] == {"code": code}] == lost
    assert not {node["group"] for node in page["nodes"]} & set(lost)
    assert len(page["nodes"]) == (2 if "risk" in lost else 3)
    assert (page["totalCount"], page["completeAsOf"]) == (None, None)
    assert [scope["accountId"] for scope in page["scopes"]] == [ACCOUNTS[group] for group, _ in SCOPES]


async def test_a_scope_that_is_away(served: GatewayClient, sandbox: Sandbox, several: None) -> None:
    sandbox.faults.fail("ListModels", status=503, account=MARKETING.account)
    page = await mine(served)
    assert [scope["problem"] for scope in page["scopes"]] == [None, None, {"code": "UPSTREAM_UNAVAILABLE"}, None]
    assert named(page) == ["risk/eu/d", "risk/us/c", "risk/eu/a"]


async def test_a_scope_whose_scan_stops_holds_the_page(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """Older things of other scopes are not shown before the newer ones that it has yet to look at."""
    model(sandbox, RISK, "x-1", 1)
    model(sandbox, MARKETING, "x-2", 2)
    for hours in range(3, 8):
        model(sandbox, RISK, f"other-{hours}", hours)
    model(sandbox, RISK, "x-8", 8)
    async with open_gateway(**SERVED, limits={"scan": 2}, sagemaker=NO_CACHE_AGES) as gateway:
        pages: list[list[str]] = []
        after, more = None, True
        while more:
            page = await mine(gateway, f={"nameContains": "x"}, after=after)
            pages.append(named(page))
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert pages == [["risk/eu/x-8"], [], [], ["marketing/us/x-2", "risk/eu/x-1"]]


PLACES = st.tuples(st.integers(0, 2), st.sampled_from("abC"), st.integers(0, 2))
FAILURES = st.lists(st.sets(st.sampled_from([RISK.account, MARKETING.account])), min_size=1, max_size=6)


@given(
    made=st.lists(PLACES, max_size=9, unique_by=lambda place: place[:2]),
    failures=FAILURES,
    first=st.integers(1, 4),
    by=st.sampled_from(["NAME", "CREATION_TIME"]),
    to=st.sampled_from(["ASC", "DESC"]),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_the_merge_of_the_single_lists(
    sandbox: Sandbox, open_gateway: OpenGateway, made: Any, failures: Any, first: int, by: str, to: str
) -> None:
    sandbox.reset()
    for number, name, hours in made:
        group = (RISK, RISK, MARKETING)[number]
        model(sandbox, group, name, hours, SCOPES[number][1])
    asyncio.run(_walked(sandbox, open_gateway, failures, {"first": first, "by": by, "to": to}))


async def _walked(
    sandbox: Sandbox, open_gateway: OpenGateway, failures: Sequence[set[str]], variables: Mapping[str, Any]
) -> None:
    """Page by page, with other accounts refused each time, to the end or until there are no failures left."""
    async with open_gateway(**SERVED, sagemaker=NO_CACHE_AGES) as gateway:
        last: tuple[Any, ...] | None = None
        after = None
        for refused in [*failures, *[set[str]()] * 10]:
            sandbox.faults.clear()
            for account in sorted(refused):
                sandbox.faults.refuse("ListModels", account=account)
            page = await mine(gateway, **variables, after=after)
            expected = _expected(await gateway.ask(SINGLES, groups=ALL), variables, last)
            assert [_place(node, variables) for node in page["nodes"]] == expected[: variables["first"]]
            assert page["pageInfo"]["hasNextPage"] is (len(expected) > variables["first"])
            lost = {scope["accountId"] for scope in page["scopes"] if scope["problem"]}
            assert lost == refused
            last = _place(page["nodes"][-1], variables) if page["nodes"] else last
            after = page["pageInfo"]["endCursor"] or after
            if not refused and not page["pageInfo"]["hasNextPage"]:
                return


def _place(node: Any, variables: Mapping[str, Any]) -> tuple[Any, ...]:
    place = (node["name"], node["accountId"], node["region"])
    return place if variables["by"] == "NAME" else (node["creationTime"], *place)


def _expected(answer: Any, variables: Mapping[str, Any], last: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
    """The places of the single lists that could be read, each once, in the order, behind the last one shown."""
    lists = [result["nodes"] for result in answer.body["data"].values() if result]
    is_rising = variables["to"] == "ASC"
    places = {_place(node, variables) for nodes in lists for node in nodes}
    behind = [place for place in places if last is None or (place > last if is_rising else place < last)]
    return sorted(behind, reverse=not is_rising)
