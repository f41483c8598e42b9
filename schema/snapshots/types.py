"""Snapshots: types, variants and filter."""

from typing import Any

import strawberry

from aws.kinds import snapshots as aws_snapshots
from aws.kinds.kind import Kind
from resolvers import lookups, snapshots
from resolvers.deployments.pages import deployments_of_snapshots, test_results_of_snapshots
from resolvers.lists import filters
from schema.connections import RuntimeConnection, registry_connection
from schema.deployments.types import DeploymentConnection, TestResultConnection
from schema.fields import Info, attribute, backed_by, computed, detail, load_detail, resource_connection
from schema.filters import ResourceFilterFields
from schema.inputs import optional
from schema.interfaces import LazyModelByName, LazyModels, Node, Resource
from schema.scalars import JSON
from schema.value_types import DataCapture, Network


@strawberry.input(description="Which snapshots to list")
class SnapshotFilter(ResourceFilterFields):
    """See resolvers.lists.filters.SnapshotFilter."""

    model_name: str | None = optional("A model that any variant or instance pool names")

    def value(self) -> filters.SnapshotFilter:
        """The filter's value."""
        return filters.SnapshotFilter(**self.shared_fields(), model_name=self.model_name)


@backed_by(aws_snapshots.AsyncInference)
@strawberry.type(description="How an asynchronous runtime answers")
class AsyncInference:
    """See aws.kinds.snapshots.AsyncInference."""

    s3_output_path: str | None = attribute("Where answers are written in S3")
    s3_failure_path: str | None = attribute("Where failures are written in S3")
    max_concurrent_invocations_per_instance: int | None = attribute("How many requests an instance takes at once")


@backed_by(aws_snapshots.Serverless)
@strawberry.type(description="The size of a serverless variant")
class Serverless:
    """See aws.kinds.snapshots.Serverless."""

    memory_size_in_mb: int = strawberry.field(name="memorySizeInMB", description="The memory in MB")
    max_concurrency: int = attribute("How many requests it takes at once")
    provisioned_concurrency: int | None = attribute("For how many requests it is kept warm")


def _model_by_name(root: Any, info: Info) -> Any:
    request = info.context
    return request.batcher.load(lookups.models_named, request.view_of(root.scope), root.model_name)


@backed_by(aws_snapshots.InstancePool)
@strawberry.type(description="One of the kinds of instance that a variant may run on")
class InstancePool:
    """See aws.kinds.snapshots.InstancePool."""

    instance_type: str = attribute("The type of instance")
    priority: int = attribute("Its rank among the pools; the smallest is tried first")
    model_name: str | None = attribute("The model that this pool serves instead of the variant's")
    model: LazyModelByName = computed(_model_by_name, "That model; null where it is gone")


@backed_by(aws_snapshots.Variant)
@strawberry.type(description="A production or shadow variant of a snapshot")
class Variant:
    """See aws.kinds.snapshots.Variant."""

    name: str = attribute("The variant's name")
    model: LazyModelByName = computed(
        _model_by_name, "The model; null where it is gone, or where the variant hosts inference components"
    )
    model_name: str | None = attribute("The model's name")
    instance_type: str | None = attribute("The type of its instances")
    initial_instance_count: int | None = attribute("How many instances it starts with")
    instance_pools: list[InstancePool] | None = attribute(
        "The kinds of instance it may run on, where there are several"
    )
    initial_weight: float | None = attribute("Its share of the traffic, relative to the other variants' weights")
    serverless: Serverless | None = attribute("Its size, where it is serverless")


async def _models(root: Any, info: Info) -> Any:
    request = info.context
    known = await load_detail(request, root)
    names = known.model_names if known else None
    return await request.batcher.load(lookups.model_lists, request.view_of(root.scope), names)


async def _note(root: Any, info: Info) -> Any:
    request = info.context
    return await request.batcher.load(snapshots.snapshot_notes_of, request.view_of(root.scope), root)


async def _custom_metadata(root: Any, info: Info) -> Any:
    note = await _note(root, info)
    return note.custom_metadata if note else None


async def _created_by_import(root: Any, info: Info) -> Any:
    note = await _note(root, info)
    return note.created_by_import if note else None


@backed_by(aws_snapshots.Snapshot)
@strawberry.type(description="An endpoint configuration: a deployable version of one model or more")
class Snapshot(Resource, Node):
    """See aws.kinds.snapshots.Snapshot."""

    variants: list[Variant] | None = detail("variants", "The production variants")
    shadow_variants: list[Variant] | None = detail(
        "shadow_variants", "The shadow variants, which get copies of requests"
    )
    models: LazyModels = computed(
        _models, "The models, one for each of modelNames; null for one that is gone", detail=True
    )
    model_names: list[str] | None = detail("model_names", "The names of the models in all variants and instance pools")
    kms_key_id: str | None = detail("kms_key_id", "The key that encrypts the instances' storage")
    execution_role_arn: str | None = detail("execution_role_arn", "The role, where the snapshot has one of its own")
    network: Network | None = detail("network", "Where inference components run")
    data_capture: DataCapture | None = detail("data_capture", "Whether requests and answers are to be kept")
    async_inference: AsyncInference | None = detail("async_inference", "How to answer, where it is asynchronous")
    runtimes: RuntimeConnection | None = resource_connection(
        snapshots.runtimes_of_snapshots, "The runtimes that run it now, newest first", Kind.RUNTIME
    )
    deployments: DeploymentConnection | None = registry_connection(
        deployments_of_snapshots, "Its deployments, newest first"
    )
    test_results: TestResultConnection | None = registry_connection(
        test_results_of_snapshots, "The outcomes of its rehearsals, newest first"
    )
    custom_metadata: JSON | None = computed(
        _custom_metadata, "What people of the acting group keep with it, as a JSON object"
    )
    created_by_import: bool | None = computed(
        _created_by_import, "True where an import of the acting group made this snapshot because the model had none"
    )
