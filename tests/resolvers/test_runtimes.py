"""resolvers.runtimes: which models each of many runtimes serves, as far as it and its snapshot can be read."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aws.errors import AccessDeniedError
from aws.kinds import Kind
from aws.resources import Runtime
from resolvers.request import LiveView
from resolvers.runtimes import model_names
from tests.asking import RISK
from tests.making import building
from tests.resolvers.desks import MutationHarness


@pytest.fixture
async def view(desk: MutationHarness) -> AsyncIterator[LiveView]:
    """Risk's SageMaker, with a runtime of two models, and others whose snapshot cannot be read or is gone."""
    with building(desk.sandbox) as things:
        things.model("one")
        things.model("two")
        for name in ("both", "refused", "gone"):
            things.snapshot(f"of-{name}", "two", "one")
            things.runtime(name, f"of-{name}")
    desk.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="of-gone")
    desk.sandbox.faults.refuse("DescribeEndpointConfig", name="of-refused")
    async with desk.request("ann", "risk") as request:
        yield await request.view()


async def rows(view: LiveView, *names: str) -> list[Runtime]:
    """Runtimes of these names, as a listing shows them."""
    known = (await view.inventory.describe(Kind.RUNTIME, ["both"]))["both"]
    assert isinstance(known, Runtime)
    return [replace(known, name=name, arn=RISK.arn("endpoint", name), detail=None) for name in names]


async def test_each_tells_of_its_own_models(view: LiveView, desk: MutationHarness) -> None:
    """Of what is gone nothing is told, and what is refused is an error in its place."""
    given = await rows(view, "gone", "both", "refused", "no-runtime")
    desk.take_aws_calls()
    gone, both, refused, none = await model_names(view, given)
    assert (gone, both, none) == (None, ("two", "one"), None)
    assert isinstance(refused, AccessDeniedError)
    assert refused.operation == "DescribeEndpointConfig"
    assert desk.take_aws_calls() == {"DescribeEndpoint": 3, "DescribeEndpointConfig": 3}


async def test_a_runtime_that_may_not_be_read_is_an_error(view: LiveView, desk: MutationHarness) -> None:
    given = await rows(view, "gone", "both")
    desk.sandbox.faults.refuse("DescribeEndpoint", name="gone")
    refused, both = await model_names(view, given)
    assert isinstance(refused, AccessDeniedError)
    assert (refused.operation, both) == ("DescribeEndpoint", ("two", "one"))
