"""Field constructors: attribute, detail, computed, relation, connection, guarded mutation."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from inspect import Parameter
from operator import attrgetter
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.types.fields.resolver import Signature

from auth.permissions import Permission
from aws.kinds.kind import Kind
from resolvers.batching import BatchFunction, answers_by_view
from resolvers.columns import NestedLists, nested
from resolvers.execution.sources import DetailColumn, DetailFunction, FromDetail, PerLevel
from resolvers.lists.connections import PageArguments, checked_first
from resolvers.lookups import with_detail
from resolvers.mutations.audited import MutationBody, run_audited
from resolvers.mutations.context import MutationContext
from resolvers.request import Request
from resolvers.views.resource_view import Viewed, ViewedList
from schema.limits.page_needs import page_needs

Info = strawberry.Info[Request, None]
First = Annotated[int | None, strawberry.argument(description="The most nodes of the page, 1 to 100")]
After = Annotated[
    str | None, strawberry.argument(description="The `endCursor` of the page before this one; left out: the first page")
]
Region = Annotated[
    str | None, strawberry.argument(description="The region, one of the role's `regions`; left out: its default region")
]
Group = Annotated[str | None, strawberry.argument(description="The group whose role reads; left out: the acting group")]

TypeT = TypeVar("TypeT", bound=type)
ArgumentsFunction = Callable[..., tuple[Hashable, ...]]
"""From a field's arguments to those of its batch function. Raises BadInputError."""

# Kinds that answering a field takes a scan of, by the field's arguments; they are begun before the walk gets there.
ScannedKinds = Callable[[Mapping[str, Any]], Sequence[Kind]]


def attribute(description: str) -> Any:
    """A field with this description that shows the value's attribute of the same name."""
    return strawberry.field(description=description)


def computed(resolver: Callable[..., Any], description: str, *, detail: bool = False) -> Any:
    """A field that a resolver answers for each parent by itself; `detail` if it takes the resource's description."""
    return strawberry.field(resolver=resolver, description=description, metadata={"detail": detail})


def detail(attribute: str, description: str) -> Any:
    """A field that shows an attribute of the resource's detail, which is read for all parents if it is not at hand."""
    read = attrgetter(attribute)
    source = FromDetail(
        lambda _root, known, _request: read(known), lambda _roots, known: list(map(read, known)), attribute
    )
    return _detail_field(source, description)


def option(group: str, attribute: str, description: str, name: str | None = None) -> Any:
    """A field that shows an attribute of an optional part of the value; null without that part.

    Args:
        group: The value's attribute that holds the part, or None.
        attribute: The part's attribute.
        description: The field's description.
        name: The field's name, if it is not the camel case of the Python name.
    """
    return strawberry.field(
        resolver=lambda root: getattr(getattr(root, group), attribute, None), name=name, description=description
    )


def viewed_details(attribute: str, description: str) -> Any:
    """A field of parts of the detail, an attribute of it, each beside the view that the resource is shown through."""
    read = attrgetter(attribute)

    def column(roots: Sequence[Any], known: Sequence[Any]) -> Sequence[Any]:
        parts = list(map(read, known))
        if not isinstance(roots, ViewedList) or None in parts:
            return [viewed_parts(root, own) for root, own in zip(roots, parts, strict=True)]
        lists = nested(parts)
        return NestedLists(ViewedList(lists.flat, roots.view), lists.lengths)

    return from_detail(lambda root, known, _request: viewed_parts(root, read(known)), description, column)


def from_detail(
    function: DetailFunction, description: str, column: DetailColumn | None = None, *, name: str | None = None
) -> Any:
    """A field that a function works out of a resource's detail; null if the resource is gone.

    Args:
        function: See resolvers.execution.sources.DetailFunction.
        description: The field's description.
        column: Works it out for many resources at once; see resolvers.execution.sources.FromDetail.
        name: The field's name, if it is not the camel case of the Python name.
    """
    return _detail_field(FromDetail(function, column), description, name)


def _detail_field(source: FromDetail, description: str, name: str | None = None) -> Any:
    async def load(root: Any, info: Info) -> Any:
        return shown(root, await load_detail(info.context, root), info)

    def shown(root: Any, known: Any, info: Info) -> Any:
        return None if known is None else source.function(root, known, info.context)

    def resolve(root: Any, info: Info) -> Any:
        return load(root, info) if root.detail is None else shown(root, root.detail, info)

    metadata = {"detail": True, "source": source}
    return strawberry.field(resolver=resolve, name=name, description=description, metadata=metadata)


def viewed_parts(root: Viewed[Any], parts: Sequence[Any] | None) -> Sequence[Viewed[Any]] | None:
    """The parts of a value, each beside the view that the value is shown through."""
    return None if parts is None else [Viewed(part, root.view) for part in parts]


async def load_detail(request: Request, root: Any) -> Any:
    """The detail of a resource, the root, read if it is not at hand; None if the resource is gone."""
    if root.detail is not None:
        return root.detail
    whole = await request.batcher.load(with_detail, root.view, root.value)
    return None if whole is None else whole.detail


