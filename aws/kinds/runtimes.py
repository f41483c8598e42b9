"""Runtimes (endpoints): dataclasses and parsers."""

from dataclasses import dataclass
from datetime import datetime

from aws.kinds.descriptor import COMPONENT_HOST_KEY, KindDescriptor, Link, LinkType, Revision
from aws.kinds.kind import ApiNames, Kind, SearchNames
from aws.kinds.resource import (
    ApiResponse,
    CaptureOptions,
    DataCapture,
    Provenance,
    Resource,
    parse_common_fields,
    parse_number,
)
from aws.kinds.rollouts import Rollout, parse_rollout
from aws.kinds.statuses import RuntimeStatus, parse_status
from aws.kinds.variants import Serverless, parse_serverless

API = ApiNames(
    list_operation="ListEndpoints",
    list_key="Endpoints",
    describe_operation="DescribeEndpoint",
    prefix="Endpoint",
    noun="endpoint",
    status_key="EndpointStatus",
    arn_type="endpoint",
    console_path="endpoints",
    log_group="/aws/sagemaker/Endpoints/{name}",
)


@dataclass(frozen=True, slots=True)
class ServerlessSizes:
    """The sizes of a serverless variant; both None for a variant on instances.

    Attributes:
        current: The present size.
        desired: The requested size.
    """

    current: Serverless | None = None
    desired: Serverless | None = None


@dataclass(frozen=True, slots=True)
class VariantPlacement:
    """The endpoint of a variant, and its configuration; both None in copies of earlier releases.

    Attributes:
        endpoint_name: The name of the endpoint.
        snapshot_name: The name of its endpoint configuration; None if the endpoint hosts inference components.
    """

    endpoint_name: str | None = None
    snapshot_name: str | None = None


@dataclass(frozen=True, slots=True)
class RuntimeVariant:
    """A variant of a running endpoint; None for values that SageMaker does not give.

    Attributes:
        name: Its name.
        current_weight: Its present share of traffic, relative to the other weights.
        desired_weight: Its requested share.
        current_instance_count: The number of its instances.
        desired_instance_count: The requested number.
        images: The addresses of its deployed images.
        serverless_sizes: Its sizes, if it is serverless.
        placement: Its endpoint and configuration.
    """

    name: str
    current_weight: float | None
    desired_weight: float | None
    current_instance_count: int | None
    desired_instance_count: int | None
    images: tuple[str, ...]
    serverless_sizes: ServerlessSizes = ServerlessSizes()
    placement: VariantPlacement = VariantPlacement()


@dataclass(frozen=True, slots=True)
class RuntimeDetail:
    """The fields that DescribeEndpoint adds to a row.

    Attributes:
        snapshot_name: The endpoint configuration; None if the endpoint hosts inference components.
        pending_snapshot_name: The configuration of an update under way; None without one.
        failure_reason: SageMaker's reason for a failure; None without one.
        variants: Its variants.
        data_capture: Its data capture; None if it is not configured.
        last_rollout: The plan of the last update; None without one.
    """

    snapshot_name: str | None
    pending_snapshot_name: str | None
    failure_reason: str | None
    variants: tuple[RuntimeVariant, ...]
    data_capture: DataCapture | None
    last_rollout: Rollout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime(Resource[RuntimeDetail]):
    """An endpoint: a deployed snapshot.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        last_modified_time: The time of the last change; None if SageMaker gives none.
    """

    kind = Kind.RUNTIME
    api = API

    status: RuntimeStatus
    raw_status: str
    last_modified_time: datetime | None


def parse_summary(row: ApiResponse, origin: Provenance, detail: RuntimeDetail | None = None) -> Runtime:
    """Parse a row of ListEndpoints."""
    word = row["EndpointStatus"]
    return Runtime(
        **parse_common_fields(API, row, origin),
        status=parse_status(RuntimeStatus, word),
        raw_status=word,
        last_modified_time=row.get("LastModifiedTime"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> Runtime:
    """Parse an answer of DescribeEndpoint, which has the members of a row, too."""
    pending = answer.get("PendingDeploymentSummary") or {}
    placement = VariantPlacement(answer["EndpointName"], answer.get("EndpointConfigName"))
    detail = RuntimeDetail(
        snapshot_name=answer.get("EndpointConfigName"),
        pending_snapshot_name=pending.get("EndpointConfigName"),
        failure_reason=answer.get("FailureReason"),
        variants=tuple(_variant(variant, placement) for variant in answer.get("ProductionVariants") or ()),
        data_capture=_data_capture(answer.get("DataCaptureConfig")),
        last_rollout=parse_rollout(answer.get("LastDeploymentConfig")),
    )
    return parse_summary(answer, origin, detail)


def _variant(variant: ApiResponse, placement: VariantPlacement) -> RuntimeVariant:
    images = (image.get("SpecifiedImage") or image.get("ResolvedImage") for image in variant.get("DeployedImages", ()))
    return RuntimeVariant(
        name=variant["VariantName"],
        current_weight=parse_number(variant.get("CurrentWeight")),
        desired_weight=parse_number(variant.get("DesiredWeight")),
        current_instance_count=variant.get("CurrentInstanceCount"),
        desired_instance_count=variant.get("DesiredInstanceCount"),
        images=tuple(image for image in images if image),
        serverless_sizes=ServerlessSizes(
            parse_serverless(variant.get("CurrentServerlessConfig")),
            parse_serverless(variant.get("DesiredServerlessConfig")),
        ),
        placement=placement,
    )


def _data_capture(config: ApiResponse | None) -> DataCapture | None:
    """The present data capture of an endpoint; `CaptureStatus` tells whether the requested one has started."""
    if not config:
        return None
    started = config.get("CaptureStatus", "Started") == "Started"
    return DataCapture(
        bool(config.get("EnableCapture")) and started,
        config.get("CurrentSamplingPercentage"),
        config.get("DestinationS3Uri"),
        CaptureOptions(kms_key_id=config.get("KmsKeyId") or None),
    )


def _links(runtime: Runtime) -> tuple[Link, ...]:
    if runtime.detail is None:
        return ()
    if runtime.detail.snapshot_name is None:
        return (Link(LinkType.COMPONENT_HOST, COMPONENT_HOST_KEY),)
    return (Link(LinkType.SNAPSHOT_NAME, runtime.detail.snapshot_name),)


# In any other status an endpoint is on its way to one of these.
_SETTLED = frozenset({RuntimeStatus.IN_SERVICE, RuntimeStatus.OUT_OF_SERVICE, RuntimeStatus.FAILED})

DESCRIPTOR = KindDescriptor(
    kind=Kind.RUNTIME,
    api=API,
    resource_type=Runtime,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
    is_settled=lambda runtime: runtime.status in _SETTLED,
    revision=lambda runtime: Revision(runtime.raw_status, runtime.last_modified_time),
    # Filters by modification time make SageMaker page through all of them (aws/aws-sdk issue 486).
    volatile=True,
    search=SearchNames(
        "Endpoint",
        ("Endpoint",),
        ("EndpointName", "EndpointArn", "EndpointConfigName", "EndpointStatus", "CreationTime"),
    ),
)
