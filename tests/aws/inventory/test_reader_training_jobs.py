"""Training jobs by what models show of them: searched for where there are many, else all listed and described."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.scans import Scan
from aws.inventory.search import ArtifactQuery
from aws.kinds.kind import Kind
from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.sandbox_account import NOON, collected_stats, make, make_training_job, reader_of

COUNT = 120


@pytest.fixture
def addresses(still: Sandbox) -> Sequence[str]:
    """Of a hundred and twenty jobs, one a second, all of which have ended an hour ago."""
    made = []
    for number in range(COUNT):
        made.append(make_training_job(still, f"t{number:03}"))
        still.advance(1)
    still.advance(3600)
    return made


def marks(*exact: str) -> ArtifactQuery:
    return ArtifactQuery(exact, (), ())


def names(scan: Scan) -> list[str]:
    return [job.name for job in scan.resources]


def calls(still: Sandbox) -> dict[str, int]:
    """What was asked since this was last asked for."""
    counts = still.calls.by_operation()
    still.calls.clear()
    return counts


async def test_many_are_searched_by_their_marks(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    inventory = inventory_of(search=True)
    scan = await reader_of(inventory).training_jobs(marks(addresses[3], addresses[77]))
    assert names(scan) == ["t077", "t003"]
    assert all(job.detail is not None for job in scan.resources)
    assert (scan.refused, scan.complete_as_of) == ((), NOON + timedelta(seconds=3600 + COUNT))
    assert calls(still) == {"ListTrainingJobs": 1, "Search": 1}


async def test_with_search_off_the_same_are_among_all(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    wanted = {"t077", "t003"}
    by_search = await reader_of(inventory_of(search=True)).training_jobs(marks(addresses[3], addresses[77]))
    calls(still)
    scan = await reader_of(inventory_of()).training_jobs(marks(addresses[3], addresses[77]))
    assert calls(still) == {"DescribeTrainingJob": COUNT, "ListTrainingJobs": 2}
    assert tuple(job for job in scan.resources if job.name in wanted) == by_search.resources
    assert len(scan.resources) == COUNT


async def test_where_the_searches_would_be_as_many_as_the_pages_all_are_read_once(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    """Two calls for each page of the list, and from then on one for each look, whichever of them are wanted."""
    inventory = inventory_of(search=True)
    scan = await reader_of(inventory).training_jobs(marks(*addresses[:41]))
    assert (len(scan.resources), calls(still)) == (COUNT, {"ListTrainingJobs": 2, "Search": 2})
    still.advance(6)
    newer = make_training_job(still, "newer")
    scan = await reader_of(inventory).training_jobs(marks(addresses[3]))
    assert (len(scan.resources), scan.resources[0].name) == (COUNT + 1, "newer")
    assert calls(still) == {"DescribeTrainingJob": 1, "ListTrainingJobs": 1}
    still.advance(6)
    await reader_of(inventory).training_jobs(marks(*addresses[:41], newer))
    assert calls(still) == {"ListTrainingJobs": 1}


async def test_where_the_pages_are_more_the_searches_are_made(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    """Forty addresses are one search, an address that others are below is one, and so are forty packages."""
    for number in range(COUNT, 310):
        make_training_job(still, f"t{number:03}")
        still.advance(1)
    still.advance(3600)
    calls(still)
    wanted = ArtifactQuery(
        tuple(sorted(addresses[:40])), ("s3://jobs/t07",), ("arn:aws:sagemaker:::model-package/none/1",)
    )
    scan = await reader_of(inventory_of(search=True)).training_jobs(wanted)
    assert sorted(names(scan)) == sorted({f"t{number:03}" for number in [*range(40), *range(70, 80)]})
    assert calls(still) == {"ListTrainingJobs": 3, "Search": 3}


@pytest.mark.parametrize("refused", ["AccessDeniedException", "ValidationException"])
async def test_where_search_is_refused_too(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str], refused: str
) -> None:
    still.faults.fail("Search", status=400, code=refused, message="no")
    inventory = inventory_of(search=True)
    scan = await reader_of(inventory).training_jobs(marks(addresses[3]))
    assert len(scan.resources) == COUNT
    assert calls(still) == {"DescribeTrainingJob": COUNT, "ListTrainingJobs": 2, "Search": 1}
    still.advance(6)
    assert len((await reader_of(inventory).training_jobs(marks(addresses[4]))).resources) == COUNT
    assert calls(still) == {"ListTrainingJobs": 1}


async def test_few_are_scanned(still: Sandbox, inventory_of: InventoryOf) -> None:
    made = [make_training_job(still, f"t{number}") for number in range(3)]
    still.advance(3600)
    scan = await reader_of(inventory_of(search=True)).training_jobs(marks(made[1]))
    assert names(scan) == ["t2", "t1", "t0"]
    assert calls(still) == {"DescribeTrainingJob": 3, "ListTrainingJobs": 1}


async def test_what_was_found_costs_nothing_inside_the_fresh_age(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    inventory = inventory_of(search=True)
    await reader_of(inventory).training_jobs(marks(addresses[3]))
    calls(still)
    still.advance(5)
    await reader_of(inventory).training_jobs(marks(addresses[3]))
    assert calls(still) == {}
    still.advance(1)
    await reader_of(inventory).training_jobs(marks(addresses[3]))
    assert calls(still) == {"ListTrainingJobs": 1, "Search": 1}


async def test_what_is_too_new_for_search_is_described(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    still.timeline.durations = _behind(still, 290)
    inventory = inventory_of(search=True)
    still.advance(1000)
    new = make_training_job(still, "new")
    still.advance(200)
    scan = await reader_of(inventory).training_jobs(marks(addresses[3], new))
    assert names(scan) == ["new", "t003"]
    assert [job.raw_status for job in scan.resources if job.name == "new"] == ["InProgress"]  # type: ignore[union-attr]  # a job
    assert calls(still) == {"DescribeTrainingJob": 1, "ListTrainingJobs": 1, "Search": 1}


async def test_what_search_shows_as_running_is_described(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    still.timeline.decide_outcome(TRAINING_JOB, "long", Outcome(seconds=3000))
    long = make_training_job(still, "long")
    still.timeline.durations = _behind(still, 240)
    # It has ended three minutes ago, and Search does not know yet.
    still.advance(3000 + 45 + 30 + 15 + 180)
    scan = await reader_of(inventory_of(search=True)).training_jobs(marks(long))
    assert [(job.name, job.raw_status) for job in scan.resources] == [("long", "Completed")]  # type: ignore[union-attr]  # jobs
    assert calls(still) == {"DescribeTrainingJob": 1, "ListTrainingJobs": 1, "Search": 1}


async def test_what_search_shows_as_running_and_is_gone_is_left_out(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    still.timeline.decide_outcome(TRAINING_JOB, "long", Outcome(seconds=3000))
    long = make_training_job(still, "long")
    still.timeline.durations = _behind(still, 280)
    still.advance(3200)
    make(still, "DeleteTrainingJob", TrainingJobName="long")
    scan = await reader_of(inventory_of(search=True)).training_jobs(marks(long, addresses[0]))
    assert names(scan) == ["t000"]


def _behind(still: Sandbox, seconds: float) -> Any:
    return type(still.timeline.durations)(search_delay=seconds)


async def test_a_recent_one_that_may_not_be_described_is_named(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    make_training_job(still, "secret")
    still.faults.refuse("DescribeTrainingJob", name="secret")
    scan = await reader_of(inventory_of(search=True)).training_jobs(marks(addresses[3]))
    assert (names(scan), scan.refused) == (["t003"], ("secret",))


async def test_another_failure_of_one_fails_the_whole(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    make_training_job(still, "new")
    still.faults.throttle("DescribeTrainingJob")
    with pytest.raises(ThrottledError):
        await reader_of(inventory_of(search=True)).training_jobs(marks(addresses[3]))


async def test_who_may_not_list_training_jobs_is_told(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    """Though Search would show them."""
    still.faults.refuse("ListTrainingJobs")
    inventory = inventory_of(search=True)
    with pytest.raises(AccessDeniedError):
        await reader_of(inventory).training_jobs(marks(addresses[3]))
    assert calls(still) == {"ListTrainingJobs": 1}


async def test_a_refusal_forgets_what_search_has_found(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    inventory = inventory_of(search=True)
    await reader_of(inventory).training_jobs(marks(addresses[3]))
    still.faults.refuse("ListTrainingJobs", times=1)
    still.advance(6)
    with pytest.raises(AccessDeniedError):
        await reader_of(inventory).training_jobs(marks(addresses[3]))
    assert inventory.jobs_by_artifact == {}


async def test_while_aws_is_down_the_last_known_are_given(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    inventory = inventory_of(search=True)
    await reader_of(inventory).training_jobs(marks(addresses[3]))
    still.faults.fail("*")
    still.advance(800)
    with collected_stats() as stats:
        assert names(await reader_of(inventory).training_jobs(marks(addresses[3]))) == ["t003"]
    assert stats.stale
    with pytest.raises(UnavailableError):
        await reader_of(inventory).training_jobs(marks(addresses[4]))
    still.advance(101)
    with pytest.raises(UnavailableError):
        await reader_of(inventory).training_jobs(marks(addresses[3]))


async def test_what_is_prefetched_is_the_first_page(
    still: Sandbox, inventory_of: InventoryOf, addresses: Sequence[str]
) -> None:
    """Whether all of them are wanted, the number of them decides."""
    reader = reader_of(inventory_of(search=True))
    reader.prefetch([Kind.TRAINING_JOB], 100)
    assert names(await reader.training_jobs(marks(addresses[3]))) == ["t003"]
    assert calls(still) == {"ListTrainingJobs": 1, "Search": 1}
