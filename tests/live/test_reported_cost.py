"""What questions cost: nothing inside the window, next to nothing outside of it, however large the account is."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from gateway.explorer.examples import MAIN_QUERY
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, GraphQLResponse
from tests.live.conftest import OpenStill
from tests.live.large_account import fill

NAMES = "{ models(first: 100) { nodes { name } } }"
IMAGES = "{ models { nodes { name containers { image } } } }"


def aws_calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls since this was last asked for, without those for credentials."""
    counts = {name: count for name, count in sandbox.calls.by_operation().items() if not name.startswith("Assume")}
    sandbox.calls.clear()
    return counts


def shape(answer: GraphQLResponse) -> tuple[int, int, int, int]:
    """How much the main query's answer tells: models, snapshots, runtimes, jobs."""
    models = answer.data["models"]["nodes"]
    snapshots = [snapshot for model in models for snapshot in model["snapshots"]["nodes"]]
    runtimes = [runtime for snapshot in snapshots for runtime in snapshot["runtimes"]["nodes"]]
    return len(models), len(snapshots), len(runtimes), sum(len(model["jobs"]["edges"]) for model in models)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ({"models": 100, "snapshots": 100, "runtimes": 20, "training": 40, "transforms": 30}, (10, 10, 10, 10)),
        ({"models": 2000, "snapshots": 150, "runtimes": 100, "training": 200, "transforms": 30}, (10, 10, 10, 10)),
    ],
    ids=["100 models", "2,000 models and 100 runtimes"],
)
async def test_the_same_query_again(
    sandbox: Sandbox, open_still: OpenStill, size: dict[str, int], text: tuple[int, int, int, int]
) -> None:
    async with open_still(sagemaker={"search": True}) as gateway:
        fill(sandbox, **size)
        first = await gateway.ask(MAIN_QUERY)
        assert shape(first) == text
        aws_calls(sandbox)
        for seconds in (0, 2, 3):
            sandbox.advance(seconds)
            again = await gateway.ask(MAIN_QUERY)
            assert again.data == first.data
            assert (aws_calls(sandbox), again.aws_extensions["calls"]) == ({}, {})
        # Outside of the window, and outside of the minute after which runtimes are described again.
        for seconds in (6, 6, 30, 61):
            sandbox.advance(seconds)
            again = await gateway.ask(MAIN_QUERY)
            assert again.data == first.data
            cost = aws_calls(sandbox)
            assert again.aws_extensions["calls"] == cost
            assert sum(cost.values()) <= 8, cost


async def test_with_search_off_or_refused_the_answers_are_the_same(
    sandbox: Sandbox, open_still: OpenStill, estate: Estate
) -> None:
    async with open_still(sagemaker={"search": True}) as gateway:
        by_search = await gateway.ask(MAIN_QUERY)
        assert sandbox.calls.count("Search") > 0
        sandbox.calls.clear()
    async with open_still() as gateway:
        assert (await gateway.ask(MAIN_QUERY)).data == by_search.data
        assert sandbox.calls.count("Search") == 0
    sandbox.faults.refuse("Search")
    async with open_still(sagemaker={"search": True}) as gateway:
        assert (await gateway.ask(MAIN_QUERY)).data == by_search.data


async def test_fifty_clients_at_once_cost_what_one_does(
    sandbox: Sandbox, open_still: OpenStill, estate: Estate
) -> None:
    async with open_still() as gateway:
        await gateway.ask(MAIN_QUERY)
        one = aws_calls(sandbox)
    async with open_still() as gateway:
        answers = await asyncio.gather(*(gateway.ask(MAIN_QUERY, user=f"user{number}") for number in range(50)))
    assert aws_calls(sandbox) == one
    assert all(answer.data == answers[0].data for answer in answers)
    assert added_up(answers) == one


def added_up(answers: Any) -> dict[str, int]:
    """What the answers say that they have cost, together."""
    return dict(sum((Counter(answer.aws_extensions["calls"]) for answer in answers), Counter()))


@pytest.mark.parametrize(
    ("text", "after", "newer"),
    [
        ("no-cache", 0.001, True),
        ("max-age=0", 0.001, True),
        ("no-store, no-cache", 0.001, True),
        ("max-age=3", 4, True),
        ("max-age=3", 3, False),
        ("max-age=60", 4, False),
        ("max-age=60", 6, True),
        ("max-age=soon", 4, False),
        ("only-if-cached", 4, False),
    ],
)
async def test_a_client_may_ask_for_newer(
    sandbox: Sandbox, open_still: OpenStill, text: str, after: float, *, newer: bool
) -> None:
    async with open_still() as gateway:
        fill(sandbox, models=2, snapshots=0, runtimes=0, training=0, transforms=0)
        await gateway.ask(NAMES)
        sandbox.call(
            "CreateModel",
            RISK.account,
            RISK.region,
            ModelName="new",
            ExecutionRoleArn=RISK.execution_role_arn,
            PrimaryContainer={"Image": "image"},
        )
        sandbox.advance(after)
        aws_calls(sandbox)
        answer = await gateway.ask(NAMES, headers={"Cache-Control": text})
    assert ("new" in [node["name"] for node in answer.data["models"]["nodes"]]) is newer
    assert answer.aws_extensions["calls"] == aws_calls(sandbox) == ({"ListModels": 1} if newer else {})


