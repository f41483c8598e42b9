"""Processing jobs: how they go, end and are stopped."""

from typing import Any

import pytest

from sandbox.sagemaker.store import PROCESSING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, REGION
from tests.sagemaker_builder import processing_request


def call(sandbox: Sandbox, operation: str, **ask: Any) -> dict[str, Any]:
    return sandbox.call(operation, ACCOUNT, REGION, **ask)


def described(sandbox: Sandbox, name: str = "one") -> dict[str, Any]:
    return call(sandbox, "DescribeProcessingJob", ProcessingJobName=name)


@pytest.fixture
def job(sandbox: Sandbox) -> str:
    sandbox.clock.freeze()
    created = call(sandbox, "CreateProcessingJob", **processing_request("one", EXECUTION_ROLE), Environment={"a": "b"})
    return str(created["ProcessingJobArn"])


def test_a_job_runs_and_ends(sandbox: Sandbox, job: str) -> None:
    assert (described(sandbox)["ProcessingJobStatus"], "ProcessingStartTime" in described(sandbox)) == (
        "InProgress",
        False,
    )
    sandbox.advance(60)
    assert (described(sandbox)["ProcessingJobStatus"], "ProcessingStartTime" in described(sandbox)) == (
        "InProgress",
        True,
    )
    sandbox.advance(600)
    ended = described(sandbox)
    assert (ended["ProcessingJobStatus"], ended["Environment"], ended["ProcessingJobArn"]) == (
        "Completed",
        {"a": "b"},
        job,
    )
    assert ended["ProcessingEndTime"] == ended["LastModifiedTime"] > ended["ProcessingStartTime"]
    (row,) = call(sandbox, "ListProcessingJobs")["ProcessingJobSummaries"]
    assert (row["ProcessingJobStatus"], row["ProcessingEndTime"]) == ("Completed", ended["ProcessingEndTime"])


def test_a_job_that_fails_says_why(sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    sandbox.timeline.decide_outcome(PROCESSING_JOB, "one", Outcome(failure="no data"))
    call(sandbox, "CreateProcessingJob", **processing_request("one", EXECUTION_ROLE))
    sandbox.advance(600)
    told = described(sandbox)
    assert (told["ProcessingJobStatus"], told["FailureReason"], told["ExitMessage"]) == ("Failed", "no data", "no data")


def test_a_job_is_stopped_once(sandbox: Sandbox, job: str) -> None:
    call(sandbox, "StopProcessingJob", ProcessingJobName="one")
    call(sandbox, "StopProcessingJob", ProcessingJobName="one")
    assert described(sandbox)["ProcessingJobStatus"] == "Stopping"
    sandbox.advance(600)
    assert described(sandbox)["ProcessingJobStatus"] == "Stopped"
    call(sandbox, "StopProcessingJob", ProcessingJobName="one")
    assert described(sandbox)["ProcessingJobStatus"] == "Stopped"


def test_a_name_is_given_once(sandbox: Sandbox, job: str) -> None:
    with pytest.raises(ServiceError) as refused:
        call(sandbox, "CreateProcessingJob", **processing_request("one", EXECUTION_ROLE))
    assert refused.value.code == "ResourceInUse"


@pytest.mark.parametrize("operation", ["DescribeProcessingJob", "StopProcessingJob"])
def test_a_job_that_is_not_there(sandbox: Sandbox, operation: str) -> None:
    with pytest.raises(ServiceError) as refused:
        call(sandbox, operation, ProcessingJobName="none")
    assert refused.value.code == "ValidationException"


def test_a_job_that_has_ended_can_be_deleted(sandbox: Sandbox, job: str) -> None:
    with pytest.raises(ServiceError) as caught:
        call(sandbox, "DeleteProcessingJob", ProcessingJobName="one")
    assert (caught.value.code, described(sandbox)["ProcessingJobStatus"]) == ("ResourceInUse", "InProgress")
    sandbox.advance(600)
    call(sandbox, "DeleteProcessingJob", ProcessingJobName="one")
    with pytest.raises(ServiceError, match="Could not find requested job"):
        described(sandbox)
    assert call(sandbox, "CreateProcessingJob", **processing_request("one", EXECUTION_ROLE)) == {
        "ProcessingJobArn": job
    }
