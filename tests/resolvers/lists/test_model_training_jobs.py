"""resolvers.lists.model_training_jobs: every training job of a model, with its reason, and how far that is known."""

import pytest

from aws.client.errors import AWSError, ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.job_matching import Footprint, MatchReason, footprints
from resolvers.lists.model_training_jobs import ModelTrainingJobs, training_jobs_of
from resolvers.views.resource_view import LiveView
from sandbox.server import Sandbox
from tests.aws.sandbox_account import GROUP, make
from tests.resolvers.lists.account_view import AccountView
from tests.sagemaker_builder import BUCKET, building

FOLDER = f"s3://{BUCKET}/shared/"


@pytest.fixture
def trained(sandbox: Sandbox) -> Sandbox:
    """`exact` is the artifact of one job; `folder` holds everything below a folder, which two jobs write to."""
    with building(sandbox, GROUP) as things:
        artifact = things.training("exact-job")
        for name in ("shared-1", "shared-2"):
            things.training(name, OutputDataConfig={"S3OutputPath": FOLDER})
        things.training("stranger")
        things.model("exact", artifact)
        things.model("folder", FOLDER)
        things.model("empty")
    sandbox.calls.clear()
    return sandbox


async def prints(view: LiveView, *names: str) -> list[Footprint]:
    found = await view.inventory.describe(Kind.MODEL, names)
    return list(await footprints(view.inventory, [model for model in found.values() if isinstance(model, Model)]))


def told(result: ModelTrainingJobs) -> list[list[tuple[str, MatchReason]]]:
    return [sorted((job.name, reason) for job, reason in own.jobs) for own in result.lists]


async def test_each_model_has_its_own_with_the_reason(trained: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    marks = await prints(view, "exact", "folder", "empty")
    trained.calls.clear()
    result = await training_jobs_of(view, marks)
    assert told(result) == [
        [("exact-job", MatchReason.EXACT_ARTIFACT)],
        [("shared-1", MatchReason.ARTIFACT_PREFIX), ("shared-2", MatchReason.ARTIFACT_PREFIX)],
        [],
    ]
    assert all(job.detail for own in result.lists for job, _ in own.jobs)
    assert [own.unreadable for own in result.lists] == [0, 0, 0]
    assert (result.coverage.complete_as_of is not None, result.coverage.refused) == (True, 0)
    assert trained.calls.by_operation() == {"ListTrainingJobs": 1, "DescribeTrainingJob": 4}
    assert told(await training_jobs_of(view, marks)) == told(result)
    assert trained.calls.count("DescribeTrainingJob") == 4


async def test_no_model_asks_for_nothing_of_its_own(trained: Sandbox, live_account: AccountView) -> None:
    assert (await training_jobs_of(live_account.request(), [])).lists == []


async def test_what_may_not_be_described_leaves_the_list_open(trained: Sandbox, live_account: AccountView) -> None:
    trained.faults.refuse("DescribeTrainingJob", name="shared-2")
    view = live_account.request()
    result = await training_jobs_of(view, await prints(view, "exact", "folder"))
    assert told(result) == [
        [("exact-job", MatchReason.EXACT_ARTIFACT)],
        [("shared-1", MatchReason.ARTIFACT_PREFIX)],
    ]
    assert result.coverage.refused == 1


async def test_what_is_merely_slow_is_an_error(trained: Sandbox, live_account: AccountView) -> None:
    """A list must not leave out what would be there a moment later."""
    view = live_account.request()
    marks = await prints(view, "exact")
    trained.faults.throttle("DescribeTrainingJob")
    with pytest.raises(ThrottledError):
        await training_jobs_of(view, marks)
    trained.faults.clear()
    trained.faults.refuse("ListTrainingJobs")
    trained.advance(1_000)
    with pytest.raises(AWSError) as refused:
        await training_jobs_of(live_account.request(), marks)
    assert (refused.value.code, refused.value.operation) == ("FORBIDDEN", "ListTrainingJobs")


async def test_a_job_that_is_deleted_is_no_longer_the_models(trained: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    marks = await prints(view, "folder")
    assert len(told(await training_jobs_of(view, marks))[0]) == 2
    make(trained, "DeleteTrainingJob", TrainingJobName="shared-2")
    trained.advance(1_000)
    later = await training_jobs_of(live_account.request(), marks)
    assert told(later) == [[("shared-1", MatchReason.ARTIFACT_PREFIX)]]


async def test_named_jobs_are_described_and_no_list_is_read(trained: Sandbox, live_account: AccountView) -> None:
    view = live_account.request()
    marks = await prints(view, "exact", "empty")
    trained.calls.clear()
    result = await training_jobs_of(view, marks, whole=False)
    assert told(result) == [[("exact-job", MatchReason.EXACT_ARTIFACT)], []]
    assert trained.calls.by_operation() == {"DescribeTrainingJob": 1}
    # There may be more, so that it is told how far was looked.
    (job,) = (job for job, _ in result.lists[0].jobs)
    assert (result.coverage.complete_as_of, result.coverage.looked_back_to) == (None, job.creation_time)
    nothing = await training_jobs_of(view, marks[1:], whole=False)
    assert (told(nothing), nothing.coverage.looked_back_to) == ([[]], view.inventory.fresh_since)
    # A folder of several jobs names none of them.
    every = await training_jobs_of(view, await prints(view, "exact", "folder"), whole=False)
    assert [len(own) for own in told(every)] == [1, 2]
    assert every.coverage.complete_as_of is not None


async def test_a_named_job_that_is_another_ones_gone_refused_or_slow(
    trained: Sandbox, live_account: AccountView
) -> None:
    """Only its description proves that it has made the artifact."""
    with building(trained, GROUP) as things:
        things.training("copied", OutputDataConfig={"S3OutputPath": "s3://elsewhere/"})
        for name in ("copied", "deleted"):
            things.model(f"of-{name}", f"s3://{BUCKET}/{name}/output/model.tar.gz")
    view = live_account.request()
    marks = await prints(view, "of-copied", "of-deleted")
    trained.calls.clear()
    assert told(await training_jobs_of(view, marks, whole=False)) == [[], []]
    assert trained.calls.by_operation() == {"DescribeTrainingJob": 2}
    (exact,) = await prints(view, "exact")
    trained.faults.refuse("DescribeTrainingJob", name="exact-job")
    (refused,) = (await training_jobs_of(view, [exact], whole=False)).lists
    assert (refused.jobs, refused.unreadable, refused.failure) == ((), 1, None)
    trained.faults.clear()
    trained.advance(1_000)
    trained.faults.throttle("DescribeTrainingJob", name="exact-job")
    slow, other = (await training_jobs_of(live_account.request(), [exact, *marks[:1]], whole=False)).lists
    assert isinstance(slow.failure, ThrottledError)
    assert (slow.jobs, slow.unreadable, other.failure) == ((), 0, None)
