"""resolvers.lists.job_members: tuners and steps belong to the models of what they started, and cost nothing unasked."""

from collections.abc import Collection, Sequence

import pytest

from aws.client.errors import ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.job_matching import MatchReason, footprints
from resolvers.lists.job_members import members_of_models
from resolvers.lists.members import MembersOfLists
from resolvers.views.resource_view import LiveView
from sandbox.sagemaker.tuning_jobs import training_job_name
from sandbox.server import Sandbox
from tests.aws.sandbox_account import GROUP, arn
from tests.pipelines import MadeExecutions, make_tuned_model
from tests.resolvers.lists.account_view import AccountView
from tests.sagemaker_builder import BUCKET, building

BOTH = (Kind.PROCESSING_JOB, Kind.TUNING_JOB)
STEPS = "ListPipelineExecutionSteps"


async def members(view: LiveView, kinds: Collection[Kind], *names: str, with_models: bool = True) -> MembersOfLists:
    found = (await view.inventory.describe(Kind.MODEL, names)).values()
    models = [model for model in found if isinstance(model, Model)]
    prints = await footprints(view.inventory, models)
    return await members_of_models(view, prints, kinds, models if with_models else ())


def told(result: MembersOfLists) -> list[tuple[list[tuple[str, object]], int]]:
    """Of each list the members with their reasons, and how many may not be read."""
    return [
        (sorted((member.resource.name, member.reason) for member in one.members), one.unreadable)
        for one in result.lists
    ]


@pytest.mark.parametrize("kinds", [(), (Kind.TRAINING_JOB,), (Kind.TRANSFORM_JOB, Kind.TRAINING_JOB)])
async def test_other_kinds_cost_nothing(made: MadeExecutions, live_account: AccountView, kinds: Sequence[Kind]) -> None:
    result = await members(live_account.request(), kinds, "made", "registered")
    assert told(result) == [([], 0), ([], 0)]
    assert result.coverage is None
    assert not made.calls().keys() & {"ListTrainingJobs", STEPS, "DescribePipelineExecution"}


async def test_jobs_of_the_executions_steps(made: MadeExecutions, live_account: AccountView) -> None:
    result = await members(live_account.request(), BOTH, "made")
    steps = sorted((made.job(step), MatchReason.PIPELINE) for step in ("evaluate", "prepare"))
    assert told(result) == [(steps, 0)]
    assert result.coverage is not None
    assert result.coverage.complete_as_of is not None
    calls = made.calls()
    assert (calls[STEPS], calls["DescribeProcessingJob"]) == (1, 2)


async def test_without_the_models_steps_are_not_looked_at(made: MadeExecutions, live_account: AccountView) -> None:
    result = await members(live_account.request(), BOTH, "made", with_models=False)
    assert told(result) == [([], 0)]
    assert STEPS not in made.calls()


async def test_coverage_is_told_unless_the_list_itself_reads_training_jobs(
    made: MadeExecutions, live_account: AccountView
) -> None:
    view = live_account.request()
    assert (await members(view, (*BOTH, Kind.TRAINING_JOB), "made")).coverage is None
    assert (await members(view, BOTH, "made")).coverage is not None


@pytest.fixture
def tuned(sandbox: Sandbox) -> Sandbox:
    """A tuning job of two; the model `best` is of the first, and `folder` of all that they write."""
    with building(sandbox, GROUP) as things:
        folder = things.tuning("Tune", jobs=2)
        first = training_job_name(arn("hyper-parameter-tuning-job", "tune"), "Tune", 1)
        things.model("best", f"{folder}/{first}/output/model.tar.gz")
        things.model("folder", f"s3://{BUCKET}/tuning/")
        things.model("other", f"s3://{BUCKET}/elsewhere.tar.gz")
    sandbox.calls.clear()
    return sandbox


async def test_the_tuner_belongs_for_the_reason_of_what_it_started(tuned: Sandbox, live_account: AccountView) -> None:
    result = await members(live_account.request(), BOTH, "best", "folder", "other")
    assert told(result) == [
        ([("Tune", MatchReason.EXACT_ARTIFACT)], 0),
        ([("Tune", MatchReason.ARTIFACT_PREFIX)], 0),
        ([], 0),
    ]
    assert tuned.calls.count("DescribeHyperParameterTuningJob") == 1


async def test_a_tuner_is_no_member_if_its_kind_is_not_asked_for(tuned: Sandbox, live_account: AccountView) -> None:
    assert told(await members(live_account.request(), (Kind.PROCESSING_JOB,), "best")) == [([], 0)]
    assert tuned.calls.count("DescribeHyperParameterTuningJob") == 0


async def test_a_tuner_that_is_refused_is_counted_and_one_that_is_gone_is_not(
    tuned: Sandbox, live_account: AccountView
) -> None:
    tuned.faults.refuse("DescribeHyperParameterTuningJob")
    assert told(await members(live_account.request(), BOTH, "best", "other")) == [([], 1), ([], 0)]
    tuned.faults.clear()
    place = (GROUP.account, GROUP.region)
    tuned.call("DeleteHyperParameterTuningJob", *place, HyperParameterTuningJobName="Tune")
    tuned.advance(1_000)
    assert told(await members(live_account.request(), BOTH, "best")) == [([], 0)]


@pytest.mark.parametrize("operation", [STEPS, "DescribeProcessingJob"])
async def test_refused_steps_and_jobs_are_counted_and_slow_ones_are_errors(
    made: MadeExecutions, live_account: AccountView, operation: str
) -> None:
    with building(made.sandbox, GROUP) as things:
        things.model("untrained")
    made.sandbox.faults.refuse(operation)
    ((named, unreadable),) = told(await members(live_account.request(), BOTH, "made"))
    assert (named, unreadable) == ([], 1 if operation == STEPS else 2)
    made.sandbox.faults.clear()
    made.sandbox.faults.throttle(operation)
    made.sandbox.advance(1_000)
    slow, other = (await members(live_account.request(), BOTH, "made", "untrained")).lists
    assert isinstance(slow.failure, ThrottledError)
    assert (other.failure, other.members) == (None, ())


async def test_tags_of_a_tuner_that_are_refused_are_counted_and_slow_ones_are_an_error(
    sandbox: Sandbox, live_account: AccountView
) -> None:
    """They may name the execution, whose other steps' jobs are the model's."""
    tuned = make_tuned_model(sandbox, GROUP)
    sandbox.faults.refuse("ListTags")
    refused = await members(live_account.request(), (Kind.PROCESSING_JOB,), "best")
    assert told(refused) == [([], 1)]
    assert (refused.lists[0].open_kinds, refused.lists[0].failure) == (frozenset(), None)
    sandbox.faults.clear()
    sandbox.advance(1_000)
    sandbox.faults.throttle("ListTags")
    (slow,) = (await members(live_account.request(), (Kind.PROCESSING_JOB,), "best")).lists
    assert slow.failure is not None
    assert (slow.failure.code, slow.failure.operation) == ("THROTTLED", "ListTags")
    sandbox.faults.clear()
    after = await members(live_account.request(), (Kind.PROCESSING_JOB,), "best")
    assert told(after) == [([(tuned.prepared, MatchReason.PIPELINE)], 0)]
