"""Single things by name, and what descriptions and tags add to things that are already in hand."""

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from aws.errors import AWSError
from aws.inventory.shelves import Described
from aws.kinds import SPELLING, Kind
from aws.naming import NAME
from aws.resources import AnyResource, Model, Snapshot, Tag
from resolvers.errors import BadInputError
from resolvers.sights import Sight

Wanted = TypeVar("Wanted", bound=AnyResource)


def checked_name(kind: Kind, name: str) -> str:
    """The name, if SageMaker could have given it to something. Raises BadInputError otherwise."""
    if len(name) > 63 or not NAME.fullmatch(name):
        raise BadInputError(
            f"`{name[:80]}` cannot be the name of any {SPELLING[kind].noun}: "
            "names are 1 to 63 letters and digits, with hyphens only in between."
        )
    return name


async def by_name(view: Sight, kind: Kind, name: str) -> AnyResource | None:
    """The resource of this name, described; None where there is none.

    Raises:
        BadInputError: No resource of this kind can have the name.
        AWSError: It could not be read.
    """
    return readable((await view.inventory.describe(kind, [checked_name(kind, name)]))[name])


def readable(what: Described) -> AnyResource | None:
    """What was described, or None where it is gone. Raises the AWSError that stands in its place."""
    if isinstance(what, AWSError):
        raise what
    return what


async def described(view: Sight, resources: Sequence[AnyResource]) -> Sequence[AnyResource | AWSError | None]:
    """A batch function: each resource with its detail, None where it has gone meanwhile."""
    found = await _found(view, [resource for resource in resources if resource.detail is None])
    return [resource if resource.detail is not None else found[resource.kind, resource.name] for resource in resources]


async def _found(view: Sight, resources: Sequence[AnyResource]) -> Mapping[tuple[Kind, str], Described]:
    """What is known of each resource; two kinds of job may share a name."""
    found: dict[tuple[Kind, str], Described] = {}
    for kind in dict.fromkeys(resource.kind for resource in resources):
        rows = [resource for resource in resources if resource.kind is kind]
        found |= {(kind, name): what for name, what in (await view.inventory.describe_rows(rows)).items()}
    return found


async def with_details(view: Sight, resources: Sequence[Wanted]) -> Sequence[Wanted]:
    """The resources with their details where those can be read, and as they are where not.

    Whoever then asks for a detail that is missing gets the reason, because the inventory keeps it.
    """
    found = await _found(view, resources)
    return [_better(resource, found[resource.kind, resource.name]) for resource in resources]


def _better(resource: Wanted, what: Described) -> Wanted:
    return resource if what is None or isinstance(what, AWSError) else cast("Wanted", what)


async def tags(view: Sight, resources: Sequence[AnyResource]) -> Sequence[tuple[Tag, ...] | AWSError | None]:
    """A batch function: each resource's tags, sorted by key; None where it is gone."""
    found = await view.inventory.tags(resource.arn for resource in resources)
    return [found[resource.arn] for resource in resources]


async def models_named(view: Sight, names: Sequence[str | None]) -> Sequence[Model | AWSError | None]:
    """A batch function: the model of each name; None for no name, and where the model is gone."""
    found = await view.inventory.describe(Kind.MODEL, [name for name in names if name])
    return [_as(Model, found, name) for name in names]


async def snapshots_named(view: Sight, names: Sequence[str | None]) -> Sequence[Snapshot | AWSError | None]:
    """A batch function: the snapshot of each name; None for no name, and where the snapshot is gone."""
    found = await view.inventory.describe(Kind.SNAPSHOT, [name for name in names if name])
    return [_as(Snapshot, found, name) for name in names]


def _as(wanted: type[Wanted], found: Mapping[str, Described], name: str | None) -> Wanted | AWSError | None:
    what = found[name] if name else None
    return what if isinstance(what, wanted | AWSError) else None


async def lists_of_models(
    view: Sight, lists: Sequence[Sequence[str] | None]
) -> Sequence[Sequence[Model | AWSError | None] | None]:
    """A batch function: for each list of names the models, in the same order, None for one that is gone."""
    every = list(dict.fromkeys(name for names in lists if names for name in names))
    found = dict(zip(every, await models_named(view, every), strict=True))
    return [None if names is None else [found[name] for name in names] for names in lists]
