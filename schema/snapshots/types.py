"""Snapshots: types, variants and filter."""

import json
from typing import Any

import strawberry

from aws.kinds import snapshots as aws_snapshots
from aws.kinds.kind import Kind
from resolvers import costs, snapshots
from resolvers.deployments.pages import deployments_of_snapshots, test_results_of_snapshots
from resolvers.lists import filters
from schema.connections import RuntimeConnection
from schema.deployments.types import DeploymentConnection, TestResultConnection
from schema.fields import (
    Info,
    attribute,
    computed,
    detail,
    from_detail,
    option,
    record_connection,
    relation,
    represents,
    resource_connection,
    viewed_details,
    viewed_parts,
)
from schema.filters import ResourceFilterFields
from schema.inputs import optional
from schema.interfaces import LazyModelByName, LazyModels, Node, Resource
from schema.monitoring import Cost
from schema.scalars import JSON
from schema.value_types import DataCapture, Network, Serverless


@strawberry.input(description="Filter of a list of snapshots")
class SnapshotFilter(ResourceFilterFields):
    """See resolvers.lists.filters.SnapshotFilter."""

    model_name: str | None = optional("A model that any variant or instance pool names")

    def value(self) -> filters.SnapshotFilter:
        """The filter's value."""
        return filters.SnapshotFilter(**self.shared_fields(), model_name=self.model_name)


@strawberry.type(description="The output of an asynchronous runtime")
class AsyncInference:
    """See aws.kinds.snapshots.AsyncInference."""

    s3_output_path: str | None = attribute("The S3 address for answers")
    s3_failure_path: str | None = attribute("The S3 address for failures")
    max_concurrent_invocations_per_instance: int | None = attribute(
        "The number of requests that an instance takes at once"
    )
    success_topic_arn: str | None = option(
        "notification_topics", "success_topic_arn", "The SNS topic that is notified of each answer"
    )
    error_topic_arn: str | None = option(
        "notification_topics", "error_topic_arn", "The SNS topic that is notified of each failure"
    )


@strawberry.type(description="One of the kinds of instance that a variant may run on")
class InstancePool:
    """See aws.kinds.variants.InstancePool."""

    instance_type: str = attribute("The type of instance")
    priority: int = attribute("Its rank among the pools; the smallest is tried first")
    model_name: str | None = attribute("The model that this pool serves instead of the variant's")
    model: LazyModelByName = relation(snapshots.models_of_variants, "That model; null if it is gone")


@strawberry.type(description="The bounds within which SageMaker itself scales a variant's instances")
class ManagedInstanceScaling:
    """See aws.kinds.variants.ManagedInstanceScaling."""

    enabled: bool = attribute("True if SageMaker scales them")
    min_instance_count: int | None = attribute("The least number of instances")
    max_instance_count: int | None = attribute("The greatest number of instances")


_HOSTING = "variant_hosting"


def _instance_pools(root: Any) -> Any:
    return viewed_parts(root, root.value.instance_pools)


@strawberry.type(description="A production or shadow variant of a snapshot")
class Variant:
    """See aws.kinds.variants.Variant."""

    name: str = attribute("The variant's name")
    model: LazyModelByName = relation(
        snapshots.models_of_variants,
        "The model; null if it is gone, or if the variant hosts inference components",
    )
    model_name: str | None = attribute("The model's name")
    instance_type: str | None = attribute("The type of its instances")
    initial_instance_count: int | None = attribute("The number of instances at the start")
    instance_pools: list[InstancePool] | None = computed(
        _instance_pools, "The instance types that it may run on, if there are several"
    )
    initial_weight: float | None = attribute("Its share of the traffic, relative to the other variants' weights")
    serverless: Serverless | None = attribute("Its size, if it is serverless")
    routing_strategy: str | None = option(
        _HOSTING, "routing_strategy", "LEAST_OUTSTANDING_REQUESTS, RANDOM or PREFIX_AWARE; null if AWS does not tell"
    )
    managed_instance_scaling: ManagedInstanceScaling | None = option(
        _HOSTING, "managed_instance_scaling", "The scaling by SageMaker itself, if there is one"
    )
    volume_size_in_gb: int | None = option(
        _HOSTING, "volume_size_in_gb", "The size of an instance's volume, in GB", name="volumeSizeInGB"
    )
    model_data_download_timeout_seconds: int | None = option(
        _HOSTING, "model_data_download_timeout_seconds", "The longest download of model data, in seconds"
    )
    container_startup_timeout_seconds: int | None = option(
        _HOSTING, "container_startup_timeout_seconds", "The longest start of a container, in seconds"
    )
    inference_ami_version: str | None = option(
        _HOSTING, "inference_ami_version", "The version of the instances' machine image"
    )
    ssm_access: bool | None = option(
        _HOSTING, "ssm_access", "True if its instances allow logins through Systems Manager"
    )
    core_dump_s3_uri: str | None = option(_HOSTING, "core_dump_s3_uri", "The S3 address of dumps of crashed processes")


def _explainer(_root: Any, known: Any, _request: Any) -> Any:
    return None if known.explainer_json is None else json.loads(known.explainer_json)


async def _note(root: Any, info: Info) -> Any:
    request = info.context
    return await request.batcher.load(snapshots.snapshot_notes_of, root.view, root.value)


async def _custom_metadata(root: Any, info: Info) -> Any:
    note = await _note(root, info)
    return note.custom_metadata if note else None


async def _created_by_import(root: Any, info: Info) -> Any:
    note = await _note(root, info)
    return note.created_by_import if note else None


@represents(aws_snapshots.Snapshot)
@strawberry.type(description="An endpoint configuration: a deployable version of one model or more")
class Snapshot(Resource, Node):
    """See aws.kinds.snapshots.Snapshot."""

    variants: list[Variant] | None = viewed_details("variants", "The production variants")
    shadow_variants: list[Variant] | None = viewed_details(
        "shadow_variants", "The shadow variants, which get copies of requests"
    )
    models: LazyModels = relation(
        snapshots.models_of_snapshots, "The models, one for each of modelNames; null for one that is gone", detail=True
    )
    model_names: list[str] | None = detail("model_names", "The names of the models in all variants and instance pools")
    kms_key_id: str | None = detail("kms_key_id", "The key that encrypts the instances' storage")
    execution_role_arn: str | None = detail("execution_role_arn", "The role, if the snapshot has one of its own")
    network: Network | None = detail("network", "The network of inference components")
    data_capture: DataCapture | None = detail("data_capture", "The capture of requests and answers")
    async_inference: AsyncInference | None = detail("async_inference", "The output, if it is asynchronous")
    explainer: JSON | None = from_detail(_explainer, "The explainer's configuration, in SageMaker's words")
    hourly_cost: Cost | None = relation(
        costs.initial_hourly_costs,
        "The cost of an hour of its initial instances, by the settings' price table; null where a variant has no price",
        detail=True,
    )
    runtimes: RuntimeConnection | None = resource_connection(
        snapshots.runtimes_of_snapshots, "The runtimes that run it now, newest first", Kind.RUNTIME
    )
    deployments: DeploymentConnection | None = record_connection(
        deployments_of_snapshots, "Its deployments, newest first"
    )
    test_results: TestResultConnection | None = record_connection(
        test_results_of_snapshots, "The outcomes of its rehearsals, newest first"
    )
    custom_metadata: JSON | None = computed(_custom_metadata, "The group's custom metadata for it, as a JSON object")
    created_by_import: bool | None = computed(
        _created_by_import, "True if an import of the group made this snapshot because the model had none"
    )
