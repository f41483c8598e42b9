"""Tuning jobs: the training jobs that they start, the best of these, and their end."""

from typing import Any

import pytest

from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, REGION
from tests.sagemaker_builder import tuning_request

NAME = "Tune"
KEY = "HyperParameterTuningJobName"


def call(sandbox: Sandbox, operation: str, **ask: Any) -> dict[str, Any]:
    return sandbox.call(operation, ACCOUNT, REGION, **ask)


def described(sandbox: Sandbox) -> dict[str, Any]:
    return call(sandbox, "DescribeHyperParameterTuningJob", **{KEY: NAME})


def started(sandbox: Sandbox, **ask: Any) -> list[dict[str, Any]]:
    listed = call(sandbox, "ListTrainingJobsForHyperParameterTuningJob", **{KEY: NAME}, **ask)
    rows: list[dict[str, Any]] = listed["TrainingJobSummaries"]
    return rows


def tune(sandbox: Sandbox, jobs: int, parallel: int) -> None:
    sandbox.clock.freeze()
    request = tuning_request(NAME, EXECUTION_ROLE, "s3://models/tuned", jobs)
    request["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxParallelTrainingJobs"] = parallel
    call(sandbox, "CreateHyperParameterTuningJob", **request)


def test_so_many_run_at_once_until_enough_have_ended(sandbox: Sandbox) -> None:
    tune(sandbox, 3, 2)
    assert [row["TrainingJobName"][:9] for row in started(sandbox, SortOrder="Ascending")] == ["Tune-001-", "Tune-002-"]
    sandbox.advance(5_000)
    assert len(started(sandbox)) == 3
    told = described(sandbox)
    assert (told["HyperParameterTuningJobStatus"], told["TrainingJobStatusCounters"]["Completed"]) == ("Completed", 3)
    (row,) = call(sandbox, "ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"]
    assert (row["Strategy"], row["HyperParameterTuningEndTime"]) == ("Bayesian", told["HyperParameterTuningEndTime"])


def test_a_training_job_tells_its_tuning_job(sandbox: Sandbox) -> None:
    tune(sandbox, 1, 1)
    (row,) = started(sandbox)
    job = call(sandbox, "DescribeTrainingJob", TrainingJobName=row["TrainingJobName"])
    assert job["TuningJobArn"] == described(sandbox)["HyperParameterTuningJobArn"]
    assert (
        job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://models/tuned/{job['TrainingJobName']}/output/model.tar.gz"
    )


def test_the_best_one_has_the_largest_objective(sandbox: Sandbox) -> None:
    tune(sandbox, 1, 1)
    first = started(sandbox)[0]["TrainingJobName"]
    sandbox.advance(60)
    assert "BestTrainingJob" not in described(sandbox)
    job = sandbox.sagemaker.account_region(ACCOUNT, REGION).records(TRAINING_JOB).get(first)
    assert job is not None
    job.facts["FinalMetricDataList"] = [{"MetricName": "auc", "Value": 0.7, "Timestamp": 0}]
    best = described(sandbox)["BestTrainingJob"]
    assert (best["TrainingJobName"], best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]) == (first, 0.7)


def test_its_training_jobs_stop_with_it(sandbox: Sandbox) -> None:
    tune(sandbox, 1, 1)
    name = started(sandbox)[0]["TrainingJobName"]
    call(sandbox, "StopHyperParameterTuningJob", **{KEY: NAME})
    sandbox.advance(600)
    assert described(sandbox)["HyperParameterTuningJobStatus"] == "Stopped"
    assert call(sandbox, "DescribeTrainingJob", TrainingJobName=name)["TrainingJobStatus"] == "Stopped"
    with pytest.raises(ServiceError):
        call(sandbox, "StopHyperParameterTuningJob", **{KEY: NAME})


def test_a_tuning_job_whose_training_jobs_all_fail_has_failed(sandbox: Sandbox) -> None:
    tune(sandbox, 1, 1)
    name = started(sandbox)[0]["TrainingJobName"]
    sandbox.sagemaker.clear()
    sandbox.timeline.decide_outcome(TRAINING_JOB, name, Outcome(failure="no data"))
    tune(sandbox, 1, 1)
    sandbox.advance(5_000)
    told = described(sandbox)
    assert told["HyperParameterTuningJobStatus"] == "Failed"
    assert told["TrainingJobStatusCounters"]["NonRetryableError"] == 1
    assert told["FailureReason"]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("DescribeHyperParameterTuningJob", "ResourceNotFound"),
        ("ListTrainingJobsForHyperParameterTuningJob", "ResourceNotFound"),
        ("StopHyperParameterTuningJob", "ResourceNotFound"),
    ],
)
def test_a_job_that_is_not_there(sandbox: Sandbox, operation: str, code: str) -> None:
    with pytest.raises(ServiceError) as refused:
        call(sandbox, operation, **{KEY: NAME})
    assert refused.value.code == code


def test_a_name_is_given_once_and_one_form_of_definition(sandbox: Sandbox) -> None:
    tune(sandbox, 1, 1)
    request = tuning_request(NAME, EXECUTION_ROLE, "s3://models/tuned")
    with pytest.raises(ServiceError) as refused:
        call(sandbox, "CreateHyperParameterTuningJob", **request)
    assert refused.value.code == "ResourceInUse"
    both = {"TrainingJobDefinitions": [request["TrainingJobDefinition"]], KEY: "other"}
    with pytest.raises(ServiceError) as refused:
        call(sandbox, "CreateHyperParameterTuningJob", **{**request, **both})
    assert refused.value.code == "ValidationException"


def test_deleting_a_tuning_job_leaves_its_training_jobs_and_starts_no_more(sandbox: Sandbox) -> None:
    tune(sandbox, 3, 2)
    names = {row["TrainingJobName"] for row in started(sandbox)}
    call(sandbox, "DeleteHyperParameterTuningJob", **{KEY: NAME})
    call(sandbox, "DeleteHyperParameterTuningJob", **{KEY: NAME})
    sandbox.advance(5_000)
    rows = call(sandbox, "ListTrainingJobs")["TrainingJobSummaries"]
    assert {row["TrainingJobName"] for row in rows} == names
    with pytest.raises(ServiceError) as caught:
        described(sandbox)
    assert caught.value.code == "ResourceNotFound"
