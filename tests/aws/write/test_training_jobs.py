"""aws.write.training_jobs: each field of the input has its member, and what must be given together is."""

from dataclasses import fields, replace
from typing import Any

import pytest

from aws.write.errors import InvalidInputError
from aws.write.inputs import CreateInput, KeyValuePair, NewChannel, NewNetwork, NewTrainingJob
from aws.write.instance_limits import RequestedInstances
from aws.write.request import WriteRequest, contract_name
from aws.write.training_jobs import build_request, instances, normalized
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, REGION
from tests.aws.write.create_cases import ADA, TRAINING

WHOLE = NewTrainingJob(
    name="whole",
    training_image=IMAGE,
    input_mode="FastFile",
    role_arn=EXECUTION_ROLE,
    channels=(
        NewChannel("train", "s3://batches/input/", "text/csv", "Pipe", "S3Prefix", "ShardedByS3Key"),
        NewChannel("test", "s3://batches/input/"),
    ),
    output_s3_uri="s3://batches/trained/",
    hyper_parameters=(KeyValuePair("eta", "0.1"),),
    instance_type="ml.m5.large",
    instance_count=2,
    volume_size_in_gb=50,
    max_runtime_seconds=3600,
    use_spot=True,
    max_wait_seconds=7200,
    network=NewNetwork(isolated=True, subnets=("subnet-1", "subnet-2"), security_group_ids=("sg-1",)),
    output_kms_key_id="alias/out",
    volume_kms_key_id="alias/volume",
    environment=(KeyValuePair("A", "1"),),
)


async def test_every_field_has_its_member(writer: Writer, place: Sandbox) -> None:
    await writer.create_training_job(WHOLE, ADA)
    result = place.call("DescribeTrainingJob", ACCOUNT, REGION, TrainingJobName="whole")
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://batches/input/"}
    expected = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "FastFile"},
        "RoleArn": EXECUTION_ROLE,
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {**source, "S3DataDistributionType": "ShardedByS3Key"}},
                "ContentType": "text/csv",
                "InputMode": "Pipe",
            },
            {"ChannelName": "test", "DataSource": {"S3DataSource": source}},
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://batches/trained/", "KmsKeyId": "alias/out"},
        "HyperParameters": {"eta": "0.1"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 2,
            "VolumeSizeInGB": 50,
            "VolumeKmsKeyId": "alias/volume",
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200},
        "EnableManagedSpotTraining": True,
        "EnableNetworkIsolation": True,
        "VpcConfig": {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
        "Environment": {"A": "1"},
    }
    assert {name: result[name] for name in expected} == expected


def test_no_field_is_forgotten() -> None:
    rest = {"idempotency_key", "like_training_job", "algorithm_name"}
    assert all(getattr(WHOLE, field.name) is not None for field in fields(WHOLE) if field.name not in rest)


def test_defaults_where_nothing_is_said() -> None:
    assert build_request(TRAINING).parameters == {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "RoleArn": EXECUTION_ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://batches/trained/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},
    }


def faults(**changes: Any) -> list[tuple[str, ...]]:
    return [fault.field for fault in build_request(replace(TRAINING, **changes)).faults]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"algorithm_name": "mine"}, ("trainingImage",)),
        ({"training_image": None}, ("trainingImage",)),
        ({"instance_type": None}, ("instanceType",)),
        ({"use_spot": True}, ("maxWaitSeconds",)),
        ({"use_spot": True, "max_wait_seconds": 60}, ("maxWaitSeconds",)),
        ({"max_wait_seconds": 100_000}, ("maxWaitSeconds",)),
        ({"network": NewNetwork(subnets=("subnet-1",))}, ("network",)),
        ({"channels": (NewChannel("a", "s3://b/c"), NewChannel("a", "s3://b/d"))}, ("channels", "1", "name")),
        ({"hyper_parameters": (KeyValuePair("a", "1"), KeyValuePair("a", "2"))}, ("hyperParameters", "1", "key")),
    ],
)
def test_what_must_go_together(changes: dict[str, Any], field: tuple[str, ...]) -> None:
    assert faults(**changes) == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"training_image": None, "algorithm_name": "mine"},
        {"use_spot": True, "max_wait_seconds": 86_400},
        {"use_spot": False},
        {"network": NewNetwork(isolated=True)},
        {"network": NewNetwork(subnets=(), security_group_ids=())},
    ],
)
def test_what_goes_together(changes: dict[str, Any]) -> None:
    assert faults(**changes) == []


