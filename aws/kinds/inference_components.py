"""Inference components: models on endpoints that no endpoint configuration names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aws.kinds.descriptor import KindDescriptor, Link, LinkType, Revision
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.resource import ApiResponse, Provenance, Resource, parse_common_fields
from aws.kinds.statuses import InferenceComponentStatus, parse_status

API = ApiNames(
    list_operation="ListInferenceComponents",
    list_key="InferenceComponents",
    describe_operation="DescribeInferenceComponent",
    prefix="InferenceComponent",
    noun="inference component",
    status_key="InferenceComponentStatus",
    arn_type="inference-component",
    # The console shows them on the page of their endpoint; no other page is documented.
    console_path=None,
)


@dataclass(frozen=True, slots=True)
class InferenceComponentDetail:
    """The fields that DescribeInferenceComponent adds to a row.

    Attributes:
        failure_reason: SageMaker's reason for a failure; None without one.
        model_names: The models that its specifications name; empty if they define containers instead.
        base_names: The base components of an adapter, to whose models it adds.
        current_copies: The number of loaded copies; None if SageMaker gives none.
        desired_copies: The requested number of copies; None if SageMaker gives none.
    """

    failure_reason: str | None
    model_names: tuple[str, ...]
    base_names: tuple[str, ...]
    current_copies: int | None
    desired_copies: int | None

    @property
    def base_component_name(self) -> str | None:
        """The component to whose model an adapter adds; None for a component with a model of its own."""
        return next(iter(self.base_names), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceComponent(Resource[InferenceComponentDetail]):
    """A component on the variant of an endpoint.

    Attributes:
        status: The status.
        raw_status: SageMaker's word for the status.
        last_modified_time: The time of the last change; None if SageMaker gives none.
        runtime_name: The name of the endpoint.
        variant_name: The name of the variant; None if SageMaker gives none.
    """

    kind = Kind.INFERENCE_COMPONENT
    api = API

    status: InferenceComponentStatus
    raw_status: str
    last_modified_time: datetime | None
    runtime_name: str
    variant_name: str | None


def parse_summary(
    row: ApiResponse, origin: Provenance, detail: InferenceComponentDetail | None = None
) -> InferenceComponent:
    """Parse a row of ListInferenceComponents, which has the endpoint and the variant, but not the model."""
    # The service model does not require a status.
    word = row.get("InferenceComponentStatus") or "unknown"
    return InferenceComponent(
        **parse_common_fields(API, row, origin),
        status=parse_status(InferenceComponentStatus, word),
        raw_status=word,
        last_modified_time=row.get("LastModifiedTime"),
        runtime_name=row["EndpointName"],
        variant_name=row.get("VariantName"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> InferenceComponent:
    """Parse an answer of DescribeInferenceComponent, with one `Specification` or several by instance type."""
    single = answer.get("Specification")
    specifications = [single] if single else list(answer.get("Specifications") or ())
    copies = answer.get("RuntimeConfig") or {}
    detail = InferenceComponentDetail(
        failure_reason=answer.get("FailureReason"),
        model_names=_distinct(specification.get("ModelName") for specification in specifications),
        base_names=_distinct(item.get("BaseInferenceComponentName") for item in specifications),
        current_copies=copies.get("CurrentCopyCount"),
        desired_copies=copies.get("DesiredCopyCount"),
    )
    return parse_summary(answer, origin, detail)


def _distinct(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _links(component: InferenceComponent) -> tuple[Link, ...]:
    if component.detail is None:
        return ()
    models = (Link(LinkType.MODEL_NAME, name) for name in component.detail.model_names)
    bases = (Link(LinkType.BASE_COMPONENT, name) for name in component.detail.base_names)
    return (*models, *bases)


_SETTLED = frozenset({InferenceComponentStatus.IN_SERVICE, InferenceComponentStatus.FAILED})

DESCRIPTOR = KindDescriptor(
    kind=Kind.INFERENCE_COMPONENT,
    api=API,
    resource_type=InferenceComponent,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
    is_settled=lambda component: component.status in _SETTLED,
    revision=lambda component: Revision(component.raw_status, component.last_modified_time),
    # Copies come and go during an update, and no row has their number.
    changes_unseen=lambda component: component.status not in _SETTLED,
    relisted=True,
)
