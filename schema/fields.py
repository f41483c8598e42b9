"""Field constructors: attribute, detail, computed, relation, connection, guarded mutation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from auth.permissions import Permission
from aws.kinds.kind import Kind
from resolvers.batching import BatchFunction, answers_by_view
from resolvers.execution.sources import FieldSource, FromDetail, PerLevel
from resolvers.lists.connections import PageArguments, checked_first
from resolvers.lookups import with_detail
from resolvers.mutations.audited import MutationBody, run_audited
from resolvers.mutations.context import MutationContext
from resolvers.request import Request
from resolvers.views.resource_view import Viewed

Info = strawberry.Info[Request, None]
First = Annotated[int | None, strawberry.argument(description="The size of the page, 1 to 100")]
After = Annotated[str | None, strawberry.argument(description="The cursor to go on behind, from `pageInfo.endCursor`")]
Region = Annotated[
    str | None, strawberry.argument(description="The region, one of the role's own; left out: its first")
]
Group = Annotated[str | None, strawberry.argument(description="The group to act for; left out: the acting group")]

TypeT = TypeVar("TypeT", bound=type)
# Kinds that answering a field takes a scan of, by the field's arguments; they are begun before the walk gets there.
ScannedKinds = Callable[[Mapping[str, Any]], Sequence[Kind]]


def attribute(description: str) -> Any:
    """A field that shows the value's attribute of the same name."""
    return strawberry.field(description=description)


def computed(
    resolver: Callable[..., Any], description: str, *, detail: bool = False, source: FieldSource | None = None
) -> Any:
    """A field that a function answers.

    Args:
        resolver: Answers for one parent.
        description: What the schema says of the field.
        detail: True if that takes the resource's description.
        source: The way to the same answers for all parents of a level at once; None asks `resolver` for each of them.
    """
    metadata = {"detail": detail, **({} if source is None else {"source": source})}
    return strawberry.field(resolver=resolver, description=description, metadata=metadata)


def of_views(function: BatchFunction) -> PerLevel:
    """The source of a relation of resources: a batch function that is called with a view and its resources."""

    async def answer(_request: Request, parents: Sequence[Any]) -> Sequence[Any]:
        return await answers_by_view(function, parents)

    return PerLevel(answer)


def of_records(function: BatchFunction) -> PerLevel:
    """The source of a relation of records: a batch function that is called with the request and the records."""
    return PerLevel(function)


def detail(attribute: str, description: str) -> Any:
    """A field that shows an attribute of the resource's detail, which is read for all parents if it is not at hand."""

    def resolve(root: Any, info: Info) -> Any:
        known = root.detail
        return _load_attribute(info.context, root, attribute) if known is None else getattr(known, attribute)

    def shown(_root: Any, known: Any, _request: Request) -> Any:
        return getattr(known, attribute)

    metadata = {"detail": True, "source": FromDetail(shown)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def viewed_details(attribute: str, description: str) -> Any:
    """A list of parts of the resource's detail whose own fields need the view that the resource is shown through."""

    async def load(root: Any, info: Info) -> Any:
        return shown(root, await load_detail(info.context, root))

    def shown(root: Any, known: Any) -> Any:
        return None if known is None else viewed_parts(root, getattr(known, attribute))

    def resolve(root: Any, info: Info) -> Any:
        return load(root, info) if root.detail is None else shown(root, root.detail)

    source = FromDetail(lambda root, known, _request: shown(root, known))
    return strawberry.field(resolver=resolve, description=description, metadata={"detail": True, "source": source})


def viewed_parts(root: Viewed[Any], parts: Sequence[Any] | None) -> Sequence[Viewed[Any]] | None:
    """The parts of a value, each beside the view that the value is shown through."""
    return None if parts is None else [Viewed(part, root.view) for part in parts]


async def _load_attribute(request: Request, root: Any, attribute: str) -> Any:
    whole = await request.batcher.load(with_detail, root.view, root.value)
    return None if whole is None else getattr(whole.detail, attribute)


async def load_detail(request: Request, root: Any) -> Any:
    """The detail of a resource, read if it is not at hand; None where the resource is gone."""
    if root.detail is not None:
        return root.detail
    whole = await request.batcher.load(with_detail, root.view, root.value)
    return None if whole is None else whole.detail


def relation(function: BatchFunction, description: str) -> Any:
    """A field that a batch function answers for all parents of a level."""

    def resolve(root: Any, info: Info) -> Any:
        return info.context.batcher.load(function, root.view, root.value)

    metadata = {"batch": function, "source": of_views(function)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def registry_relation(function: BatchFunction, description: str) -> Any:
    """A field of a record of the gateway's own that a batch function answers for all parents of a level."""

    def resolve(root: Any, info: Info) -> Any:
        return info.context.batcher.load(function, info.context, root)

    metadata = {"batch": function, "source": of_records(function)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def resource_connection(function: BatchFunction, description: str, *scans: Kind) -> Any:
    """A connection that a batch function answers for all parents of a level, from scans of these kinds."""

    def resolve(root: Any, info: Info, first: First = 10, after: After = None) -> Any:
        request = info.context
        page = page_arguments(request, first, after, 10)
        return request.batcher.load(function, root.view, root.value, page)

    async def answer(
        request: Request, parents: Sequence[Any], first: int | None = 10, after: str | None = None
    ) -> Sequence[Any]:
        return await answers_by_view(function, parents, page_arguments(request, first, after, 10))

    metadata = {"batch": function, "scans": lambda _arguments: scans, "source": PerLevel(answer)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def page_arguments(request: Request, first: int | None, after: str | None, default: int) -> PageArguments:
    """The page arguments, checked. Raises BadInputError."""
    return PageArguments(checked_first(first, default, request.limits.page_size), after)


def represents(value: type) -> Callable[[TypeT], TypeT]:
    """Decorate a type that represents values of this class, so that an interface's value finds its type."""

    def is_type_of(candidate: Any, _info: Any) -> bool:
        return isinstance(candidate.value if isinstance(candidate, Viewed) else candidate, value)

    def mark(shape: Any) -> Any:
        is_type_of.value_class = value  # type: ignore[attr-defined]  # See `value_class`.
        shape.__strawberry_definition__.is_type_of = is_type_of
        return shape

    return mark


def value_class(is_type_of: Any) -> type | None:
    """The class that `represents` was given, by the test that it has made; None for any other test."""
    found: type | None = getattr(is_type_of, "value_class", None)
    return found


def guarded_mutation(
    action: str,
    body: MutationBody[Any],
    input_type: Any,
    result_type: Callable[..., Any],
    permission: Permission,
    description: str,
) -> Any:
    """A guarded and audited field of the mutation root.

    Args:
        action: The field's name in the schema, which the audit keeps.
        body: Does it; see resolvers.mutations.audited.run_audited.
        input_type: The input's type; `value()` of an input is what `body` is given.
        result_type: The class of what it answers with.
        permission: What it takes; the field's metadata has it as `guard`, which the contract's tests look for.
        description: What it does; what it takes is told behind that.
    """

    async def resolve(info: Info, input: Any) -> Any:
        return await run_audited(MutationContext(info.context, action, permission), body, input.value(), result_type)

    # Strawberry reads the argument's type off the annotations, and each mutation has an input of its own.
    resolve.__annotations__["input"] = Annotated[input_type, strawberry.argument(description="The change to make")]
    return strawberry.field(
        resolver=resolve, description=f"{description}; takes {permission.value}", metadata={"guard": permission}
    )
