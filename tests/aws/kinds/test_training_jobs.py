"""Training jobs, from whole answers and from the barest ones."""

from datetime import timedelta
from typing import Any

import pytest

from aws.kinds.jobs import JobInput
from aws.kinds.statuses import JobStatus
from aws.kinds.training_jobs import FinalMetric, TrainingJob, TrainingJobDetail, parse_description, parse_summary
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, NOON, REGION, arn, provenance
from tests.aws.service_model import answer, row

START, END, LATER = (NOON + timedelta(minutes=minutes) for minutes in (1, 11, 12))
ROW: dict[str, Any] = {
    "TrainingJobName": "Train-1",
    "TrainingJobArn": arn("training-job", "Train-1"),
    "TrainingJobStatus": "Completed",
    "CreationTime": NOON,
}
BARE: dict[str, Any] = {
    **ROW,
    "ModelArtifacts": {"S3ModelArtifacts": ""},
    "SecondaryStatus": "Completed",
    "StoppingCondition": {},
}


def job(detail: TrainingJobDetail | None = None, **fields: Any) -> TrainingJob:
    usual: dict[str, Any] = {
        "status": JobStatus.COMPLETED,
        "raw_status": "Completed",
        "end_time": None,
        "last_modified_time": None,
        "secondary_status": None,
    }
    return TrainingJob(
        scope="scope-1",
        name="Train-1",
        arn=arn("training-job", "train-1"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        detail=detail,
        **{**usual, **fields},
    )


def detail(**fields: Any) -> TrainingJobDetail:
    nothing: dict[str, Any] = dict.fromkeys(
        (
            "failure_reason",
            "start_time",
            "output_s3_uri",
            "instance_type",
            "instance_count",
            "training_image",
            "role_arn",
            "model_artifacts_s3_uri",
            "output_model_package_arn",
            "billable_seconds",
        )
    )
    return TrainingJobDetail(**{**nothing, "inputs": (), "hyper_parameter_values": (), "final_metrics": (), **fields})


def detail_of(**members: Any) -> TrainingJobDetail:
    read = parse_description(answer("DescribeTrainingJob", **{**BARE, **members}), provenance()).detail
    assert read is not None
    return read


def test_a_bare_row() -> None:
    assert parse_summary(row("ListTrainingJobs", "TrainingJobSummaries", **ROW), provenance()) == job()


def test_a_whole_row() -> None:
    written = row(
        "ListTrainingJobs",
        "TrainingJobSummaries",
        **{**ROW, "TrainingJobStatus": "Deleting"},
        TrainingEndTime=END,
        LastModifiedTime=LATER,
        SecondaryStatus="MaxRuntimeExceeded",
        WarmPoolStatus={"Status": "Available"},
    )
    assert parse_summary(written, provenance()) == job(
        status=JobStatus.DELETING,
        raw_status="Deleting",
        end_time=END,
        last_modified_time=LATER,
        secondary_status="MaxRuntimeExceeded",
    )


def test_a_word_that_is_new_stands_beside_unknown() -> None:
    written = row("ListTrainingJobs", "TrainingJobSummaries", **{**ROW, "TrainingJobStatus": "Dreaming"})
    assert parse_summary(written, provenance()) == job(status=JobStatus.UNKNOWN, raw_status="Dreaming")


def test_a_whole_answer() -> None:
    read = parse_description(
        answer(
            "DescribeTrainingJob",
            **{**BARE, "TrainingJobStatus": "Failed", "SecondaryStatus": "Failed"},
            FailureReason="AlgorithmError: out of memory",
            TrainingStartTime=START,
            TrainingEndTime=END,
            LastModifiedTime=LATER,
            RoleArn=EXECUTION_ROLE,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            HyperParameters={"eta": "0.1", "depth": "6"},
            InputDataConfig=[
                {
                    "ChannelName": "train",
                    "ContentType": "text/csv",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/train/"}},
                },
                {
                    "ChannelName": "lake",
                    "DataSource": {
                        "FileSystemDataSource": {
                            "FileSystemId": "fs-12345678901",
                            "FileSystemAccessMode": "ro",
                            "FileSystemType": "EFS",
                            "DirectoryPath": "/data",
                        }
                    },
                },
            ],
            OutputDataConfig={"S3OutputPath": "s3://models/"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 50},
            BillableTimeInSeconds=200,
            TrainingTimeInSeconds=600,
            OutputModelPackageArn=arn("model-package", "scorer/3"),
            FinalMetricDataList=[
                {"MetricName": "auc", "Value": 0.75, "Timestamp": END},
                {"MetricName": "loss"},
                {"Value": 1.0},
            ],
        ),
        provenance(),
    )
    assert read == job(
        detail(
            failure_reason="AlgorithmError: out of memory",
            start_time=START,
            inputs=(JobInput("train", "s3://data/train/", "text/csv"), JobInput("lake", None, None)),
            output_s3_uri="s3://models/",
            instance_type="ml.m5.large",
            instance_count=2,
            training_image=IMAGE,
            role_arn=EXECUTION_ROLE,
            output_model_package_arn=arn("model-package", "scorer/3"),
            billable_seconds=200,
            hyper_parameter_values=(("depth", "6"), ("eta", "0.1")),
            final_metrics=(FinalMetric("auc", 0.75, END), FinalMetric("loss", None, None)),
        ),
        status=JobStatus.FAILED,
        raw_status="Failed",
        end_time=END,
        last_modified_time=LATER,
        secondary_status="Failed",
    )


def test_the_barest_answer() -> None:
    read = parse_description(answer("DescribeTrainingJob", **BARE), provenance())
    assert read == job(detail(), secondary_status="Completed")


def test_the_artifact() -> None:
    artifact = "s3://models/Train-1/output/model.tar.gz"
    assert detail_of(ModelArtifacts={"S3ModelArtifacts": artifact}).model_artifacts_s3_uri == artifact


def group(instance_type: str, count: int, name: str) -> dict[str, Any]:
    return {"InstanceType": instance_type, "InstanceCount": count, "InstanceGroupName": name}


@pytest.mark.parametrize(
    ("resources", "instances"),
    [
        ({}, (None, None)),
        ({"InstanceType": "ml.m5.large", "InstanceCount": 1}, ("ml.m5.large", 1)),
        (
            {"InstanceGroups": [group("ml.g5.xlarge", 2, "a"), group("ml.g5.xlarge", 3, "b")]},
            ("ml.g5.xlarge", 5),
        ),
        ({"InstanceGroups": [group("ml.g5.xlarge", 2, "a"), group("ml.c5.xlarge", 1, "b")]}, (None, 3)),
        ({"SelectedInstanceType": "ml.p4d.24xlarge", "SelectedInstanceCount": 4}, ("ml.p4d.24xlarge", 4)),
        ({"InstanceGroups": [], "InstanceType": "ml.m5.large", "InstanceCount": 1}, ("ml.m5.large", 1)),
    ],
)
def test_instances(resources: dict[str, Any], instances: tuple[str | None, int | None]) -> None:
    read = detail_of(ResourceConfig=resources)
    assert (read.instance_type, read.instance_count) == instances
