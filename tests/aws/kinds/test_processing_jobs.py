"""Processing jobs as parsed: rows, descriptions with and without optional parts, links."""

from typing import Any

import pytest

from aws.kinds.descriptor import Link, LinkType
from aws.kinds.jobs import Experiment, JobInput
from aws.kinds.processing_jobs import DESCRIPTOR, JobOutput, ProcessingJob, parse_description, parse_summary
from aws.kinds.statuses import JobStatus, JobType
from tests.aws.sandbox_account import NOON, arn, provenance

ROW = {
    "ProcessingJobName": "evaluate",
    "ProcessingJobArn": arn("processing-job", "evaluate"),
    "ProcessingJobStatus": "Completed",
    "CreationTime": NOON,
    "LastModifiedTime": NOON,
    "ProcessingEndTime": NOON,
}
WHOLE = {
    **ROW,
    "AppSpecification": {"ImageUri": "image:1"},
    "Environment": {"b": "2", "a": "1"},
    "ExitMessage": "done",
    "ExperimentConfig": {"ExperimentName": "churn", "TrialName": "abc"},
    "ProcessingInputs": [
        {"InputName": "model", "S3Input": {"S3Uri": "s3://b/m/model.tar.gz", "S3DataType": "S3Prefix"}},
        {"InputName": "table", "DatasetDefinition": {"LocalPath": "/opt"}},
    ],
    "ProcessingOutputConfig": {
        "Outputs": [
            {"OutputName": "features", "FeatureStoreOutput": {"FeatureGroupName": "g"}},
            {"OutputName": "report", "S3Output": {"S3Uri": "s3://b/reports/"}},
        ]
    },
    "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2}},
    "ProcessingStartTime": NOON,
}


def parsed(**more: Any) -> ProcessingJob:
    return parse_description({**WHOLE, **more}, provenance())


def test_a_row() -> None:
    row = parse_summary(ROW, provenance())
    assert (row.name, row.type, row.status, row.raw_status) == (
        "evaluate",
        JobType.PROCESSING,
        JobStatus.COMPLETED,
        "Completed",
    )
    assert (row.end_time, row.last_modified_time, row.detail) == (NOON, NOON, None)
    assert DESCRIPTOR.links(row) == ()


def test_a_description() -> None:
    detail = parsed().detail
    assert detail is not None
    assert detail.inputs == (JobInput("model", "s3://b/m/model.tar.gz", None), JobInput("table", None, None))
    assert detail.outputs == (JobOutput("features", None), JobOutput("report", "s3://b/reports/"))
    assert (detail.output_s3_uri, detail.image, detail.exit_message) == ("s3://b/reports/", "image:1", "done")
    assert (detail.instance_type, detail.instance_count, detail.start_time) == ("ml.m5.large", 2, NOON)
    assert detail.environment_values == (("a", "1"), ("b", "2"))
    assert detail.experiment == Experiment("churn", "abc")
    assert "environment_values" not in repr(detail)


@pytest.mark.parametrize("config", [None, {}, {"ExperimentName": "churn"}, {"TrialName": "abc"}])
def test_no_trial_is_no_experiment(config: Any) -> None:
    detail = parsed(ExperimentConfig=config).detail
    assert detail is not None
    assert detail.experiment is None


def test_a_job_of_nothing_but_what_is_required() -> None:
    bare = {key: WHOLE[key] for key in (*ROW, "AppSpecification", "ProcessingResources")}
    detail = parse_description(bare, provenance()).detail
    assert detail is not None
    assert (detail.inputs, detail.outputs, detail.output_s3_uri, detail.environment_values) == ((), (), None, ())


def test_its_links_are_what_it_reads_and_what_it_writes() -> None:
    assert DESCRIPTOR.links(parsed()) == (
        Link(LinkType.INPUT, "s3://b/m/model.tar.gz"),
        Link(LinkType.ARTIFACT, "s3://b/reports"),
        Link(LinkType.FOLDER, "s3://b/"),
        Link(LinkType.FOLDER, "s3://b/reports/"),
    )


def test_where_its_logs_and_its_page_are() -> None:
    job = parse_summary(ROW, provenance())
    assert job.console_url == "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/processing-jobs/evaluate"
    assert str(job.logs_url).endswith("$252Faws$252Fsagemaker$252FProcessingJobs$3FlogStreamNameFilter$3Devaluate$252F")


@pytest.mark.parametrize(
    ("word", "settled"), [("InProgress", False), ("Stopping", False), ("Stopped", True), ("Failed", True), ("?", False)]
)
def test_what_has_ended_is_settled(word: str, settled: bool) -> None:
    assert DESCRIPTOR.is_settled(parsed(ProcessingJobStatus=word)) is settled
