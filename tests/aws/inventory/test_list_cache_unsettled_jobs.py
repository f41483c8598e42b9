"""Jobs that have not ended are looked at again, by whichever way costs less."""

from datetime import timedelta

import pytest

from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import ListCacheProbe
from tests.aws.sandbox_account import (
    NOON,
    RecordingClient,
    make,
    make_models,
    make_training_job,
    make_transform_job,
    reader_of,
)


@pytest.fixture
def jobs(still: Sandbox, inventory: Inventory, calls: RecordingClient) -> ListCacheProbe:
    """Sight of training jobs."""
    return ListCacheProbe(still, inventory, calls, Kind.TRAINING_JOB)


def train(still: Sandbox, count: int, *, long: frozenset[str] = frozenset()) -> None:
    """Jobs, one a second, each over after eleven and a half minutes, but for those that take another twenty."""
    for number in range(count):
        name = f"t{number:03}"
        still.timeline.decide_outcome(TRAINING_JOB, name, Outcome(seconds=1800 if name in long else 600))
        make_training_job(still, name)
        still.advance(1)


def statuses(rows: object) -> dict[str, str]:
    return {row.name: row.raw_status for row in rows}  # type: ignore[attr-defined]  # rows of jobs


async def test_jobs_that_have_not_ended_are_listed_again_where_that_costs_less(
    still: Sandbox, jobs: ListCacheProbe
) -> None:
    train(still, 130)
    await jobs.look()
    jobs.asked()
    still.advance(550)
    rows = await jobs.look()
    # Five hundred and fifty seconds are more than the deletion age, so that was a whole list.
    assert jobs.asked() == [("ListTrainingJobs", {}), ("ListTrainingJobs", {"NextToken": "…"})]
    assert set(statuses(rows.rows).values()) == {"InProgress"}
    still.advance(70)
    rows = await jobs.look()
    # Two pages hold the oldest of them; describing all would be a hundred and thirty calls.
    first = NOON
    asked = ("ListTrainingJobs", {"CreationTimeAfter": first - timedelta(seconds=1)})
    assert jobs.asked() == [asked, ("ListTrainingJobs", {**asked[1], "NextToken": "…"})]
    ended = [name for name, status in statuses(rows.rows).items() if status == "Completed"]
    assert len(ended) == 61


async def test_one_old_job_that_has_not_ended_is_described(still: Sandbox, jobs: ListCacheProbe) -> None:
    train(still, 230, long=frozenset({"t000"}))
    still.advance(800)
    await jobs.look()
    seen = jobs.now
    jobs.asked()
    still.advance(10)
    rows = await jobs.look()
    assert jobs.asked() == [
        ("ListTrainingJobs", {"CreationTimeAfter": seen - timedelta(minutes=2)}),
        ("DescribeTrainingJob", {"TrainingJobName": "t000"}),
    ]
    assert statuses(rows.rows)["t000"] == "InProgress"
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


async def test_what_was_described_because_it_had_not_ended_is_known_then(still: Sandbox, jobs: ListCacheProbe) -> None:
    """A job that goes on being described is not described once more for its details."""
    train(still, 230, long=frozenset({"t000"}))
    still.advance(800)
    await jobs.look()
    still.advance(10)
    await jobs.look()
    jobs.asked()
    await reader_of(jobs.inventory).describe(Kind.TRAINING_JOB, ["t000"])
    assert jobs.asked() == []


async def test_an_unsettled_job_that_is_gone_leaves_the_list(still: Sandbox, jobs: ListCacheProbe) -> None:
    train(still, 230, long=frozenset({"t000"}))
    still.advance(800)
    await jobs.look()
    make(still, "StopTrainingJob", TrainingJobName="t000")
    still.advance(61)
    make(still, "DeleteTrainingJob", TrainingJobName="t000")
    rows = await jobs.look()
    assert "t000" not in statuses(rows.rows)
    assert len(rows.rows) == 229


async def test_transform_jobs_that_have_not_ended_are_looked_at_again(
    still: Sandbox, inventory: Inventory, calls: RecordingClient
) -> None:
    make_models(still, "scorer")
    for number in range(110):
        make_transform_job(still, f"x{number:03}", "scorer")
    jobs = ListCacheProbe(still, inventory, calls, Kind.TRANSFORM_JOB)
    await jobs.look()
    still.advance(260)
    assert set(statuses((await jobs.look()).rows).values()) == {"InProgress"}
    still.advance(40)
    assert set(statuses((await jobs.look()).rows).values()) == {"Completed"}
