"""Rolls: kept up to date by asking for what is newer, and laid anew before what was deleted is shown for too long."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aws.errors import AccessDeniedError, CredentialsRejectedError, ThrottledError, UnavailableError
from aws.inventory.ages import Horizon
from aws.inventory.inventory import Inventory
from aws.inventory.listings import PAGE_SIZE
from aws.kinds import Kind
from aws.resources import AnyResource
from sandbox.sagemaker.life import Outcome
from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.server import Sandbox
from tests.aws.hand import settle
from tests.aws.inventory.sight import EVERYTHING, Sight, landed
from tests.aws.scene import (
    NOON,
    SpiedCalls,
    make,
    make_config,
    make_models,
    make_training_job,
    make_transform_job,
    reading,
)

# A page and a half: small enough to make, large enough for it to be worth asking only for what is newer.
MANY = [f"m{number:03}" for number in range(150)]
NEWEST_FIRST = MANY[::-1]
Asked = tuple[str, dict[str, Any]]
PAGE: Asked = ("ListModels", {})
NEXT: Asked = ("ListModels", {"NextToken": "…"})


@pytest.fixture
def sight(still: Sandbox, inventory: Inventory, calls: SpiedCalls) -> Sight:
    """Sight of models."""
    return Sight(still, inventory, calls)


def make_many(still: Sandbox) -> None:
    """Long enough ago for none of them to be within the two minutes to spare."""
    make_models(still, *MANY)
    still.advance(600)


def after(moment: datetime) -> Asked:
    return "ListModels", {"CreationTimeAfter": moment}


async def test_only_the_first_page_is_read_where_that_is_enough(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    found = await sight.look(1)
    # The last row of a page is kept back until the next page has told that its moment is over.
    assert [row.name for row in found.rows] == NEWEST_FIRST[:99]
    assert (found.complete_as_of, found.as_of) == (None, sight.now)
    assert sight.asked() == [PAGE]


async def test_it_is_extended_only_as_far_as_is_asked(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look(99)
    assert sight.asked() == [PAGE]
    found = await sight.look(100)
    assert sight.asked() == [NEXT]
    assert [row.name for row in found.rows] == NEWEST_FIRST
    assert found.complete_as_of == sight.now
    await sight.look()
    assert sight.asked() == []


async def test_inside_the_fresh_age_nothing_is_asked(still: Sandbox, sight: Sight) -> None:
    make_models(still, "a")
    await sight.look()
    sight.asked()
    make_models(still, "b")
    still.advance(4)
    assert await sight.names() == ["a"]
    assert sight.asked() == []
    still.advance(0.001)
    assert await sight.names() == ["b", "a"]
    assert sight.asked() == [PAGE]


@pytest.mark.parametrize(("max_age", "names"), [(2, ["a"]), (1, ["b", "a"]), (0, ["b", "a"])])
async def test_a_client_may_ask_for_newer(still: Sandbox, sight: Sight, max_age: float, names: list[str]) -> None:
    make_models(still, "a")
    await sight.look()
    make_models(still, "b")
    still.advance(0.5)
    assert await sight.names(max_age=max_age) == names


async def test_a_large_roll_asks_only_for_what_is_newer_with_two_minutes_to_spare(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    seen = sight.now
    sight.asked()
    make_models(still, "new")
    still.advance(10)
    found = await sight.look()
    assert [row.name for row in found.rows] == ["new", *NEWEST_FIRST]
    assert sight.asked() == [after(seen - timedelta(minutes=2))]
    # What is newer came later than the whole list.
    assert (found.complete_as_of, found.as_of) == (seen, sight.now)
    seen = sight.now
    still.advance(6)
    await sight.look()
    assert sight.asked() == [after(seen - timedelta(minutes=2))]


async def test_a_listing_that_was_late_is_caught_up_with_inside_the_overlap(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    # Made a minute and a half before the roll was read, by its own clock, and not in it.
    now = sight.now
    still.clock.set(now - timedelta(seconds=90))
    make_models(still, "late")
    still.clock.set(now + timedelta(seconds=6))
    names = await sight.names()
    assert set(names) == {*MANY, "late"}
    assert len(names) == 151


async def test_a_small_roll_is_read_whole_and_tells_of_deletions_besides(still: Sandbox, sight: Sight) -> None:
    make_models(still, *MANY[:100])
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    sight.asked()
    still.advance(6)
    found = await sight.look()
    assert "m050" not in [row.name for row in found.rows]
    assert (len(found.rows), found.complete_as_of) == (99, sight.now)
    assert sight.asked() == [PAGE]


async def test_a_large_roll_tells_of_deletions_when_it_is_laid_again(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    still.advance(140)
    assert await sight.names() == NEWEST_FIRST
    still.advance(161)
    assert await sight.names() == [name for name in NEWEST_FIRST if name != "m050"]


async def test_what_is_deleted_and_made_anew_is_the_new_one(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    make_models(still, "m050")
    still.advance(6)
    assert await sight.names() == ["m050", *(name for name in NEWEST_FIRST if name != "m050")]


async def test_runtimes_are_always_read_whole(still: Sandbox, inventory: Inventory, calls: SpiedCalls) -> None:
    """Any of them may have changed: only a whole list tells which."""
    make_models(still, "scorer")
    make_config(still, "config", "scorer")
    for name in MANY[:101]:
        make(still, "CreateEndpoint", EndpointName=name, EndpointConfigName="config")
    sight = Sight(still, inventory, calls, Kind.RUNTIME)
    first = await sight.look()
    sight.asked()
    still.advance(250)
    second = await sight.look()
    assert sight.asked() == [("ListEndpoints", {}), ("ListEndpoints", {"NextToken": "…"})]
    assert {row.raw_status for row in first.rows} == {"Creating"}  # type: ignore[union-attr]  # they are runtimes
    assert {row.raw_status for row in second.rows} == {"InService"}  # type: ignore[union-attr]  # they are runtimes
    assert second.complete_as_of == sight.now


@pytest.fixture
def jobs(still: Sandbox, inventory: Inventory, calls: SpiedCalls) -> Sight:
    """Sight of training jobs."""
    return Sight(still, inventory, calls, Kind.TRAINING_JOB)


def train(still: Sandbox, count: int, *, long: frozenset[str] = frozenset()) -> None:
    """Jobs, one a second, each over after eleven and a half minutes, but for those that take another twenty."""
    for number in range(count):
        name = f"t{number:03}"
        still.life.decide(TRAINING_JOB, name, Outcome(seconds=1800 if name in long else 600))
        make_training_job(still, name)
        still.advance(1)


def statuses(rows: object) -> dict[str, str]:
    return {row.name: row.raw_status for row in rows}  # type: ignore[attr-defined]  # rows of jobs


async def test_jobs_that_have_not_ended_are_listed_again_where_that_costs_less(still: Sandbox, jobs: Sight) -> None:
    train(still, 130)
    await jobs.look()
    jobs.asked()
    still.advance(550)
    found = await jobs.look()
    # Five hundred and fifty seconds are more than the deletion age, so that was a whole list.
    assert jobs.asked() == [("ListTrainingJobs", {}), ("ListTrainingJobs", {"NextToken": "…"})]
    assert set(statuses(found.rows).values()) == {"InProgress"}
    still.advance(70)
    found = await jobs.look()
    # Two pages hold the oldest of them; describing all would be a hundred and thirty calls.
    first = NOON
    asked = ("ListTrainingJobs", {"CreationTimeAfter": first - timedelta(seconds=1)})
    assert jobs.asked() == [asked, ("ListTrainingJobs", {**asked[1], "NextToken": "…"})]
    ended = [name for name, status in statuses(found.rows).items() if status == "Completed"]
    assert len(ended) == 61


async def test_one_old_job_that_has_not_ended_is_described(still: Sandbox, jobs: Sight) -> None:
    train(still, 230, long=frozenset({"t000"}))
    still.advance(800)
    await jobs.look()
    seen = jobs.now
    jobs.asked()
    still.advance(10)
    found = await jobs.look()
    assert jobs.asked() == [
        ("ListTrainingJobs", {"CreationTimeAfter": seen - timedelta(minutes=2)}),
        ("DescribeTrainingJob", {"TrainingJobName": "t000"}),
    ]
    assert statuses(found.rows)["t000"] == "InProgress"
    # Ten seconds before it ends, the whole list is due; then it is described once more, and never again.
    still.advance(840)
    assert statuses((await jobs.look()).rows)["t000"] == "InProgress"
    still.advance(20)
    jobs.asked()
    assert statuses((await jobs.look()).rows)["t000"] == "Completed"
    assert [operation for operation, _ in jobs.asked()] == ["ListTrainingJobs", "DescribeTrainingJob"]
    still.advance(6)
    assert statuses((await jobs.look()).rows)["t000"] == "Completed"
    assert [operation for operation, _ in jobs.asked()] == ["ListTrainingJobs"]


async def test_what_was_described_because_it_had_not_ended_is_known_then(still: Sandbox, jobs: Sight) -> None:
    """A job that goes on being described is not described once more for its details."""
    train(still, 230, long=frozenset({"t000"}))
    still.advance(800)
    await jobs.look()
    still.advance(10)
    await jobs.look()
    jobs.asked()
    await reading(jobs.inventory).describe(Kind.TRAINING_JOB, ["t000"])
    assert jobs.asked() == []


async def test_an_unsettled_job_that_is_gone_leaves_the_roll(still: Sandbox, jobs: Sight) -> None:
    train(still, 230, long=frozenset({"t000"}))
    still.advance(800)
    await jobs.look()
    make(still, "StopTrainingJob", TrainingJobName="t000")
    still.advance(61)
    make(still, "DeleteTrainingJob", TrainingJobName="t000")
    found = await jobs.look()
    assert "t000" not in statuses(found.rows)
    assert len(found.rows) == 229


async def test_transform_jobs_that_have_not_ended_are_looked_at_again(
    still: Sandbox, inventory: Inventory, calls: SpiedCalls
) -> None:
    make_models(still, "scorer")
    for number in range(110):
        make_transform_job(still, f"x{number:03}", "scorer")
    jobs = Sight(still, inventory, calls, Kind.TRANSFORM_JOB)
    await jobs.look()
    still.advance(260)
    assert set(statuses((await jobs.look()).rows).values()) == {"InProgress"}
    still.advance(40)
    assert set(statuses((await jobs.look()).rows).values()) == {"Completed"}


async def test_half_way_to_the_deletion_age_it_is_laid_again_behind(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    seen = sight.now
    make(still, "DeleteModel", ModelName="m050")
    still.advance(150)
    assert len(await sight.names()) == 150
    await landed(sight.inventory.flights)
    sight.asked()
    still.advance(6)
    # The answer does not wait: it costs one call, and the two pages are nobody's.
    assert len(await sight.names()) == 150
    assert dict(sight.tally.calls) == {"ListModels": 1}
    await landed(sight.inventory.flights)
    assert sight.asked() == [after(seen + timedelta(seconds=150) - timedelta(minutes=2)), PAGE, NEXT]
    found = await sight.look()
    assert (len(found.rows), found.complete_as_of) == (149, seen + timedelta(seconds=156))
    assert sight.asked() == []


async def test_what_came_while_it_was_laid_again_stays(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    still.advance(160)
    hold = still.trouble.block("ListModels", times=2)
    looking = asyncio.ensure_future(sight.look())
    assert await asyncio.to_thread(hold.wait_for)
    hold.release()
    await looking
    hold = still.trouble.block("ListModels", times=1)
    await settle()
    # The new ground is being laid; meanwhile something is made, and found by asking for what is newer.
    make_models(still, "new")
    still.advance(6)
    assert (await sight.names())[0] == "new"
    hold.release()
    await landed(sight.inventory.flights)
    assert (await sight.names())[:2] == ["new", "m149"]


async def test_after_the_deletion_age_it_is_laid_again_before_the_answer(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    sight.asked()
    still.advance(300.5)
    found = await sight.look()
    assert sight.asked() == [PAGE, NEXT]
    assert dict(sight.tally.calls) == {"ListModels": 2}
    assert (len(found.rows), found.complete_as_of) == (149, sight.now)


async def test_it_is_laid_again_only_as_far_as_is_asked(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look()
    sight.asked()
    still.advance(301)
    found = await sight.look(10)
    assert sight.asked() == [PAGE]
    assert (len(found.rows), found.complete_as_of) == (99, None)


async def test_behind_it_is_laid_as_far_as_it_goes(still: Sandbox, sight: Sight) -> None:
    """Of a roll of which nobody has wanted more than a page, no more is read."""
    make_models(still, *MANY, *(f"n{number:03}" for number in range(150)))
    await sight.look(1)
    await sight.look(120)
    assert sight.asked() == [PAGE, NEXT]
    still.advance(160)
    found = await sight.look(1)
    await landed(sight.inventory.flights)
    assert len(found.rows) == 199
    assert [asked for asked in sight.asked() if asked in (PAGE, NEXT)] == [PAGE, NEXT]
    assert (len((await sight.look(1)).rows), (await sight.look(1)).complete_as_of) == (199, None)


async def test_a_renewal_that_was_cut_short_goes_on(still: Sandbox, sight: Sight, calls: SpiedCalls) -> None:
    make_many(still)
    await sight.look()
    seen = sight.now
    sight.asked()

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise UnavailableError("No.", operation="ListModels")

    calls.before = no_second_page
    still.advance(160)
    await sight.look()
    await landed(sight.inventory.flights)
    assert sight.asked() == [after(seen - timedelta(minutes=2)), PAGE, NEXT]
    assert sight.roll.rows().complete_as_of == seen
    calls.before = None
    still.advance(6)
    await sight.look()
    await landed(sight.inventory.flights)
    assert sight.asked() == [after(seen + timedelta(seconds=160) - timedelta(minutes=2)), NEXT]
    assert (await sight.look()).complete_as_of == seen + timedelta(seconds=160)


async def test_one_that_is_older_than_the_ground_by_then_is_given_up(
    still: Sandbox, sight: Sight, calls: SpiedCalls
) -> None:
    make_many(still)
    await sight.look()

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise UnavailableError("No.", operation="ListModels")

    calls.before = no_second_page
    still.advance(160)
    await sight.look()
    await landed(sight.inventory.flights)
    calls.before = None
    still.advance(150)
    await sight.look()
    seen = sight.now
    sight.asked()
    still.advance(160)
    await sight.look()
    await landed(sight.inventory.flights)
    assert sight.asked() == [after(seen - timedelta(minutes=2)), PAGE, NEXT]


async def test_a_roll_with_holes_is_given_while_aws_is_down_only_as_far_as_it_goes(
    still: Sandbox, sight: Sight
) -> None:
    make_many(still)
    await sight.look(1)
    sight.inventory.deleted(Kind.MODEL, "m100")
    still.trouble.fail("ListModels")
    still.advance(6)
    assert len((await sight.look(98)).rows) == 98
    with pytest.raises(UnavailableError):
        await sight.look(99)


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
async def test_while_aws_is_down_or_turns_away_the_last_known_rows_are_given(
    still: Sandbox, sight: Sight, kind: type[Exception]
) -> None:
    make_models(still, *MANY[:3])
    first = await sight.look()
    assert not sight.tally.stale
    make_models(still, "new")
    if kind is ThrottledError:
        still.trouble.throttle("ListModels")
    else:
        still.trouble.fail("ListModels")
    for passing in (10, 400, 480):
        still.advance(passing)
        found = await sight.look()
        assert (found.rows, found.as_of) == (first.rows, first.as_of)
        assert sight.tally.stale
    # With the second of making, eight hundred and ninety-one; the authority age ends it.
    still.advance(10)
    with pytest.raises(kind):
        await sight.look()
    # What has failed is not asked again within one moment, which a request is here.
    still.advance(1)
    still.trouble.clear()
    assert await sight.names() == ["new", "m002", "m001", "m000"]
    assert not sight.tally.stale


@pytest.mark.parametrize("small", [True, False])
async def test_what_has_failed_for_a_request_is_not_asked_again_for_it(
    still: Sandbox, sight: Sight, small: bool
) -> None:
    """Neither where nothing is known, nor where what is known has to do; the next request asks again."""
    make_models(still, *MANY[: 3 if small else 150])
    still.trouble.fail("ListModels")
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await sight.look()
    assert still.calls.count("ListModels") == 2
    still.advance(1)
    still.trouble.clear()
    await sight.look()
    still.advance(6)
    still.calls.clear()
    still.trouble.fail("ListModels")
    await sight.look()
    await sight.look()
    assert sight.tally.stale
    assert still.calls.count("ListModels") == 2


async def test_what_was_never_read_cannot_be_given(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look(1)
    still.advance(10)
    still.trouble.fail("ListModels")
    assert len((await sight.look(99)).rows) == 99
    assert sight.tally.stale
    with pytest.raises(UnavailableError):
        await sight.look(100)


async def test_nothing_known_is_nothing_given(still: Sandbox, sight: Sight) -> None:
    still.trouble.fail("ListModels")
    with pytest.raises(UnavailableError):
        await sight.look()
    assert not sight.tally.stale


@pytest.mark.parametrize(
    ("code", "kind"),
    [("AccessDeniedException", AccessDeniedError), ("ExpiredTokenException", CredentialsRejectedError)],
)
async def test_the_last_known_is_never_for_who_is_refused_or_expired(
    still: Sandbox, sight: Sight, code: str, kind: type[Exception]
) -> None:
    make_models(still, "a")
    await sight.look()
    still.advance(6)
    still.trouble.fail("ListModels", status=400, code=code, message="no")
    with pytest.raises(kind):
        await sight.look()
    assert not sight.tally.stale


async def test_a_refusal_forgets_the_kind_at_once_and_no_other(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    make_config(still, "c", "a")
    reader = reading(inventory)
    for kind in (Kind.MODEL, Kind.SNAPSHOT):
        await reader.scan(kind)
    await reader.tags(["arn:aws:sagemaker:eu-west-1:123456789012:model/a"])
    assert len(inventory) == 5
    still.trouble.refuse("ListModels")
    still.advance(6)
    with pytest.raises(AccessDeniedError):
        await reading(inventory).listing(Kind.MODEL).reach(1)
    assert len(inventory) == 2
    assert inventory.rolls[Kind.MODEL].rows().rows == ()
    assert [row.name for row in inventory.rolls[Kind.SNAPSHOT].rows().rows] == ["c"]


async def test_who_is_permitted_again_reads_afresh(still: Sandbox, sight: Sight) -> None:
    make_models(still, "a")
    await sight.look()
    still.advance(6)
    still.trouble.refuse("ListModels", times=1)
    with pytest.raises(AccessDeniedError):
        await sight.look()
    still.advance(1)
    assert await sight.names() == ["a"]


def made_by_us(still: Sandbox, like: AnyResource, name: str, sight: Sight) -> AnyResource:
    """As the answer to a write of ours would be read."""
    return replace(like, name=name, arn=like.arn + name, creation_time=sight.now, as_of=sight.now)


async def test_what_we_have_just_made_is_shown_for_a_minute_whatever_listings_say(still: Sandbox, sight: Sight) -> None:
    make_models(still, "a")
    like = (await sight.look()).rows[0]
    sight.inventory.wrote(made_by_us(still, like, "ours", sight))
    assert await sight.names() == ["ours", "a"]
    for _ in range(9):
        still.advance(6)
        assert await sight.names() == ["ours", "a"]
    assert len(sight.asked()) == 10
    # A listing that began a minute after, or later, is believed.
    still.advance(6)
    assert await sight.names() == ["a"]


async def test_a_listing_that_shows_what_we_made_takes_over(still: Sandbox, sight: Sight) -> None:
    make_models(still, "a")
    like = (await sight.look()).rows[0]
    sight.inventory.wrote(replace(like, as_of=sight.now))
    assert await sight.names() == ["a"]
    still.advance(6)
    assert (await sight.look()).rows[0].as_of == sight.now


async def test_a_description_ends_what_we_made(still: Sandbox, sight: Sight) -> None:
    """Within the minute only a description is believed that it is gone."""
    make_models(still, "a")
    like = (await sight.look()).rows[0]
    sight.inventory.wrote(made_by_us(still, like, "ours", sight))
    still.advance(6)
    assert await reading(sight.inventory, max_age=0).describe(Kind.MODEL, ["ours"]) == {"ours": None}
    assert await sight.names() == ["a"]


async def test_what_we_have_just_deleted_is_hidden_for_a_minute_whatever_listings_say(
    still: Sandbox, sight: Sight
) -> None:
    make_models(still, "a", "b")
    await sight.look()
    sight.inventory.deleted(Kind.MODEL, "a")
    assert await sight.names() == ["b"]
    for _ in range(9):
        still.advance(6)
        assert await sight.names() == ["b"]
    still.advance(6)
    assert await sight.names() == ["b", "a"]


async def test_what_we_have_deleted_does_not_come_back_by_a_late_listing_of_newer_ones(
    still: Sandbox, sight: Sight
) -> None:
    make_many(still)
    await sight.look()
    sight.inventory.deleted(Kind.MODEL, "m149")
    still.advance(6)
    # Asked for what is newer, SageMaker still shows it.
    assert await sight.names() == NEWEST_FIRST[1:]
    # A new thing of the same name is another thing.
    make(still, "DeleteModel", ModelName="m149")
    make_models(still, "m149")
    still.advance(6)
    assert (await sight.names())[:2] == ["m149", "m148"]


async def test_what_we_make_again_after_deleting_it_is_there(still: Sandbox, sight: Sight) -> None:
    make_models(still, "a")
    row = (await sight.look()).rows[0]
    sight.inventory.deleted(Kind.MODEL, "a")
    still.advance(1)
    sight.inventory.wrote(made_by_us(still, row, "a", sight))
    assert await sight.names() == ["a"]
    assert (await sight.look()).rows[0].creation_time == sight.now


async def test_readers_of_a_roll_share_what_it_asks(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await asyncio.gather(*(sight.roll.reach(_now(sight), count) for count in (1, 100, EVERYTHING, 5)))
    assert sight.asked() == [PAGE, NEXT]
    still.advance(6)
    await asyncio.gather(*(sight.roll.reach(_now(sight), count) for count in (1, 100, EVERYTHING, 5)))
    assert len(sight.asked()) == 1
    still.advance(301)
    await asyncio.gather(*(sight.roll.reach(_now(sight), 1) for _ in range(4)))
    assert sight.asked() == [PAGE]


def _now(sight: Sight) -> Horizon:
    return reading(sight.inventory)._horizon


async def test_a_roll_with_holes_is_read_on_until_there_is_enough(still: Sandbox, sight: Sight) -> None:
    """What was found to be gone makes up no count."""
    make_many(still)
    await sight.look(1)
    sight.inventory.deleted(Kind.MODEL, "m100")
    found = await sight.look(99)
    assert sight.asked() == [PAGE, NEXT]
    assert [row.name for row in found.rows] == [name for name in NEWEST_FIRST if name != "m100"]


async def test_a_row_is_told_only_by_a_fresh_roll(still: Sandbox, sight: Sight) -> None:
    make_models(still, "a")
    assert (sight.roll.row("a", _now(sight)), sight.roll.lacks("b", _now(sight))) == (None, False)
    await sight.look()
    row = sight.roll.row("a", _now(sight))
    assert row is not None
    assert row.name == "a"
    assert sight.roll.row("b", _now(sight)) is None
    assert (sight.roll.lacks("a", _now(sight)), sight.roll.lacks("b", _now(sight))) == (False, True)
    still.advance(5.5)
    assert (sight.roll.row("a", _now(sight)), sight.roll.lacks("b", _now(sight))) == (None, False)


async def test_a_part_of_a_roll_lacks_nothing(still: Sandbox, sight: Sight) -> None:
    make_many(still)
    await sight.look(1)
    assert not sight.roll.lacks("m000", _now(sight))
    assert not sight.roll.is_whole(_now(sight))
    await sight.look()
    assert sight.roll.is_whole(_now(sight))
    assert sight.roll.lacks("nothing", _now(sight))
    still.advance(301)
    assert not sight.roll.is_whole(_now(sight))


def test_a_page_is_a_hundred() -> None:
    assert PAGE_SIZE == 100 < len(MANY) < 200
