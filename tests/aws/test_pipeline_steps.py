"""aws.pipeline_steps: each step of an execution, and the one resource that it has made."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.model import StructureShape

from aws.client.errors import NotFoundError
from aws.kinds.kind import Kind
from aws.kinds.statuses import PipelineStepStatus
from aws.pipeline_steps import ExecutionSteps, PipelineStep, read_steps
from sandbox.sagemaker.validation import service_model
from tests.aws.sandbox_account import NOON, RecordingClient, ScriptedClient, arn

EXECUTION = arn("pipeline", "churn/execution/abc")
LATER = NOON + timedelta(minutes=5)


def members_with_an_arn() -> list[tuple[str, str]]:
    """The members of a step's metadata that tell the ARN of what was made, and the name of that member's own."""
    metadata = service_model().shape_for("PipelineExecutionStepMetadata")
    assert isinstance(metadata, StructureShape)
    return [
        (name, key)
        for name, part in metadata.members.items()
        if isinstance(part, StructureShape)
        for key in part.members
        if key.endswith("Arn")
    ]


async def read(*rows: dict[str, Any]) -> ExecutionSteps:
    return await read_steps(ScriptedClient({"PipelineExecutionSteps": list(rows)}), EXECUTION, NOON)


@pytest.mark.parametrize(("member", "key"), members_with_an_arn())
async def test_every_sort_of_step_tells_what_it_has_made(member: str, key: str) -> None:
    made = arn("anything", "made")
    (step,) = (await read({"Metadata": {member: {key: made}}})).steps
    assert step.resource_arn == made


async def test_a_whole_step() -> None:
    row = {
        "StepName": "train",
        "StepStatus": "Failed",
        "StartTime": NOON,
        "EndTime": LATER,
        "FailureReason": "AlgorithmError",
        "Metadata": {"TrainingJob": {"Arn": arn("training-job", "t")}},
    }
    assert (await read(row)) == ExecutionSteps(
        (
            PipelineStep(
                "train",
                PipelineStepStatus.FAILED,
                "Failed",
                NOON,
                LATER,
                "AlgorithmError",
                arn("training-job", "t"),
                False,
            ),
        ),
        NOON,
    )


async def test_the_barest_step_is_unknown() -> None:
    """The service model requires no member."""
    assert (await read({})).steps == (
        PipelineStep("", PipelineStepStatus.UNKNOWN, "unknown", None, None, None, None, False),
    )


@pytest.mark.parametrize(
    "reuse",
    [
        {"CacheHitResult": {"SourcePipelineExecutionArn": f"{EXECUTION}d"}},
        {"SelectiveExecutionResult": {"SourcePipelineExecutionArn": f"{EXECUTION}d"}},
    ],
)
async def test_what_an_earlier_execution_made_was_not_started_by_this_one(reuse: dict[str, Any]) -> None:
    mine, earlier = arn("training-job", "Mine"), arn("training-job", "Earlier")
    steps = await read(
        {"StepName": "a", "Metadata": {"TrainingJob": {"Arn": mine}}},
        {"StepName": "b", "Metadata": {"TrainingJob": {"Arn": earlier}}, **reuse},
    )
    assert [step.resource_arn for step in steps.steps] == [mine, earlier]
    assert steps.started_arns() == {mine.lower()}
    assert (steps.started(mine.upper()), steps.started(earlier)) == (True, False)
    assert steps.started_resources() == [(Kind.TRAINING_JOB, "mine")]


async def test_what_is_no_kind_of_the_graph_is_started_and_no_resource() -> None:
    lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    steps = await read(
        {"Metadata": {"Lambda": {"Arn": lambda_arn}}}, {"Metadata": {"AutoMLJob": {"Arn": arn("automl-job", "a")}}}
    )
    assert (steps.started(lambda_arn), steps.started_resources()) == (True, [])


async def test_steps_of_all_pages_in_their_order() -> None:
    calls = ScriptedClient(
        {"PipelineExecutionSteps": [{"StepName": "a"}], "NextToken": "more"},
        {"PipelineExecutionSteps": [{"StepName": "b"}]},
    )
    assert [step.name for step in (await read_steps(calls, EXECUTION, NOON)).steps] == ["a", "b"]
    asked = {"PipelineExecutionArn": EXECUTION, "MaxResults": 100, "SortOrder": "Ascending"}
    assert calls.asked == [
        ("ListPipelineExecutionSteps", asked),
        ("ListPipelineExecutionSteps", {**asked, "NextToken": "more"}),
    ]


async def test_an_execution_that_is_gone(calls: RecordingClient) -> None:
    with pytest.raises(NotFoundError):
        await read_steps(calls, EXECUTION, NOON)