def test_defaults_spelled_out_are_left_out_but_beside_a_job_to_copy() -> None:
    network = NewNetwork(isolated=False)
    spelled = replace(TRAINING, instance_count=1, use_spot=False, environment=(), channels=(), network=network)
    assert normalized(spelled) == TRAINING == normalized(TRAINING)
    channel = NewChannel("train", "s3://batches/input/", s3_data_type="S3Prefix")
    assert normalized(replace(WHOLE, channels=(channel,))).channels == (NewChannel("train", "s3://batches/input/"),)
    assert normalized(replace(WHOLE, channels=None)) == replace(WHOLE, channels=None)
    copied = replace(spelled, like_training_job="old")
    assert normalized(copied) is copied


def counted(**resources: Any) -> list[tuple[str | None, int]]:
    requested_instances: list[RequestedInstances] = list(instances(WriteRequest({"ResourceConfig": resources})))
    return [(item.instance_type, item.count) for item in requested_instances]


def test_groups_count_together_and_of_a_choice_the_one_of_most() -> None:
    parts = [{"InstanceType": "ml.m5.large", "InstanceCount": 2}, {"InstanceType": "ml.c5.large", "InstanceCount": 3}]
    assert counted(InstanceGroups=parts) == [("ml.m5.large", 2), ("ml.c5.large", 3)]
    assert counted(InstancePreferences=parts) == [("ml.m5.large", 3), ("ml.c5.large", 0)]
    types = [{"InstanceType": part["InstanceType"]} for part in parts]
    assert counted(InstancePreferences=types, InstanceCount=4) == [("ml.m5.large", 4), ("ml.c5.large", 0)]
    assert counted(InstanceType="ml.m5.large") == [("ml.m5.large", 1)]
    assert counted(InstanceCount=5) == [(None, 5)]
    assert counted() == []


BAD: dict[str, Any] = {
    "training_image": "x" * 256,
    "algorithm_name": "?",
    "input_mode": "Slow",
    "role_arn": "role",
    "output_s3_uri": "there",
    "instance_type": "large",
    "instance_count": -1,
    "volume_size_in_gb": -1,
    "max_runtime_seconds": 0,
    "max_wait_seconds": 0,
    "output_kms_key_id": "?",
    "volume_kms_key_id": "?",
}


async def test_every_fault_is_told_by_its_fields_path(writer: Writer, place: Sandbox) -> None:
    rest: dict[str, Any] = {
        "channels": (NewChannel("?", "there", "x" * 257, "Slow", "Nothing", "Both"),),
        "network": NewNetwork(subnets=("?",), security_group_ids=("sg-1", "?")),
        "hyper_parameters": (KeyValuePair("k" * 257, "v" * 2501),),
        "environment": (KeyValuePair("?", "v" * 513),),
    }
    own = {field.name for field in fields(NewTrainingJob)} - {item.name for item in fields(CreateInput)}
    assert own - {"like_training_job", "use_spot"} == set(BAD) | set(rest)
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_training_job(replace(WHOLE, **BAD, **rest), ADA)
    assert {fault.field for fault in caught.value.faults} == {
        *((contract_name(element),) for element in BAD),
        *(
            ("channels", "0", member)
            for member in ("name", "s3Uri", "contentType", "inputMode", "s3DataType", "distribution")
        ),
        ("network", "subnets", "0"),
        ("network", "securityGroupIds", "1"),
        ("hyperParameters", "0", "key"),
        ("hyperParameters", "0", "value"),
        ("environment", "0", "key"),
        ("environment", "0", "value"),
    }
    assert "vvvv" not in str(caught.value)
    assert place.calls.count() == 0


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028"])
async def test_a_hyper_parameter_is_on_one_line_as_sagemakers_pattern_wants(
    writer: Writer, place: Sandbox, end: str
) -> None:
    pairs = (
        KeyValuePair("eta", "0.1"),
        KeyValuePair("objective", f"binary{end}logistic"),
        KeyValuePair(f"a{end}", "1"),
    )
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_training_job(replace(WHOLE, hyper_parameters=pairs), ADA)
    assert {fault.field for fault in caught.value.faults} == {
        ("hyperParameters", "1", "value"),
        ("hyperParameters", "2", "key"),
    }
    assert "logistic" not in str(caught.value)
    assert place.calls.count() == 0


async def test_nothing_at_all_is_told_as_what_is_required(writer: Writer, place: Sandbox) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_training_job(NewTrainingJob(), ADA)
    assert {fault.field for fault in caught.value.faults} == {
        ("trainingImage",),
        ("instanceType",),
        ("roleArn",),
        ("outputS3Uri",),
    }
    assert place.calls.count() == 0
