"""What a description that fails does to what is known: the last known where AWS is down, never for who is refused."""

import pytest

from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.statuses import RuntimeStatus
from sandbox.server import Sandbox
from tests.aws.inventory.describe_cache_harness import DescribeCacheHarness, error, model, runtime
from tests.aws.sandbox_account import collected_stats, make, make_models, reader_of


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
async def test_while_aws_is_down_or_turns_away_the_last_known_is_given(
    harness: DescribeCacheHarness, kind: type[AWSError]
) -> None:
    harness.answers["a"] = runtime()
    await harness.of("a")
    harness.answers["a"] = error(kind)
    for seconds in (61, 839):
        harness.pass_(seconds)
        with collected_stats() as stats:
            for _ in range(2):
                assert await harness.of("a") == {"a": runtime()}
            assert stats.stale
    # Once for each request that had to ask, however often it does.
    assert harness.asked["a"] == 3
    harness.pass_(1)
    with collected_stats() as stats:
        assert await harness.of("a") == {"a": harness.answers["a"]}
        assert not stats.stale
    harness.answers["a"] = runtime(RuntimeStatus.FAILED)
    harness.pass_(0.001)
    with collected_stats() as stats:
        assert await harness.of("a") == {"a": harness.answers["a"]}
        assert not stats.stale


async def test_that_something_is_gone_is_a_last_known_too(harness: DescribeCacheHarness) -> None:
    await harness.of("a")
    harness.pass_(6)
    harness.answers["a"] = error(UnavailableError)
    with collected_stats() as stats:
        assert await harness.of("a") == {"a": None}
        assert stats.stale


async def test_of_what_was_never_known_the_failure_is_told(harness: DescribeCacheHarness) -> None:
    harness.answers["a"] = error(ThrottledError)
    with collected_stats() as stats:
        assert await harness.of("a", "a") == {"a": harness.answers["a"]}
    assert (stats.stale, harness.asked["a"]) == (False, 1)


async def test_the_last_known_is_never_for_who_is_refused(harness: DescribeCacheHarness) -> None:
    harness.answers["a"] = runtime()
    await harness.of("a")
    harness.pass_(61)
    harness.answers["a"] = error(AccessDeniedError)
    with collected_stats() as stats:
        assert await harness.of("a") == {"a": harness.answers["a"]}
    assert not stats.stale
    # Not even once AWS is down besides: a refusal is what is known now.
    harness.pass_(301)
    refusal, harness.answers["a"] = harness.answers["a"], error(UnavailableError)
    assert await harness.of("a") == {"a": harness.answers["a"]}
    assert refusal is not harness.answers["a"]


async def test_the_last_known_is_never_for_who_has_expired(harness: DescribeCacheHarness) -> None:
    harness.answers["a"] = runtime()
    await harness.of("a")
    harness.pass_(61)
    harness.answers["a"] = error(CredentialsRejectedError)
    with collected_stats() as stats:
        assert await harness.of("a") == {"a": harness.answers["a"]}
    assert not stats.stale
    # With new credentials, the next request is answered.
    harness.pass_(0.001)
    harness.answers["a"] = runtime(RuntimeStatus.FAILED)
    assert await harness.of("a") == {"a": harness.answers["a"]}


async def test_a_refusal_of_what_was_readable_is_told(harness: DescribeCacheHarness) -> None:
    harness.answers["a"] = model()
    await harness.of("a")
    harness.pass_(901)
    harness.answers["a"] = error(AccessDeniedError)
    await harness.of("a")
    assert harness.denied == 1
    # What is known now is the refusal, and nothing else.
    assert len(harness.cache) == 1


@pytest.mark.parametrize("kind", [InvalidRequestError, ThrottledError, CredentialsRejectedError, NotFoundError])
async def test_no_other_failure_is(harness: DescribeCacheHarness, kind: type[AWSError]) -> None:
    harness.answers["a"] = model()
    await harness.of("a")
    harness.pass_(901)
    harness.answers["a"] = error(kind)
    await harness.of("a")
    assert harness.denied == 0


async def test_a_refusal_of_what_was_never_readable_takes_nothing_else_along(harness: DescribeCacheHarness) -> None:
    """A policy may name single resources."""
    harness.answers |= {"a": model("a"), "b": error(AccessDeniedError)}
    await harness.of("a", "b")
    assert harness.denied == 0
    assert len(harness.cache) == 2


async def test_descriptions_that_a_refusal_dropped_are_read_again(
    harness: DescribeCacheHarness,
) -> None:
    """Of three that were readable, one is refused after the others were described: they are there all the same."""
    harness.answers |= {"a": model("a"), "b": model("b"), "c": model("c")}
    await harness.of("a", "b", "c")
    harness.pass_(899)
    # One of them is good still, another one has been described anew in time.
    harness.list_rows.rows |= {name: model(name, as_of=harness.now) for name in "abc"}
    harness.answers["b"] = error(AccessDeniedError)
    result = await harness.of("a", "b", "c", max_age=0)
    assert result == {"a": model("a"), "b": harness.answers["b"], "c": model("c")}
    harness.pass_(1)
    assert harness.denied == 1


async def test_what_is_good_is_not_lost_to_a_refusal_beside_it(harness: DescribeCacheHarness) -> None:
    harness.answers |= {"a": model("a"), "b": model("b")}
    await harness.of("b")
    harness.pass_(700)
    await harness.of("a")
    harness.pass_(250)
    # "a" is good; "b" is not, and is refused.
    harness.answers["b"] = error(AccessDeniedError)
    assert await harness.of("a", "b") == {"a": model("a"), "b": harness.answers["b"]}
    assert harness.denied == 1


async def test_a_role_that_may_describe_no_more_loses_what_it_knew_of_the_kind(
    still: Sandbox, inventory: Inventory
) -> None:
    make_models(still, *"abc")
    await reader_of(inventory).scan(Kind.MODEL)
    await reader_of(inventory).describe(Kind.RUNTIME, ["r"])
    still.faults.refuse("DescribeModel", name="b")
    still.advance(901)
    result = await reader_of(inventory).describe(Kind.MODEL, ["b"])
    assert isinstance(result["b"], AccessDeniedError)
    assert inventory.lists[Kind.MODEL].rows().rows == ()
    assert len(inventory.descriptions[Kind.MODEL]) == 1
    assert len(inventory.descriptions[Kind.RUNTIME]) == 1
    # It may still see the others, and is shown them as they are now.
    make(still, "DeleteModel", ModelName="c")
    result = await reader_of(inventory).describe(Kind.MODEL, "abc")
    assert [type(result[name]) for name in "abc"] == [Model, AccessDeniedError, type(None)]
