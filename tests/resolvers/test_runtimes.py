"""resolvers.runtimes: which models each of many runtimes serves, as far as it and its snapshot can be read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from auth.permissions import Permission
from aws.client.errors import AccessDeniedError
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from aws.write.inputs import DesiredVariant, NewRuntime
from resolvers.mutations.aws_changes import Targeted
from resolvers.runtimes import (
    UpdateRuntime,
    UpdateRuntimeVariants,
    create_runtime,
    delete_runtime,
    model_names,
    update_runtime,
    update_runtime_variants,
)
from resolvers.views.resource_view import LiveView
from tests.gateway_client import RISK
from tests.resolvers.harness import MutationHarness, assert_refused
from tests.sagemaker_builder import building


@pytest.fixture
async def view(harness: MutationHarness) -> AsyncIterator[LiveView]:
    """Risk's SageMaker, with a runtime of two models, and others whose snapshot cannot be read or is gone."""
    with building(harness.sandbox) as things:
        things.model("one")
        things.model("two")
        for name in ("both", "refused", "gone"):
            things.snapshot(f"of-{name}", "two", "one")
            things.runtime(name, f"of-{name}")
    harness.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="of-gone")
    harness.sandbox.faults.refuse("DescribeEndpointConfig", name="of-refused")
    async with harness.request("ann", "risk") as request:
        yield await request.view()


async def rows(view: LiveView, *names: str) -> list[Runtime]:
    """Runtimes of these names, as a listing shows them."""
    known = (await view.inventory.describe(Kind.RUNTIME, ["both"]))["both"]
    assert isinstance(known, Runtime)
    return [replace(known, name=name, arn=RISK.arn("endpoint", name), detail=None) for name in names]


async def test_each_tells_of_its_own_models(view: LiveView, harness: MutationHarness) -> None:
    """Of what is gone nothing is told, and what is refused is an error in its place."""
    runtimes = await rows(view, "gone", "both", "refused", "no-runtime")
    harness.take_aws_calls()
    gone, both, refused, none = await model_names(view, runtimes)
    assert (gone, both, none) == (None, ("two", "one"), None)
    assert isinstance(refused, AccessDeniedError)
    assert refused.operation == "DescribeEndpointConfig"
    # One whose snapshot is gone may host components, which tell of models.
    calls = {"DescribeEndpoint": 3, "DescribeEndpointConfig": 3, "ListInferenceComponents": 1}
    assert harness.take_aws_calls() == calls


async def test_a_runtime_that_may_not_be_read_is_an_error(view: LiveView, harness: MutationHarness) -> None:
    value = await rows(view, "gone", "both")
    harness.sandbox.faults.refuse("DescribeEndpoint", name="gone")
    refused, both = await model_names(view, value)
    assert isinstance(refused, AccessDeniedError)
    assert (refused.operation, both) == ("DescribeEndpoint", ("two", "one"))


async def test_models_behind_inference_components(view: LiveView, harness: MutationHarness) -> None:
    """A runtime that hosts components serves their models; where they may not be read, its models are an error."""
    with building(harness.sandbox) as things:
        things.component_host("host")
        things.component("component", "host", "two", "one")
    harness.take_aws_calls()
    value = await rows(view, "host", "both")
    assert await model_names(view, value) == [("two", "one"), ("two", "one")]
    assert harness.take_aws_calls() == {
        "DescribeEndpoint": 2,
        "DescribeEndpointConfig": 2,
        "ListInferenceComponents": 1,
        "DescribeInferenceComponent": 1,
    }


async def test_inference_components_that_may_not_be_read(view: LiveView, harness: MutationHarness) -> None:
    with building(harness.sandbox) as things:
        things.component_host("host")
    harness.sandbox.faults.refuse("ListInferenceComponents")
    refused, both = await model_names(view, await rows(view, "host", "both"))
    assert isinstance(refused, AccessDeniedError)
    assert (refused.operation, both) == ("ListInferenceComponents", ("two", "one"))


