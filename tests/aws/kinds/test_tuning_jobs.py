"""Tuning jobs as parsed, and what a training job tells of its own."""

from typing import Any

import pytest

from aws.kinds import training_jobs
from aws.kinds.jobs import JobInput
from aws.kinds.statuses import JobStatus, JobType
from aws.kinds.tuning_jobs import DESCRIPTOR, TuningJobDetail, parse_description, parse_summary
from tests.aws.sandbox_account import NOON, arn, provenance

ARN = arn("hyper-parameter-tuning-job", "Tune")
ROW = {
    "HyperParameterTuningJobName": "Tune",
    "HyperParameterTuningJobArn": ARN,
    "HyperParameterTuningJobStatus": "InProgress",
    "Strategy": "Bayesian",
    "CreationTime": NOON,
    "LastModifiedTime": NOON,
}
CHANNEL = {"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": {"S3Uri": "s3://b/in"}}}
DEFINITION = {
    "InputDataConfig": [CHANNEL],
    "OutputDataConfig": {"S3OutputPath": "s3://b/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
    "TuningObjective": {"Type": "Maximize", "MetricName": "auc"},
}


def detail(**more: Any) -> TuningJobDetail:
    answer = {**ROW, "HyperParameterTuningJobConfig": {"Strategy": "Random"}, **more}
    described = parse_description({key: value for key, value in answer.items() if key != "Strategy"}, provenance())
    assert described.strategy == "Random"
    assert described.detail is not None
    return described.detail


def test_a_row() -> None:
    row = parse_summary(ROW, provenance())
    assert (row.name, row.type, row.status, row.strategy) == ("Tune", JobType.TUNING, JobStatus.IN_PROGRESS, "Bayesian")
    assert (row.end_time, row.last_modified_time, row.detail) == (None, NOON, None)
    assert not DESCRIPTOR.is_settled(row)
    assert DESCRIPTOR.links(row) == ()


def test_a_description_of_one_definition() -> None:
    told = detail(TrainingJobDefinition=DEFINITION, BestTrainingJob={"TrainingJobName": "Tune-001"}, FailureReason="no")
    assert told.inputs == (JobInput("train", "s3://b/in", "text/csv"),)
    assert (told.output_s3_uri, told.instance_type, told.instance_count) == ("s3://b/out", "ml.m5.large", 2)
    assert (told.objective_metric, told.best_training_job_name, told.failure_reason) == ("auc", "Tune-001", "no")
    assert (told.start_time, told.experiment) == (None, None)


def test_of_definitions_that_differ_nothing_is_told() -> None:
    other = {"OutputDataConfig": {"S3OutputPath": "s3://b/other"}, "ResourceConfig": {"InstanceType": "ml.c5.large"}}
    told = detail(TrainingJobDefinitions=[DEFINITION, DEFINITION | other])
    assert (told.output_s3_uri, told.instance_type, told.instance_count) == (None, None, None)
    assert (told.objective_metric, len(told.inputs)) == ("auc", 1)


def test_instances_that_sagemaker_chooses() -> None:
    chosen = {"HyperParameterTuningResourceConfig": {"InstanceConfigs": [{"InstanceType": "ml.m5.large"}]}}
    definition = {key: value for key, value in DEFINITION.items() if key != "ResourceConfig"} | chosen
    told = detail(TrainingJobDefinition=definition)
    assert (told.instance_type, told.instance_count) == (None, None)


def test_a_job_without_definitions() -> None:
    told = detail()
    assert (told.inputs, told.output_s3_uri, told.objective_metric, told.best_training_job_name) == ((),) + (None,) * 3


def test_the_objective_of_the_whole_job_comes_first() -> None:
    config = {"Strategy": "Random", "HyperParameterTuningJobObjective": {"MetricName": "rmse", "Type": "Minimize"}}
    assert detail(HyperParameterTuningJobConfig=config, TrainingJobDefinition=DEFINITION).objective_metric == "rmse"


def test_a_word_that_jobs_do_not_have_is_unknown() -> None:
    failed = parse_summary({**ROW, "HyperParameterTuningJobStatus": "DeleteFailed"}, provenance())
    assert (failed.status, failed.raw_status) == (JobStatus.UNKNOWN, "DeleteFailed")


def test_its_logs_are_those_of_its_training_jobs() -> None:
    group = "$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3DTune-"
    job = parse_summary(ROW, provenance())
    assert str(job.logs_url).endswith(group)
    assert str(job.console_url).endswith("#/hyper-tuning-jobs/Tune")


@pytest.mark.parametrize(
    ("name", "tuning_arn", "tuner"),
    [
        ("Tune-001-ab", ARN, "Tune"),
        ("renamed-001", ARN, "tune"),
        ("Tune-001-ab", None, None),
        ("Tune-001-ab", "", None),
    ],
)
def test_a_training_job_names_its_tuning_job_as_it_is_spelled(
    name: str, tuning_arn: str | None, tuner: str | None
) -> None:
    answer = {
        "TrainingJobName": name,
        "TrainingJobArn": arn("training-job", name),
        "TrainingJobStatus": "Completed",
        "TuningJobArn": tuning_arn,
    }
    job = training_jobs.parse_description(answer, provenance())
    assert job.detail is not None
    assert job.detail.tuning_job_name == tuner
