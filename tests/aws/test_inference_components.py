"""aws.inference_components: listed page by page, described once per version, adapters joined with their bases."""

import pytest

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, NotFoundError, UnavailableError
from aws.inference_components import (
    ComponentModels,
    ComponentRow,
    InferenceComponent,
    describe_component,
    list_components,
    parse_models,
    resolve_components,
)
from aws.inventory.inventory import Inventory
from aws.links.hosted_models import HostedModels, hosted_models
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    EXECUTION_ROLE,
    SCOPE_ID,
    RecordingClient,
    ScriptedClient,
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
    make_component(still, "base", "one", "two")
    still.advance(600)
    adapter = {"Container": {"ArtifactUrl": "s3://b/a.tar.gz"}, "BaseInferenceComponentName": "base"}
    make(still, "CreateInferenceComponent", InferenceComponentName="adapter", EndpointName="e", Specification=adapter)
    still.advance(600)
    return still


def make_component(sandbox: Sandbox, name: str, *models: str) -> None:
    parts = [
        {"ModelName": model, "ComputeResourceRequirements": NEEDS, "InstanceType": kind}
        for model, kind in zip(models, ("ml.g5.xlarge", "ml.g6.xlarge"), strict=False)
    ]
    make(
        sandbox,
        "CreateInferenceComponent",
        InferenceComponentName=name,
        EndpointName="e",
        VariantName="v",
        Specifications=parts,
        RuntimeConfig={"CopyCount": 1},
    )


async def test_rows_and_descriptions(hosting: Sandbox, calls: AwsClient) -> None:
    rows = await list_components(calls)
    assert [(row.name, row.endpoint_name) for row in rows] == [("adapter", "e"), ("base", "e")]
    assert await describe_component(calls, rows[1].version_key) == ComponentModels(("one", "two"), ())
    assert await describe_component(calls, rows[0].version_key) == ComponentModels((), ("base",))
    hosting.faults.refuse("DescribeInferenceComponent", name="base")
    with pytest.raises(AccessDeniedError):
        await describe_component(calls, rows[1].version_key)
    with pytest.raises(NotFoundError):
        await describe_component(calls, ComponentRow("none", "e", None).version_key)


def test_a_single_specification_and_a_container_without_a_model() -> None:
    assert parse_models({"Specification": {"ModelName": "m"}}) == ComponentModels(("m",), ())
    assert parse_models({"Specification": {"Container": {}}}) == ComponentModels((), ())
    assert parse_models({}) == ComponentModels((), ())


async def test_a_repeated_token_ends_the_list_with_an_error() -> None:
    page = {"InferenceComponents": [], "NextToken": "again"}
    calls = ScriptedClient(page, page)
    with pytest.raises(UnavailableError, match="same page token twice"):
        await list_components(calls)
    assert len(calls.asked) == 2


def test_an_adapter_serves_its_bases_models_or_unknown_ones() -> None:
    rows = [ComponentRow(name, "e", None) for name in ("adapter", "orphan", "base", "gone")]
    described = {
        rows[0].version_key: ComponentModels((), ("base",)),
        rows[1].version_key: ComponentModels(("x",), ("lost",)),
        rows[2].version_key: ComponentModels(("m",), ()),
        rows[3].version_key: None,
    }
    adapter, orphan, base = resolve_components(rows, described)
    assert adapter == InferenceComponent("adapter", "e", ("m",))
    assert base == InferenceComponent("base", "e", ("m",))
    assert (orphan.model_names, type(orphan.failure)) == ((), UnavailableError)


async def test_an_inventory_describes_each_version_once(hosting: Sandbox, calls: RecordingClient) -> None:
    inventory = Inventory(calls, SCOPE_ID, inventory_config(hosting))
    expected = [("adapter", ("one", "two")), ("base", ("one", "two"))]
    for _ in range(2):
        components = await reader_of(inventory).inference_components()
        assert [(component.name, component.model_names) for component in components] == expected
    assert hosting.calls.by_operation() == {"ListInferenceComponents": 1, "DescribeInferenceComponent": 2}
    make(
        hosting,
        "UpdateInferenceComponent",
        InferenceComponentName="base",
        Specification={"ModelName": "two", "ComputeResourceRequirements": NEEDS},
    )
    hosting.advance(61)
    components = await reader_of(inventory).inference_components()
    assert [(inference_component.name, inference_component.model_names) for inference_component in components] == [
        ("adapter", ("two",)),
        ("base", ("two",)),
    ]
    assert hosting.calls.by_operation() == {"ListInferenceComponents": 2, "DescribeInferenceComponent": 3}
    await inventory.close()


async def test_no_call_if_no_runtime_hosts_components(hosting: Sandbox, calls: RecordingClient) -> None:
    inventory = Inventory(calls, SCOPE_ID, inventory_config(hosting))
    assert await hosted_models(reader_of(inventory), [], {}) == HostedModels()
    assert hosting.calls.by_operation() == {}
    await inventory.close()
