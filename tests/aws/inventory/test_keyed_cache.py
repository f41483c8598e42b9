"""Facts: asked for once, whoever asks; what is gone is None, and errors are answers."""

import asyncio
from collections import Counter

import pytest

from aws.client.client import AwsClient
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from concurrency.single_flight import SingleFlight
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import FactsOf
from tests.aws.sandbox_account import collected_stats, make_models


class Book:
    """Answers by key, counting; a key that is an error's class name is answered with that error."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def ask(self, key: str) -> str:
        self.asked[key] += 1
        await asyncio.sleep(0)
        for kind in (AccessDeniedError, NotFoundError, InvalidRequestError):
            if key == kind.__name__:
                raise kind("No.", operation="DescribeModel")
        return key.upper()


async def test_a_fact_is_asked_for_once(facts_of: FactsOf) -> None:
    store = Book()
    of = facts_of(store.ask)
    with collected_stats() as stats:
        assert await of(["a", "b", "a"]) == {"a": "A", "b": "B"}
        assert stats.cached == 0
        assert await of(["b", "c", "b"]) == {"b": "B", "c": "C"}
        assert (stats.cached, stats.shared) == (1, 0)
    assert store.asked == {"a": 1, "b": 1, "c": 1}


async def test_answers_are_in_the_order_of_the_question(facts_of: FactsOf) -> None:
    of = facts_of(Book().ask)
    await of(["c"])
    assert list(await of(["b", "c", "a", "b"])) == ["b", "c", "a"]


async def test_nothing_is_asked_for_nothing(facts_of: FactsOf) -> None:
    store = Book()
    assert await facts_of(store.ask)([]) == {}
    assert store.asked == {}


async def test_those_who_ask_at_once_share_one_call(facts_of: FactsOf) -> None:
    store = Book()
    of = facts_of(store.ask)
    answers = await asyncio.gather(*(of(["a", "b"]) for _ in range(5)))
    assert answers == [{"a": "A", "b": "B"}] * 5
    assert store.asked == {"a": 1, "b": 1}


async def test_what_is_gone_is_none_and_stays_so(facts_of: FactsOf) -> None:
    store = Book()
    of = facts_of(store.ask)
    for _ in range(2):
        assert await of(["NotFoundError", "a"]) == {"NotFoundError": None, "a": "A"}
    assert store.asked == {"NotFoundError": 1, "a": 1}


@pytest.mark.parametrize("kind", [AccessDeniedError, InvalidRequestError])
async def test_errors_are_answers_and_take_nothing_else_down(facts_of: FactsOf, kind: type[Exception]) -> None:
    store = Book()
    of = facts_of(store.ask)
    first = await of(["a", kind.__name__])
    assert type(first[kind.__name__]) is kind
    assert first["a"] == "A"
    assert (await of([kind.__name__]))[kind.__name__] is first[kind.__name__]
    assert store.asked == {"a": 1, kind.__name__: 1}


async def test_two_sorts_of_facts_under_the_same_key_are_two(facts_of: FactsOf) -> None:
    one, other = Book(), Book()
    await asyncio.gather(facts_of(one.ask)(["a"]), facts_of(other.ask)(["a"]))
    assert (one.asked, other.asked) == ({"a": 1}, {"a": 1})


async def test_what_is_no_answer_of_aws_is_raised_and_not_kept(facts_of: FactsOf) -> None:
    asked: list[str] = []

    async def without_keys(key: str) -> str:
        asked.append(key)
        if len(asked) == 1:
            raise ZeroDivisionError
        return key

    of = facts_of(without_keys)
    with pytest.raises(ZeroDivisionError):
        await of(["a"])
    assert await of(["a"]) == {"a": "a"}
    assert asked == ["a", "a"]


async def test_a_waiter_that_is_cancelled_does_not_cancel_the_call(
    sandbox: Sandbox, calls: AwsClient, single_flight: SingleFlight, facts_of: FactsOf
) -> None:
    make_models(sandbox, "scorer")

    async def describe(name: str) -> str:
        return str((await calls.call("DescribeModel", ModelName=name))["ModelName"])

    of = facts_of(describe)
    hold = sandbox.faults.block("DescribeModel")
    leaving = asyncio.ensure_future(of(["scorer"]))
    assert await asyncio.to_thread(hold.wait_for_requests)
    with collected_stats() as stats:
        staying = asyncio.ensure_future(of(["scorer"]))
        await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    hold.release()
    assert await staying == {"scorer": "scorer"}
    assert await of(["scorer"]) == {"scorer": "scorer"}
    assert sandbox.calls.by_operation() == {"DescribeModel": 1}
    assert (stats.shared, dict(stats.calls)) == (1, {})


async def test_a_throttle_is_an_answer_after_every_try(sandbox: Sandbox, calls: AwsClient, facts_of: FactsOf) -> None:
    async def describe(name: str) -> str:
        return str((await calls.call("DescribeModel", ModelName=name))["ModelName"])

    sandbox.faults.throttle("DescribeModel")
    of = facts_of(describe)
    for _ in range(2):
        assert type((await of(["scorer"]))["scorer"]) is ThrottledError
    assert sandbox.calls.count("DescribeModel") == 8


class Spoiled:
    """Answers with these, in their order; errors are raised."""

    def __init__(self, *answers: str | AWSError) -> None:
        self._answers = list(answers)

    async def ask(self, _: str) -> str:
        answer = self._answers.pop(0)
        if isinstance(answer, AWSError):
            raise answer
        return answer


def refused(kind: type[AWSError]) -> AWSError:
    return kind("No.", operation="DescribeModelPackage")


async def test_a_fact_lasts_for_the_authority_age(facts_of: FactsOf) -> None:
    of = facts_of(Spoiled("first", "second").ask)
    assert await of(["a"]) == {"a": "first"}
    of.pass_(900)
    assert await of(["a"]) == {"a": "first"}
    of.pass_(1)
    assert await of(["a"]) == {"a": "second"}


@pytest.mark.parametrize("kind", [NotFoundError, AccessDeniedError, InvalidRequestError])
async def test_absence_and_refusal_last_for_the_deletion_age(facts_of: FactsOf, kind: type[AWSError]) -> None:
    of = facts_of(Spoiled(refused(kind), "there").ask)
    first = await of(["a"])
    of.pass_(300)
    assert await of(["a"]) == first != {"a": "there"}
    of.pass_(1)
    assert await of(["a"]) == {"a": "there"}


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError, CredentialsRejectedError])
async def test_what_may_heal_lasts_for_the_request(facts_of: FactsOf, kind: type[AWSError]) -> None:
    of = facts_of(Spoiled(refused(kind), "healed").ask)
    for _ in range(2):
        assert type((await of(["a"]))["a"]) is kind
    of.pass_(0.001)
    assert await of(["a"]) == {"a": "healed"}


async def test_a_client_may_ask_for_newer_facts(facts_of: FactsOf) -> None:
    of = facts_of(Spoiled("first", "second", "third").ask)
    await of(["a"])
    of.pass_(10)
    assert await of(["a"], 10) == {"a": "first"}
    assert await of(["a"], 9) == {"a": "second"}
    of.pass_(1)
    assert await of(["a"], 0) == {"a": "third"}


async def test_a_caller_that_joins_an_older_call_checks_its_result(facts_of: FactsOf) -> None:
    """A call begun before the request is too old for one that will have nothing older than itself."""
    under_way, go_on = asyncio.Event(), asyncio.Event()
    answers = ["old", "new"]

    async def ask(_: str) -> str:
        answer = answers.pop(0)
        under_way.set()
        await go_on.wait()
        return answer

    of = facts_of(ask)
    first = asyncio.ensure_future(of(["a"]))
    await under_way.wait()
    of.pass_(1)
    second = asyncio.ensure_future(of(["a"], 0))
    await asyncio.sleep(0)
    assert answers == ["new"]
    go_on.set()
    await first
    assert await second == {"a": "new"}
    assert answers == []
