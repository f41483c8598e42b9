"""Snapshots (endpoint configurations): dataclasses and parsers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aws.kinds.descriptor import COMPONENT_HOST_KEY, KindDescriptor, Link, LinkType
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import (
    ApiResponse,
    DataCapture,
    Network,
    Provenance,
    Resource,
    parse_common_fields,
    parse_network,
    parse_number,
)

API = ApiNames(
    list_operation="ListEndpointConfigs",
    list_key="EndpointConfigs",
    describe_operation="DescribeEndpointConfig",
    prefix="EndpointConfig",
    noun="endpoint configuration",
    status_key=None,
    arn_type="endpoint-config",
    console_path="endpointConfig",
)


@dataclass(frozen=True, slots=True)
class Serverless:
    """A serverless variant's memory in MB and its concurrency."""

    memory_size_in_mb: int
    max_concurrency: int
    provisioned_concurrency: int | None


@dataclass(frozen=True, slots=True)
class InstancePool:
    """One choice of instances of a variant; it may serve a model of its own (`ModelNameOverride`)."""

    scope: str
    instance_type: str
    priority: int
    model_name: str | None


@dataclass(frozen=True, slots=True)
class Variant:
    """A production or shadow variant of an endpoint configuration.

    `most_instances` is to how many SageMaker scales it by itself; None where it does not.
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


@dataclass(frozen=True, slots=True)
class AsyncInference:
    """Asynchronous inference: the places of answers and failures, and the requests an instance takes at once."""

    s3_output_path: str | None
    s3_failure_path: str | None
    max_concurrent_invocations_per_instance: int | None


@dataclass(frozen=True, slots=True)
class SnapshotDetail:
    """The fields that DescribeEndpointConfig adds; `model_names` has each name once, in order of appearance."""

    variants: tuple[Variant, ...]
    shadow_variants: tuple[Variant, ...]
    model_names: tuple[str, ...]
    kms_key_id: str | None
    execution_role_arn: str | None
    network: Network
    data_capture: DataCapture | None
    async_inference: AsyncInference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Resource[SnapshotDetail]):
    """An endpoint configuration: a deployable version of one model or more."""

    kind = Kind.SNAPSHOT
    api = API


def parse_summary(row: ApiResponse, origin: Provenance) -> Snapshot:
    """A row of ListEndpointConfigs."""
    return Snapshot(**parse_common_fields(API, row, origin))


def parse_description(answer: ApiResponse, origin: Provenance) -> Snapshot:
    """An answer of DescribeEndpointConfig."""
    variants = tuple(_variant(variant, origin) for variant in answer["ProductionVariants"])
    shadows = tuple(_variant(variant, origin) for variant in answer.get("ShadowProductionVariants") or ())
    detail = SnapshotDetail(
        variants=variants,
        shadow_variants=shadows,
        model_names=tuple(dict.fromkeys(_model_names((*variants, *shadows)))),
        kms_key_id=answer.get("KmsKeyId"),
        execution_role_arn=answer.get("ExecutionRoleArn"),
        network=parse_network(answer),
        data_capture=_data_capture(answer.get("DataCaptureConfig")),
        async_inference=_async_inference(answer.get("AsyncInferenceConfig")),
    )
    return Snapshot(**parse_common_fields(API, answer, origin), detail=detail)


def _model_names(variants: Iterable[Variant]) -> Iterator[str]:
    for variant in variants:
        if variant.model_name:
            yield variant.model_name
        yield from (pool.model_name for pool in variant.instance_pools if pool.model_name)


def _variant(variant: ApiResponse, origin: Provenance) -> Variant:
    return Variant(
        scope=origin.scope,
        name=variant["VariantName"],
        model_name=variant.get("ModelName"),
        instance_type=variant.get("InstanceType"),
        initial_instance_count=variant.get("InitialInstanceCount"),
        initial_weight=parse_number(variant.get("InitialVariantWeight")),
        serverless=_serverless(variant.get("ServerlessConfig")),
        instance_pools=tuple(_pool(pool, origin) for pool in variant.get("InstancePools") or ()),
        most_instances=_most_instances(variant.get("ManagedInstanceScaling")),
    )


def _pool(pool: ApiResponse, origin: Provenance) -> InstancePool:
    return InstancePool(origin.scope, pool["InstanceType"], pool["Priority"], pool.get("ModelNameOverride"))


def _most_instances(scaling: ApiResponse | None) -> int | None:
    return scaling.get("MaxInstanceCount") if scaling and scaling.get("Status") == "ENABLED" else None


def _serverless(config: ApiResponse | None) -> Serverless | None:
    if not config:
        return None
    return Serverless(config["MemorySizeInMB"], config["MaxConcurrency"], config.get("ProvisionedConcurrency"))


def _data_capture(config: ApiResponse | None) -> DataCapture | None:
    """`EnableCapture` may be left out of a configuration; it "defaults to enabled" (service model)."""
    if not config:
        return None
    return DataCapture(
        bool(config.get("EnableCapture", True)), config.get("InitialSamplingPercentage"), config.get("DestinationS3Uri")
    )


def _async_inference(config: ApiResponse | None) -> AsyncInference | None:
    if not config:
        return None
    output, client = config.get("OutputConfig") or {}, config.get("ClientConfig") or {}
    return AsyncInference(
        output.get("S3OutputPath"), output.get("S3FailurePath"), client.get("MaxConcurrentInvocationsPerInstance")
    )


def is_serverless(snapshot: Snapshot) -> bool:
    """True if a described snapshot runs without instances."""
    return snapshot.detail is not None and any(variant.serverless for variant in snapshot.detail.variants)


def model_names(snapshot: Snapshot) -> Sequence[str]:
    """The models that a described snapshot names."""
    return snapshot.detail.model_names if snapshot.detail else ()


def names_no_model(snapshot: Snapshot) -> bool:
    """True if a variant of a described snapshot names no model, and so hosts inference components."""
    return snapshot.detail is not None and any(
        variant.model_name is None and not any(pool.model_name for pool in variant.instance_pools)
        for variant in snapshot.detail.variants
    )


def _links(snapshot: Snapshot) -> tuple[Link, ...]:
    hosts = (Link(LinkType.COMPONENT_HOST, COMPONENT_HOST_KEY),) if names_no_model(snapshot) else ()
    return (*(Link(LinkType.MODEL_NAME, name) for name in model_names(snapshot)), *hosts)


DESCRIPTOR = KindDescriptor(
    kind=Kind.SNAPSHOT,
    api=API,
    resource_type=Snapshot,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
)
