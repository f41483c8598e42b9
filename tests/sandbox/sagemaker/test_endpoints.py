"""Endpoints: failing, updates that fail, all that a variant may be, a configuration not yet seen."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.sagemaker.store import ENDPOINT
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
ROLE = "arn:aws:iam::222222222222:role/execution"


@pytest.fixture
def models(sandbox: Sandbox) -> list[str]:
    for name in ("one", "two"):
        container = {"Image": f"repository/{name}:1"}
        sandbox.call("CreateModel", *PLACE, ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    return ["one", "two"]


def _variant(model: str | None = "one", /, name: str = "AllTraffic", **more: Any) -> dict[str, Any]:
    ways = more or {"InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    return {"VariantName": name, **({"ModelName": model} if model else {}), **ways}


def _config(sandbox: Sandbox, name: str, *variants: dict[str, Any], **more: Any) -> None:
    ask = {"EndpointConfigName": name, "ProductionVariants": list(variants) or [_variant()], **more}
    sandbox.call("CreateEndpointConfig", *PLACE, **ask)


def _told(sandbox: Sandbox, name: str = "e") -> dict[str, Any]:
    return sandbox.call("DescribeEndpoint", *PLACE, EndpointName=name)


def _create(sandbox: Sandbox, config: str, name: str = "e") -> None:
    sandbox.call("CreateEndpoint", *PLACE, EndpointName=name, EndpointConfigName=config)


@pytest.mark.usefixtures("models")
def test_an_endpoint_that_is_to_fail_fails(sandbox: Sandbox) -> None:
    _config(sandbox, "c")
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(seconds=30, failure="No capacity"))
    _create(sandbox, "c")
    sandbox.advance(31)
    assert (_told(sandbox)["EndpointStatus"], _told(sandbox)["FailureReason"]) == ("Failed", "No capacity")
    assert "ProductionVariants" not in _told(sandbox)
    sandbox.call("DeleteEndpoint", *PLACE, EndpointName="e")
    sandbox.advance(61)
    assert sandbox.call("ListEndpoints", *PLACE)["Endpoints"] == []


@pytest.mark.usefixtures("models")
def test_an_update_that_fails_leaves_the_old_configuration_serving(sandbox: Sandbox) -> None:
    _config(sandbox, "old")
    _config(sandbox, "new", _variant("two"))
    _create(sandbox, "old")
    sandbox.advance(300)
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(failure="The new one does not answer"))
    sandbox.call("UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName="new")
    sandbox.advance(300)
    text = _told(sandbox)
    assert (text["EndpointStatus"], text["EndpointConfigName"]) == ("InService", "old")
    assert text["FailureReason"] == "The new one does not answer"
    assert "PendingDeploymentSummary" not in text


@pytest.mark.usefixtures("models")
def test_a_serverless_variant_is_told_of(sandbox: Sandbox) -> None:
    serverless: dict[str, Any] = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    _config(sandbox, "c", _variant(name="serverless", **serverless))
    _create(sandbox, "c")
    sandbox.advance(300)
    (variant,) = _told(sandbox)["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == serverless["ServerlessConfig"]


@pytest.mark.usefixtures("models")
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
    _config(
        sandbox,
        "c",
        _variant(name="pools", **pools),
        ShadowProductionVariants=[_variant("two", name="shadow")],
        DataCaptureConfig=capture,
    )
    _create(sandbox, "c")
    sandbox.advance(300)
    text = _told(sandbox)
    assert text["ProductionVariants"][0]["InstancePools"] == [
        {"InstanceType": "ml.inf2.xlarge", "CurrentInstanceCount": 3},
        {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 0},
    ]
    assert text["ShadowProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == "repository/two:1"
    assert text["DataCaptureConfig"]["CaptureStatus"] == "Started"


@pytest.mark.usefixtures("models")
def test_asynchronous_inference_is_told_of(sandbox: Sandbox) -> None:
    config = {"OutputConfig": {"S3OutputPath": "s3://bucket/async"}}
    _config(sandbox, "c", AsyncInferenceConfig=config)
    _create(sandbox, "c")
    sandbox.advance(300)
    assert _told(sandbox)["AsyncInferenceConfig"] == config


SERVERLESS = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
CAPTURE = {
    "InitialSamplingPercentage": 30,
    "DestinationS3Uri": "s3://bucket/captured",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}
ASYNC = {"OutputConfig": {"S3OutputPath": "s3://bucket/async"}}


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("variants", "more", "message"),
    [
        ([_variant(ServerlessConfig=SERVERLESS | {"MemorySizeInMB": 1500})], {}, "MemorySizeInMB must be one of"),
        ([_variant(ServerlessConfig=SERVERLESS | {"ProvisionedConcurrency": 6})], {}, "ProvisionedConcurrency"),
        ([_variant(ServerlessConfig=SERVERLESS), _variant(name="b")], {}, "Serverless and instance-based variants"),
        ([_variant(ServerlessConfig=SERVERLESS)], {"DataCaptureConfig": CAPTURE}, "DataCaptureConfig is not"),
        ([_variant(ServerlessConfig=SERVERLESS)], {"AsyncInferenceConfig": ASYNC}, "AsyncInferenceConfig is not supp"),
        ([_variant("files", ServerlessConfig=SERVERLESS)], {}, "has a ModelDataSource"),
        (
            [_variant(), _variant(name="b")],
            {"ShadowProductionVariants": [_variant(name="shadow")]},
            "ShadowProductionVariants takes one",
        ),
        ([_variant(InstanceType="ml.m5.large")], {}, "InitialInstanceCount must be specified"),
        (
            [_variant(InstanceType="ml.m5.large", InitialInstanceCount=1, ManagedInstanceScaling={
                "Status": "ENABLED", "MinInstanceCount": 3, "MaxInstanceCount": 2})],
            {},
            "MinInstanceCount must not be greater than MaxInstanceCount",
        ),
        (
            [_variant(InstanceType="ml.m5.large", InitialInstanceCount=1, ManagedInstanceScaling={
                "Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 2})],
            {},
            "ManagedInstanceScaling is only supported for inference component endpoints.",
        ),
        ([_variant(), _variant(name="b")], {"AsyncInferenceConfig": ASYNC}, "one production variant alone"),
        (
            [_variant()],
            {"AsyncInferenceConfig": ASYNC, "ShadowProductionVariants": [_variant(name="shadow")]},
            "one production variant alone",
        ),
        (
            [_variant(ServerlessConfig=SERVERLESS), _variant(name="b", ServerlessConfig=SERVERLESS)],
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
        _config(sandbox, "c", *variants, **more)
    assert caught.value.code == "ValidationException"
    assert message in caught.value.message
    assert sandbox.call("ListEndpointConfigs", *PLACE)["EndpointConfigs"] == []


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("variants", "text"),
    [
        ([_variant(), _variant()], 'The variant name "AllTraffic" was non-unique within the request.'),
        ([_variant(None)], "ModelName must be specified for a variant"),
        ([_variant(InitialInstanceCount=1)], 'Variant "AllTraffic" must have one of InstanceType'),
        ([_variant("three")], 'Could not find model "arn:aws:sagemaker:eu-west-1:222222222222:model/three".'),
    ],
)
def test_variants_that_make_no_sense_are_refused(sandbox: Sandbox, variants: list[dict[str, Any]], text: str) -> None:
    with pytest.raises(ServiceError) as caught:
        _config(sandbox, "c", *variants)
    assert caught.value.message.startswith(text)
    assert sandbox.call("ListEndpointConfigs", *PLACE)["EndpointConfigs"] == []


@pytest.mark.usefixtures("models")
def test_a_variant_of_inference_components_needs_no_model(sandbox: Sandbox) -> None:
    _config(sandbox, "c", _variant(None), ExecutionRoleArn=ROLE)
    text = sandbox.call("DescribeEndpointConfig", *PLACE, EndpointConfigName="c")
    assert "ModelName" not in text["ProductionVariants"][0]


@pytest.mark.usefixtures("models")
def test_a_new_configuration_is_not_found_for_a_moment(sandbox: Sandbox) -> None:
    sandbox.timeline.durations = replace(sandbox.timeline.durations, config_unseen=2.0)
    sandbox.clock.freeze()
    _config(sandbox, "c")
    assert sandbox.call("DescribeEndpointConfig", *PLACE, EndpointConfigName="c")["EndpointConfigName"] == "c"
    with pytest.raises(ServiceError, match="Could not find endpoint configuration"):
        _create(sandbox, "c")
    assert sandbox.call("ListEndpoints", *PLACE)["Endpoints"] == []
    sandbox.advance(2.0)
    _create(sandbox, "c")
    assert _told(sandbox)["EndpointStatus"] == "Creating"


@pytest.mark.usefixtures("models")
def test_an_endpoint_needs_its_models(sandbox: Sandbox) -> None:
    _config(sandbox, "c")
    sandbox.call("DeleteModel", *PLACE, ModelName="one")
    with pytest.raises(ServiceError, match="Could not find model"):
        _create(sandbox, "c")
    assert sandbox.call("ListEndpoints", *PLACE)["Endpoints"] == []


@pytest.mark.usefixtures("models")
def test_a_failed_endpoint_can_only_be_deleted(sandbox: Sandbox) -> None:
    _config(sandbox, "c")
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(failure="No capacity"))
    _create(sandbox, "c")
    sandbox.advance(300)
    with pytest.raises(ServiceError, match="it can only be deleted"):
        sandbox.call("UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName="c")
    assert _told(sandbox)["EndpointStatus"] == "Failed"


def _serving(sandbox: Sandbox, variant: dict[str, Any], **more: Any) -> None:
    _config(sandbox, "old", variant, **more)
    _create(sandbox, "old")
    sandbox.advance(300)


def _update(sandbox: Sandbox, config: str, **more: Any) -> None:
    sandbox.call("UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName=config, **more)


def _desired(sandbox: Sandbox) -> dict[str, tuple[float, int]]:
    variants = _told(sandbox)["ProductionVariants"]
    return {variant["VariantName"]: (variant["DesiredWeight"], variant["DesiredInstanceCount"]) for variant in variants}


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("more", "desired"),
    [
        ({}, {"kept": (1.0, 1), "new": (1.0, 2)}),
        ({"RetainAllVariantProperties": True}, {"kept": (0.5, 7), "new": (1.0, 2)}),
        (
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
            },
            {"kept": (1.0, 7), "new": (1.0, 2)},
        ),
    ],
    ids=["as configured", "retained", "all but the weight"],
)
def test_an_update_sets_weights_and_counts_back_unless_they_are_retained(
    sandbox: Sandbox, more: dict[str, Any], desired: dict[str, tuple[float, int]]
) -> None:
    one = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    _serving(sandbox, _variant(name="kept", **one))
    change = {"VariantName": "kept", "DesiredWeight": 0.5, "DesiredInstanceCount": 7}
    sandbox.call("UpdateEndpointWeightsAndCapacities", *PLACE, EndpointName="e", DesiredWeightsAndCapacities=[change])
    assert (_told(sandbox)["EndpointStatus"], _desired(sandbox)) == ("Updating", {"kept": (0.5, 7)})
    assert _told(sandbox)["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    sandbox.advance(200)
    assert _told(sandbox)["ProductionVariants"][0]["CurrentInstanceCount"] == 7
    _config(sandbox, "next", _variant(name="kept", **one), _variant(name="new"))
    _update(sandbox, "next", **more)
    sandbox.advance(200)
    assert (_told(sandbox)["EndpointConfigName"], _desired(sandbox)) == ("next", desired)


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"VariantName": "none", "DesiredWeight": 1.0}, 'Could not find variant "none".'),
        ({"VariantName": "AllTraffic", "DesiredInstanceCount": 1}, 'Serverless variant "AllTraffic" has no instances.'),
    ],
)
def test_weights_and_counts_that_cannot_be_are_refused(sandbox: Sandbox, change: dict[str, Any], message: str) -> None:
    _serving(sandbox, _variant(ServerlessConfig={"MemorySizeInMB": 2048, "MaxConcurrency": 5}))
    with pytest.raises(ServiceError) as caught:
        sandbox.call(
            "UpdateEndpointWeightsAndCapacities", *PLACE, EndpointName="e", DesiredWeightsAndCapacities=[change]
        )
    assert caught.value.message == message
    assert _told(sandbox)["EndpointStatus"] == "InService"


@pytest.mark.usefixtures("models")
def test_an_endpoint_whose_configuration_is_gone_takes_no_update(sandbox: Sandbox) -> None:
    _serving(sandbox, _variant())
    _config(sandbox, "next", _variant("two"))
    sandbox.call("DeleteEndpointConfig", *PLACE, EndpointConfigName="old")
    with pytest.raises(ServiceError, match=r'Could not find endpoint configuration "arn:.*endpoint-config/old"\.'):
        _update(sandbox, "next")
    assert _told(sandbox)["EndpointStatus"] == "InService"


@pytest.mark.usefixtures("models")
def test_an_endpoint_stays_serverless_or_on_instances(sandbox: Sandbox) -> None:
    _serving(sandbox, _variant())
    _config(sandbox, "next", _variant(ServerlessConfig={"MemorySizeInMB": 2048, "MaxConcurrency": 5}))
    with pytest.raises(ServiceError, match="a serverless endpoint cannot be changed to instances, nor back"):
        _update(sandbox, "next")
    assert _told(sandbox)["EndpointStatus"] == "InService"


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(("fails", "status"), [(False, "InService"), (True, "UpdateRollbackFailed")])
def test_an_update_that_fails_is_rolled_back(sandbox: Sandbox, status: str, *, fails: bool) -> None:
    _serving(sandbox, _variant())
    _config(sandbox, "next", _variant("two"))
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(seconds=10, failure="No capacity", rollback_fails=fails))
    _update(sandbox, "next")
    sandbox.advance(11)
    assert (_told(sandbox)["EndpointStatus"], _told(sandbox)["EndpointConfigName"]) == ("RollingBack", "old")
    sandbox.advance(61)
    assert (_told(sandbox)["EndpointStatus"], _told(sandbox)["EndpointConfigName"]) == (status, "old")


@pytest.mark.usefixtures("models")
def test_an_update_may_fail_without_a_reason(sandbox: Sandbox) -> None:
    _serving(sandbox, _variant())
    _config(sandbox, "next", _variant("two"))
    outcome = Outcome(seconds=10, failure="No capacity", keeps_reason=False)
    sandbox.timeline.decide_outcome(ENDPOINT, "e", outcome)
    _update(sandbox, "next")
    sandbox.advance(80)
    text = _told(sandbox)
    assert (text["EndpointStatus"], text["EndpointConfigName"]) == ("InService", "old")
    assert "FailureReason" not in text


@pytest.mark.usefixtures("models")
def test_a_deployment_configuration_is_kept_only_if_asked(sandbox: Sandbox) -> None:
    _serving(sandbox, _variant())
    _config(sandbox, "next", _variant("two"))
    rollout = {"RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50}, "WaitIntervalInSeconds": 60}}  # fmt: skip
    _update(sandbox, "next", DeploymentConfig=rollout)
    sandbox.advance(400)
    _update(sandbox, "old", RetainDeploymentConfig=True)
    sandbox.advance(400)
    assert _told(sandbox)["LastDeploymentConfig"] == rollout
    _update(sandbox, "next")
    assert "LastDeploymentConfig" not in _told(sandbox)
