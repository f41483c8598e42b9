"""Variants of endpoint configurations: dataclasses and parsers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aws.kinds.resource import ApiResponse, Provenance, parse_number


@dataclass(frozen=True, slots=True)
class Serverless:
    """The size of a serverless variant.

    Attributes:
        memory_size_in_mb: Its memory, in MB.
        max_concurrency: The most requests at once.
        provisioned_concurrency: The requests at once that are kept warm; None for none.
    """

    memory_size_in_mb: int
    max_concurrency: int
    provisioned_concurrency: int | None


@dataclass(frozen=True, slots=True)
class InstancePool:
    """One choice of instances of a variant; it may serve a model of its own.

    Attributes:
        scope: The key of the scope that has read it.
        instance_type: The instance type.
        priority: Its rank among the pools of the variant, from 1 to 5; the lowest is tried first.
        model_name: Its own model (`ModelNameOverride`); None for the variant's.
    """

    scope: str
    instance_type: str
    priority: int
    model_name: str | None


@dataclass(frozen=True, slots=True)
class ManagedInstanceScaling:
    """The bounds within which SageMaker itself scales a variant's instances.

    Attributes:
        enabled: True if it scales them.
        min_instance_count: The lower bound; None if it is not set.
        max_instance_count: The upper bound; None if it is not set.
    """

    enabled: bool
    min_instance_count: int | None
    max_instance_count: int | None


@dataclass(frozen=True, slots=True)
class VariantHosting:
    """The settings of a variant's instances; None for unset values.

    Attributes:
        routing_strategy: `LEAST_OUTSTANDING_REQUESTS` or `RANDOM`.
        managed_instance_scaling: The bounds of scaling by SageMaker.
        volume_size_in_gb: The size of the volume, in GB.
        model_data_download_timeout_seconds: The time for the download of model data.
        container_startup_timeout_seconds: The time until the container must pass its health check.
        inference_ami_version: The version of the machine image.
        ssm_access: True if Systems Manager has access to the instances.
        core_dump_s3_uri: The address of core dumps in S3.
    """

    routing_strategy: str | None = None
    managed_instance_scaling: ManagedInstanceScaling | None = None
    volume_size_in_gb: int | None = None
    model_data_download_timeout_seconds: int | None = None
    container_startup_timeout_seconds: int | None = None
    inference_ami_version: str | None = None
    ssm_access: bool | None = None
    core_dump_s3_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A production or shadow variant of an endpoint configuration; None for unset values.

    Attributes:
        scope: The key of the scope that has read it.
        name: Its name.
        model_name: Its model; None if it hosts inference components, or its pools have models.
        instance_type: The instance type.
        initial_instance_count: The number of instances at first.
        initial_weight: Its share of traffic at first, relative to the other weights.
        serverless: Its size, if it is serverless.
        instance_pools: Its choices of instances.
        most_instances: The number to which SageMaker scales it by itself; None if it does not.
        variant_hosting: The settings of its instances.
    """

    scope: str
    name: str
    model_name: str | None
    instance_type: str | None
    initial_instance_count: int | None
    initial_weight: float | None
    serverless: Serverless | None
    instance_pools: tuple[InstancePool, ...]
    most_instances: int | None = None
    variant_hosting: VariantHosting = VariantHosting()


def named_models(variants: Iterable[Variant]) -> Iterator[str]:
    """Iterate over the models of variants and their instance pools, in order; a name may come twice."""
    for variant in variants:
        if variant.model_name:
            yield variant.model_name
        yield from (pool.model_name for pool in variant.instance_pools if pool.model_name)


def parse_variant(variant: ApiResponse, origin: Provenance) -> Variant:
    """Parse a variant of DescribeEndpointConfig."""
    return Variant(
        scope=origin.scope,
        name=variant["VariantName"],
        model_name=variant.get("ModelName"),
        instance_type=variant.get("InstanceType"),
        initial_instance_count=variant.get("InitialInstanceCount"),
        initial_weight=parse_number(variant.get("InitialVariantWeight")),
        serverless=parse_serverless(variant.get("ServerlessConfig")),
        instance_pools=tuple(_pool(pool, origin) for pool in variant.get("InstancePools") or ()),
        most_instances=_most_instances(variant.get("ManagedInstanceScaling")),
        variant_hosting=_hosting(variant),
    )


def _hosting(variant: ApiResponse) -> VariantHosting:
    return VariantHosting(
        routing_strategy=(variant.get("RoutingConfig") or {}).get("RoutingStrategy"),
        managed_instance_scaling=_managed_scaling(variant.get("ManagedInstanceScaling")),
        volume_size_in_gb=variant.get("VolumeSizeInGB"),
        model_data_download_timeout_seconds=variant.get("ModelDataDownloadTimeoutInSeconds"),
        container_startup_timeout_seconds=variant.get("ContainerStartupHealthCheckTimeoutInSeconds"),
        inference_ami_version=variant.get("InferenceAmiVersion"),
        ssm_access=variant.get("EnableSSMAccess"),
        core_dump_s3_uri=(variant.get("CoreDumpConfig") or {}).get("DestinationS3Uri"),
    )


def _managed_scaling(scaling: ApiResponse | None) -> ManagedInstanceScaling | None:
    if not scaling:
        return None
    enabled = scaling.get("Status") == "ENABLED"
    return ManagedInstanceScaling(enabled, scaling.get("MinInstanceCount"), scaling.get("MaxInstanceCount"))


def _pool(pool: ApiResponse, origin: Provenance) -> InstancePool:
    return InstancePool(origin.scope, pool["InstanceType"], pool["Priority"], pool.get("ModelNameOverride"))


def _most_instances(scaling: ApiResponse | None) -> int | None:
    return scaling.get("MaxInstanceCount") if scaling and scaling.get("Status") == "ENABLED" else None


def parse_serverless(config: ApiResponse | None) -> Serverless | None:
    """Parse the size of a serverless variant; None if it is not serverless."""
    if not config:
        return None
    return Serverless(config["MemorySizeInMB"], config["MaxConcurrency"], config.get("ProvisionedConcurrency"))
