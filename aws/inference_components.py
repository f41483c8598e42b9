"""Inference components: the models that endpoints host without naming them in an endpoint configuration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.client.client import AwsClient
from aws.client.errors import AWSError, UnavailableError
from aws.client.paging import PageTokens
from aws.inventory.listings import PAGE_SIZE
from aws.kinds.resource import ApiResponse


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A row of ListInferenceComponents, which does not tell the model."""

    name: str
    endpoint_name: str
    last_modified_time: datetime | None

    @property
    def version_key(self) -> str:
        """The key of its description: an update gives the component a later time, and so another key."""
        return f"{self.name} {self.last_modified_time}"


@dataclass(frozen=True, slots=True)
class ComponentModels:
    """The models of a described component.

    Attributes:
        model_names: The models that its specifications name; none if they define containers instead.
        base_names: The base components of an adapter, whose models it adds to.
    """

    model_names: tuple[str, ...]
    base_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InferenceComponent:
    """A component, the endpoint that hosts it, and its models.

    Attributes:
        name: Its name.
        endpoint_name: The endpoint that hosts it.
        model_names: The models that it serves, those of its base components among them.
        failure: Why its models are unknown; None if they are known.
    """

    name: str
    endpoint_name: str
    model_names: tuple[str, ...]
    failure: AWSError | None = None


async def list_components(calls: AwsClient) -> Sequence[ComponentRow]:
    """Every component of the account and region, newest first: one call for each hundred.

    Raises:
        AWSError: They could not be listed, or a page's token repeats.
    """
    rows: list[ComponentRow] = []
    page: dict[str, str] = {}
    tokens = PageTokens("ListInferenceComponents")
    while True:
        answer = await calls.call(
            "ListInferenceComponents", MaxResults=PAGE_SIZE, SortBy="CreationTime", SortOrder="Descending", **page
        )
        rows += (
            ComponentRow(row["InferenceComponentName"], row["EndpointName"], row.get("LastModifiedTime"))
            for row in answer["InferenceComponents"]
        )
        token = tokens.following(answer.get("NextToken"))
        if token is None:
            return rows
        page = {"NextToken": token}


async def describe_component(calls: AwsClient, version_key: str) -> ComponentModels:
    """The models of the component with this `version_key`.

    Raises:
        AWSError: It could not be read; NotFoundError if it is gone.
    """
    name = version_key.partition(" ")[0]
    return parse_models(await calls.call("DescribeInferenceComponent", InferenceComponentName=name))


def parse_models(answer: ApiResponse) -> ComponentModels:
    """The models in an answer of DescribeInferenceComponent: of `Specification`, or of each of `Specifications`."""
    single = answer.get("Specification")
    specifications = [single] if single else list(answer.get("Specifications") or ())
    return ComponentModels(
        _distinct(specification.get("ModelName") for specification in specifications),
        _distinct(item.get("BaseInferenceComponentName") for item in specifications),
    )


def resolve_components(
    rows: Sequence[ComponentRow], described: Mapping[str, ComponentModels | AWSError | None]
) -> Sequence[InferenceComponent]:
    """Join rows with descriptions, and adapters with the models of their bases; leave out components that are gone.

    Args:
        rows: All rows.
        described: The description of each by `version_key`; None if the component is gone, or why it was not read.
    """
    by_name = {row.name: described[row.version_key] for row in rows}
    return [_resolve(row, by_name) for row in rows if by_name[row.name] is not None]


def _resolve(row: ComponentRow, by_name: Mapping[str, ComponentModels | AWSError | None]) -> InferenceComponent:
    own = by_name[row.name]
    names: list[str] = []
    for models in [own, *(by_name.get(base) for base in (own.base_names if isinstance(own, ComponentModels) else ()))]:
        if not isinstance(models, ComponentModels):
            return InferenceComponent(row.name, row.endpoint_name, (), models or _missing_base(row))
        names += models.model_names
    return InferenceComponent(row.name, row.endpoint_name, _distinct(names))


def _missing_base(row: ComponentRow) -> AWSError:
    return UnavailableError(
        f"The base of the inference component `{row.name}` is not listed, so its model is unknown.",
        operation="DescribeInferenceComponent",
    )


def _distinct(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
