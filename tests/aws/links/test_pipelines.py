"""aws.links.pipelines: an execution has started a job if one of its steps says so, whatever the job claims."""

import pytest

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.inventory import Inventory
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.pipeline_executions import PipelineExecution
from aws.links.pipelines import UnknownOriginError, claimed_execution, executions_by_claim, executions_of_jobs
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, GROUP, SCOPE_ID, RecordingClient, arn, inventory_config, reader_of
from tests.pipelines import MadeExecutions, make_executions
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


async def test_a_tuning_job_and_what_it_started_are_told_by_steps_that_were_read(
    sandbox: Sandbox, reader: Reader
) -> None:
    with building(sandbox, GROUP) as things:
        execution = things.execution("Tuned", tuning_step("tune"))
    (tuner,) = await described(reader, Kind.TUNING_JOB, f"pipelines-{execution}-tune")
    rows = sandbox.call("ListTrainingJobs", GROUP.account, GROUP.region)["TrainingJobSummaries"]
    (started,) = await described(reader, Kind.TRAINING_JOB, rows[0]["TrainingJobName"])
    sandbox.calls.clear()
    for origin in await executions_of_jobs(reader, [tuner, started]):
        assert isinstance(origin, UnknownOriginError)
        assert (origin.code, origin.operation) == ("UPSTREAM_UNAVAILABLE", STEPS)
    assert sandbox.calls.by_operation() == {}
    name = f"tuned/execution/{execution}"
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
