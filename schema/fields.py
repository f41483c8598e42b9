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

Info = strawberry.Info[Request, None]
First = Annotated[int | None, strawberry.argument(description="How many to give, 1 to 100")]
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


async def _load_attribute(request: Request, root: Any, attribute: str) -> Any:
    whole = await request.batcher.load(with_detail, request.view_of(root.scope), root)
    return None if whole is None else getattr(whole.detail, attribute)


async def load_detail(request: Request, root: Any) -> Any:
    """The detail of a resource, read if it is not at hand; None where the resource is gone."""
    if root.detail is not None:
        return root.detail
    whole = await request.batcher.load(with_detail, request.view_of(root.scope), root)
    return None if whole is None else whole.detail


def relation(function: BatchFunction, description: str) -> Any:
    """A field that a batch function answers for all parents of a level."""

    def resolve(root: Any, info: Info) -> Any:
        request = info.context
        return request.batcher.load(function, request.view_of(root.scope), root)

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
        return request.batcher.load(function, request.view_of(root.scope), root, page)

    return strawberry.field(
        resolver=resolve, description=description, metadata={"batch": function, "scans": lambda _arguments: scans}
    )


def page_arguments(request: Request, first: int | None, after: str | None, default: int) -> PageArguments:
    """The page arguments, checked. Raises BadInputError."""
    return PageArguments(checked_first(first, default, request.limits.page_size), after)


def backed_by(value: type, *more: type) -> Callable[[TypeT], TypeT]:
    """Decorates a type that shows these values, so that an interface's value finds its type.

    `shown_values` on it is read by the test that holds its fields against the values' attributes.
    """

    def mark(shape: Any) -> Any:
        shape.__strawberry_definition__.is_type_of = lambda found, _info: isinstance(found, (value, *more))
        shape.shown_values = (value, *more)
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
    resolve.__annotations__["input"] = Annotated[input_type, strawberry.argument(description="What is to be done")]
    return strawberry.field(
        resolver=resolve, description=f"{description}; takes {permission.value}", metadata={"guard": permission}
    )
