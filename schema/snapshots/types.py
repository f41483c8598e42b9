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


@strawberry.input(description="Filter of a list of snapshots; all entries apply")
class SnapshotFilter(ResourceFilterFields):
    """See resolvers.lists.filters.SnapshotFilter."""

    model_name: str | None = optional("The exact name of a model in any variant or instance pool")

    def value(self) -> filters.SnapshotFilter:
        """The filter's value."""
        return filters.SnapshotFilter(**self.shared_fields(), model_name=self.model_name)


@strawberry.type(description="The configuration of asynchronous answers")
class AsyncInference:
    """See aws.kinds.snapshots.AsyncInference."""

    s3_output_path: str | None = attribute("The S3 address of answers")
    s3_failure_path: str | None = attribute("The S3 address of failures; null if they are not kept")
    max_concurrent_invocations_per_instance: int | None = attribute(
        "The most requests that an instance answers at once; null if SageMaker chooses"
    )
    success_topic_arn: str | None = option(
        "notification_topics", "success_topic_arn", "The SNS topic that is notified of each answer; null for none"
    )
    error_topic_arn: str | None = option(
        "notification_topics", "error_topic_arn", "The SNS topic that is notified of each failure; null for none"
    )


@strawberry.type(description="An instance type that a variant may run on, one of several")
class InstancePool:
    """See aws.kinds.variants.InstancePool."""

    instance_type: str = attribute("The instance type, such as ml.m5.large")
    priority: int = attribute("The rank among the variant's pools; the smallest is tried first")
    model_name: str | None = attribute(
        "The name of the model that this pool serves instead of the variant's; null for the variant's own"
    )
    model: LazyModelByName = relation(
        snapshots.models_of_variants,
        "The model that this pool serves instead of the variant's; null for the variant's own, or if it is gone",
    )


@strawberry.type(description="The bounds within which SageMaker scales the instances of a variant by itself")
class ManagedInstanceScaling:
    """See aws.kinds.variants.ManagedInstanceScaling."""

    enabled: bool = attribute("True if SageMaker scales the instances")
    min_instance_count: int | None = attribute("The smallest number of instances")
    max_instance_count: int | None = attribute("The largest number of instances")


_HOSTING = "variant_hosting"


def _instance_pools(root: Any) -> Any:
    return viewed_parts(root, root.value.instance_pools)


@strawberry.type(description="A production or shadow variant of a snapshot")
class Variant:
    """See aws.kinds.variants.Variant."""

    name: str = attribute("The variant's name")
    model: LazyModelByName = relation(
        snapshots.models_of_variants,
        "The model of the variant; null if it is gone, or if the variant hosts inference components",
    )
    model_name: str | None = attribute(
        "The name of the variant's model; null if the variant hosts inference components"
    )
    instance_type: str | None = attribute(
        "The instance type; null if the variant is serverless, or has `instancePools` instead"
    )
    initial_instance_count: int | None = attribute(
        "The number of instances at the start; null if the variant is serverless"
    )
    instance_pools: list[InstancePool] | None = computed(
        _instance_pools, "The instance types that the variant may run on, if there are several"
    )
    initial_weight: float | None = attribute(
        "The share of the traffic at the start, relative to the other variants' weights"
    )
    serverless: Serverless | None = attribute("The size of a serverless variant; null for one on instances")
    routing_strategy: str | None = option(
        _HOSTING,
        "routing_strategy",
        "LEAST_OUTSTANDING_REQUESTS, RANDOM or PREFIX_AWARE; null if SageMaker does not tell",
    )
    managed_instance_scaling: ManagedInstanceScaling | None = option(
        _HOSTING,
        "managed_instance_scaling",
        "The bounds within which SageMaker scales the instances by itself; null if it does not",
    )
    volume_size_in_gb: int | None = option(
        _HOSTING,
        "volume_size_in_gb",
        "The size of each instance's volume, in GB; null for SageMaker's default",
        name="volumeSizeInGB",
    )
    model_data_download_timeout_seconds: int | None = option(
        _HOSTING,
        "model_data_download_timeout_seconds",
        "The seconds that a download of model data may take; null for SageMaker's default",
    )
    container_startup_timeout_seconds: int | None = option(
        _HOSTING,
        "container_startup_timeout_seconds",
        "The seconds that the start of a container may take; null for SageMaker's default",
    )
    inference_ami_version: str | None = option(
        _HOSTING, "inference_ami_version", "The version of the instances' machine image; null for SageMaker's default"
    )
    ssm_access: bool | None = option(_HOSTING, "ssm_access", "True if Systems Manager may log in to the instances")
    core_dump_s3_uri: str | None = option(
        _HOSTING, "core_dump_s3_uri", "The S3 prefix for core dumps of crashed processes; null for none"
    )


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
@strawberry.type(description="A SageMaker endpoint configuration: a deployable version of one or more models")
class Snapshot(Resource, Node):
    """See aws.kinds.snapshots.Snapshot."""

    variants: list[Variant] | None = viewed_details("variants", "The production variants")
    shadow_variants: list[Variant] | None = viewed_details(
        "shadow_variants", "The shadow variants, which get copies of requests"
    )
    models: LazyModels = relation(
        snapshots.models_of_snapshots,
        "The models in `modelNames`, in that order; null for one that is gone",
        detail=True,
    )
    model_names: list[str] | None = detail("model_names", "The names of the models in all variants and instance pools")
    kms_key_id: str | None = detail("kms_key_id", "The KMS key that encrypts the storage of instances")
    execution_role_arn: str | None = detail(
        "execution_role_arn", "The ARN of the snapshot's own role; null if it has none"
    )
    network: Network | None = detail("network", "The network of inference components; null for none")
    data_capture: DataCapture | None = detail("data_capture", "The capture of requests and answers")
    async_inference: AsyncInference | None = detail(
        "async_inference", "The configuration of asynchronous answers; null if answers are synchronous"
    )
    explainer: JSON | None = from_detail(
        _explainer, "The configuration of the explainer, in SageMaker's words; null for none"
    )
    hourly_cost: Cost | None = relation(
        costs.initial_hourly_costs,
        "The hourly cost of the initial instances, by `prices` of the settings; null if a variant's type has no price",
        detail=True,
    )
    runtimes: RuntimeConnection | None = resource_connection(
        snapshots.runtimes_of_snapshots,
        "The runtimes that run the snapshot now, newest first. They are found by a "
        "description of each runtime of the account and region, once",
        Kind.RUNTIME,
    )
    deployments: DeploymentConnection | None = record_connection(
        deployments_of_snapshots, "The deployments of the snapshot, newest first"
    )
    test_results: TestResultConnection | None = record_connection(
        test_results_of_snapshots, "The outcomes of the snapshot's rehearsals, newest first"
    )
    custom_metadata: JSON | None = computed(
        _custom_metadata, "The group's custom metadata for the snapshot, a JSON object; null if there is none"
    )
    created_by_import: bool | None = computed(
        _created_by_import,
        "True if an import of the group made the snapshot because its model had none; null if "
        "the group keeps nothing about the snapshot",
    )
