"""Endpoints: they come up or fail, and tell of what they run."""

from typing import Any

import pytest

from sandbox.sagemaker.store import ENDPOINT
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.sandbox.sagemaker.endpoint_requests import PLACE, described, make_config, make_endpoint, variant_of


@pytest.mark.usefixtures("two_models")
def test_an_endpoint_that_is_to_fail_fails(sandbox: Sandbox) -> None:
    make_config(sandbox, "c")
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(seconds=30, failure="No capacity"))
    make_endpoint(sandbox, "c")
    sandbox.advance(31)
    assert (described(sandbox)["EndpointStatus"], described(sandbox)["FailureReason"]) == ("Failed", "No capacity")
    assert "ProductionVariants" not in described(sandbox)
    sandbox.call("DeleteEndpoint", *PLACE, EndpointName="e")
    sandbox.advance(61)
    assert sandbox.call("ListEndpoints", *PLACE)["Endpoints"] == []


@pytest.mark.usefixtures("two_models")
def test_a_serverless_variant_is_told_of(sandbox: Sandbox) -> None:
    serverless: dict[str, Any] = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    make_config(sandbox, "c", variant_of(name="serverless", **serverless))
    make_endpoint(sandbox, "c")
    sandbox.advance(300)
    (variant,) = described(sandbox)["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == serverless["ServerlessConfig"]


@pytest.mark.usefixtures("two_models")
def test_an_endpoint_needs_its_models(sandbox: Sandbox) -> None:
    make_config(sandbox, "c")
    sandbox.call("DeleteModel", *PLACE, ModelName="one")
    with pytest.raises(ServiceError, match="Could not find model"):
        make_endpoint(sandbox, "c")
    assert sandbox.call("ListEndpoints", *PLACE)["Endpoints"] == []


@pytest.mark.usefixtures("two_models")
def test_a_failed_endpoint_can_only_be_deleted(sandbox: Sandbox) -> None:
    make_config(sandbox, "c")
    sandbox.timeline.decide_outcome(ENDPOINT, "e", Outcome(failure="No capacity"))
    make_endpoint(sandbox, "c")
    sandbox.advance(300)
    with pytest.raises(ServiceError, match="it can only be deleted"):
        sandbox.call("UpdateEndpoint", *PLACE, EndpointName="e", EndpointConfigName="c")
    assert described(sandbox)["EndpointStatus"] == "Failed"
