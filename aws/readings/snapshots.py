"""Reads snapshots: ListEndpointConfigs' rows and DescribeEndpointConfig's answers."""

from collections.abc import Iterable, Iterator

from aws.kinds import Kind
from aws.readings.origin import ApiResponse, Provenance, parse_common_fields, parse_network
from aws.resources import AsyncInference, DataCapture, InstancePool, Serverless, Snapshot, SnapshotDetail, Variant


def parse_summary(row: ApiResponse, origin: Provenance) -> Snapshot:
    """A row of ListEndpointConfigs."""
    return Snapshot(**parse_common_fields(Kind.SNAPSHOT, row, origin))


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
    return Snapshot(**parse_common_fields(Kind.SNAPSHOT, answer, origin), detail=detail)


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
        initial_weight=variant.get("InitialVariantWeight"),
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
