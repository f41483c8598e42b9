"""resolvers.lists.resource_list: pages in a stable order, however SageMaker pages, whatever changes in between."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import NO_CACHE_AGES, RISK, GatewayClient, GraphQLResponse, OpenGateway
from tests.sagemaker_builder import START, SageMakerBuilder, building, tags

PAGE = """query(
  $first: Int, $after: String, $by: ResourceOrderField, $to: OrderDirection, $f: ModelFilter, $g: String
) {
  models(first: $first, after: $after, orderBy: {by: $by, direction: $to}, filter: $f, group: $g) {
    nodes { name } edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount unreadableCount completeAsOf
  }
}"""


async def page(gateway: GatewayClient, first: int | None = 50, after: str | None = None, **more: Any) -> Any:
    """One page of models."""
    answer = await gateway.ask(PAGE, {"first": first, "after": after, **more})
    return answer.data["models"]


def names(result: Any) -> list[str]:
    return [node["name"] for node in result["nodes"]]


async def walk(gateway: GatewayClient, first: int, **more: Any) -> list[list[str]]:
    """The names on each page, to the last."""
    pages, after = [], None
    while True:
        result = await page(gateway, first, after, **more)
        pages.append(names(result))
        assert [edge["node"]["name"] for edge in result["edges"]] == names(result)
        assert result["pageInfo"]["hasPreviousPage"] is (after is not None)
        if result["edges"]:
            assert result["pageInfo"]["startCursor"] == result["edges"][0]["cursor"]
        if not result["pageInfo"]["hasNextPage"]:
            return pages
        after = result["pageInfo"]["endCursor"]
        assert after is not None


def models(sandbox: Sandbox, *wanted: str, at: Sequence[datetime] | None = None) -> None:
    with building(sandbox) as things:
        for number, name in enumerate(wanted):
            things.model(name, at=at[number] if at else None)


ORDERS = [
    ("CREATION_TIME", "DESC", ["b", "c", "a", "e", "d"]),
    ("CREATION_TIME", "ASC", ["d", "e", "a", "c", "b"]),
    ("NAME", "ASC", ["a", "b", "c", "d", "e"]),
    ("NAME", "DESC", ["e", "d", "c", "b", "a"]),
    (None, None, ["b", "c", "a", "e", "d"]),
]


@pytest.mark.parametrize(("by", "to", "order"), ORDERS)
async def test_every_order(
    gateway: GatewayClient, sandbox: Sandbox, by: str | None, to: str | None, order: list[str]
) -> None:
    models(sandbox, "d", "e", "a", "c", "b")
    value = {"by": by, "to": to}
    assert await walk(gateway, 2, **value) == [order[:2], order[2:4], order[4:]]
    whole = await page(gateway, 5, **value)
    assert names(whole) == order
    assert whole["pageInfo"]["hasNextPage"] is False
    assert (whole["totalCount"], whole["unreadableCount"]) == (5, 0)
    assert whole["completeAsOf"] is not None


@pytest.mark.parametrize("to", ["ASC", "DESC"])
async def test_ties_in_creation_time(gateway: GatewayClient, sandbox: Sandbox, to: str) -> None:
    """Made in one moment, names settle; case counts, as it does in SageMaker."""
    tied = ["b", "A", "c", "a", "B"]
    models(sandbox, *tied, "last", at=[START] * 5 + [START + timedelta(hours=1)])
    order = ["A", "B", "a", "b", "c", "last"]
    expected = order if to == "ASC" else order[::-1]
    assert await walk(gateway, 1, by="CREATION_TIME", to=to) == [[name] for name in expected]


async def test_cursors_hold_while_things_come_and_go(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """What was made or deleted between two pages neither repeats nor hides anything else."""
    models(sandbox, *"abcdef")
    async with open_gateway(sagemaker=NO_CACHE_AGES) as gateway:
        first = await page(gateway, 2)
        assert names(first) == ["f", "e"]
        sandbox.call("CreateModel", RISK.account, RISK.region, **new_model("newer"))
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="e")
        second = await page(gateway, 2, first["pageInfo"]["endCursor"])
        assert names(second) == ["d", "c"]
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="b")
        third = await page(gateway, 2, second["pageInfo"]["endCursor"])
        assert (names(third), third["pageInfo"]["hasNextPage"]) == (["a"], False)


async def test_a_cursor_holds_by_name_too(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    models(sandbox, *"bdfh")
    async with open_gateway(sagemaker=NO_CACHE_AGES) as gateway:
        first = await page(gateway, 2, by="NAME", to="ASC")
        assert names(first) == ["b", "d"]
        for name in ("a", "c", "e"):
            sandbox.call("CreateModel", RISK.account, RISK.region, **new_model(name))
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="d")
        second = await page(gateway, 2, first["pageInfo"]["endCursor"], by="NAME", to="ASC")
        assert names(second) == ["e", "f"]


def new_model(name: str) -> dict[str, Any]:
    return {
        "ModelName": name,
        "ExecutionRoleArn": RISK.execution_role_arn,
        "PrimaryContainer": {"Image": "1.dkr.ecr.eu-west-1.amazonaws.com/i:1"},
    }


@pytest.mark.parametrize("rows", [0, 1, 2])
async def test_short_and_empty_pages_of_sagemaker(gateway: GatewayClient, sandbox: Sandbox, rows: int) -> None:
    models(sandbox, *"abcde")
    if rows:
        sandbox.faults.shorten("ListModels", rows)
    else:
        sandbox.faults.shorten("ListModels", 0, times=3)
    assert await walk(gateway, 3) == [["e", "d", "c"], ["b", "a"]]


async def test_a_first_page_reads_no_more_than_it_needs(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """A hundred rows a page: the first page of ten needs one, and knows no total yet."""
    with building(sandbox) as things:
        for number in range(230):
            things.model(f"m-{number:03}")
    result = await page(gateway, 10)
    assert names(result) == [f"m-{number:03}" for number in range(229, 219, -1)]
    assert (result["totalCount"], result["completeAsOf"]) == (None, None)
    assert sandbox.calls.count("ListModels") == 1
    pages = await walk(gateway, 100)
    assert [len(item) for item in pages] == [100, 100, 30]
    assert [name for element in pages for name in element] == [f"m-{number:03}" for number in range(229, -1, -1)]


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
async def test_a_page_size_out_of_bounds(gateway: GatewayClient, sandbox: Sandbox, first: int) -> None:
    answer = await gateway.ask(PAGE, {"first": first})
    assert (answer.codes, answer.error["message"]) == (
        ["BAD_USER_INPUT"],
        f"`first` must be from 1 to 100, not {first}.",
    )
    assert answer.body["data"] == {"models": None}
    assert sandbox.calls.count() == 0


async def test_a_page_size_of_null_is_the_default(gateway: GatewayClient, sandbox: Sandbox) -> None:
    models(sandbox, *(f"m-{number}" for number in range(51)))
    assert len(names(await page(gateway, None))) == 50


@pytest.mark.parametrize("after", ["", "garbage", "%%%", "W10", "WzEsMl0", "bnVsbA", "WyJhIiwiYiIsImMiLCJkIl0", "e30"])
async def test_a_forged_cursor(gateway: GatewayClient, sandbox: Sandbox, after: str) -> None:
    answer = await gateway.ask(PAGE, {"first": 1, "after": after})
    assert answer.codes == ["BAD_USER_INPUT"]
    assert sandbox.calls.count("ListModels") == 0


async def test_a_cursor_of_another_list(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Of another order, filter, group or kind; none of them reads a row."""
    models(sandbox, *"abc")
    cursor = (await page(gateway, 1))["pageInfo"]["endCursor"]
    sandbox.calls.clear()

    async def refused(answer: GraphQLResponse) -> None:
        assert answer.codes == ["BAD_USER_INPUT"]

    both = ["risk", "marketing"]
    value = {"first": 1, "after": cursor}
    await refused(await gateway.ask(PAGE, {**value, "to": "ASC"}))
    await refused(await gateway.ask(PAGE, {**value, "by": "NAME"}))
    await refused(await gateway.ask(PAGE, {**value, "f": {"nameContains": "a"}}))
    await refused(await gateway.ask(PAGE, {**value, "g": "marketing"}, groups=both))
    await refused(
        await gateway.ask(
            "query($a: String) { snapshots(after: $a) { nodes { runtimes { nodes { name } } } } }", {"a": cursor}
        )
    )
    assert {name for name in sandbox.calls.by_operation() if not name.startswith("Assume")} == set()


