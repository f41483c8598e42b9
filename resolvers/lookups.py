"""Single resources by name, and the details and tags of resources that are already in hand."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar, cast

from aws.client.errors import AWSError
from aws.inventory.describe_cache import Described
from aws.kinds.catalog import API_NAMES, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.resource import Tag
from aws.kinds.snapshots import Snapshot
from resolvers.errors import BadInputError
from resolvers.views.resource_view import ResourceView, Viewed, viewed, viewed_or_error

ResourceT = TypeVar("ResourceT", bound=AnyResource)


NAME_RULE: Final = "names have 1 to 63 letters and digits, with hyphens only in between."
TUNING_NAME_RULE: Final = NAME_RULE.replace("63", "32")
_LONGEST_SHOWN_NAME: Final = 80


def name_fault(kind: Kind, name: str) -> str | None:
    """The reason why nothing of this kind can have the name; None if something can."""
    if API_NAMES[kind].name_pattern.fullmatch(name):
        return None
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    rule = TUNING_NAME_RULE if kind is Kind.TUNING_JOB else NAME_RULE
    return f"`{shown[:_LONGEST_SHOWN_NAME]}` is not a valid name of any {API_NAMES[kind].noun}: {rule}"


def checked_name(kind: Kind, name: str) -> str:
    """The name, if SageMaker could have given it to something. Raises BadInputError otherwise."""
    if fault := name_fault(kind, name):
        raise BadInputError(fault)
    return name


async def describe_by_name(view: ResourceView, kind: Kind, name: str) -> Viewed[AnyResource] | None:
    """The resource of this name, described; None if there is none.

    Raises:
        BadInputError: No resource of this kind can have the name.
        AWSError: It could not be read.
    """
    resource = resource_or_raise((await view.inventory.describe(kind, [checked_name(kind, name)]))[name])
    return None if resource is None else viewed(view, resource)


def resource_or_raise(described: Described) -> AnyResource | None:
    """The described resource; None if it is gone. Raises the AWSError that stands in its place."""
    if isinstance(described, AWSError):
        raise described
    return described


async def with_detail(view: ResourceView, resources: Sequence[AnyResource]) -> Sequence[AnyResource | AWSError | None]:
    """A batch function: each of the resources with its detail; None if it is gone meanwhile."""
    rows = await _describe_rows(view, [resource for resource in resources if resource.detail is None])
    return [resource if resource.detail is not None else rows[resource.kind, resource.name] for resource in resources]


async def _describe_rows(view: ResourceView, resources: Sequence[AnyResource]) -> Mapping[tuple[Kind, str], Described]:
    """Describe each resource, by kind and name: two kinds of job may share a name."""
    result: dict[tuple[Kind, str], Described] = {}
    for kind in dict.fromkeys(resource.kind for resource in resources):
        rows = [resource for resource in resources if resource.kind is kind]
        result |= {(kind, name): item for name, item in (await view.inventory.describe_rows(rows)).items()}
    return result


async def with_details(view: ResourceView, resources: Sequence[ResourceT]) -> Sequence[ResourceT]:
    """The resources with their details if those can be read, and as they are if not.

    The reason why a detail is missing comes when that is asked for, because the inventory keeps it.
    """
    rows = await _describe_rows(view, resources)
    return [_detailed_or_row(resource, rows[resource.kind, resource.name]) for resource in resources]


def _detailed_or_row(resource: ResourceT, described: Described) -> ResourceT:
    return resource if described is None or isinstance(described, AWSError) else cast("ResourceT", described)


async def tags(view: ResourceView, resources: Sequence[AnyResource]) -> Sequence[tuple[Tag, ...] | AWSError | None]:
    """A batch function: the tags of each of the resources, sorted by key; None if it is gone."""
    result = await view.inventory.tags(resource.arn for resource in resources)
    return [result[resource.arn] for resource in resources]


async def models_named(view: ResourceView, names: Sequence[str | None]) -> Sequence[Viewed[Model] | AWSError | None]:
    """A batch function: the model of each name; None for no name, and for a model that is gone."""
    resources = await view.inventory.describe(Kind.MODEL, [name for name in names if name])
    return [viewed_or_error(view, _of_type(Model, resources, name)) for name in names]


async def snapshots_named(
    view: ResourceView, names: Sequence[str | None]
) -> Sequence[Viewed[Snapshot] | AWSError | None]:
    """A batch function: the snapshot of each name; None for no name, and for a snapshot that is gone."""
    return [viewed_or_error(view, described) for described in await describe_snapshots(view, names)]


async def describe_snapshots(view: ResourceView, names: Sequence[str | None]) -> Sequence[Snapshot | AWSError | None]:
    """The snapshot of each name; None for no name, and for a snapshot that is gone."""
    resources = await view.inventory.describe(Kind.SNAPSHOT, [name for name in names if name])
    return [_of_type(Snapshot, resources, name) for name in names]


def _of_type(
    resource_type: type[ResourceT], described: Mapping[str, Described], name: str | None
) -> ResourceT | AWSError | None:
    resource = described[name] if name else None
    return resource if isinstance(resource, resource_type | AWSError) else None


async def models_or_errors(view: ResourceView, lists: Sequence[object]) -> Sequence[object]:
    """The models of each list of names, as `model_lists` gives them; an error in the place of a list is kept."""
    viewed = await model_lists(view, [names if isinstance(names, tuple) else None for names in lists])
    return [names if isinstance(names, Exception) else models for names, models in zip(lists, viewed, strict=True)]


async def model_lists(
    view: ResourceView, lists: Sequence[Sequence[str] | None]
) -> Sequence[Sequence[Viewed[Model] | AWSError | None] | None]:
    """A batch function: for each list of names the models, in the same order, None for one that is gone."""
    every = list(dict.fromkeys(name for names in lists if names for name in names))
    viewed = dict(zip(every, await models_named(view, every), strict=True))
    return [None if names is None else [viewed[name] for name in names] for names in lists]
