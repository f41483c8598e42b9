"""workflows.imports.target: whether a model can be deployed, as far as that can be seen."""

from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import building
from tests.workflows.imports.group_scope import scope_on
from workflows.imports.target import existing_model, is_deployable


async def test_whether_anything_makes_a_model_deployable(account: Sandbox) -> None:
    """None where there may be something that cannot be seen; a scan that has found one needs no more."""
    with building(account) as made:
        made.model("bare")
    async with scope_on(account) as scope:
        bare, scorer = [await existing_model(scope.reader, name) for name in ("bare", "scorer")]
        assert (await is_deployable(scope.reader, bare), await is_deployable(scope.reader, scorer)) == (False, True)
    account.faults.refuse("DescribeEndpointConfig", name="other-snapshot")
    async with scope_on(account, sagemaker={"search": False}) as scope:
        assert (await is_deployable(scope.reader, bare), await is_deployable(scope.reader, scorer)) == (None, True)
    account.faults.clear()
    async with scope_on(account, limits={"scan": 1}) as scope:
        assert await is_deployable(scope.reader, bare) is None


async def test_an_inference_component_makes_a_model_deployable(account: Sandbox) -> None:
    """Components are read only because a variant names no model; one that may not be read leaves it open."""
    with building(account) as made:
        made.model("bare")
        made.model("none")
    async with scope_on(account) as scope:
        assert await is_deployable(scope.reader, await existing_model(scope.reader, "none")) is False
    assert (account.calls.count("ListEndpoints"), account.calls.count("ListInferenceComponents")) == (1, 0)
    with building(account) as made:
        made.component_host("host")
        made.component("component", "host", "bare")
    async with scope_on(account) as scope:
        bare, none = [await existing_model(scope.reader, name) for name in ("bare", "none")]
        assert (await is_deployable(scope.reader, bare), await is_deployable(scope.reader, none)) == (True, False)
    assert (account.calls.count("ListInferenceComponents"), account.calls.count("DescribeInferenceComponent")) == (1, 1)
    account.faults.refuse("DescribeInferenceComponent")
    async with scope_on(account) as scope:
        assert await is_deployable(scope.reader, none) is None


async def test_an_endpoint_whose_configuration_is_gone_may_serve_any_model(account: Sandbox) -> None:
    """Unless it lists components, which tell what it serves."""
    with building(account) as made:
        made.model("bare")
        made.model("none")
        made.component_host("host")
        made.component("component", "host", "bare")
        made.snapshot("direct-config", "none")
        made.runtime("direct", "direct-config")
    for name in ("host-config", "direct-config"):
        account.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName=name)
    async with scope_on(account) as scope:
        bare, none = [await existing_model(scope.reader, name) for name in ("bare", "none")]
        assert (await is_deployable(scope.reader, bare), await is_deployable(scope.reader, none)) == (True, None)
    account.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="direct")
    account.advance(600)
    async with scope_on(account) as scope:
        assert await is_deployable(scope.reader, none) is False
