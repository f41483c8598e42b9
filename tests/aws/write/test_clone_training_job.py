"""aws.write.clone_training_job: a job like another takes what can be asked for again, and shows none of its secrets."""

import logging
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError
from aws.inventory.inventory import Inventory
from aws.write.clone_training_job import copy_parameters, rename, without_metrics
from aws.write.errors import InvalidInputError, MissingTargetError, WriteConflictError
from aws.write.inputs import KeyValuePair, NewChannel, NewNetwork, NewTrainingJob
from aws.write.training_jobs import build_request
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, REGION, make
from tests.aws.service_model import service_model
from tests.aws.write.create_cases import ADA

SHAPE = service_model().operation_model("CreateTrainingJob").input_shape
SECRET = "correct horse battery"
SOURCE = {"S3DataType": "S3Prefix", "S3Uri": "s3://batches/input/"}
OLD: dict[str, Any] = {
    "TrainingJobName": "old",
    "RoleArn": EXECUTION_ROLE,
    "AlgorithmSpecification": {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "Pipe",
        "MetricDefinitions": [{"Name": "auc", "Regex": "auc=(.*)"}],
    },
    "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": SOURCE}, "CompressionType": "Gzip"}],
    "OutputDataConfig": {"S3OutputPath": "s3://batches/trained", "KmsKeyId": "alias/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 10},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200},
    "EnableManagedSpotTraining": True,
    "HyperParameters": {"eta": "0.1", "depth": "3", "sagemaker_job_name": '"old"', "_tuning_objective_metric": "auc"},
    "Environment": {"TOKEN": SECRET, "MODE": "fast"},
    "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    "CheckpointConfig": {"S3Uri": "s3://batches/checkpoints/", "LocalPath": "/opt/ml/checkpoints"},
    "RetryStrategy": {"MaximumRetryAttempts": 2},
    "Tags": [{"Key": "team", "Value": "fraud"}],
}


@pytest.fixture
def old(place: Sandbox) -> Sandbox:
    make(place, "CreateTrainingJob", **OLD)
    place.calls.clear()
    return place


def described(sandbox: Sandbox, name: str) -> dict[str, Any]:
    return sandbox.call("DescribeTrainingJob", ACCOUNT, REGION, TrainingJobName=name)


async def test_everything_that_can_be_asked_for_again_is_taken(old: Sandbox, writer: Writer) -> None:
    made = await writer.create_training_job(NewTrainingJob(name="new", like_training_job="old"), ADA)
    assert made.created is True
    new = described(old, "new")
    same = set(OLD) - {"TrainingJobName", "HyperParameters", "CheckpointConfig", "Tags"}
    assert {name: new[name] for name in same} == {name: OLD[name] for name in same}
    assert new["HyperParameters"] == {"eta": "0.1", "depth": "3", "sagemaker_job_name": '"new"'}
    assert new["CheckpointConfig"] == {
        "S3Uri": "s3://batches/checkpoints/new",
        "LocalPath": "/opt/ml/checkpoints",
    }
    assert old.calls.by_operation() == {"DescribeTrainingJob": 2, "CreateTrainingJob": 1}


async def test_its_tags_are_its_own(old: Sandbox, writer: Writer) -> None:
    made = await writer.create_training_job(NewTrainingJob(like_training_job="old"), ADA)
    tags = {item["Key"] for item in old.call("ListTags", ACCOUNT, REGION, ResourceArn=made.resource.arn)["Tags"]}
    assert tags == {"sagegraph:content", "sagegraph:created-by", "sagegraph:group"}
    assert made.resource.name.startswith("old-")


