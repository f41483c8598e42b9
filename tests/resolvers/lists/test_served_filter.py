"""resolvers.lists.predicates: models that a runtime serves, and what it costs to tell."""

from collections.abc import Sequence
from typing import Any

import pytest

from aws.client.errors import ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from resolvers.lists.filters import ModelFilter
from resolvers.lists.matching import match_rows
from resolvers.lists.predicates import predicates
from sandbox.fault_injection import FaultTargetOptions
from sandbox.server import Sandbox
from tests.aws.sandbox_account import GROUP
from tests.gateway_client import GatewayClient, OpenGateway
from tests.resolvers.lists.account_view import AccountView
from tests.sagemaker_builder import building

QUERY = """query($served: Boolean, $first: Int = 50, $after: String) {
  it: models(first: $first, after: $after, filter: {isServed: $served, nameContains: "M"}) {
    nodes { name } totalCount unreadableCount pageInfo { endCursor hasNextPage } } }"""


@pytest.fixture
def three_models(sandbox: Sandbox) -> None:
    """A model that a runtime serves, one with a snapshot alone, and one without; and one of another name."""
    with building(sandbox) as things:
        for name in ("m-served", "m-configured", "m-alone", "other"):
            things.model(name)
        things.snapshot("served-1", "m-served", "other")
        things.snapshot("configured-1", "m-configured")
        things.runtime("live", "served-1")


async def listed(gateway: GatewayClient, **variables: Any) -> tuple[list[str], int | None, int]:
    """The names, the number of all and the number of those that could not be checked."""
    it = (await gateway.ask(QUERY, variables)).data["it"]
    return [node["name"] for node in it["nodes"]], it["totalCount"], it["unreadableCount"]


async def test_models_that_a_runtime_serves(gateway: GatewayClient, sandbox: Sandbox, three_models: None) -> None:
    assert await listed(gateway, served=True) == (["m-served"], 1, 0)
    assert sandbox.calls.by_operation() == {
        "AssumeRole": 1,
        "ListModels": 1,
        "ListEndpointConfigs": 1,
        "ListEndpoints": 1,
        "DescribeEndpointConfig": 2,
        "DescribeEndpoint": 1,
    }
    sandbox.calls.clear()
    assert await listed(gateway, served=False) == (["m-alone", "m-configured"], 2, 0)
    assert await listed(gateway, served=None) == (["m-alone", "m-configured", "m-served"], 3, 0)
    assert sandbox.calls.count() == 0


async def test_page_by_page(gateway: GatewayClient, three_models: None) -> None:
    it = (await gateway.ask(QUERY, {"served": False, "first": 1})).data["it"]
    assert (it["nodes"], it["pageInfo"]["hasNextPage"]) == ([{"name": "m-alone"}], True)
    after = it["pageInfo"]["endCursor"]
    assert (await listed(gateway, served=False, after=after))[0] == ["m-configured"]
    assert (await gateway.ask(QUERY, {"served": True, "after": after})).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("operation", "name", "served", "idle"),
    [
        ("DescribeEndpoint", "live", [], []),
        ("DescribeEndpointConfig", "configured-1", ["m-served"], []),
        ("ListEndpoints", "", [], []),
        ("ListEndpointConfigs", "", [], []),
    ],
)
async def test_unknown_is_neither(
    gateway: GatewayClient,
    sandbox: Sandbox,
    three_models: None,
    operation: str,
    name: str,
    served: list[str],
    idle: list[str],
) -> None:
    """A model whose runtimes may not be read counts as unreadable, asked for either way."""
    sandbox.faults.refuse(operation, **(FaultTargetOptions(name=name) if name else FaultTargetOptions()))
    assert await listed(gateway, served=True) == (served, len(served), 3 - len(served))
    assert await listed(gateway, served=False) == (idle, len(idle), 3 - len(served) - len(idle))


async def test_a_failure_is_the_lists(gateway: GatewayClient, sandbox: Sandbox, three_models: None) -> None:
    sandbox.faults.fail("ListEndpoints", status=503)
    assert (await gateway.ask(QUERY, {"served": True})).codes == ["UPSTREAM_UNAVAILABLE"]


async def test_a_component_serves_too(gateway: GatewayClient, sandbox: Sandbox, three_models: None) -> None:
    with building(sandbox) as things:
        things.component_host("host")
        things.component("component", "host", "m-alone")
    assert await listed(gateway, served=True) == (["m-alone", "m-served"], 2, 0)
    assert await listed(gateway, served=False) == (["m-configured"], 1, 0)


async def test_warm_it_costs_the_lists_and_what_is_shown(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """Past the fresh and the authority age, links are not read anew but for what the answer rests on."""
    with building(sandbox) as things:
        for number in range(12):
            things.model(f"m-{number}")
            things.snapshot(f"s-{number}", f"m-{number}")
        things.runtime("live", "s-0")
    ages = {"freshSeconds": 0.001, "authoritySeconds": 0.001}
    async with open_gateway(sagemaker=ages) as gateway:
        await listed(gateway, served=True)
        sandbox.calls.clear()
        assert (await listed(gateway, served=True))[0] == ["m-0"]
        assert sandbox.calls.by_operation() == {
            "ListModels": 1,
            "ListEndpointConfigs": 1,
            "ListEndpoints": 1,
            "DescribeEndpointConfig": 1,
            "DescribeEndpoint": 1,
        }


async def test_a_runtime_that_is_merely_slow_leaves_out_no_model(sandbox: Sandbox, live_account: AccountView) -> None:
    """The index knows it, but its description is too old to be shown."""
    with building(sandbox, GROUP) as things:
        for name in ("m-one", "m-two"):
            things.model(name)
            things.snapshot(f"{name}-1", name)
            things.runtime(f"{name}-live", f"{name}-1")
    judges = predicates(ModelFilter(is_served=True))

    async def served() -> Sequence[bool | None]:
        view = live_account.request()
        models = await view.inventory.describe(Kind.MODEL, ["m-one", "m-two"])
        return await match_rows(view, [model for model in models.values() if isinstance(model, Model)], judges)

    assert await served() == [True, True]
    sandbox.advance(1_000)
    sandbox.faults.throttle("DescribeEndpoint", name="m-one-live")
    with pytest.raises(ThrottledError):
        await served()
    sandbox.faults.clear()
    assert await served() == [True, True]
