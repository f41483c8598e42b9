"""resolvers.lists.model_executions: who trained or registered each model, and when that is all there is to know."""

from collections.abc import Sequence

import pytest

from aws.client.errors import ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.links.job_matching import footprints
from resolvers.lists.model_executions import ModelExecutions, executions_of_models
from resolvers.lists.model_training_jobs import training_jobs_of
from resolvers.views.resource_view import LiveView
from sandbox.server import Sandbox
from tests.aws.sandbox_account import GROUP
from tests.pipelines import MadeExecutions, make_tuned_model, take_pipeline_tag
from tests.resolvers.lists.account_view import AccountView
from tests.sagemaker_builder import building

STEPS, DESCRIBE, TAGS = "ListPipelineExecutionSteps", "DescribePipelineExecution", "ListTags"


async def of_models(view: LiveView, *names: str) -> Sequence[ModelExecutions]:
    """The executions of the models of these names."""
    found = (await view.inventory.describe(Kind.MODEL, names)).values()
    models = [model for model in found if isinstance(model, Model)]
    prints = await footprints(view.inventory, models)
    training = await training_jobs_of(view, prints)
    return await executions_of_models(view, list(zip(models, prints, strict=True)), training)


def told(result: ModelExecutions) -> tuple[list[str], int, bool]:
    """The names, how much may not be read, and whether that is all."""
    names = [execution.name for execution in result.executions]
    return names, result.unreadable, result.complete_as_of is not None


async def test_by_the_training_job_and_by_the_version(made: MadeExecutions, live_account: AccountView) -> None:
    view = live_account.request()
    trained, registered = await of_models(view, "made", "registered")
    assert told(trained) == told(registered) == ([made.name()], 0, True)
    assert all(execution.detail for execution in trained.executions)
    calls = made.calls()
    assert (calls[STEPS], calls[DESCRIBE]) == (1, 1)


async def test_a_model_without_any_is_complete_only_if_all_its_origins_are_known(
    made: MadeExecutions, live_account: AccountView
) -> None:
    with building(made.sandbox, GROUP) as things:
        things.model("untrained")
        things.model("by-hand", things.training("by-hand-job"))
    untrained, by_hand = await of_models(live_account.request(), "untrained", "by-hand")
    assert told(untrained) == ([], 0, True)
    # The job is in no trial, so that anybody may have started it: also a pipeline that gives its jobs none.
    assert told(by_hand) == ([], 0, False)


@pytest.mark.parametrize("operation", [STEPS, DESCRIBE, TAGS])
async def test_steps_descriptions_or_tags_that_are_refused_are_counted(
    sandbox: Sandbox, live_account: AccountView, operation: str
) -> None:
    tuned = make_tuned_model(sandbox, GROUP)
    sandbox.faults.refuse(operation)
    (result,) = await of_models(live_account.request(), "best")
    # The steps tell the execution, whose description is refused; without them or the tag it is not known.
    assert told(result) == ([], 1, operation == DESCRIBE)
    assert (result.refused, result.are_traceable, result.failure) == (1, True, None)
    sandbox.faults.clear()
    sandbox.advance(1_000)
    (result,) = await of_models(live_account.request(), "best")
    assert told(result) == ([tuned.name], 0, True)


@pytest.mark.parametrize("operation", [STEPS, DESCRIBE, "DescribeModelPackage"])
async def test_what_is_merely_slow_is_an_error_of_its_own_model(
    made: MadeExecutions, live_account: AccountView, operation: str
) -> None:
    with building(made.sandbox, GROUP) as things:
        things.model("untrained")
    made.sandbox.faults.throttle(operation)
    if operation == "DescribeModelPackage":
        # What versions hold tells of training jobs, too, for which all models are looked at together.
        with pytest.raises(ThrottledError):
            await of_models(live_account.request(), "registered")
        return
    *slow, other = await of_models(live_account.request(), "made", "registered", "untrained")
    assert [own.failure and (own.failure.code, own.failure.operation) for own in slow] == [("THROTTLED", operation)] * 2
    assert (other.failure, told(other)) == (None, ([], 0, True))


async def test_tags_that_are_merely_slow_are_an_error_of_their_own_model(
    made: MadeExecutions, live_account: AccountView
) -> None:
    tuned = make_tuned_model(made.sandbox, GROUP)
    made.sandbox.faults.throttle(TAGS)
    slow, other = await of_models(live_account.request(), "best", "made")
    assert slow.failure is not None
    assert (slow.failure.code, slow.failure.operation) == ("THROTTLED", TAGS)
    assert (other.failure, told(other)) == (None, ([made.name()], 0, True))
    made.sandbox.faults.clear()
    (after,) = await of_models(live_account.request(), "best")
    assert (after.failure, told(after)) == (None, ([tuned.name], 0, True))


async def test_an_execution_that_is_gone_since_is_left_out(made: MadeExecutions, live_account: AccountView) -> None:
    await of_models(live_account.request(), "made")
    group = (GROUP.account, GROUP.region)
    made.sandbox.call("DeletePipeline", *group, PipelineName="Churn", ClientRequestToken="0" * 32)
    made.sandbox.advance(1_000)
    (result,) = await of_models(live_account.request(), "made")
    names, unreadable, complete = told(result)
    assert (names, unreadable, complete) == ([], 0, False)


async def test_a_tuned_model_without_its_tag_is_open_until_steps_tell_its_tuner(
    sandbox: Sandbox, live_account: AccountView
) -> None:
    tuned = make_tuned_model(sandbox, GROUP)
    take_pipeline_tag(sandbox, tuned.tuner, GROUP)
    view = live_account.request()
    (before,) = await of_models(view, "best")
    assert told(before) == ([], 0, False)
    found = await view.inventory.describe(Kind.PIPELINE_EXECUTION, [tuned.name])
    await view.inventory.job_facts.steps([item for item in found.values() if item])  # type: ignore[misc]
    (after,) = await of_models(view, "best")
    assert told(after) == ([tuned.name], 0, True)
