"""aws.inventory.job_facts: what tuning jobs have started and executions have made, read once it can change no more."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aws.client.errors import AccessDeniedError, AWSError, ThrottledError
from aws.inventory.inventory import Inventory
from aws.inventory.job_facts import LiveJobFacts, UnreadableJobFacts
from aws.kinds.catalog import is_settled
from aws.kinds.kind import Kind
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.resource import name_in_arn
from aws.kinds.statuses import PipelineExecutionStatus
from aws.kinds.tuning_jobs import TuningJob
from aws.pipeline_steps import ExecutionSteps
from sandbox.sagemaker.store import PIPELINE_EXECUTION
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.sandbox_account import AGES, EXECUTION_ROLE, GROUP, arn, make, reader_of
from tests.sagemaker_builder import processing_step, training_step, tuning_request

LIST, STEPS = "ListTrainingJobsForHyperParameterTuningJob", "ListPipelineExecutionSteps"


def facts(inventory: Inventory) -> LiveJobFacts:
    """The facts as a request that begins now reads them."""
    return reader_of(inventory).job_facts


async def tuning_job(inventory: Inventory, name: str = "tune") -> TuningJob:
    found = (await reader_of(inventory, 0.0).describe(Kind.TUNING_JOB, [name]))[name]
    assert isinstance(found, TuningJob)
    return found


async def names(inventory: Inventory, *jobs: TuningJob) -> Sequence[Any]:
    """For each tuning job the beginnings of the names of its training jobs, or the answer instead."""
    read = await facts(inventory).tuned_jobs(jobs)
    return [
        sorted(row.name[: len(job.name) + 4] for row in rows) if isinstance(rows, tuple) else rows
        for job in jobs
        for rows in [read[job.name]]
    ]


def tune(sandbox: Sandbox, jobs: int, parallel: int = 0, name: str = "tune") -> None:
    """A tuning job that starts so many training jobs, of eleven and a half minutes each."""
    request = tuning_request(name, EXECUTION_ROLE, "s3://tuned", jobs)
    request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxParallelTrainingJobs"] = parallel or jobs
    make(sandbox, "CreateHyperParameterTuningJob", **request)


async def test_a_running_job_is_asked_again_and_an_ended_one_is_not(still: Sandbox, inventory: Inventory) -> None:
    tune(still, jobs=2, parallel=1)
    running = await tuning_job(inventory)
    assert await names(inventory, running) == [["tune-001"]]
    assert await names(inventory, running) == [["tune-001"]]
    assert still.calls.count(LIST) == 1
    still.advance(AGES.fresh_seconds + 800)
    assert await names(inventory, running) == [["tune-001", "tune-002"]]
    assert still.calls.count(LIST) == 2
    still.advance(5_000)
    ended = await tuning_job(inventory)
    for _ in range(2):
        assert await names(inventory, ended) == [["tune-001", "tune-002"]]
        still.advance(AGES.fresh_seconds + 1)
    assert still.calls.count(LIST) == 3
    still.advance(AGES.authority_seconds)
    await names(inventory, ended)
    assert still.calls.count(LIST) == 4


async def test_a_name_that_is_used_again_has_other_jobs(still: Sandbox, inventory: Inventory) -> None:
    tune(still, jobs=1)
    still.advance(800)
    first = await tuning_job(inventory)
    assert await names(inventory, first) == [["tune-001"]]
    make(still, "DeleteHyperParameterTuningJob", HyperParameterTuningJobName="tune")
    for row in still.call("ListTrainingJobs", GROUP.account, GROUP.region)["TrainingJobSummaries"]:
        make(still, "DeleteTrainingJob", TrainingJobName=row["TrainingJobName"])
    tune(still, jobs=2)
    still.advance(800)
    second = await tuning_job(inventory)
    assert (second.raw_status, is_settled(second)) == (first.raw_status, True)
    assert await names(inventory, second) == [["tune-001", "tune-002"]]


async def test_several_pages_and_several_jobs(still: Sandbox, inventory: Inventory) -> None:
    tune(still, jobs=3)
    tune(still, jobs=1, name="other")
    still.faults.shorten(LIST, 1)
    first, second = await tuning_job(inventory), await tuning_job(inventory, "other")
    assert await names(inventory, first, second) == [["tune-001", "tune-002", "tune-003"], ["other-001"]]
    assert still.calls.count(LIST) == 4


async def test_a_job_that_has_gone_since_and_one_that_is_refused(still: Sandbox, inventory: Inventory) -> None:
    for name in ("tune", "kept"):
        tune(still, jobs=1, name=name)
    gone, kept = await tuning_job(inventory), await tuning_job(inventory, "kept")
    make(still, "DeleteHyperParameterTuningJob", HyperParameterTuningJobName="tune")
    assert await names(inventory, gone, kept) == [None, ["kept-001"]]
    still.advance(AGES.deletion_seconds + 1)
    still.faults.refuse(LIST, name="kept")
    absent, refused = await names(inventory, gone, kept)
    assert absent is None
    assert isinstance(refused, AccessDeniedError)
    assert refused.operation == LIST


async def test_a_throttled_list_is_read_by_the_next_request(still: Sandbox, inventory: Inventory) -> None:
    tune(still, jobs=1)
    job = await tuning_job(inventory)
    still.faults.throttle(LIST)
    (slow,) = await names(inventory, job)
    assert isinstance(slow, ThrottledError)
    still.faults.clear()
    still.advance(1)
    assert await names(inventory, job) == [["tune-001"]]


def start(sandbox: Sandbox, *steps: dict[str, Any]) -> str:
    """Start an execution of a new pipeline `Churn` at the sandbox's own time; gives the execution's name."""
    text = json.dumps({"Version": "2020-12-01", "Steps": steps})
    token = {"ClientRequestToken": "0" * 32}
    make(sandbox, "CreatePipeline", PipelineName="Churn", PipelineDefinition=text, RoleArn=EXECUTION_ROLE, **token)
    started = sandbox.call("StartPipelineExecution", GROUP.account, GROUP.region, PipelineName="Churn", **token)
    return name_in_arn(started["PipelineExecutionArn"])


def start_again(sandbox: Sandbox) -> str:
    """Start one more execution of `Churn`; gives its name."""
    started = sandbox.call(
        "StartPipelineExecution", GROUP.account, GROUP.region, PipelineName="Churn", ClientRequestToken="1" * 32
    )
    return name_in_arn(started["PipelineExecutionArn"])


async def execution(inventory: Inventory, name: str) -> PipelineExecution:
    found = (await reader_of(inventory, 0.0).describe(Kind.PIPELINE_EXECUTION, [name]))[name]
    assert isinstance(found, PipelineExecution)
    return found


async def steps_of(inventory: Inventory, *items: PipelineExecution) -> list[Any]:
    """For each execution the names of its steps, or the answer instead."""
    read = await facts(inventory).steps(items)
    return [
        [step.name for step in told.steps] if isinstance(told, ExecutionSteps) else told
        for item in items
        for told in [read[item.name]]
    ]


TWO_STEPS = (processing_step("first"), {**processing_step("second"), "DependsOn": ["first"]})


async def test_steps_are_read_again_until_the_execution_has_succeeded(still: Sandbox, inventory: Inventory) -> None:
    name = start(still, *TWO_STEPS)
    running = await execution(inventory, name)
    assert await steps_of(inventory, running) == [["first"]]
    assert await steps_of(inventory, running) == [["first"]]
    assert still.calls.count(STEPS) == 1
    still.advance(400)
    assert await steps_of(inventory, running) == [["first", "second"]]
    still.advance(1_000)
    ended = await execution(inventory, name)
    assert ended.status is PipelineExecutionStatus.SUCCEEDED
    for _ in range(3):
        assert await steps_of(inventory, ended) == [["first", "second"]]
        still.advance(AGES.fresh_seconds + 1)
    assert still.calls.count(STEPS) == 3
    still.advance(AGES.authority_seconds)
    await steps_of(inventory, ended)
    assert still.calls.count(STEPS) == 4


async def test_steps_that_were_read_before_the_success_was_seen_are_not_the_last(
    still: Sandbox, inventory: Inventory
) -> None:
    """While they are fresh they are shown; then they are read once more, though the execution has long succeeded."""
    running = await execution(inventory, start(still, *TWO_STEPS))
    await steps_of(inventory, running)
    later = replace(running, status=PipelineExecutionStatus.SUCCEEDED, as_of=running.as_of + timedelta(seconds=1))
    assert await steps_of(inventory, later) == [["first"]]
    still.advance(400)
    assert await steps_of(inventory, later) == [["first", "second"]]
    assert still.calls.count(STEPS) == 2
    still.advance(400)
    await steps_of(inventory, later)
    assert still.calls.count(STEPS) == 2


async def test_steps_that_were_read_long_after_the_last_change_are_the_last(
    still: Sandbox, inventory: Inventory
) -> None:
    """Also if the execution was described after them, as whoever looks for the execution of a job does."""
    name = start(still, *TWO_STEPS)
    still.advance(5_000)
    await facts(inventory).steps_that_started({name: []})
    still.advance(1)
    ended = await execution(inventory, name)
    for _ in range(2):
        assert await steps_of(inventory, ended) == [["first", "second"]]
        still.advance(AGES.fresh_seconds + 1)
    assert still.calls.count(STEPS) == 1
    # A change of the last moment may be of after the steps, by another clock.
    assert ended.detail is not None
    other = start_again(still)
    still.advance(5_000)
    await facts(inventory).steps_that_started({other: []})
    still.advance(1)
    now = await execution(inventory, other)
    recent = replace(now, detail=replace(ended.detail, last_modified_time=now.as_of - timedelta(seconds=60)))
    for _ in range(2):
        await steps_of(inventory, recent)
        still.advance(AGES.fresh_seconds + 1)
    assert still.calls.count(STEPS) == 3


async def test_steps_that_are_gone_refused_or_throttled(still: Sandbox, inventory: Inventory) -> None:
    kept = await execution(inventory, start(still, processing_step("first")))
    gone = replace(kept, name="churn/execution/none")
    assert await steps_of(inventory, gone, kept) == [None, ["first"]]
    still.advance(AGES.fresh_seconds + 1)
    still.faults.throttle(STEPS)
    absent, slow = await steps_of(inventory, gone, kept)
    assert (absent, isinstance(slow, ThrottledError)) == (None, True)
    still.faults.clear()
    still.faults.refuse(STEPS)
    still.advance(1)
    _, refused = await steps_of(inventory, gone, kept)
    assert isinstance(refused, AccessDeniedError)


async def test_steps_are_read_again_for_what_they_do_not_tell_alone(still: Sandbox, inventory: Inventory) -> None:
    name = start(still, *TWO_STEPS)
    first, second = (
        arn("processing-job", f"pipelines-{name.rpartition('/')[2]}-{step}") for step in ("first", "second")
    )
    boast = arn("processing-job", "boast")
    read = await facts(inventory).steps_that_started({name: [first]})
    told = read[name]
    assert isinstance(told, ExecutionSteps)
    assert (told.started(first), told.started(second)) == (True, False)
    still.advance(400)
    await facts(inventory).steps_that_started({name: [first]})
    assert still.calls.count(STEPS) == 1
    told = (await facts(inventory).steps_that_started({name: [second]}))[name]
    assert isinstance(told, ExecutionSteps)
    assert told.started(second)
    assert still.calls.count(STEPS) == 2
    # A claim that is not true costs a call for each fresh age, until the execution has succeeded.
    for expected in (2, 3):
        told = (await facts(inventory).steps_that_started({name: [boast]}))[name]
        assert isinstance(told, ExecutionSteps)
        assert not told.started(boast)
        assert still.calls.count(STEPS) == expected
        still.advance(AGES.fresh_seconds + 1)
    still.advance(400)
    await steps_of(inventory, await execution(inventory, name))
    before = still.calls.count(STEPS)
    still.advance(AGES.fresh_seconds + 1)
    await facts(inventory).steps_that_started({name: [boast]})
    assert still.calls.count(STEPS) == before


async def test_an_execution_is_known_by_what_it_started_once_its_steps_were_read(
    still: Sandbox, inventory: Inventory
) -> None:
    name = start(still, training_step())
    made = arn("training-job", f"pipelines-{name.rpartition('/')[2]}-train")
    assert facts(inventory).known_execution(made) is None
    await steps_of(inventory, await execution(inventory, name))
    still.calls.clear()
    assert facts(inventory).known_execution(made.upper()) == name
    assert facts(inventory).known_execution(arn("training-job", "other")) is None
    still.advance(AGES.authority_seconds + 1)
    assert facts(inventory).known_execution(made) is None
    assert still.calls.by_operation() == {}


async def test_what_an_execution_reused_is_not_known_as_its_own(still: Sandbox, inventory: Inventory) -> None:
    name = start(still, training_step())
    record = still.sagemaker.account_region(GROUP.account, GROUP.region).records(PIPELINE_EXECUTION)
    (kept,) = record
    kept.state.steps["train"]["CacheHitResult"] = {"SourcePipelineExecutionArn": kept.arn}
    await steps_of(inventory, await execution(inventory, name))
    made = arn("training-job", f"pipelines-{name.rpartition('/')[2]}-train")
    assert facts(inventory).known_execution(made) is None


async def test_what_is_kept_is_weighed_and_counted(still: Sandbox, inventory_of: InventoryOf) -> None:
    inventory = inventory_of()
    before = inventory.job_facts.bytes
    tune(still, jobs=2)
    await names(inventory, await tuning_job(inventory))
    await steps_of(inventory, await execution(inventory, start(still, processing_step("first"))))
    caches = inventory.job_facts.caches()
    assert {name: [len(cache) for cache in held] for name, held in caches.items()} == {
        "tuned_jobs": [1],
        "pipeline_steps": [1],
    }
    assert inventory.job_facts.bytes > before


async def test_where_aws_cannot_be_asked_every_answer_is_the_reason(still: Sandbox, inventory: Inventory) -> None:
    tune(still, jobs=1)
    job = await tuning_job(inventory)
    item = await execution(inventory, start(still, processing_step("first")))

    def reason(operation: str) -> AWSError:
        return AccessDeniedError("no", operation=operation)

    unreadable = UnreadableJobFacts(reason)
    answers = [
        await unreadable.tuned_jobs([job]),
        await unreadable.steps([item]),
        await unreadable.steps_that_started({item.name: ["arn"]}),
    ]
    told = [
        {key: error.operation for key, error in answer.items() if isinstance(error, AWSError)} for answer in answers
    ]
    assert told == [{"tune": LIST}, {item.name: STEPS}, {item.name: STEPS}]
    assert unreadable.known_execution("arn") is None
