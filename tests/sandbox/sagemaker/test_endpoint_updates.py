"""Updates of endpoints: weights and counts, failures that are rolled back, and what is refused."""

from typing import Any

import pytest

from sandbox.sagemaker.store import ENDPOINT
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.sandbox.sagemaker.endpoint_requests import PLACE, described, make_config, make_endpoint, variant_of


@pytest.mark.usefixtures("two_models")
def test_an_update_that_fails_leaves_the_old_configuration_serving(sandbox: Sandbox) -> None:
    make_config(sandbox, "old")
    make_config(sandbox, "new", variant_of("two"))
    make_endpoint(sandbox, "old")
    sandbox.advance(300)
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(failure="The new one does not answer"))
    sandbox.call("UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName="new")
    sandbox.advance(300)
    text = described(sandbox)
    assert (text["EndpointStatus"], text["EndpointConfigName"]) == ("InService", "old")
    assert text["FailureReason"] == "The new one does not answer"
    assert "PendingDeploymentSummary" not in text


def _serving(sandbox: Sandbox, variant: dict[str, Any], **more: Any) -> None:
    make_config(sandbox, "old", variant, **more)
    make_endpoint(sandbox, "old")
    sandbox.advance(300)


def _update(sandbox: Sandbox, config: str, **more: Any) -> None:
    sandbox.call("UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName=config, **more)


def _desired(sandbox: Sandbox) -> dict[str, tuple[float, int]]:
    variants = described(sandbox)["ProductionVariants"]
    return {variant["VariantName"]: (variant["DesiredWeight"], variant["DesiredInstanceCount"]) for variant in variants}


@pytest.mark.usefixtures("two_models")
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
    _serving(sandbox, variant_of(name="kept", **one))
    change = {"VariantName": "kept", "DesiredWeight": 0.5, "DesiredInstanceCount": 7}
    sandbox.call("UpdateEndpointWeightsAndCapacities", *PLACE, EndpointName="e", DesiredWeightsAndCapacities=[change])
    assert (described(sandbox)["EndpointStatus"], _desired(sandbox)) == ("Updating", {"kept": (0.5, 7)})
    assert described(sandbox)["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    sandbox.advance(200)
    assert described(sandbox)["ProductionVariants"][0]["CurrentInstanceCount"] == 7
    make_config(sandbox, "next", variant_of(name="kept", **one), variant_of(name="new"))
    _update(sandbox, "next", **more)
    sandbox.advance(200)
    assert (described(sandbox)["EndpointConfigName"], _desired(sandbox)) == ("next", desired)


@pytest.mark.usefixtures("two_models")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"VariantName": "none", "DesiredWeight": 1.0}, 'Could not find variant "none".'),
        ({"VariantName": "AllTraffic", "DesiredInstanceCount": 1}, 'Serverless variant "AllTraffic" has no instances.'),
    ],
)
def test_weights_and_counts_that_cannot_be_are_refused(sandbox: Sandbox, change: dict[str, Any], message: str) -> None:
    _serving(sandbox, variant_of(ServerlessConfig={"MemorySizeInMB": 2048, "MaxConcurrency": 5}))
    with pytest.raises(ServiceError) as caught:
        sandbox.call(
            "UpdateEndpointWeightsAndCapacities", *PLACE, EndpointName="e", DesiredWeightsAndCapacities=[change]
        )
    assert caught.value.message == message
    assert described(sandbox)["EndpointStatus"] == "InService"


@pytest.mark.usefixtures("two_models")
def test_an_endpoint_whose_configuration_is_gone_takes_no_update(sandbox: Sandbox) -> None:
    _serving(sandbox, variant_of())
    make_config(sandbox, "next", variant_of("two"))
    sandbox.call("DeleteEndpointConfig", *PLACE, EndpointConfigName="old")
    with pytest.raises(ServiceError, match=r'Could not find endpoint configuration "arn:.*endpoint-config/old"\.'):
        _update(sandbox, "next")
    assert described(sandbox)["EndpointStatus"] == "InService"


@pytest.mark.usefixtures("two_models")
def test_an_endpoint_stays_serverless_or_on_instances(sandbox: Sandbox) -> None:
    _serving(sandbox, variant_of())
    make_config(sandbox, "next", variant_of(ServerlessConfig={"MemorySizeInMB": 2048, "MaxConcurrency": 5}))
    with pytest.raises(ServiceError, match="a serverless endpoint cannot be changed to instances, nor back"):
        _update(sandbox, "next")
    assert described(sandbox)["EndpointStatus"] == "InService"


@pytest.mark.usefixtures("two_models")
@pytest.mark.parametrize(("fails", "status"), [(False, "InService"), (True, "UpdateRollbackFailed")])
def test_an_update_that_fails_is_rolled_back(sandbox: Sandbox, status: str, *, fails: bool) -> None:
    _serving(sandbox, variant_of())
    make_config(sandbox, "next", variant_of("two"))
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(seconds=10, failure="No capacity", rollback_fails=fails))
    _update(sandbox, "next")
    sandbox.advance(11)
    assert (described(sandbox)["EndpointStatus"], described(sandbox)["EndpointConfigName"]) == ("RollingBack", "old")
    sandbox.advance(61)
    assert (described(sandbox)["EndpointStatus"], described(sandbox)["EndpointConfigName"]) == (status, "old")


@pytest.mark.usefixtures("two_models")
def test_an_update_may_fail_without_a_reason(sandbox: Sandbox) -> None:
    _serving(sandbox, variant_of())
    make_config(sandbox, "next", variant_of("two"))
    outcome = Outcome(seconds=10, failure="No capacity", keeps_reason=False)
    sandbox.timeline.decide_outcome(ENDPOINT, "e", outcome)
    _update(sandbox, "next")
    sandbox.advance(80)
    text = described(sandbox)
    assert (text["EndpointStatus"], text["EndpointConfigName"]) == ("InService", "old")
    assert "FailureReason" not in text


@pytest.mark.usefixtures("two_models")
def test_a_deployment_configuration_is_kept_only_if_asked(sandbox: Sandbox) -> None:
    _serving(sandbox, variant_of())
    make_config(sandbox, "next", variant_of("two"))
    rollout = {"RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50}, "WaitIntervalInSeconds": 60}}  # fmt: skip
    _update(sandbox, "next", DeploymentConfig=rollout)
    sandbox.advance(400)
    _update(sandbox, "old", RetainDeploymentConfig=True)
    sandbox.advance(400)
    assert described(sandbox)["LastDeploymentConfig"] == rollout
    _update(sandbox, "next")
    assert "LastDeploymentConfig" not in described(sandbox)