async def test_the_same_list_said_otherwise(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """A cursor holds where filter and order are the same, however the query writes them, and for whoever asks."""
    models(sandbox, *"abc")
    plain = await gateway.ask("{ models(first: 1) { pageInfo { endCursor } } }")
    cursor = plain.data["models"]["pageInfo"]["endCursor"]
    value = 'after: $a, filter: {}, orderBy: {direction: DESC}, group: "risk"'
    answer = await gateway.ask(
        f"query($a: String) {{ models({value}) {{ nodes {{ name }} }} }}", {"a": cursor}, user="bob"
    )
    assert names(answer.data["models"]) == ["b", "a"]


async def test_the_scan_bound(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """A filter that SageMaker has not may look through many rows for a few; a page then ends early and goes on."""
    with building(sandbox) as things:
        for number in range(10):
            things.model(f"m-{number}", Tags=tags(keep="yes") if number in {0, 1, 9} else [])
    sandbox.faults.refuse("GetResources")
    value: Any = {"f": {"tags": [{"key": "keep"}]}}
    async with open_gateway(limits={"scan": 4}) as gateway:
        first = await page(gateway, 2, **value)
        assert (names(first), first["pageInfo"]["hasNextPage"], first["totalCount"]) == (["m-9"], True, None)
        assert sandbox.calls.count("ListTags") == 4
        second = await page(gateway, 2, first["pageInfo"]["endCursor"], **value)
        assert (names(second), second["pageInfo"]["hasNextPage"]) == ([], True)
        third = await page(gateway, 2, second["pageInfo"]["endCursor"], **value)
        assert (names(third), third["pageInfo"]["hasNextPage"]) == (["m-1", "m-0"], False)
        assert sandbox.calls.count("ListTags") == 10


async def test_more_than_can_be_put_in_order(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    models(sandbox, *"abcde")
    async with open_gateway(limits={"scan": 4}) as gateway:
        answer = await gateway.ask(PAGE, {"first": 2, "by": "NAME"})
        assert answer.codes == ["BAD_USER_INPUT"]
        assert answer.error["message"] == ("More than 4 resources match, too many to order by name; narrow `filter`.")
        assert names(await page(gateway, 2, by="NAME", to="ASC", f={"createdAfter": "2026-01-01T00:30:00Z"})) == [
            "b",
            "c",
        ]


@pytest.mark.parametrize("to", ["ASC", "DESC"])
async def test_completeness(gateway: GatewayClient, sandbox: Sandbox, to: str) -> None:
    """A page behind a cursor has seen a part of the list, unless the whole of it is known from before."""
    models(sandbox, *"abc")
    before = datetime.now(UTC)
    first = await page(gateway, 2, to=to)
    assert before <= datetime.fromisoformat(first["completeAsOf"]) <= datetime.now(UTC)
    second = await page(gateway, 2, first["pageInfo"]["endCursor"], to=to)
    known = (3, first["completeAsOf"]) if to == "DESC" else (None, None)
    assert (second["totalCount"], second["completeAsOf"]) == known
    assert sandbox.calls.count("ListModels") == (1 if to == "DESC" else 2)


async def test_completeness_of_what_is_longer_than_was_read(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        for number in range(101):
            things.model(f"m-{number:03}")
    first = await page(gateway, 60)
    assert (first["totalCount"], first["completeAsOf"]) == (None, None)
    second = await page(gateway, 60, first["pageInfo"]["endCursor"])
    assert (len(second["edges"]), second["totalCount"], second["completeAsOf"]) == (41, None, None)
    await page(gateway, 100, to="DESC")
    whole = await page(gateway, 60, first["pageInfo"]["endCursor"])
    assert (whole["totalCount"], whole["completeAsOf"] is not None) == (101, True)


JOBS = (
    "query($first: Int, $after: String, $to: OrderDirection, $f: JobFilter) { jobs(first: $first, after: $after, "
    "orderBy: {direction: $to}, filter: $f) { nodes { name type } pageInfo { hasNextPage endCursor } totalCount } }"
)


def jobs_of_two_kinds(things: SageMakerBuilder) -> None:
    """Training and transform jobs in turns; two of one name and moment."""
    things.model("m", at=START)
    for hour in range(1, 5):
        things.training(f"t-{hour}", at=START + timedelta(hours=2 * hour))
        things.transform(f"x-{hour}", "m", at=START + timedelta(hours=2 * hour + 1))
    for make in (lambda at: things.training("twin", at=at), lambda at: things.transform("twin", "m", at=at)):
        make(START + timedelta(hours=20))


@pytest.mark.parametrize("to", ["ASC", "DESC"])
@pytest.mark.parametrize("first", [1, 3])
async def test_jobs_of_two_kinds_are_merged(gateway: GatewayClient, sandbox: Sandbox, to: str, first: int) -> None:
    with building(sandbox) as things:
        jobs_of_two_kinds(things)
    order = [f"{kind}-{hour}" for hour in range(1, 5) for kind in "tx"] + ["twin", "twin"]
    seen, after = [], None
    while True:
        answer = await gateway.ask(JOBS, {"first": first, "after": after, "to": to})
        result = answer.data["jobs"]
        seen += [(node["name"], node["type"]) for node in result["nodes"]]
        if not result["pageInfo"]["hasNextPage"]:
            break
        after = result["pageInfo"]["endCursor"]
    assert [name for name, _ in seen] == (order if to == "ASC" else order[::-1])
    assert len(set(seen)) == 10


async def test_the_total_of_two_kinds(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        jobs_of_two_kinds(things)
    for value, count in (
        ({}, 10),
        ({"type": "TRAINING"}, 5),
        ({"status": ["COMPLETED"]}, 10),
        ({"nameContains": "x-"}, 4),
    ):
        answer = await gateway.ask(JOBS, {"first": 2, "f": value})
        assert answer.data["jobs"]["totalCount"] == count, value
