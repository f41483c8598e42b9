"""Training jobs: stages, endings, what is refused."""

import itertools
import math
from typing import Any

import pytest

from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")


def _ask(**more: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": "job",
        "RoleArn": "arn:aws:iam::222222222222:role/execution",
        "AlgorithmSpecification": {"TrainingImage": "r/i:1", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    } | more


def _told(sandbox: Sandbox) -> dict[str, Any]:
    return sandbox.call("DescribeTrainingJob", *PLACE, TrainingJobName="job")


@pytest.mark.parametrize(("value", "shown"), [({}, ""), ({"KmsKeyId": "alias/mine"}, "alias/mine")])
def test_an_output_key_is_told_also_if_there_is_none(sandbox: Sandbox, value: dict[str, str], shown: str) -> None:
    """The SDK's `Estimator.attach` reads it unguarded."""
    sandbox.call("CreateTrainingJob", *PLACE, **_ask(OutputDataConfig={"S3OutputPath": "s3://bucket/out/", **value}))
    assert _told(sandbox)["OutputDataConfig"] == {"S3OutputPath": "s3://bucket/out/", "KmsKeyId": shown}


def test_metrics_that_are_no_numbers_are_spelled_as_the_protocol_does(sandbox: Sandbox, sagemaker: Any) -> None:
    metrics = {"loss": math.nan, "gain": math.inf, "loss:min": -math.inf, "auc": 0.5}
    sandbox.timeline.decide_outcome(TRAINING_JOB, "job", Outcome(seconds=1, metrics=metrics))
    sandbox.call("CreateTrainingJob", *PLACE, **_ask())
    sandbox.advance(1000)
    assert [item["Value"] for item in _told(sandbox)["FinalMetricDataList"]] == ["NaN", "Infinity", "-Infinity", 0.5]
    training_job = sagemaker.describe_training_job(TrainingJobName="job")["FinalMetricDataList"]
    assert [float(element["Value"]) for element in training_job][1:] == [math.inf, -math.inf, 0.5]


def test_its_stages_follow_each_other(sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    sandbox.timeline.decide_outcome(TRAINING_JOB, "job", Outcome(seconds=100, metrics={"auc": 0.9}))
    sandbox.call("CreateTrainingJob", *PLACE, **_ask())
    stages = []
    for _ in range(30):
        stage = _told(sandbox)["SecondaryStatus"]
        if stage not in stages:
            stages.append(stage)
        sandbox.advance(10)
    assert stages == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    text = _told(sandbox)
    steps = text["SecondaryStatusTransitions"]
    assert [step["Status"] for step in steps] == stages
    assert all(before["EndTime"] == after["StartTime"] for before, after in itertools.pairwise(steps))
    assert (text["TrainingTimeInSeconds"], text["BillableTimeInSeconds"]) == (145, 145)
    assert [(m["MetricName"], m["Value"]) for m in text["FinalMetricDataList"]] == [("auc", 0.9)]
    assert text["ModelArtifacts"] == {"S3ModelArtifacts": "s3://bucket/out/job/output/model.tar.gz"}


def test_one_that_runs_too_long_is_stopped(sandbox: Sandbox) -> None:
    sandbox.timeline.decide_outcome(TRAINING_JOB, "job", Outcome(seconds=5000))
    sandbox.call("CreateTrainingJob", *PLACE, **_ask())
    sandbox.advance(4000)
    assert (_told(sandbox)["TrainingJobStatus"], _told(sandbox)["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_spot_instances_bill_less_and_raw_artifacts_are_a_folder(sandbox: Sandbox) -> None:
    ask = _ask(
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200},
        OutputDataConfig={"S3OutputPath": "s3://bucket/out", "CompressionType": "NONE"},
    )
    sandbox.call("CreateTrainingJob", *PLACE, **ask)
    sandbox.advance(3600)
    text = _told(sandbox)
    assert text["BillableTimeInSeconds"] < text["TrainingTimeInSeconds"]
    assert text["ModelArtifacts"] == {"S3ModelArtifacts": "s3://bucket/out/job/output/model/"}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"ResourceConfig": None}, "ResourceConfig is required"),
        ({"AlgorithmSpecification": {"TrainingInputMode": "File"}}, "Exactly one of TrainingImage or AlgorithmName"),
        ({"EnableManagedSpotTraining": True}, "MaxWaitTimeInSeconds must be specified"),
        (
            {
                "InputDataConfig": [
                    {
                        "ChannelName": "train",
                        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/none/"}},
                    }
                ]
            },
            'No S3 objects found under S3 URL "s3://bucket/none/" given in input data source.',
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_begun(sandbox: Sandbox, more: dict[str, Any], text: str) -> None:
    with pytest.raises(ServiceError) as caught:
        sandbox.call("CreateTrainingJob", *PLACE, **_ask(**more))
    assert (caught.value.code, caught.value.message[: len(text)]) == ("ValidationException", text)
    assert sandbox.call("ListTrainingJobs", *PLACE)["TrainingJobSummaries"] == []


def test_what_was_planned_for_a_deleted_job_does_not_befall_its_namesake(sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    sandbox.call("CreateTrainingJob", *PLACE, **_ask())
    sandbox.call("StopTrainingJob", *PLACE, TrainingJobName="job")
    sandbox.advance(61)
    sandbox.call("DeleteTrainingJob", *PLACE, TrainingJobName="job")
    sandbox.timeline.decide_outcome(TRAINING_JOB, "job", Outcome(seconds=10_000))
    sandbox.call("CreateTrainingJob", *PLACE, **_ask(StoppingCondition={"MaxRuntimeInSeconds": 86_400}))
    sandbox.advance(2_000)
    assert _told(sandbox)["SecondaryStatus"] == "Training"