async def test_what_is_given_overrides(old: Sandbox, writer: Writer) -> None:
    """Maps variable by variable, lists as a whole."""
    wanted = NewTrainingJob(
        name="new",
        like_training_job="old",
        training_image="other:1",
        input_mode="File",
        channels=(NewChannel("test", "s3://batches/input/"),),
        hyper_parameters=(KeyValuePair("eta", "0.2"), KeyValuePair("extra", "1")),
        environment=(KeyValuePair("MODE", "slow"),),
        instance_type="ml.m5.large",
        instance_count=1,
        max_runtime_seconds=60,
        use_spot=False,
        network=NewNetwork(subnets=(), security_group_ids=()),
    )
    await writer.create_training_job(wanted, ADA)
    new = described(old, "new")
    assert new["AlgorithmSpecification"]["TrainingImage"] == "other:1"
    assert new["AlgorithmSpecification"]["TrainingInputMode"] == "File"
    assert [channel["ChannelName"] for channel in new["InputDataConfig"]] == ["test"]
    assert new["HyperParameters"] == {"eta": "0.2", "depth": "3", "sagemaker_job_name": '"new"', "extra": "1"}
    assert new["Environment"] == {"TOKEN": SECRET, "MODE": "slow"}
    assert new["ResourceConfig"] == {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
    assert new["StoppingCondition"] == {"MaxRuntimeInSeconds": 60}
    assert new["EnableManagedSpotTraining"] is False
    assert "VpcConfig" not in new


async def test_the_same_again_is_the_same_job(old: Sandbox, writer: Writer) -> None:
    wanted = NewTrainingJob(idempotency_key="k", like_training_job="old", environment=(KeyValuePair("MODE", "slow"),))
    first, again = [await writer.create_training_job(wanted, ADA) for _ in range(2)]
    assert (first.created, again.created, again.resource.name) == (True, False, first.resource.name)
    other = NewTrainingJob(idempotency_key="k", like_training_job="old")
    with pytest.raises(WriteConflictError):
        await writer.create_training_job(other, ADA)


async def test_a_secret_is_passed_on_and_never_shown(
    old: Sandbox, writer: Writer, inventory: Inventory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sagegraph")
    made = await writer.create_training_job(NewTrainingJob(name="new", like_training_job="old"), ADA)
    assert described(old, "new")["Environment"]["TOKEN"] == SECRET
    old.faults.fail("CreateTrainingJob", status=400, code="ValidationException", message=f"Bad: {SECRET} and 0.1.")
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_training_job(NewTrainingJob(like_training_job="old"), ADA)
    assert str(caught.value) == "Bad: … and 0.1."
    assert SECRET not in repr(made) + caplog.text + repr(caught.value)


async def test_one_that_no_job_can_be_called(old: Sandbox, writer: Writer) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_training_job(NewTrainingJob(like_training_job="no name"), ADA)
    assert [fault.field for fault in caught.value.faults] == [("likeTrainingJob",)]
    assert old.calls.count() == 0


async def test_one_that_is_not_there(old: Sandbox, writer: Writer) -> None:
    with pytest.raises(MissingTargetError) as caught:
        await writer.create_training_job(NewTrainingJob(like_training_job="nobody"), ADA)
    assert str(caught.value) == "There is no training job `nobody`."
    assert caught.value.faults[0].field == ("likeTrainingJob",)
    assert old.calls.by_operation() == {"DescribeTrainingJob": 1}


async def test_one_that_the_role_may_not_read(old: Sandbox, writer: Writer) -> None:
    old.faults.refuse("DescribeTrainingJob")
    with pytest.raises(AccessDeniedError):
        await writer.create_training_job(NewTrainingJob(like_training_job="old"), ADA)
    assert old.calls.count("CreateTrainingJob") == 0


async def test_an_override_that_does_not_go_with_the_rest_is_told(old: Sandbox, writer: Writer) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_training_job(NewTrainingJob(like_training_job="old", max_runtime_seconds=7201), ADA)
    assert [fault.field for fault in caught.value.faults] == [("maxWaitSeconds",)]
    assert old.calls.count("CreateTrainingJob") == 0


async def test_metrics_of_sagemakers_own_algorithms_are_left_to_it(old: Sandbox, writer: Writer) -> None:
    words = (
        "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request without "
        "specifying metric definitions."
    )
    old.faults.fail("CreateTrainingJob", status=400, code="ValidationException", message=words, times=1)
    made = await writer.create_training_job(NewTrainingJob(name="new", like_training_job="old"), ADA)
    assert made.created is True
    assert "MetricDefinitions" not in described(old, "new")["AlgorithmSpecification"]
    assert old.calls.count("CreateTrainingJob") == 2
    old.faults.fail("CreateTrainingJob", status=400, code="ValidationException", message=words)
    with pytest.raises(InvalidInputError):
        await writer.create_training_job(NewTrainingJob(name="newer", like_training_job="old"), ADA)
    assert old.calls.count("CreateTrainingJob") == 4


def test_what_sagemaker_has_chosen_is_not_asked_for() -> None:
    preferences = [{"InstanceType": "ml.m5.large", "InstanceCount": 1}]
    resources = {"InstancePreferences": preferences, "SelectedInstanceType": "ml.m5.large", "SelectedInstanceCount": 1}
    result = copy_parameters({**OLD, "ResourceConfig": resources}, SHAPE, NewTrainingJob())
    assert result["ResourceConfig"] == {"InstancePreferences": preferences}
    other = copy_parameters({**OLD, "ResourceConfig": resources}, SHAPE, NewTrainingJob(instance_type="ml.c5.large"))
    assert other["ResourceConfig"] == {}


def test_another_instance_type_takes_groups_with_it() -> None:
    groups = [{"InstanceType": "ml.m5.large", "InstanceCount": 1, "InstanceGroupName": "g"}]
    source = {"S3DataSource": {**SOURCE, "InstanceGroupNames": ["g"]}}
    description = {
        **OLD,
        "ResourceConfig": {"InstanceGroups": groups, "VolumeSizeInGB": 5},
        "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
    }
    wanted = NewTrainingJob(instance_type="ml.c5.large", instance_count=1)
    request = build_request(wanted, copy_parameters(description, SHAPE, wanted))
    assert request.parameters["ResourceConfig"] == {
        "VolumeSizeInGB": 5,
        "InstanceType": "ml.c5.large",
        "InstanceCount": 1,
    }
    assert request.parameters["InputDataConfig"][0]["DataSource"]["S3DataSource"] == SOURCE


def test_image_and_algorithm_take_each_others_place() -> None:
    wanted = NewTrainingJob(algorithm_name="mine")
    request = build_request(wanted, copy_parameters(OLD, SHAPE, wanted))
    assert request.parameters["AlgorithmSpecification"].keys() == {
        "AlgorithmName",
        "TrainingInputMode",
        "MetricDefinitions",
    }
    assert request.faults == []
    by_name = {**OLD, "AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"}}
    wanted = NewTrainingJob(training_image=IMAGE)
    request = build_request(wanted, copy_parameters(by_name, SHAPE, wanted))
    assert request.parameters["AlgorithmSpecification"] == {"TrainingImage": IMAGE, "TrainingInputMode": "File"}


@pytest.mark.parametrize(("old_name", "new_name"), [("old", "new"), ('"old"', '"new"'), ("other", "other")])
def test_the_toolkits_own_note_of_the_name(old_name: str, new_name: str) -> None:
    parameters = {"HyperParameters": {"sagemaker_job_name": old_name}}
    rename(parameters, "old", "new")
    assert parameters == {"HyperParameters": {"sagemaker_job_name": new_name}}


def test_metrics_are_taken_out_once() -> None:
    parameters = {"AlgorithmSpecification": {"MetricDefinitions": [], "TrainingImage": IMAGE}}
    assert without_metrics(parameters) is True
    assert without_metrics(parameters) is False
    assert without_metrics({}) is False