MAY = Permission.DEPLOY_WITHOUT_APPROVAL
NEW = NewRuntime(name="new", snapshot_name="churn-1")
MOVE = UpdateRuntime("live", "churn-2")


SPREAD = UpdateRuntimeVariants("live", (DesiredVariant("v1", weight=0.5, instance_count=2),))


@pytest.fixture
def counter(harness: MutationHarness) -> MutationHarness:
    """A harness, with two snapshots in AWS and a runtime in service of the first."""
    with building(harness.sandbox) as things:
        things.model("churn")
        things.snapshot("churn-1", "churn")
        things.snapshot("churn-2", "churn")
        things.runtime("live", "churn-1")
    harness.take_aws_calls()
    return harness


def writes(harness: MutationHarness) -> dict[str, int]:
    """What has been changed in AWS since it was last told of."""
    return {
        name: count
        for name, count in harness.take_aws_calls().items()
        if not name.startswith(("Describe", "List", "Search"))
    }


async def test_it_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as context:
            payload = await create_runtime(context, Targeted(NEW))
        assert payload.runtime is not None
        assert (payload.runtime.name, payload.runtime.status) == ("new", RuntimeStatus.CREATING)
        assert (payload.created, payload.user_errors, context.target) == (created, (), "Runtime new")
    names = [
        item["EndpointName"] for item in counter.sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]
    ]
    assert sorted(names) == ["live", "new"]


async def test_it_is_moved_and_shown_on_its_way(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as context:
        payload = await update_runtime(context, Targeted(MOVE, "other", RISK.region))
    assert payload.runtime is not None
    assert (payload.runtime.status, payload.user_errors) == (RuntimeStatus.UPDATING, ())
    assert (context.target, context.group, context.role_arn) == ("Runtime live", "other", RISK.role_arn)
    assert writes(counter) == {"UpdateEndpoint": 1}
    counter.sandbox.advance(600)
    result = counter.sandbox.call("DescribeEndpoint", RISK.account, RISK.region, EndpointName="live")
    assert result["EndpointConfigName"] == "churn-2"


async def test_its_variants_are_changed_and_it_is_shown_on_its_way(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as context:
        payload = await update_runtime_variants(context, Targeted(SPREAD, "other", RISK.region))
    assert payload.runtime is not None
    assert (payload.runtime.status, payload.user_errors) == (RuntimeStatus.UPDATING, ())
    assert (context.target, context.group, context.role_arn) == ("Runtime live", "other", RISK.role_arn)
    assert writes(counter) == {"UpdateEndpointWeightsAndCapacities": 1}
    counter.sandbox.advance(600)
    result = counter.sandbox.call("DescribeEndpoint", RISK.account, RISK.region, EndpointName="live")
    (variant,) = result["ProductionVariants"]
    assert (variant["CurrentWeight"], variant["CurrentInstanceCount"]) == (0.5, 2)


async def test_it_is_deleted_and_shown_as_it_goes(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as context:
        payload = await delete_runtime(context, Targeted("live", "other", RISK.region))
    assert payload.runtime is not None
    assert (payload.runtime.name, payload.runtime.status) == ("live", RuntimeStatus.DELETING)
    assert (context.target, context.group, context.role_arn) == ("Runtime live", "other", RISK.role_arn)
    assert writes(counter) == {"DeleteEndpoint": 1}


@pytest.mark.parametrize(
    ("change", "item", "target"),
    [
        (create_runtime, NEW, "Runtime new"),
        (update_runtime, MOVE, "Runtime live"),
        (update_runtime_variants, SPREAD, "Runtime live"),
        (delete_runtime, "live", "Runtime live"),
    ],
)
async def test_whoever_may_not_changes_nothing(counter: MutationHarness, change: Any, item: Any, target: str) -> None:
    await assert_refused(counter, MAY, change, item, target)
