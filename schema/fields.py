"""Field constructors: attribute, detail, computed, relation, connection, guarded mutation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from auth.permissions import Permission
from aws.kinds.kind import Kind
from resolvers.batching import BatchFunction
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


def computed(resolver: Callable[..., Any], description: str, *, detail: bool = False) -> Any:
    """A field that a function answers; `detail` where it takes the resource's description to do so."""
    return strawberry.field(resolver=resolver, description=description, metadata={"detail": detail})


def detail(attribute: str, description: str) -> Any:
    """A field that shows an attribute of the resource's detail, which is read for all parents if it is not at hand."""

    def resolve(root: Any, info: Info) -> Any:
        known = root.detail
        return _load_attribute(info.context, root, attribute) if known is None else getattr(known, attribute)

    return strawberry.field(resolver=resolve, description=description, metadata={"detail": True})


def viewed_details(attribute: str, description: str) -> Any:
    """A list of parts of the resource's detail whose own fields need the view that the resource is shown through."""

    async def load(root: Any, info: Info) -> Any:
        return shown(root, await load_detail(info.context, root))

    def shown(root: Any, known: Any) -> Any:
        return None if known is None else viewed_parts(root, getattr(known, attribute))

    def resolve(root: Any, info: Info) -> Any:
        return load(root, info) if root.detail is None else shown(root, root.detail)

    return strawberry.field(resolver=resolve, description=description, metadata={"detail": True})


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

    return strawberry.field(resolver=resolve, description=description, metadata={"batch": function})


def registry_relation(function: BatchFunction, description: str) -> Any:
    """A field of a record of the gateway's own that a batch function answers for all parents of a level."""

    def resolve(root: Any, info: Info) -> Any:
        return info.context.batcher.load(function, info.context, root)

    return strawberry.field(resolver=resolve, description=description, metadata={"batch": function})


def resource_connection(function: BatchFunction, description: str, *scans: Kind) -> Any:
    """A connection that a batch function answers for all parents of a level, from scans of these kinds."""

    def resolve(root: Any, info: Info, first: First = 10, after: After = None) -> Any:
        request = info.context
        page = page_arguments(request, first, after, 10)
        return request.batcher.load(function, root.view, root.value, page)

    return strawberry.field(
        resolver=resolve, description=description, metadata={"batch": function, "scans": lambda _arguments: scans}
    )


def page_arguments(request: Request, first: int | None, after: str | None, default: int) -> PageArguments:
    """The page arguments, checked. Raises BadInputError."""
    return PageArguments(checked_first(first, default, request.limits.page_size), after)


def represents(value: type) -> Callable[[TypeT], TypeT]:
    """Decorate a type that represents values of this class, so that an interface's value finds its type."""

    def is_type_of(candidate: Any, _info: Any) -> bool:
        return isinstance(candidate.value if isinstance(candidate, Viewed) else candidate, value)

    def mark(shape: Any) -> Any:
        shape.__strawberry_definition__.is_type_of = is_type_of
        return shape

    return mark


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
