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
    told = _told(sandbox)
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", "old")
    assert told["FailureReason"] == "The new one does not answer"
    assert "PendingDeploymentSummary" not in told


@pytest.mark.usefixtures("models")
def test_all_kinds_of_variants_are_told_of(sandbox: Sandbox) -> None:
    serverless: dict[str, Any] = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
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
        _variant(name="serverless", **serverless),
        _variant(name="pools", **pools),
        ShadowProductionVariants=[_variant("two", name="shadow")],
        DataCaptureConfig=capture,
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://bucket/async"}},
    )
    _create(sandbox, "c")
    sandbox.advance(300)
    told = _told(sandbox)
    first, second = told["ProductionVariants"]
    assert first["CurrentServerlessConfig"] == serverless["ServerlessConfig"]
    assert second["InstancePools"] == [
        {"InstanceType": "ml.inf2.xlarge", "CurrentInstanceCount": 3},
        {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 0},
    ]
    assert told["ShadowProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == "repository/two:1"
    assert told["DataCaptureConfig"]["CaptureStatus"] == "Started"
    assert told["AsyncInferenceConfig"] == {"OutputConfig": {"S3OutputPath": "s3://bucket/async"}}


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("variants", "said"),
    [
        ([_variant(), _variant()], 'The variant name "AllTraffic" was non-unique within the request.'),
        ([_variant(None)], "ModelName must be specified for a variant"),
        ([_variant(InitialInstanceCount=1)], 'Variant "AllTraffic" must have one of InstanceType'),
        ([_variant("three")], 'Could not find model "arn:aws:sagemaker:eu-west-1:222222222222:model/three".'),
    ],
)
def test_variants_that_make_no_sense_are_refused(sandbox: Sandbox, variants: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ServiceError) as caught:
        _config(sandbox, "c", *variants)
    assert caught.value.message.startswith(said)
    assert sandbox.call("ListEndpointConfigs", *PLACE)["EndpointConfigs"] == []


@pytest.mark.usefixtures("models")
def test_a_variant_of_inference_components_needs_no_model(sandbox: Sandbox) -> None:
    _config(sandbox, "c", _variant(None), ExecutionRoleArn=ROLE)
    told = sandbox.call("DescribeEndpointConfig", *PLACE, EndpointConfigName="c")
    assert "ModelName" not in told["ProductionVariants"][0]


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


@pytest.mark.usefixtures("models")
def test_what_an_update_cannot_do_here_is_refused_loudly(sandbox: Sandbox) -> None:
    _config(sandbox, "c")
    _create(sandbox, "c")
    sandbox.advance(300)
    with pytest.raises(ServiceError, match="The sandbox does not model UpdateEndpoint with RetainAllVariantProperties"):
        sandbox.call(
            "UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName="c", RetainAllVariantProperties=True
        )
    assert _told(sandbox)["EndpointStatus"] == "InService"
