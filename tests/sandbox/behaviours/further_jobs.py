"""Processing jobs and tuning jobs."""

from typing import Any

from tests.sandbox.behaviours.behaviour import IMAGE, Behaviour, Cost, Stage, error

NOBODY = "sagegraph-never-was"
RUNS = Cost.RUNS


def _processing(stage: Stage, word: str) -> str:
    name = stage.named(word)
    stage.client.create_processing_job(
        ProcessingJobName=name,
        RoleArn=stage.role_arn,
        AppSpecification={"ImageUri": IMAGE},
        ProcessingResources={"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}},
    )
    return name


def _processing_status(stage: Stage, name: str) -> str:
    return str(stage.client.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"])


def _tuning(stage: Stage, word: str, jobs: int, parallel: int) -> str:
    """Start a tuning job, whose name has 32 characters at most."""
    name = stage.named(word)[-32:]
    definition = stage.training("unused", StaticHyperParameters={"num_round": "3"})
    del definition["TrainingJobName"]
    stage.client.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": parallel},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1"}]},
        },
        TrainingJobDefinition=definition,
    )
    return name


def _tuned(stage: Stage, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = stage.client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    return answer


def _training_jobs(stage: Stage, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = stage.client.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, SortBy="CreationTime", SortOrder="Ascending"
    )["TrainingJobSummaries"]
    return rows


def no_processing_job(stage: Stage) -> None:
    for operation in (stage.client.describe_processing_job, stage.client.stop_processing_job):
        assert error(operation, ProcessingJobName=NOBODY)[0] in ("ResourceNotFound", "ValidationException")


def no_tuning_job(stage: Stage) -> None:
    for operation in (
        stage.client.describe_hyper_parameter_tuning_job,
        stage.client.stop_hyper_parameter_tuning_job,
        stage.client.list_training_jobs_for_hyper_parameter_tuning_job,
    ):
        assert error(operation, HyperParameterTuningJobName=NOBODY)[0] == "ResourceNotFound"


def processing_runs(stage: Stage) -> None:
    name = _processing(stage, "processes")
    assert _processing_status(stage, name) == "InProgress"
    assert error(lambda: _processing(stage, "processes"))[0] == "ResourceInUse"
    ended = stage.until(lambda: _processing_status(stage, name), not_in=("InProgress",))
    assert ended in ("Completed", "Failed")
    text = stage.client.describe_processing_job(ProcessingJobName=name)
    assert text["CreationTime"] < text["ProcessingStartTime"] < text["ProcessingEndTime"]


def processing_stops_and_goes(stage: Stage) -> None:
    name = _processing(stage, "halts")
    assert error(stage.client.delete_processing_job, ProcessingJobName=name)[0] == "ResourceInUse"
    stage.client.stop_processing_job(ProcessingJobName=name)
    assert stage.until(lambda: _processing_status(stage, name), not_in=("Stopping",)) == "Stopped"
    stage.client.delete_processing_job(ProcessingJobName=name)
    assert error(stage.client.describe_processing_job, ProcessingJobName=name)[0] in (
        "ResourceNotFound",
        "ValidationException",
    )
    assert _processing(stage, "halts") == name


def tuning_trains(stage: Stage) -> None:
    name = _tuning(stage, "tunes", jobs=3, parallel=2)
    assert len(_training_jobs(stage, name)) <= 2
    stage.until(lambda: str(_tuned(stage, name)["HyperParameterTuningJobStatus"]), not_in=("InProgress",), seconds=7200)
    rows = _training_jobs(stage, name)
    assert len(rows) == 3
    for row in rows:
        assert row["TrainingJobName"].startswith(f"{name}-")
        job = stage.client.describe_training_job(TrainingJobName=row["TrainingJobName"])
        assert job["TuningJobArn"] == _tuned(stage, name)["HyperParameterTuningJobArn"]
    assert sum(_tuned(stage, name)["TrainingJobStatusCounters"].values()) == 3


def tuning_stops_and_goes(stage: Stage) -> None:
    name = _tuning(stage, "ceases", jobs=4, parallel=2)
    jobs = [row["TrainingJobName"] for row in _training_jobs(stage, name)]
    stage.client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    status = stage.until(lambda: str(_tuned(stage, name)["HyperParameterTuningJobStatus"]), not_in=("Stopping",))
    assert status == "Stopped"
    stage.client.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    for job in jobs:
        told = stage.client.describe_training_job(TrainingJobName=job)
        assert told["TrainingJobStatus"] in ("Stopping", "Stopped")


TABLE = (
    Behaviour(
        "A processing job that is not there is told by its name",
        "botocore: waiter ProcessingJobCompletedOrStopped expects ValidationException; documented as ResourceNotFound",
        no_processing_job,
    ),
    Behaviour(
        "A tuning job that is not there is a ResourceNotFound",
        "botocore: DescribeHyperParameterTuningJob, StopHyperParameterTuningJob",
        no_tuning_job,
    ),
    Behaviour(
        "A processing job is InProgress until it ends, and its name is taken",
        "botocore: CreateProcessingJob models ResourceInUse; waiter ProcessingJobCompletedOrStopped",
        processing_runs,
        RUNS,
    ),
    Behaviour(
        "A processing job that has ended can be deleted, and its name used again",
        "botocore: DeleteProcessingJob, 'You cannot delete a job that is in the InProgress or Stopping state'",
        processing_stops_and_goes,
        RUNS,
    ),
    Behaviour(
        "A tuning job starts training jobs that begin with its name and tell its ARN, so many at once",
        "botocore: DescribeTrainingJob.TuningJobArn, ResourceLimits.MaxParallelTrainingJobs",
        tuning_trains,
        RUNS,
    ),
    Behaviour(
        "Stopping a tuning job stops its training jobs; deleting it leaves them",
        "botocore: StopHyperParameterTuningJob, DeleteHyperParameterTuningJob",
        tuning_stops_and_goes,
        RUNS,
    ),
)