async def test_newer_counts_for_descriptions_too(sandbox: Sandbox, open_still: OpenStill) -> None:
    """Who asks for nothing older than the request gets everything described again, and permission asked for."""
    async with open_still(sagemaker={"search": False}) as gateway:
        fill(sandbox, models=3, snapshots=0, runtimes=0, training=0, transforms=0)
        await gateway.ask(IMAGES)
        sandbox.advance(1)
        aws_calls(sandbox)
        await gateway.ask(IMAGES, headers={"Cache-Control": "no-cache"})
        assert aws_calls(sandbox) == {"DescribeModel": 3, "ListModels": 1}


class Book:
    """Asks, and holds what all answers together say that they have cost against what AWS has counted."""

    def __init__(self, gateway: GatewayClient, sandbox: Sandbox) -> None:
        self._gateway = gateway
        self._sandbox = sandbox
        self._said: list[GraphQLResponse] = []

    async def ask(self, *queries: str) -> list[GraphQLResponse]:
        """Asks these at once."""
        answers = await asyncio.gather(*(self._gateway.ask(query) for query in queries))
        self._said += answers
        counted = self._sandbox.calls.by_operation()
        assert added_up(self._said) == {name: count for name, count in counted.items() if name != "AssumeRole"}
        return answers


async def test_every_answer_says_what_it_has_cost(sandbox: Sandbox, open_still: OpenStill, estate: Estate) -> None:
    """Cold, known and shared."""
    async with open_still() as gateway:
        store = Book(gateway, sandbox)
        (cold,) = await store.ask(MAIN_QUERY)
        assert (cold.aws_extensions["stale"], cold.aws_extensions["throttled"]) == (False, 0)
        (known,) = await store.ask(MAIN_QUERY)
        assert (known.aws_extensions["calls"], known.aws_extensions["cached"] > 0, known.aws_extensions["stale"]) == (
            {},
            True,
            False,
        )
        assert (known.data, known.aws_extensions["asOf"]) == (cold.data, cold.aws_extensions["asOf"])
        sandbox.advance(6)
        first, second = await store.ask(MAIN_QUERY, MAIN_QUERY)
        assert first.aws_extensions["shared"] + second.aws_extensions["shared"] > 0
        assert sum(first.aws_extensions["calls"].values()) + sum(second.aws_extensions["calls"].values()) <= 8


async def test_so_do_those_that_went_wrong(sandbox: Sandbox, open_still: OpenStill, estate: Estate) -> None:
    """Stale, refused, throttled, and asked for in vain."""
    async with open_still() as gateway:
        store = Book(gateway, sandbox)
        await store.ask(NAMES)
        known = sandbox.clock.at()
        sandbox.faults.fail("*")
        sandbox.advance(6)
        (stale,) = await store.ask(NAMES)
        assert (stale.aws_extensions["stale"], stale.aws_extensions["asOf"]) == (True, known.isoformat())
        assert (len(stale.data["models"]["nodes"]), stale.aws_extensions["calls"]) == (9, {"ListModels": 2})
        sandbox.faults.clear()
        sandbox.faults.refuse("ListModels", times=1)
        sandbox.advance(6)
        (refused,) = await store.ask(NAMES)
        assert (refused.codes, refused.aws_extensions["calls"], refused.aws_extensions["stale"]) == (
            ["FORBIDDEN"],
            {"ListModels": 1},
            False,
        )
        sandbox.faults.throttle("ListModels", times=1)
        sandbox.advance(6)
        (throttled,) = await store.ask(NAMES)
        assert (throttled.aws_extensions["calls"], throttled.aws_extensions["throttled"]) == ({"ListModels": 2}, 1)
        (failed,) = await store.ask("{ models(first: 1000) { nodes { name } } }")
        assert failed.aws_extensions["calls"] == {}


async def test_background_work_is_on_nobodys_account(sandbox: Sandbox, open_still: OpenStill) -> None:
    """Half-way to the deletion age the list is read whole again, for no answer's sake, signed by the gateway itself."""
    async with open_still() as gateway:
        fill(sandbox, models=150, snapshots=0, runtimes=0, training=0, transforms=0)
        await gateway.ask("{ models { totalCount } }")
        await gateway.ask("{ models(orderBy: {by: NAME, direction: ASC}) { nodes { name } } }")
        sandbox.advance(160)
        aws_calls(sandbox)
        answer = await gateway.ask(NAMES)
        await _quiet(sandbox, 3)
        signed = [call.principal.rpartition("/")[2] for call in sandbox.calls.recent("ListModels")]
    assert answer.aws_extensions["calls"] == {"ListModels": 1}
    assert signed == ["ann", "sagegraph", "sagegraph"]


async def _quiet(sandbox: Sandbox, calls: int) -> None:
    """Waits until so many listings of models have come."""
    async with asyncio.timeout(30):
        while sandbox.calls.count("ListModels") < calls:  # noqa: ASYNC110 - the sandbox counts on a thread of its own
            await asyncio.sleep(0.01)
