"""Snapshots (endpoint configurations): dataclasses and parsers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from aws.kinds.descriptor import COMPONENT_HOST_KEY, KindDescriptor, Link, LinkType
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import (
    ApiResponse,
    CaptureOptions,
    DataCapture,
    Network,
    Provenance,
    Resource,
    parse_common_fields,
    parse_network,
)
from aws.kinds.variants import Variant, named_models, parse_variant

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
class NotificationTopics:
    """The SNS topics that hear of each asynchronous answer and failure."""

    success_topic_arn: str | None = None
    error_topic_arn: str | None = None


@dataclass(frozen=True, slots=True)
class AsyncInference:
    """Asynchronous inference: the places of answers and failures, and the requests an instance takes at once."""

    s3_output_path: str | None
    s3_failure_path: str | None
    max_concurrent_invocations_per_instance: int | None
    notification_topics: NotificationTopics = NotificationTopics()


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
    explainer_json: str | None = None


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
    variants = tuple(parse_variant(variant, origin) for variant in answer["ProductionVariants"])
    shadows = tuple(parse_variant(variant, origin) for variant in answer.get("ShadowProductionVariants") or ())
    detail = SnapshotDetail(
        variants=variants,
        shadow_variants=shadows,
        model_names=tuple(dict.fromkeys(named_models((*variants, *shadows)))),
        kms_key_id=answer.get("KmsKeyId"),
        execution_role_arn=answer.get("ExecutionRoleArn"),
        network=parse_network(answer),
        data_capture=_data_capture(answer.get("DataCaptureConfig")),
        async_inference=_async_inference(answer.get("AsyncInferenceConfig")),
        explainer_json=_explainer(answer.get("ExplainerConfig")),
    )
    return Snapshot(**parse_common_fields(API, answer, origin), detail=detail)


def _explainer(config: ApiResponse | None) -> str | None:
    """The configuration as JSON text: a description is kept by value, and a mapping has none."""
    return json.dumps(config, sort_keys=True) if config else None


def _data_capture(config: ApiResponse | None) -> DataCapture | None:
    """`EnableCapture` may be left out of a configuration; it "defaults to enabled" (service model)."""
    if not config:
        return None
    return DataCapture(
        bool(config.get("EnableCapture", True)),
        config.get("InitialSamplingPercentage"),
        config.get("DestinationS3Uri"),
        _capture_options(config),
    )


def _capture_options(config: ApiResponse) -> CaptureOptions:
    captures = tuple(option["CaptureMode"] for option in config.get("CaptureOptions") or ())
    return CaptureOptions(captures or None, config.get("KmsKeyId") or None)


def _async_inference(config: ApiResponse | None) -> AsyncInference | None:
    if not config:
        return None
    output, client = config.get("OutputConfig") or {}, config.get("ClientConfig") or {}
    return AsyncInference(
        output.get("S3OutputPath"),
        output.get("S3FailurePath"),
        client.get("MaxConcurrentInvocationsPerInstance"),
        _topics(output.get("NotificationConfig") or {}),
    )


def _topics(config: ApiResponse) -> NotificationTopics:
    return NotificationTopics(config.get("SuccessTopic"), config.get("ErrorTopic"))


def is_serverless(snapshot: Snapshot) -> bool:
    """True if a described snapshot runs without instances."""
    return snapshot.detail is not None and any(variant.serverless for variant in snapshot.detail.variants)


def model_names(snapshot: Snapshot) -> Sequence[str]:
    """The models that a described snapshot names."""
    return snapshot.detail.model_names if snapshot.detail else ()


def names_no_model(snapshot: Snapshot) -> bool:
    """True if a variant of a described snapshot names no model, and so hosts inference components."""
    return bool(component_variants(snapshot))


def component_variants(snapshot: Snapshot) -> tuple[str, ...]:
    """The variants of a described snapshot that name no model, and so host inference components."""
    return tuple(
        variant.name
        for variant in (snapshot.detail.variants if snapshot.detail else ())
        if variant.model_name is None and not any(pool.model_name for pool in variant.instance_pools)
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