def relation(
    function: BatchFunction, description: str, arguments: ArgumentsFunction | None = None, **metadata: Any
) -> Any:
    """A field of resources that a batch function answers for all parents of a level.

    Args:
        function: Called as `function(view, resources, *arguments)`.
        description: The field's description.
        arguments: Called as `arguments(info, **arguments of the field)`, which its own parameters declare; gives those
            of `function`, which are hashable. None if the field has no arguments.
        metadata: Further metadata of the field: `detail` and `scans`, which lookahead reads.
    """
    prepare = arguments or _no_arguments

    def resolve(root: Any, info: Info, **values: Any) -> Any:
        prepared = prepare(info, **values)
        return info.context.batcher.load(function, root.view, root.value, *prepared)

    async def answer(context: Any, parents: Sequence[Any], **values: Any) -> Sequence[Any]:
        return await answers_by_view(function, parents, *prepare(context, **values))

    return _batched(function, prepare, resolve, PerLevel(answer), description, metadata)


def registry_relation(
    function: BatchFunction, description: str, arguments: ArgumentsFunction | None = None, **metadata: Any
) -> Any:
    """A field of the gateway's own records that a batch function answers for all parents of a level.

    Args:
        function: Called as `function(request, records, *arguments)`.
        description: The field's description.
        arguments: See `relation`.
        metadata: See `relation`.
    """
    prepare = arguments or _no_arguments

    def resolve(root: Any, info: Info, **values: Any) -> Any:
        prepared = prepare(info, **values)
        return info.context.batcher.load(function, info.context, root, *prepared)

    async def answer(context: Any, parents: Sequence[Any], **values: Any) -> Sequence[Any]:
        return await function(context.context, parents, *prepare(context, **values))

    return _batched(function, prepare, resolve, PerLevel(answer), description, metadata)


def _no_arguments(_info: Info) -> tuple[Hashable, ...]:
    return ()


def _batched(
    function: BatchFunction,
    prepare: ArgumentsFunction,
    resolve: Callable[..., Any],
    source: PerLevel,
    description: str,
    metadata: Mapping[str, Any],
) -> Any:
    """The field, whose arguments are those that `prepare` declares; Strawberry reads them off the signature."""
    _, *declared = Signature.from_callable(prepare).parameters.values()
    root, info, _ = Signature.from_callable(resolve).parameters.values()
    named = [parameter.replace(kind=Parameter.KEYWORD_ONLY) for parameter in declared]
    resolve.__signature__ = Signature([root, info, *named])  # type: ignore[attr-defined]  # Functions may have one.
    return strawberry.field(
        resolver=resolve, description=description, metadata={"batch": function, "source": source, **metadata}
    )


def with_arguments(resolve: Callable[..., Any], arguments: Mapping[str, tuple[Any, Any]]) -> Callable[..., Any]:
    """The resolver of a root field, called as `resolve(info, **arguments)` with all arguments that are declared here.

    Args:
        resolve: Resolves the field.
        arguments: The type and the default of each argument, by its Python name; one that must be given has
            `Parameter.empty` as its default.
    """
    defaults = {name: default for name, (_, default) in arguments.items()}

    async def resolve_with_defaults(info: Info, **sent: Any) -> Any:
        return await resolve(info, **{**defaults, **sent})

    info, _ = Signature.from_callable(resolve_with_defaults).parameters.values()
    parameters = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in arguments.items()
    ]
    resolve_with_defaults.__signature__ = Signature([info, *parameters])  # type: ignore[attr-defined]  # Functions may have one.
    return resolve_with_defaults


def resource_connection(function: BatchFunction, description: str, *scans: Kind) -> Any:
    """A connection that a batch function answers for all parents of a level, from scans of these kinds."""
    return relation(function, description, _selected_page, scans=lambda _arguments: scans)


def record_connection(function: BatchFunction, description: str) -> Any:
    """A connection over the registry's records that a batch function answers for all parents of a level."""
    return registry_relation(function, description, _connection_page)


def _selected_page(info: Info, first: First = 10, after: After = None) -> tuple[Hashable, ...]:
    return (selected_page(info, first, after, 10),)


def _connection_page(info: Info, first: First = 10, after: After = None) -> tuple[Hashable, ...]:
    return (page_arguments(info.context, first, after, 10),)


def page_arguments(request: Request, first: int | None, after: str | None, default: int) -> PageArguments:
    """The checked page arguments of a field whose size is `default` unless `first` is given. Raises BadInputError."""
    return PageArguments(checked_first(first, default, request.limits.page_size), after)


def selected_page(info: Info, first: int | None, after: str | None, default: int) -> PageArguments:
    """The arguments `first` and `after`, checked like those of `page_arguments`, with the needs of the selection.

    Raises:
        BadInputError: The page is too large, or has no node.
    """
    needs = page_needs(info._raw_info, info.context.page_needs)
    return PageArguments(checked_first(first, default, info.context.limits.page_size), after, needs)


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
    """The class that `represents` was given, by the `is_type_of` that it has made; None for any other test."""
    result: type | None = getattr(is_type_of, "value_class", None)
    return result


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
        body: Makes the change; see resolvers.mutations.audited.run_audited.
        input_type: The input's type; `body` gets the input's `value()`.
        result_type: The class of the body's result.
        permission: The needed permission; the field's metadata has it as `guard`, which the contract's tests read.
        description: The effect; the needed permission is added to it.
    """

    async def resolve(info: Info, input: Any) -> Any:
        return await run_audited(MutationContext(info.context, action, permission), body, input.value(), result_type)

    # Strawberry reads the argument's type off the annotations, and each mutation has an input of its own.
    resolve.__annotations__["input"] = Annotated[input_type, strawberry.argument(description="The change to make")]
    return strawberry.field(
        resolver=resolve, description=f"{description}; needs {permission.value}", metadata={"guard": permission}
    )
