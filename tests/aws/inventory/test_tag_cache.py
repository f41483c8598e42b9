"""Tags: a hundred for one call where that works, else one by one, and never a proof that anything exists."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, CredentialsRejectedError, ThrottledError, UnavailableError
from aws.client.service_clients import ServiceClients
from aws.inventory.horizon import horizon_at
from aws.inventory.tag_cache import TagCache, TagsResult
from aws.kinds.resource import Tag
from concurrency.single_flight import SingleFlight
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    AGES,
    RecordingClient,
    arn,
    call_policy,
    collected_stats,
    make,
    make_models,
    sandbox_now,
)

TAGGED = (Tag("team", "risk"),)


class Tags:
    """The tags of one scope, as requests that begin now read them."""

    def __init__(self, sandbox: Sandbox, calls: RecordingClient, single_flight: SingleFlight) -> None:
        self._sandbox = sandbox
        self.book = TagCache(calls, single_flight, lambda: sandbox_now(sandbox))

    async def of(self, *names: str, max_age: float | None = None) -> list[TagsResult]:
        """The tags of models."""
        at = horizon_at(AGES, sandbox_now(self._sandbox), max_age)
        return list((await self.book.get_many([arn("model", name) for name in names], at)).values())


@pytest.fixture
def tags(still: Sandbox, calls: RecordingClient, single_flight: SingleFlight) -> Tags:
    return Tags(still, calls, single_flight)


def many(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:03}" for number in range(count)]


async def test_the_tags_of_one_take_one_call_of_sagemakers_own(still: Sandbox, tags: Tags) -> None:
    make_models(still, "a", team="risk", Stage="live")
    assert await tags.of("a") == [(Tag("Stage", "live"), Tag("team", "risk"))]
    assert still.calls.by_operation() == {"ListTags": 1}


@pytest.mark.parametrize(("count", "asked"), [(2, 1), (100, 1), (101, 2), (250, 3)])
async def test_the_tags_of_many_take_one_call_for_a_hundred(still: Sandbox, tags: Tags, count: int, asked: int) -> None:
    names = many("m", count)
    make_models(still, *names, team="risk")
    assert await tags.of(*names) == [TAGGED] * count
    assert still.calls.by_operation() == {"GetResources": asked}
    assert len(tags.book) == count


async def test_silence_means_no_tags_once_it_has_told_of_any(still: Sandbox, tags: Tags) -> None:
    make_models(still, "a", team="risk")
    make_models(still, "b")
    assert await tags.of("a", "b") == [TAGGED, ()]
    assert still.calls.by_operation() == {"GetResources": 1}
    make_models(still, "c", "d")
    assert await tags.of("c", "d") == [(), ()]
    assert still.calls.by_operation() == {"GetResources": 2}


async def test_before_that_sagemaker_is_asked_for_one_of_them(still: Sandbox, tags: Tags) -> None:
    make_models(still, *"abc")
    assert await tags.of(*"abc") == [(), (), ()]
    assert still.calls.by_operation() == {"GetResources": 1, "ListTags": 1}


class SilentCalls(RecordingClient):
    """A tagging service that knows nothing of SageMaker's resources."""

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        answer = await super().call(operation, **parameters)
        return {"ResourceTagMappingList": []} if operation == "GetResources" else answer


async def test_a_service_that_does_not_know_sagemaker_is_not_believed(
    still: Sandbox, clients: ServiceClients, single_flight: SingleFlight
) -> None:
    make_models(still, *"abc", team="risk")
    tags = Tags(still, SilentCalls(clients, call_policy()), single_flight)
    assert await tags.of(*"abc") == [TAGGED] * 3
    assert still.calls.by_operation() == {"GetResources": 1, "ListTags": 3}


@pytest.mark.parametrize("count", [2, 101, 150])
async def test_of_a_hundred_and_one_without_tags_the_last_one_waits_for_nobody(
    still: Sandbox, tags: Tags, count: int
) -> None:
    names = many("m", count)
    make_models(still, *names)
    async with asyncio.timeout(20):
        assert await tags.of(*names) == [()] * count


