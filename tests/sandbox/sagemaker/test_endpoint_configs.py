"""Endpoint configurations: what they tell of, and the ones that SageMaker refuses."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.sandbox.sagemaker.endpoint_requests import PLACE, ROLE, described, make_config, make_endpoint, variant_of


@pytest.mark.usefixtures("two_models")
def test_pools_shadows_and_capture_are_told_of(sandbox: Sandbox) -> None:
    pools: dict[str, Any] = {
        "InstancePools": [
            {"InstanceType": "ml.g5.xlarge", "Priority": 2},
            {"InstanceType": "ml.inf2.xlarge", "Priority": 1, "ModelNameOverride": "two"},
        ],
        "InitialInstanceCount": 3,
    }
    capture = {
        "InitialSamplingPercentage": 30,
        "DestinationS3Uri": "s3://bucket/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    make_config(
        sandbox,
        "c",
        variant_of(name="pools", **pools),
        ShadowProductionVariants=[variant_of("two", name="shadow")],
        DataCaptureConfig=capture,
    )
    make_endpoint(sandbox, "c")
    sandbox.advance(300)
    text = described(sandbox)
    assert text["ProductionVariants"][0]["InstancePools"] == [
        {"InstanceType": "ml.inf2.xlarge", "CurrentInstanceCount": 3},
        {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 0},
    ]
    assert text["ShadowProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == "repository/two:1"
    assert text["DataCaptureConfig"]["CaptureStatus"] == "Started"


@pytest.mark.usefixtures("two_models")
def test_asynchronous_inference_is_told_of(sandbox: Sandbox) -> None:
    config = {"OutputConfig": {"S3OutputPath": "s3://bucket/async"}}
    make_config(sandbox, "c", AsyncInferenceConfig=config)
    make_endpoint(sandbox, "c")
    sandbox.advance(300)
    assert described(sandbox)["AsyncInferenceConfig"] == config


SERVERLESS = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
CAPTURE = {
    "InitialSamplingPercentage": 30,
    "DestinationS3Uri": "s3://bucket/captured",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}


ASYNC = {"OutputConfig": {"S3OutputPath": "s3://bucket/async"}}


@pytest.mark.usefixtures("two_models")
@pytest.mark.parametrize(
    ("variants", "more", "message"),
    [
        ([variant_of(ServerlessConfig=SERVERLESS | {"MemorySizeInMB": 1500})], {}, "MemorySizeInMB must be one of"),
        ([variant_of(ServerlessConfig=SERVERLESS | {"ProvisionedConcurrency": 6})], {}, "ProvisionedConcurrency"),
        ([variant_of(ServerlessConfig=SERVERLESS), variant_of(name="b")], {}, "Serverless and instance-based variants"),
        ([variant_of(ServerlessConfig=SERVERLESS)], {"DataCaptureConfig": CAPTURE}, "DataCaptureConfig is not"),
        ([variant_of(ServerlessConfig=SERVERLESS)], {"AsyncInferenceConfig": ASYNC}, "AsyncInferenceConfig is not"),
        ([variant_of("files", ServerlessConfig=SERVERLESS)], {}, "has a ModelDataSource"),
        (
            [variant_of(), variant_of(name="b")],
            {"ShadowProductionVariants": [variant_of(name="shadow")]},
            "ShadowProductionVariants takes one",
        ),
        ([variant_of(InstanceType="ml.m5.large")], {}, "InitialInstanceCount must be specified"),
        (
            [variant_of(InstanceType="ml.m5.large", InitialInstanceCount=1, ManagedInstanceScaling={
                "Status": "ENABLED", "MinInstanceCount": 3, "MaxInstanceCount": 2})],
            {},
            "MinInstanceCount must not be greater than MaxInstanceCount",
        ),
        (
            [variant_of(InstanceType="ml.m5.large", InitialInstanceCount=1, ManagedInstanceScaling={
                "Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 2})],
            {},
            "ManagedInstanceScaling is only supported for inference component endpoints.",
        ),
        ([variant_of(), variant_of(name="b")], {"AsyncInferenceConfig": ASYNC}, "one production variant alone"),
        (
            [variant_of()],
            {"AsyncInferenceConfig": ASYNC, "ShadowProductionVariants": [variant_of(name="shadow")]},
            "one production variant alone",
        ),
        (
            [variant_of(ServerlessConfig=SERVERLESS), variant_of(name="b", ServerlessConfig=SERVERLESS)],
            {},
            "can have one serverless variant",
        ),
    ],
    ids=["memory", "provisioned", "mixed", "capture", "async", "data source", "shadow", "no count", "min above max",
         "no minimum", "async variants", "async shadow", "serverless variants"],
)  # fmt: skip
def test_configurations_that_sagemaker_refuses(
    sandbox: Sandbox, variants: list[dict[str, Any]], more: dict[str, Any], message: str
) -> None:
    source = {"S3DataSource": {"S3Uri": "s3://b/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}}
    container = {"Image": "repository/files:1", "ModelDataSource": source}
    sandbox.call("CreateModel", *PLACE, ModelName="files", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    with pytest.raises(ServiceError) as caught:
        make_config(sandbox, "c", *variants, **more)
    assert caught.value.code == "ValidationException"
    assert message in caught.value.message
    assert sandbox.call("ListEndpointConfigs", *PLACE)["EndpointConfigs"] == []


@pytest.mark.usefixtures("two_models")
@pytest.mark.parametrize(
    ("variants", "text"),
    [
        ([variant_of(), variant_of()], 'The variant name "AllTraffic" was non-unique within the request.'),
        ([variant_of(None)], "ModelName must be specified for a variant"),
        ([variant_of(InitialInstanceCount=1)], 'Variant "AllTraffic" must have one of InstanceType'),
        ([variant_of("three")], 'Could not find model "arn:aws:sagemaker:eu-west-1:222222222222:model/three".'),
    ],
)
def test_variants_that_make_no_sense_are_refused(sandbox: Sandbox, variants: list[dict[str, Any]], text: str) -> None:
    with pytest.raises(ServiceError) as caught:
        make_config(sandbox, "c", *variants)
    assert caught.value.message.startswith(text)
    assert sandbox.call("ListEndpointConfigs", *PLACE)["EndpointConfigs"] == []


@pytest.mark.usefixtures("two_models")
def test_a_variant_of_inference_components_needs_no_model(sandbox: Sandbox) -> None:
    make_config(sandbox, "c", variant_of(None), ExecutionRoleArn=ROLE)
    text = sandbox.call("DescribeEndpointConfig", *PLACE, EndpointConfigName="c")
    assert "ModelName" not in text["ProductionVariants"][0]


@pytest.mark.usefixtures("two_models")
def test_a_new_configuration_is_not_found_for_a_moment(sandbox: Sandbox) -> None:
    sandbox.timeline.durations = replace(sandbox.timeline.durations, config_unseen=2.0)
    sandbox.clock.freeze()
    make_config(sandbox, "c")
    assert sandbox.call("DescribeEndpointConfig", *PLACE, EndpointConfigName="c")["EndpointConfigName"] == "c"
    with pytest.raises(ServiceError, match="Could not find endpoint configuration"):
        make_endpoint(sandbox, "c")
    assert sandbox.call("ListEndpoints", *PLACE)["Endpoints"] == []
    sandbox.advance(2.0)
    make_endpoint(sandbox, "c")
    assert described(sandbox)["EndpointStatus"] == "Creating"
