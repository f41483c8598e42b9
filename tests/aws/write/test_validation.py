"""aws.write.validation: every rule that a request breaks, by its path, without any value."""

from typing import Any

import pytest

from aws.write.validation import Violation, strip_unknown_members, violations
from tests.aws.service_model import input_members, service_model


def found(operation: str, **request: Any) -> list[tuple[str, str]]:
    shape = service_model().operation_model(operation).input_shape
    return [(".".join(violation.path), violation.rule) for violation in violations(shape, request)]


def member(operation: str, name: str, value: Any) -> list[tuple[str, str]]:
    return [
        (".".join(violation.path), violation.rule) for violation in violations(input_members(operation)[name], value)
    ]


def test_what_is_whole_breaks_nothing() -> None:
    assert found("CreateEndpoint", EndpointName="a", EndpointConfigName="b", Tags=[{"Key": "k", "Value": ""}]) == []


def test_everything_is_told_at_once() -> None:
    assert found("CreateEndpoint", EndpointName="-", Tags=[{"Key": "", "Value": "#"}, {"Key": "k"}]) == [
        ("EndpointName", "must have letters, digits and hyphens, and no hyphen at either end"),
        ("EndpointConfigName", "is required"),
        ("Tags.0.Key", "has 0 characters, and needs 1 at least"),
        ("Tags.0.Value", "must have letters, digits, spaces and _.:/=+-@"),
        ("Tags.1.Value", "is required"),
    ]


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ("a" * 63, []),
        ("a" * 64, [("", "has 64 characters, and may have 63 at most")]),
        ("a" * 1_000_000, [("", "has 1000000 characters, and may have 63 at most")]),
        ("", [("", "has 0 characters, and needs 1 at least")]),
        ("a_b", [("", "must have letters, digits and hyphens, and no hyphen at either end")]),
    ],
)
def test_lengths_come_before_patterns(value: str, rules: list[tuple[str, str]]) -> None:
    assert member("CreateTransformJob", "TransformJobName", value) == rules


def test_numbers() -> None:
    serverless = {"MemorySizeInMB": 6145, "MaxConcurrency": 0}
    variant = {"VariantName": "v", "InitialVariantWeight": -0.5, "ServerlessConfig": serverless}
    assert member("CreateEndpointConfig", "ProductionVariants", [variant]) == [
        ("0.InitialVariantWeight", "is less than 0"),
        ("0.ServerlessConfig.MemorySizeInMB", "is more than 6144"),
        ("0.ServerlessConfig.MaxConcurrency", "is less than 1"),
    ]


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_json_has_no_number_for(value: float) -> None:
    """A document can say 1e999, which reads as infinity, and AWS would be sent what is no JSON."""
    variant = {"VariantName": "v", "InitialVariantWeight": value}
    assert member("CreateEndpointConfig", "ProductionVariants", [variant]) == [
        ("0.InitialVariantWeight", "is no number that JSON can spell")
    ]


def test_few_values_are_told_and_many_are_not() -> None:
    assert member("CreateTransformJob", "BatchStrategy", "Both") == [("", "must be one of MultiRecord, SingleRecord")]
    variant = {"VariantName": "v", "InferenceAmiVersion": "none", "AcceleratorType": "none"}
    assert [path for path, _ in member("CreateEndpointConfig", "ProductionVariants", [variant])] == [
        "0.AcceleratorType",
        "0.InferenceAmiVersion",
    ]


@pytest.mark.parametrize(("value", "is_one"), [("ml.m99.huge", True), ("ml.m7i-flex.large", True), ("m5.large", False)])
def test_new_instance_types_are_left_to_sagemaker(value: str, is_one: bool) -> None:
    resources = {"InstanceType": value, "InstanceCount": 1}
    rules = [] if is_one else [("InstanceType", "must be an instance type, such as ml.m5.large")]
    assert member("CreateTransformJob", "TransformResources", resources) == rules


def test_a_maps_keys_and_values_are_told_apart_and_never_shown() -> None:
    rules = member("CreateTransformJob", "Environment", {"GOOD": "s" * 10_241, "1BAD": "secret"})
    assert rules == [
        ("GOOD", "has 10241 characters, and may have 10240 at most"),
        ("1BAD.key", "must match [a-zA-Z_][a-zA-Z0-9_]{0,1023}"),
    ]
    assert member("CreateTransformJob", "Environment", {f"K{n}": "" for n in range(17)}) == [
        ("", "has 17 entries, and may have 16 at most")
    ]


def test_lists_have_sizes() -> None:
    assert member("CreateEndpointConfig", "ProductionVariants", []) == [("", "has 0 items, and needs 1 at least")]


def test_a_rule_is_a_value() -> None:
    assert Violation(("a",), "is required") == Violation(("a",), "is required")


def test_what_can_be_asked_for_again() -> None:
    shape = service_model().operation_model("CreateTrainingJob").input_shape
    described = {
        "TrainingJobName": "t",
        "TrainingJobArn": "arn",
        "TrainingJobStatus": "Completed",
        "HyperParameters": {"empty": ""},
        "Environment": {},
        "InputDataConfig": [],
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": "s3://b/o"},
        "VpcConfig": {"Subnets": [], "SecurityGroupIds": []},
        "EnableManagedSpotTraining": False,
        "ResourceConfig": {"InstanceCount": 1, "VolumeSizeInGB": 0, "NewerThanBotocore": 1},
    }
    assert strip_unknown_members(shape, described) == {
        "TrainingJobName": "t",
        "HyperParameters": {"empty": ""},
        "OutputDataConfig": {"S3OutputPath": "s3://b/o"},
        "EnableManagedSpotTraining": False,
        "ResourceConfig": {"InstanceCount": 1, "VolumeSizeInGB": 0},
    }
