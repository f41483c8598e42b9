"""aws.inventory.describe_cache: how long a description is kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, AWSError, InvalidRequestError, ThrottledError
from aws.inventory.describe_cache import differs
from aws.inventory.horizon import RUNTIME_SECONDS
from aws.kinds.catalog import AnyResource
from aws.kinds.statuses import JobStatus, RuntimeStatus
from tests.aws.inventory.describe_cache_harness import (
    SECOND,
    DescribeCacheHarness,
    error,
    job,
    model,
    runtime,
    transform,
)
from tests.aws.manual_clock import settle
from tests.aws.sandbox_account import AGES, NOON, collected_stats

# What was found, and how long it is good where the list is not fresh, and where a fresh row tells the same.
LASTING: list[tuple[str, AnyResource, float, float]] = [
    ("model", model(), AGES.deletion_seconds, AGES.authority_seconds),
    ("runtime in service", runtime(), AGES.fresh_seconds, RUNTIME_SECONDS),
    ("runtime out of service", runtime(RuntimeStatus.OUT_OF_SERVICE), AGES.fresh_seconds, RUNTIME_SECONDS),
    ("runtime failed", runtime(RuntimeStatus.FAILED), AGES.fresh_seconds, RUNTIME_SECONDS),
    ("runtime that comes up", runtime(RuntimeStatus.CREATING), AGES.fresh_seconds, AGES.fresh_seconds),
    ("runtime that changes", runtime(RuntimeStatus.UPDATING), AGES.fresh_seconds, AGES.fresh_seconds),
    ("runtime in an unknown state", runtime(RuntimeStatus.UNKNOWN), AGES.fresh_seconds, AGES.fresh_seconds),
    ("job that has ended", job(), AGES.deletion_seconds, AGES.authority_seconds),
    ("job that failed", job(JobStatus.FAILED), AGES.deletion_seconds, AGES.authority_seconds),
    ("job that was stopped", job(JobStatus.STOPPED), AGES.deletion_seconds, AGES.authority_seconds),
    ("job that runs", job(JobStatus.IN_PROGRESS), AGES.fresh_seconds, AGES.authority_seconds),
    ("job that stops", job(JobStatus.STOPPING), AGES.fresh_seconds, AGES.authority_seconds),
    ("transform job that has ended", transform(), AGES.deletion_seconds, AGES.authority_seconds),
    ("transform job that runs", transform(None, JobStatus.IN_PROGRESS), AGES.fresh_seconds, AGES.authority_seconds),
    ("transform job that waits", transform(None, JobStatus.IN_PROGRESS, None), AGES.fresh_seconds, AGES.fresh_seconds),
]


@pytest.mark.parametrize(
    ("described", "alone", "with_row"), [case[1:] for case in LASTING], ids=[case[0] for case in LASTING]
)
async def test_how_long_a_description_is_good(
    harness: DescribeCacheHarness, described: AnyResource, alone: float, with_row: float
) -> None:
    harness.answers["a"] = described
    await harness.of("a")
    harness.pass_(alone)
    assert harness.knows()
    harness.pass_(0.001)
    assert not harness.knows()
    harness.now = NOON + timedelta(seconds=with_row)
    harness.list_rows.rows["a"] = replace(described, as_of=harness.now)
    assert harness.knows()
    harness.pass_(0.001)
    assert not harness.knows()


@pytest.mark.parametrize(
    ("described", "changes"),
    [
        (model(), {"creation_time": NOON}),
        (runtime(), {"creation_time": NOON}),
        (runtime(), {"raw_status": "Updating", "status": RuntimeStatus.UPDATING}),
        (runtime(), {"last_modified_time": NOON}),
        (job(), {"creation_time": NOON}),
        (job(JobStatus.IN_PROGRESS), {"raw_status": "Completed", "status": JobStatus.COMPLETED}),
        (job(), {"last_modified_time": NOON}),
    ],
)
async def test_a_newer_row_that_tells_of_another_thing_or_state_ends_it_at_once(
    harness: DescribeCacheHarness, described: AnyResource, changes: dict[str, Any]
) -> None:
    harness.answers["a"] = described
    await harness.of("a")
    harness.pass_(1)
    harness.list_rows.rows["a"] = replace(described, as_of=NOON, **changes)
    # Read no later than the description, a row proves nothing.
    assert harness.knows()
    harness.list_rows.rows["a"] = replace(described, as_of=NOON + SECOND, **changes)
    assert not harness.knows()


async def test_a_deleted_resource_is_gone_while_a_whole_list_has_no_row_of_it(harness: DescribeCacheHarness) -> None:
    assert await harness.of("a") == {"a": None}
    harness.pass_(5)
    assert harness.knows()
    harness.pass_(1)
    assert not harness.knows()
    harness.list_rows.whole = True
    assert harness.knows()
    harness.pass_(894)
    assert harness.knows()
    harness.pass_(1)
    assert not harness.knows()


async def test_what_was_gone_is_looked_at_once_there_is_a_newer_row(harness: DescribeCacheHarness) -> None:
    await harness.of("a")
    harness.pass_(1)
    harness.list_rows.rows["a"] = model(as_of=harness.now)
    assert not harness.knows()
    harness.answers["a"] = model(as_of=harness.now)
    assert await harness.of("a") == {"a": harness.answers["a"]}


@pytest.mark.parametrize("kind", [AccessDeniedError, InvalidRequestError])
async def test_a_refusal_is_believed_for_the_deletion_age(harness: DescribeCacheHarness, kind: type[AWSError]) -> None:
    harness.answers["a"] = error(kind)
    assert await harness.of("a") == {"a": harness.answers["a"]}
    harness.pass_(300)
    # Neither a row nor the lack of one changes that.
    harness.list_rows.rows["a"] = model(as_of=harness.now)
    assert harness.knows()
    harness.pass_(0.001)
    assert not harness.knows()
    harness.answers["a"] = model()
    assert await harness.of("a") == {"a": model()}
    assert harness.asked["a"] == 2


@pytest.mark.parametrize(("max_age", "knows"), [(None, True), (7, True), (6, False), (0, False)])
async def test_a_client_may_ask_for_newer(harness: DescribeCacheHarness, max_age: float | None, *, knows: bool) -> None:
    harness.answers["a"] = model()
    await harness.of("a")
    harness.pass_(7)
    harness.list_rows.rows["a"] = model(as_of=harness.now)
    assert harness.knows(max_age=max_age) is knows


async def test_each_name_is_asked_for_once_and_only_what_is_missing(harness: DescribeCacheHarness) -> None:
    harness.answers |= {"a": model("a"), "b": model("b"), "c": model("c")}
    with collected_stats() as stats:
        assert list(await harness.of("b", "a", "b", "gone")) == ["b", "a", "gone"]
        assert stats.cached == 0
        assert await harness.of("c", "a", "gone") == {"c": model("c"), "a": model("a"), "gone": None}
        assert stats.cached == 2
    assert harness.asked == {"a": 1, "b": 1, "c": 1, "gone": 1}
    assert len(harness.cache) == 4


async def test_what_was_asked_before_the_request_began_is_looked_at_again(harness: DescribeCacheHarness) -> None:
    """Whoever will have nothing older than the request does not take what a call brings that began before it."""
    harness.answers["a"] = model()
    harness.open.clear()
    first = asyncio.ensure_future(harness.of("a"))
    await settle()
    harness.pass_(1)
    second, third = asyncio.ensure_future(harness.of("a", max_age=0)), asyncio.ensure_future(harness.of("a"))
    await settle()
    assert harness.asked["a"] == 1
    harness.open.set()
    assert tuple(await asyncio.gather(first, second, third)) == ({"a": model()},) * 3
    assert harness.asked["a"] == 2


async def test_looking_asks_whatever_is_known(harness: DescribeCacheHarness) -> None:
    harness.answers |= {"a": model("a"), "b": error(AccessDeniedError), "d": error(ThrottledError)}
    await harness.of("a")
    assert await harness.cache.refetch(["a", "b", "c", "d", "a"]) == {
        "a": model("a"),
        "b": harness.answers["b"],
        "c": None,
    }
    assert harness.asked == {"a": 2, "b": 1, "c": 1, "d": 1}


async def test_what_is_learned_another_way_counts_where_it_is_newer(harness: DescribeCacheHarness) -> None:
    newer, older = model(as_of=NOON), model(as_of=NOON - SECOND, creation_time=NOON - timedelta(days=2))
    harness.cache.put(newer)
    harness.cache.put(older)
    assert await harness.of("a") == {"a": newer}
    harness.cache.put(model(as_of=NOON + SECOND))
    assert (await harness.of("a"))["a"] == model(as_of=NOON + SECOND)
    assert harness.asked == {}


async def test_what_is_forgotten_is_gone(harness: DescribeCacheHarness) -> None:
    harness.cache.put(model(as_of=NOON))
    harness.cache.mark_deleted("a")
    assert await harness.of("a") == {"a": None}
    assert harness.asked == {}


async def test_its_version_changes_with_what_is_known(harness: DescribeCacheHarness) -> None:
    versions = [harness.cache.version]
    harness.answers["a"] = model()
    await harness.of("a")
    versions.append(harness.cache.version)
    await harness.of("a")
    assert harness.cache.version == versions[-1]
    harness.cache.mark_deleted("a")
    versions.append(harness.cache.version)
    harness.cache.clear()
    versions.append(harness.cache.version)
    assert len(set(versions)) == 4
    assert len(harness.cache) == 0


@pytest.mark.parametrize("described", [model(), runtime(), job(), transform()])
def test_a_thing_does_not_differ_from_itself(described: AnyResource) -> None:
    assert not differs(described, described)
    assert differs(described, None)
    assert not differs(described, error(AccessDeniedError))


def test_of_transform_jobs_only_rows_tell_when_they_were_last_modified() -> None:
    assert not differs(transform(NOON), transform(None))
    assert not differs(transform(None), transform(NOON))
    assert differs(transform(NOON), transform(NOON + SECOND))
