"""Shelves: a description is kept for as long as nothing can have changed what it says, and not a moment longer."""

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

# What was found, and how long it is good where the roll is not fresh, and where a fresh row tells the same.
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
    ("what", "alone", "with_row"), [case[1:] for case in LASTING], ids=[case[0] for case in LASTING]
)
async def test_how_long_a_description_is_good(
    desk: DescribeCacheHarness, what: AnyResource, alone: float, with_row: float
) -> None:
    desk.answers["a"] = what
    await desk.of("a")
    desk.pass_(alone)
    assert desk.knows()
    desk.pass_(0.001)
    assert not desk.knows()
    desk.now = NOON + timedelta(seconds=with_row)
    desk.roll.rows["a"] = replace(what, as_of=desk.now)
    assert desk.knows()
    desk.pass_(0.001)
    assert not desk.knows()


@pytest.mark.parametrize(
    ("what", "changes"),
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
    desk: DescribeCacheHarness, what: AnyResource, changes: dict[str, Any]
) -> None:
    desk.answers["a"] = what
    await desk.of("a")
    desk.pass_(1)
    desk.roll.rows["a"] = replace(what, as_of=NOON, **changes)
    # Read no later than the description, a row proves nothing.
    assert desk.knows()
    desk.roll.rows["a"] = replace(what, as_of=NOON + SECOND, **changes)
    assert not desk.knows()


async def test_a_deleted_resource_is_gone_while_a_whole_list_has_no_row_of_it(desk: DescribeCacheHarness) -> None:
    assert await desk.of("a") == {"a": None}
    desk.pass_(5)
    assert desk.knows()
    desk.pass_(1)
    assert not desk.knows()
    desk.roll.whole = True
    assert desk.knows()
    desk.pass_(894)
    assert desk.knows()
    desk.pass_(1)
    assert not desk.knows()


async def test_what_was_gone_is_looked_at_once_there_is_a_newer_row(desk: DescribeCacheHarness) -> None:
    await desk.of("a")
    desk.pass_(1)
    desk.roll.rows["a"] = model(as_of=desk.now)
    assert not desk.knows()
    desk.answers["a"] = model(as_of=desk.now)
    assert await desk.of("a") == {"a": desk.answers["a"]}


@pytest.mark.parametrize("kind", [AccessDeniedError, InvalidRequestError])
async def test_a_refusal_is_believed_for_the_deletion_age(desk: DescribeCacheHarness, kind: type[AWSError]) -> None:
    desk.answers["a"] = error(kind)
    assert await desk.of("a") == {"a": desk.answers["a"]}
    desk.pass_(300)
    # Neither a row nor the lack of one changes that.
    desk.roll.rows["a"] = model(as_of=desk.now)
    assert desk.knows()
    desk.pass_(0.001)
    assert not desk.knows()
    desk.answers["a"] = model()
    assert await desk.of("a") == {"a": model()}
    assert desk.asked["a"] == 2


@pytest.mark.parametrize(("max_age", "knows"), [(None, True), (7, True), (6, False), (0, False)])
async def test_a_client_may_ask_for_newer(desk: DescribeCacheHarness, max_age: float | None, *, knows: bool) -> None:
    desk.answers["a"] = model()
    await desk.of("a")
    desk.pass_(7)
    desk.roll.rows["a"] = model(as_of=desk.now)
    assert desk.knows(max_age=max_age) is knows


async def test_each_name_is_asked_for_once_and_only_what_is_missing(desk: DescribeCacheHarness) -> None:
    desk.answers |= {"a": model("a"), "b": model("b"), "c": model("c")}
    with collected_stats() as tally:
        assert list(await desk.of("b", "a", "b", "gone")) == ["b", "a", "gone"]
        assert tally.cached == 0
        assert await desk.of("c", "a", "gone") == {"c": model("c"), "a": model("a"), "gone": None}
        assert tally.cached == 2
    assert desk.asked == {"a": 1, "b": 1, "c": 1, "gone": 1}
    assert len(desk.shelf) == 4


async def test_what_was_asked_before_the_request_began_is_looked_at_again(desk: DescribeCacheHarness) -> None:
    """Whoever will have nothing older than the request does not take what a flight brings that began before it."""
    desk.answers["a"] = model()
    desk.open.clear()
    first = asyncio.ensure_future(desk.of("a"))
    await settle()
    desk.pass_(1)
    second, third = asyncio.ensure_future(desk.of("a", max_age=0)), asyncio.ensure_future(desk.of("a"))
    await settle()
    assert desk.asked["a"] == 1
    desk.open.set()
    assert tuple(await asyncio.gather(first, second, third)) == ({"a": model()},) * 3
    assert desk.asked["a"] == 2


async def test_looking_asks_whatever_is_known(desk: DescribeCacheHarness) -> None:
    desk.answers |= {"a": model("a"), "b": error(AccessDeniedError), "d": error(ThrottledError)}
    await desk.of("a")
    assert await desk.shelf.refetch(["a", "b", "c", "d", "a"]) == {"a": model("a"), "b": desk.answers["b"], "c": None}
    assert desk.asked == {"a": 2, "b": 1, "c": 1, "d": 1}


async def test_what_is_learned_another_way_counts_where_it_is_newer(desk: DescribeCacheHarness) -> None:
    newer, older = model(as_of=NOON), model(as_of=NOON - SECOND, creation_time=NOON - timedelta(days=2))
    desk.shelf.put(newer)
    desk.shelf.put(older)
    assert await desk.of("a") == {"a": newer}
    desk.shelf.put(model(as_of=NOON + SECOND))
    assert (await desk.of("a"))["a"] == model(as_of=NOON + SECOND)
    assert desk.asked == {}


async def test_what_is_forgotten_is_gone(desk: DescribeCacheHarness) -> None:
    desk.shelf.put(model(as_of=NOON))
    desk.shelf.mark_deleted("a")
    assert await desk.of("a") == {"a": None}
    assert desk.asked == {}


async def test_its_version_changes_with_what_is_known(desk: DescribeCacheHarness) -> None:
    versions = [desk.shelf.version]
    desk.answers["a"] = model()
    await desk.of("a")
    versions.append(desk.shelf.version)
    await desk.of("a")
    assert desk.shelf.version == versions[-1]
    desk.shelf.mark_deleted("a")
    versions.append(desk.shelf.version)
    desk.shelf.clear()
    versions.append(desk.shelf.version)
    assert len(set(versions)) == 4
    assert len(desk.shelf) == 0


@pytest.mark.parametrize("what", [model(), runtime(), job(), transform()])
def test_a_thing_does_not_differ_from_itself(what: AnyResource) -> None:
    assert not differs(what, what)
    assert differs(what, None)
    assert not differs(what, error(AccessDeniedError))


def test_of_transform_jobs_only_rows_tell_when_they_were_last_modified() -> None:
    assert not differs(transform(NOON), transform(None))
    assert not differs(transform(None), transform(NOON))
    assert differs(transform(NOON), transform(NOON + SECOND))