@pytest.mark.parametrize("code", ["AccessDeniedException", "InternalFailure", "ValidationException", "Throttling"])
async def test_where_many_at_once_are_refused_each_is_asked_for(still: Sandbox, tags: Tags, code: str) -> None:
    make_models(still, *"abc", team="risk")
    still.faults.fail("GetResources", status=400, code=code, message="no")
    assert await tags.of(*"abc") == [TAGGED] * 3
    assert still.calls.count("ListTags") == 3
    tried = still.calls.count("GetResources")
    # The refusal is believed for the deletion age.
    make_models(still, *"de", team="risk")
    still.advance(290)
    assert await tags.of(*"de") == [TAGGED] * 2
    assert (still.calls.count("ListTags"), still.calls.count("GetResources")) == (5, tried)
    still.faults.clear()
    still.advance(20)
    assert await tags.of(*"abc") == [TAGGED] * 3
    assert (still.calls.count("ListTags"), still.calls.count("GetResources")) == (5, tried + 1)


async def test_tags_never_prove_that_anything_exists(still: Sandbox, tags: Tags) -> None:
    """Asked for many at once, what is not there is silent like what has no tags; asked for alone, it is gone."""
    make_models(still, "a", team="risk")
    assert await tags.of("a", "nothing") == [TAGGED, ()]
    assert await tags.of("another") == [None]


async def test_tags_last_for_their_own_age(still: Sandbox, tags: Tags) -> None:
    make_models(still, "a", team="risk")
    await tags.of("a")
    make(still, "AddTags", ResourceArn=arn("model", "a"), Tags=[{"Key": "team", "Value": "fraud"}])
    still.advance(300)
    assert await tags.of("a") == [TAGGED]
    still.advance(1)
    assert await tags.of("a") == [(Tag("team", "fraud"),)]
    assert still.calls.by_operation() == {"ListTags": 2}


async def test_a_client_may_ask_for_newer_tags(still: Sandbox, tags: Tags) -> None:
    make_models(still, "a", team="risk")
    await tags.of("a")
    make(still, "DeleteTags", ResourceArn=arn("model", "a"), TagKeys=["team"])
    still.advance(3)
    assert await tags.of("a", max_age=3) == [TAGGED]
    assert await tags.of("a", max_age=2) == [()]


async def test_each_is_asked_for_once_whoever_asks(still: Sandbox, tags: Tags) -> None:
    make_models(still, *"abc", team="risk")
    with collected_stats() as stats:
        await asyncio.gather(tags.of("a", "b"), tags.of("a", "b"), tags.of("b", "a"))
        assert stats.cached == 0
        assert await tags.of("a", "c", "a", "b") == [TAGGED] * 3
        assert stats.cached == 2
    # The same two in another order are another question; one that is already known is no part of any.
    assert still.calls.by_operation() == {"GetResources": 2, "ListTags": 1}


@pytest.mark.parametrize(
    ("code", "kind", "tries"),
    [
        ("ThrottlingException", ThrottledError, 8),
        ("InternalFailure", UnavailableError, 2),
        ("ExpiredTokenException", CredentialsRejectedError, 2),
    ],
)
async def test_what_may_heal_is_believed_for_the_request(
    still: Sandbox, tags: Tags, code: str, kind: type[Exception], tries: int
) -> None:
    make_models(still, "a", team="risk")
    still.faults.fail("ListTags", status=400, code=code, message="no")
    for _ in range(2):
        assert [type(result) for result in await tags.of("a")] == [kind]
    assert still.calls.count("ListTags") == tries
    still.faults.clear()
    still.advance(0.001)
    assert await tags.of("a") == [TAGGED]


async def test_a_refusal_is_believed_for_the_tags_age(still: Sandbox, tags: Tags) -> None:
    make_models(still, "a", team="risk")
    still.faults.refuse("ListTags", times=1)
    for _ in range(2):
        assert [type(result) for result in await tags.of("a")] == [AccessDeniedError]
        still.advance(300)
    still.advance(1)
    assert await tags.of("a") == [TAGGED]


async def test_what_is_learned_another_way_is_known(still: Sandbox, tags: Tags) -> None:
    tags.book.put(arn("model", "a"), [Tag("b", "2"), Tag("a", "1")], sandbox_now(still))
    assert await tags.of("a") == [(Tag("a", "1"), Tag("b", "2"))]
    assert still.calls.count() == 0


async def test_what_is_forgotten_is_of_one_kind(still: Sandbox, tags: Tags) -> None:
    now = sandbox_now(still)
    for kind in ("model", "model-package", "endpoint"):
        tags.book.put(arn(kind, "a"), (), now)
    tags.book.clear("model/")
    assert len(tags.book) == 2
    tags.book.clear()
    assert len(tags.book) == 0
