"""aws.links.pipelines: an execution has started a job if one of its steps says so, whatever the job claims."""

from dataclasses import dataclass

import pytest

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.inventory import Inventory
from aws.inventory.reader import Reader
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.kinds.pipeline_executions import PipelineExecution
from aws.links.pipelines import (
    PIPELINE_TAG,
    UnknownOriginError,
    claimed_execution,
    executions_by_claim,
    executions_of_jobs,
)
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, GROUP, SCOPE_ID, RecordingClient, arn, inventory_config, reader_of
from tests.pipelines import MadeExecutions, make_executions, take_pipeline_tag
from tests.sagemaker_builder import building, tuning_step

STEPS = "ListPipelineExecutionSteps"
NAME = "churn/execution/abc"


@pytest.fixture
def made(sandbox: Sandbox) -> MadeExecutions:
    return make_executions(sandbox, GROUP)


@pytest.fixture
def reader(sandbox: Sandbox, calls: RecordingClient) -> Reader:
    return reader_of(Inventory(calls, SCOPE_ID, inventory_config(sandbox)))


async def described(reader: Reader, kind: Kind, *names: str) -> list[Described]:
    found = await reader.describe(kind, names)
    return [found[name] for name in names]


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        (arn("pipeline", NAME), NAME),
        (arn("pipeline", "churn"), None),
        (arn("training-job", NAME), None),
        (arn("pipeline", NAME).replace(ACCOUNT, "999999999999"), None),
        (arn("pipeline", NAME).replace("eu-west-1", "eu-west-2"), None),
        (arn("pipeline", NAME).replace("arn:aws:", "arn:aws-cn:"), None),
        (arn("pipeline", "churn/execution/"), None),
        (arn("pipeline", f"{NAME}/more"), None),
        ("a person", None),
        ("", None),
    ],
)
def test_a_claim_is_an_executions_arn_of_the_same_account_and_region(claim: str, name: str | None) -> None:
    assert claimed_execution(claim, arn("model-package", "scorers/1")) == name


async def test_jobs_of_an_execution_and_jobs_that_claim_to_be(made: MadeExecutions, reader: Reader) -> None:
    names = (made.job("train"), "boast", "alone", "other", "gone", made.job("train", made.first))
    jobs = await described(reader, Kind.TRAINING_JOB, *names)
    made.calls()
    assert await executions_of_jobs(reader, jobs) == [made.name(), None, None, None, None, made.name(made.first)]
    assert made.calls() == {STEPS: 2}
    assert await executions_of_jobs(reader, []) == []
    assert made.calls() == {}


async def test_a_refusal_is_told_of_those_whose_steps_it_keeps_alone(made: MadeExecutions, reader: Reader) -> None:
    made.sandbox.faults.refuse("DescribeTrainingJob", name="other")
    jobs = await described(reader, Kind.TRAINING_JOB, made.job("train"), "alone", "other")
    made.sandbox.faults.refuse(STEPS)
    train, alone, other = await executions_of_jobs(reader, jobs)
    assert isinstance(train, AccessDeniedError)
    assert isinstance(other, AccessDeniedError)
    assert (train.operation, alone, other.operation) == (STEPS, None, "DescribeTrainingJob")


@dataclass(frozen=True)
class Tuned:
    """A tuning job that an execution has started, and a training job of it."""

    sandbox: Sandbox
    execution: str
    tuner: AnyResource
    started: AnyResource

    @property
    def jobs(self) -> list[Described]:
        return [self.tuner, self.started]

    def calls(self) -> dict[str, int]:
        made = self.sandbox.calls.by_operation()
        self.sandbox.calls.clear()
        return made


@pytest.fixture
async def tuned(sandbox: Sandbox, reader: Reader) -> Tuned:
    with building(sandbox, GROUP) as things:
        execution = things.execution("Tuned", tuning_step("tune"))
    (tuner,) = await described(reader, Kind.TUNING_JOB, f"pipelines-{execution}-tune")
    rows = sandbox.call("ListTrainingJobs", GROUP.account, GROUP.region)["TrainingJobSummaries"]
    (started,) = await described(reader, Kind.TRAINING_JOB, rows[0]["TrainingJobName"])
    assert isinstance(tuner, AnyResource)
    assert isinstance(started, AnyResource)
    sandbox.calls.clear()
    return Tuned(sandbox, f"tuned/execution/{execution}", tuner, started)


