"""aws.write.stop_job: a job that runs is stopped; one that does not is given as it is."""

from collections.abc import Callable
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.statuses import JobStatus, JobType
from aws.write.errors import InvalidInputError, MissingTargetError
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, collected_stats, make_training_job, make_transform_job, reader_of

KINDS = {JobType.TRAINING: Kind.TRAINING_JOB, JobType.TRANSFORM: Kind.TRANSFORM_JOB}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.value)
def job_type(request: pytest.FixtureRequest, place: Sandbox) -> JobType:
    """A type of job, of which `one` runs."""
    make_training_job(place, "one")
    make_transform_job(place, "one", "Scorer")
    place.calls.clear()
    result: JobType = request.param
    return result


def operations(job_type: JobType) -> tuple[str, str]:
    prefix = f"{job_type.value.capitalize()}Job"
    return f"Describe{prefix}", f"Stop{prefix}"


def status(sandbox: Sandbox, job_type: JobType) -> Any:
    describe, _ = operations(job_type)
    prefix = describe.removeprefix("Describe")
    return sandbox.call(describe, ACCOUNT, REGION, **{f"{prefix}Name": "one"})[f"{prefix}Status"]


async def test_it_is_stopping(place: Sandbox, writer: Writer, inventory: Inventory, job_type: JobType) -> None:
    with collected_stats() as stats:
        job = await writer.stop_job(job_type, "one")
    describe, stop = operations(job_type)
    assert (job.type, job.status) == (job_type, JobStatus.STOPPING)
    assert place.calls.by_operation() == {describe: 2, stop: 1}
    assert len(stats.write_request_ids) == 1
    assert (await reader_of(inventory).describe(KINDS[job_type], ["one"]))["one"] == job


@pytest.mark.parametrize("seconds", [1, 300, 10_000])
async def test_one_that_does_not_run_is_given_as_it_is(
    place: Sandbox, writer: Writer, job_type: JobType, seconds: float
) -> None:
    """Stopping, stopped, or completed long ago."""
    describe, _ = operations(job_type)
    if seconds < 10_000:
        await writer.stop_job(job_type, "one")
    place.advance(seconds)
    place.calls.clear()
    job = await writer.stop_job(job_type, "one")
    expected = {1: JobStatus.STOPPING, 300: JobStatus.STOPPED, 10_000: JobStatus.COMPLETED}
    assert job.status is expected[int(seconds)]
    assert place.calls.by_operation() == {describe: 1}


async def test_one_that_ends_meanwhile_is_given_as_it_is(place: Sandbox, writer: Writer, job_type: JobType) -> None:
    _, stop = operations(job_type)
    words = f"The request was rejected because the {job_type.value.lower()} job is in status Completed."
    place.faults.fail(stop, status=400, code="ValidationException", message=words)
    assert (await writer.stop_job(job_type, "one")).name == "one"
    assert place.calls.count(stop) == 1


async def test_one_that_is_not_there_is_missing(place: Sandbox, writer: Writer, job_type: JobType) -> None:
    describe, _ = operations(job_type)
    with pytest.raises(MissingTargetError) as caught:
        await writer.stop_job(job_type, "nobody")
    assert str(caught.value) == f"There is no {job_type.value.lower()} job `nobody`."
    assert caught.value.faults[0].field == ("name",)
    assert place.calls.by_operation() == {describe: 1}


@pytest.mark.parametrize(("how", "stops", "looks"), [("drop", 2, 3), ("lose", 1, 2)])
async def test_a_stop_without_an_answer(
    place: Sandbox, writer: Writer, job_type: JobType, how: str, stops: int, looks: int
) -> None:
    describe, stop = operations(job_type)
    getattr(place.faults, how)(stop, times=1)
    assert (await writer.stop_job(job_type, "one")).status is JobStatus.STOPPING
    assert place.calls.by_operation() == {describe: looks, stop: stops}


async def test_a_stop_that_fails_for_good_stops_nothing(place: Sandbox, writer: Writer, job_type: JobType) -> None:
    _, stop = operations(job_type)
    failures: list[tuple[Callable[[str], None], type[Exception], int]] = [
        (place.faults.fail, UnavailableError, 2),
        (place.faults.throttle, ThrottledError, 8),
        (place.faults.refuse, AccessDeniedError, 1),
    ]
    for trouble, kind, calls in failures:
        place.faults.clear()
        place.calls.clear()
        trouble(stop)
        with pytest.raises(kind):
            await writer.stop_job(job_type, "one")
        assert place.calls.count(stop) == calls
    assert status(place, job_type) == "InProgress"


async def test_both_lost_and_stopped_all_the_same(place: Sandbox, writer: Writer, job_type: JobType) -> None:
    _, stop = operations(job_type)
    place.faults.drop(stop, times=1)
    place.faults.lose(stop, times=1)
    assert (await writer.stop_job(job_type, "one")).status is JobStatus.STOPPING
    assert place.calls.count(stop) == 2


async def test_a_name_that_cannot_be(place: Sandbox, writer: Writer, job_type: JobType) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.stop_job(job_type, "")
    assert {fault.field for fault in caught.value.faults} == {("name",)}
    assert place.calls.count() == 0
