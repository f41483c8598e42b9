"""aws.links.component_models: components listed once, described once per version, adapters joined with their bases."""

import pytest

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind
from aws.links.component_models import base_names, component_rows, served_models, with_bases
from aws.links.hosted_models import HostedModels, hosted_models
from sandbox.server import Sandbox
from tests.aws.kinds.test_inference_components import component
from tests.aws.sandbox_account import (
    EXECUTION_ROLE,
    SCOPE_ID,
    RecordingClient,
    inventory_config,
    make,
    make_models,
    reader_of,
)

NEEDS = {"MinMemoryRequiredInMb": 1024}


@pytest.fixture
def hosting(still: Sandbox) -> Sandbox:
    """An endpoint `e` with two components: one of two models, and an adapter of it."""
    make_models(still, "one", "two")
    variant = {"VariantName": "v", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
    make(
        still,
        "CreateEndpointConfig",
        EndpointConfigName="c",
        ExecutionRoleArn=EXECUTION_ROLE,
        ProductionVariants=[variant],
    )
    make(still, "CreateEndpoint", EndpointName="e", EndpointConfigName="c")
    still.advance(600)
    parts = [
        {"ModelName": model, "ComputeResourceRequirements": NEEDS, "InstanceType": kind}
        for model, kind in (("one", "ml.g5.xlarge"), ("two", "ml.g6.xlarge"))
    ]
    make_component(still, "base", VariantName="v", Specifications=parts, RuntimeConfig={"CopyCount": 1})
    still.advance(600)
    adapter = {"Container": {"ArtifactUrl": "s3://b/a.tar.gz"}, "BaseInferenceComponentName": "base"}
    make_component(still, "adapter", Specification=adapter)
    still.advance(600)
    return still


def make_component(sandbox: Sandbox, name: str, **ask: object) -> None:
    make(sandbox, "CreateInferenceComponent", InferenceComponentName=name, EndpointName="e", **ask)


def test_an_adapter_serves_its_bases_models_or_unknown_ones() -> None:
    refusal = AccessDeniedError("no", operation="DescribeInferenceComponent")
    described = {
        "adapter": component("adapter", bases=("base",)),
        "orphan": component("orphan", models=("x",), bases=("lost",)),
        "blocked": component("blocked", bases=("refused",)),
        "base": component("base", models=("m",)),
        "lost": None,
        "refused": refusal,
    }
    assert served_models("adapter", described) == served_models("base", described) == ("m",)
    assert isinstance(served_models("orphan", described), UnavailableError)
    assert served_models("blocked", described) is served_models("refused", described) is refusal
    assert served_models("lost", described) is None
    assert base_names(None) == base_names(refusal) == ()


async def test_an_inventory_describes_each_version_once(hosting: Sandbox, calls: RecordingClient) -> None:
    inventory = Inventory(calls, SCOPE_ID, inventory_config(hosting))

    async def models() -> dict[str, object]:
        reader = reader_of(inventory)
        rows = await component_rows(reader)
        described = await with_bases(reader, rows)
        return {row.name: served_models(row.name, described) for row in rows}

    for _ in range(2):
        assert await models() == {"adapter": ("one", "two"), "base": ("one", "two")}
    assert hosting.calls.by_operation() == {"ListInferenceComponents": 1, "DescribeInferenceComponent": 2}
    specification = {"ModelName": "two", "ComputeResourceRequirements": NEEDS}
    make(hosting, "UpdateInferenceComponent", InferenceComponentName="base", Specification=specification)
    hosting.advance(600)
    assert await models() == {"adapter": ("two",), "base": ("two",)}
    assert hosting.calls.by_operation() == {"ListInferenceComponents": 2, "DescribeInferenceComponent": 3}
    await inventory.close()


async def test_bases_that_are_not_asked_for_are_described_too(hosting: Sandbox, calls: RecordingClient) -> None:
    inventory = Inventory(calls, SCOPE_ID, inventory_config(hosting))
    reader = reader_of(inventory)
    (adapter,) = (row for row in await component_rows(reader) if row.name == "adapter")
    described = await with_bases(reader, [adapter])
    assert (list(described), served_models("adapter", described)) == (["adapter", "base"], ("one", "two"))
    hosting.faults.refuse("DescribeInferenceComponent", name="base")
    hosting.advance(10)
    refused = await with_bases(reader_of(inventory, 0), [adapter])
    assert isinstance(served_models("adapter", refused), AccessDeniedError)
    await inventory.close()


async def test_copies_are_read_again_while_they_come(hosting: Sandbox, calls: RecordingClient) -> None:
    """No row tells how many there are, so a component that is changing is described again."""
    inventory = Inventory(calls, SCOPE_ID, inventory_config(hosting))
    ask = {"InferenceComponentName": "base", "DesiredRuntimeConfig": {"CopyCount": 2}}
    make(hosting, "UpdateInferenceComponentRuntimeConfig", **ask)
    for described in (1, 2):
        changing = (await reader_of(inventory).describe(Kind.INFERENCE_COMPONENT, ["base"]))["base"]
        assert isinstance(changing, InferenceComponent)
        assert changing.detail is not None
        assert (changing.detail.current_copies, changing.detail.desired_copies) == (1, 2)
        assert hosting.calls.count("DescribeInferenceComponent") == described
        hosting.advance(6)
    await inventory.close()


async def test_no_call_if_no_runtime_hosts_components(hosting: Sandbox, calls: AwsClient) -> None:
    inventory = Inventory(calls, SCOPE_ID, inventory_config(hosting))
    assert await hosted_models(reader_of(inventory), [], {}) == HostedModels()
    assert hosting.calls.by_operation() == {}
    await inventory.close()