async def test_a_tuning_job_and_what_it_started_are_told_by_a_tag_that_a_step_proves(
    tuned: Tuned, reader: Reader
) -> None:
    assert await executions_of_jobs(reader, tuned.jobs) == [tuned.execution] * 2
    assert tuned.calls() == {"ListTags": 1, STEPS: 1}
    assert await executions_of_jobs(reader, tuned.jobs) == [tuned.execution] * 2
    assert tuned.calls() == {}


@pytest.mark.parametrize("claim", ["arn:aws:sagemaker:eu-west-1:1:pipeline/tuned/execution/x", "somebody", None])
async def test_a_tag_that_no_step_proves_tells_nothing(tuned: Tuned, reader: Reader, claim: str | None) -> None:
    """Anybody may write it, of this or of another execution."""
    other = GROUP.arn("pipeline", "tuned/execution/other") if claim is None else claim
    marks = [{"Key": PIPELINE_TAG, "Value": other}]
    tuned.sandbox.call("AddTags", GROUP.account, GROUP.region, ResourceArn=tuned.tuner.arn, Tags=marks)
    tuned.calls()
    for origin in await executions_of_jobs(reader, tuned.jobs):
        assert isinstance(origin, UnknownOriginError)
    assert tuned.calls() == {"ListTags": 1, **({STEPS: 1} if claim is None else {})}


@pytest.mark.parametrize("operation", [STEPS, "ListTags"])
@pytest.mark.parametrize(("fault", "code"), [("refuse", "FORBIDDEN"), ("throttle", "THROTTLED")])
async def test_steps_or_tags_that_are_not_told_are_the_reason(
    tuned: Tuned, reader: Reader, operation: str, fault: str, code: str
) -> None:
    faults = tuned.sandbox.faults
    getattr(faults, fault)(operation)
    for origin in await executions_of_jobs(reader, tuned.jobs):
        assert isinstance(origin, AWSError)
        assert (origin.code, origin.operation) == (code, operation)
    faults.clear()
    # A refusal is kept for as long as a deletion may stay unseen; that AWS was busy is kept for one request.
    tuned.sandbox.advance(1_000 if fault == "refuse" else 0)
    assert await executions_of_jobs(reader.fresh(), tuned.jobs) == [tuned.execution] * 2


async def test_tags_that_are_not_told_hide_nothing_that_steps_tell(tuned: Tuned, reader: Reader) -> None:
    (item,) = await described(reader, Kind.PIPELINE_EXECUTION, tuned.execution)
    assert isinstance(item, PipelineExecution)
    await reader.job_facts.steps([item])
    tuned.sandbox.faults.refuse("ListTags")
    tuned.calls()
    assert await executions_of_jobs(reader, tuned.jobs) == [tuned.execution] * 2
    assert tuned.calls() == {}


async def test_a_tuning_job_and_what_it_started_are_told_by_steps_that_were_read(tuned: Tuned, reader: Reader) -> None:
    sandbox, tuner, started, name = tuned.sandbox, tuned.tuner, tuned.started, tuned.execution
    take_pipeline_tag(sandbox, tuner.name, GROUP)
    for origin in await executions_of_jobs(reader, [tuner, started]):
        assert isinstance(origin, UnknownOriginError)
        assert (origin.code, origin.operation) == ("UPSTREAM_UNAVAILABLE", STEPS)
    assert STEPS not in tuned.calls()
    (item,) = await described(reader, Kind.PIPELINE_EXECUTION, name)
    assert isinstance(item, PipelineExecution)
    await reader.job_facts.steps([item])
    sandbox.calls.clear()
    assert await executions_of_jobs(reader, [tuner, started]) == [name, name]
    assert sandbox.calls.by_operation() == {}


async def test_claims_about_versions_are_confirmed(made: MadeExecutions, reader: Reader) -> None:
    version = GROUP.arn("model-package", "scorers/2")
    claims = [
        (made.arn, version),
        (made.arn, GROUP.arn("model-package", "scorers/1")),
        (GROUP.arn("pipeline", f"churn/execution/{made.first}"), version),
        (GROUP.arn("pipeline", "none/execution/none"), version),
        ("a person", version),
        (None, version),
    ]
    assert await executions_by_claim(reader, claims) == [made.name(), None, None, None, None, None]
    assert made.calls() == {STEPS: 3}


async def test_a_claim_whose_steps_are_refused_is_unknown(made: MadeExecutions, reader: Reader) -> None:
    made.sandbox.faults.refuse(STEPS)
    ((told),) = await executions_by_claim(reader, [(made.arn, GROUP.arn("model-package", "scorers/2"))])
    assert isinstance(told, AWSError)
    assert told.code == "FORBIDDEN"
