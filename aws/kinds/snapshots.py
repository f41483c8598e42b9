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
    """The SNS topics that get a message for each asynchronous inference; None for none.

    Attributes:
        success_topic_arn: The topic of answers.
        error_topic_arn: The topic of failures.
    """

    success_topic_arn: str | None = None
    error_topic_arn: str | None = None


@dataclass(frozen=True, slots=True)
class AsyncInference:
    """The settings of asynchronous inference; None for unset values.

    Attributes:
        s3_output_path: The address of answers in S3.
        s3_failure_path: The address of failures in S3.
        max_concurrent_invocations_per_instance: The most requests that an instance handles at once.
        notification_topics: The topics of messages.
    """

    s3_output_path: str | None
    s3_failure_path: str | None
    max_concurrent_invocations_per_instance: int | None
    notification_topics: NotificationTopics = NotificationTopics()


@dataclass(frozen=True, slots=True)
class SnapshotDetail:
    """The fields that DescribeEndpointConfig adds to a row; None for unset values.

    Attributes:
        variants: The production variants.
        shadow_variants: The shadow variants.
        model_names: The models of all variants, each once, in order of appearance.
        kms_key_id: The KMS key that encrypts the volumes.
        execution_role_arn: The role that SageMaker uses for the endpoint.
        network: The network of its containers.
        data_capture: The data capture.
        async_inference: The settings of asynchronous inference.
        explainer_json: The configuration of the explainer, as JSON.
    """

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
    """Parse a row of ListEndpointConfigs."""
    return Snapshot(**parse_common_fields(API, row, origin))


def parse_description(answer: ApiResponse, origin: Provenance) -> Snapshot:
    """Parse an answer of DescribeEndpointConfig."""
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
    """The configuration as JSON text, because details must be hashable."""
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
    """Give the names of the models in a described snapshot."""
    return snapshot.detail.model_names if snapshot.detail else ()


def names_no_model(snapshot: Snapshot) -> bool:
    """True if a variant of a described snapshot names no model, and so hosts inference components."""
    return bool(component_variants(snapshot))


def component_variants(snapshot: Snapshot) -> tuple[str, ...]:
    """Give the names of variants of a described snapshot that name no model, and so host inference components."""
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
