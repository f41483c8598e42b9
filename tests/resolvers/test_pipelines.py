"""resolvers.pipelines: executions of jobs and models, their steps, and what each step has made."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.statuses import PipelineStepStatus
from aws.pipeline_steps import PipelineStep
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.pipelines import (
    checked_pipeline_name,
    execution_arns,
    executions,
    executions_of_each_model,
    resources_of_steps,
    steps,
)
from resolvers.views.resource_view import LiveView, Viewed
from tests.aws.sandbox_account import ACCOUNT, GROUP, arn
from tests.pipelines import MadeExecutions
from tests.resolvers.lists.account_view import AccountView
from tests.sagemaker_builder import BUCKET, building

STEPS = "ListPipelineExecutionSteps"


async def described(view: LiveView, kind: Kind, *names: str) -> list[Any]:
    found = await view.inventory.describe(kind, names)
    return [found[name] for name in names]


def name_of(told: object) -> object:
    """The name of what is shown; an error's type; None."""
    return told.value.name if isinstance(told, Viewed) else type(told) if told is not None else None


@pytest.mark.parametrize("name", ["Churn", "a", "a-b", "a--b", "A1", "a" * 256])
def test_names_of_pipelines(name: str) -> None:
    assert checked_pipeline_name(name) == name


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a_b", "a/execution/b", "a" * 257, "ä", "a\n"])
def test_what_is_no_name_is_refused_before_anything_is_asked(name: str) -> None:
    with pytest.raises(BadInputError):
        checked_pipeline_name(name)


async def test_the_execution_of_each_job_and_its_arn(made: MadeExecutions, live_account: AccountView) -> None:
    view = live_account.request()
    jobs = await described(view, Kind.TRAINING_JOB, made.job("train"), "alone", made.job("train", made.first))
    arns = await execution_arns(view, jobs)
    assert arns == [made.arn, None, arn("pipeline", made.name(made.first))]
    assert made.calls().get("DescribePipelineExecution") is None
    assert [name_of(told) for told in await executions(view, jobs)] == [made.name(), None, made.name(made.first)]
    assert made.calls() == {"DescribePipelineExecution": 2}


async def test_jobs_and_executions_that_are_refused_or_gone(made: MadeExecutions, live_account: AccountView) -> None:
    view = live_account.request()
    jobs = await described(view, Kind.TRAINING_JOB, made.job("train"), "alone")
    made.sandbox.faults.refuse("DescribePipelineExecution")
    assert [name_of(told) for told in await executions(view, jobs)] == [AccessDeniedError, None]
    assert await execution_arns(view, jobs) == [made.arn, None]
    made.sandbox.faults.clear()
    place = (GROUP.account, GROUP.region)
    made.sandbox.call("DeletePipeline", *place, PipelineName="Churn", ClientRequestToken="0" * 32)
    made.sandbox.advance(1_000)
    assert await executions(live_account.request(), jobs) == [None, None]


async def test_steps_of_each_execution(made: MadeExecutions, live_account: AccountView) -> None:
    view = live_account.request()
    one, other = await described(view, Kind.PIPELINE_EXECUTION, made.name(), made.name(made.first))
    gone = replace(one, name=made.name("none"))
    told: Sequence[Any] = await steps(view, [one, gone, other])
    assert told[1] is None
    for item, names in ((told[0], made.second), (told[2], made.first)):
        assert {step.value.name for step in item} == {"train", "evaluate", "prepare", "check", "register"}
        assert {step.value.resource_arn for step in item if step.value.name == "train"} == {
            arn("training-job", made.job("train", names))
        }
    made.sandbox.faults.throttle(STEPS)
    made.sandbox.advance(2_000)
    (slow,) = await steps(live_account.request(), [one])
    assert isinstance(slow, ThrottledError)


def step(resource_arn: str | None) -> PipelineStep:
    return PipelineStep("s", PipelineStepStatus.SUCCEEDED, "Succeeded", None, None, None, resource_arn, False)


async def test_what_each_step_has_made_as_far_as_it_is_of_this_account(
    made: MadeExecutions, live_account: AccountView
) -> None:
    train, evaluate = arn("training-job", made.job("train")), arn("processing-job", made.job("evaluate"))
    foreign = [train.replace(ACCOUNT, "999999999999"), train.replace("eu-west-1", "us-east-1")]
    unknown = [arn("automl-job", "a"), "arn:aws:lambda:eu-west-1:123456789012:function:f", "no arn", None]
    gone = arn("training-job", "gone")
    asked = [
        step(item) for item in (train, *foreign, *unknown, evaluate, gone, train, arn("model-package", "scorers/2"))
    ]
    told = await resources_of_steps(live_account.request(), asked)
    train_name, evaluate_name = made.job("train"), made.job("evaluate")
    assert [name_of(item) for item in told] == [
        train_name,
        *[None] * 6,
        evaluate_name,
        None,
        train_name,
        "scorers/2",
    ]
    # What is missing is looked for in the list, as ARNs have names in lower case.
    assert made.calls() == {
        "DescribeTrainingJob": 2,
        "ListTrainingJobs": 1,
        "DescribeProcessingJob": 1,
        "DescribeModelPackage": 1,
    }
    assert await resources_of_steps(live_account.request(), []) == []


async def test_executions_of_each_model_newest_first_by_page(made: MadeExecutions, live_account: AccountView) -> None:
    with building(made.sandbox, GROUP) as things:
        things.model("both", f"s3://{BUCKET}/pipelines/")
    view = live_account.request()
    models = await described(view, Kind.MODEL, "both", "made")
    seen, after = [], None
    for has_next in (True, False):
        both, one = await executions_of_each_model(view, models, PageArguments(1, after))
        assert isinstance(both, Connection)
        assert (both.total_count, both.unreadable_count, both.complete_as_of is not None) == (2, 0, True)
        assert both.page_info.has_next_page is has_next
        seen += [name_of(node) for node in both.nodes]
        after = both.page_info.end_cursor
        # The place is one of the other model's list.
        assert isinstance(one, BadInputError) is (has_next is False)
    assert seen == [made.name(), made.name(made.first)]


async def test_a_model_that_is_gone_or_refused_takes_no_other_along(
    made: MadeExecutions, live_account: AccountView
) -> None:
    view = live_account.request()
    (whole,) = await described(view, Kind.MODEL, "made")
    assert isinstance(whole, Model)
    absent, hidden = (replace(whole, name=name, detail=None) for name in ("absent", "registered"))
    made.sandbox.faults.refuse("DescribeModel", name="registered")
    first, gone, refused = await executions_of_each_model(view, [whole, absent, hidden], PageArguments(10, None))
    assert isinstance(first, Connection)
    assert [name_of(node) for node in first.nodes] == [made.name()]
    assert gone is None
    assert isinstance(refused, AccessDeniedError)
    assert all(isinstance(node.value, PipelineExecution) for node in first.nodes)
