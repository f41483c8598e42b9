"""The reference of the schema: a page for each type, with each field, argument and value, linked to each other."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
    print_ast,
)
from graphql.utilities import ast_from_value

Permissions = Mapping[str, Sequence[str]]
"""The permissions that a field takes, by `Type.field`."""
_KINDS: Final = {
    GraphQLObjectType: "Objects",
    GraphQLInterfaceType: "Interfaces",
    GraphQLUnionType: "Unions",
    GraphQLInputObjectType: "Inputs",
    GraphQLEnumType: "Enums",
}
_MANY: Final = 12


@dataclass(frozen=True, slots=True)
class _Uses:
    """The places of each type.

    Attributes:
        returned_by: The fields that return it.
        taken_by: The arguments and input fields that take it.
    """

    returned_by: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    taken_by: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def reference_pages(schema: GraphQLSchema, permissions: Permissions) -> dict[str, str]:
    """Write the reference.

    Args:
        schema: The schema.
        permissions: The permissions that fields take.

    Returns:
        Pages in Markdown by their place on the site, below `reference/`; `index.md` lists all types.
    """
    uses = _uses(schema)
    types = sorted(_own_types(schema), key=lambda type_: type_.name)
    pages = {f"reference/{type_.name}.md": _page(type_, uses, permissions) for type_ in types}
    return {"reference/index.md": _index(schema, types)} | pages


def _own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for type_ in schema.type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield type_


def _kind(type_: GraphQLNamedType) -> str:
    return next((name for kind, name in _KINDS.items() if isinstance(type_, kind)), "Scalars")


def _index(schema: GraphQLSchema, types: Sequence[GraphQLNamedType]) -> str:
    roots = [schema.query_type, schema.mutation_type, schema.subscription_type]
    lines = ["# Schema reference", "", schema.description or "", ""]
    groups = {"Roots": [root for root in roots if root]} | {
        kind: [type_ for type_ in types if _kind(type_) == kind and type_ not in roots]
        for kind in (*_KINDS.values(), "Scalars")
    }
    for kind, members in groups.items():
        if members:
            lines += [f"## {kind}", ""]
            lines += [f"- [{type_.name}]({type_.name}.md){_first_words(type_)}" for type_ in members] + [""]
    return "\n".join(lines)


def _first_words(type_: GraphQLNamedType) -> str:
    paragraph = (type_.description or "").strip().split("\n\n")[0]
    return f": {_prose(' '.join(paragraph.split()))}" if paragraph else ""


def _page(type_: GraphQLNamedType, uses: _Uses, permissions: Permissions) -> str:
    lines = [f"# {type_.name}", "", f"*{_kind(type_).removesuffix('s')}*{_relations(type_)}", ""]
    lines += [_prose(type_.description or ""), ""]
    lines += [*_used("Returned by", uses.returned_by[type_.name]), *_used("Taken by", uses.taken_by[type_.name])]
    if isinstance(type_, GraphQLEnumType):
        for name, value in type_.values.items():
            lines += [f"## {name}", "", *_about(value.description, value.deprecation_reason)]
    if isinstance(type_, GraphQLInputObjectType):
        for name, entry in type_.fields.items():
            lines += [f"## {name}", "", _signature(entry), "", *_about(entry.description, entry.deprecation_reason)]
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for name, answer in type_.fields.items():
            lines += _field(name, answer, permissions.get(f"{type_.name}.{name}", ()))
    return "\n".join(lines)


def _relations(type_: GraphQLNamedType) -> str:
    """The interfaces of a type, or the types of a union, linked."""
    if isinstance(type_, GraphQLUnionType):
        return ": " + " or ".join(_link(member.name) for member in type_.types)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and type_.interfaces:
        return ", is a " + ", ".join(_link(interface.name) for interface in type_.interfaces)
    return ""


def _field(name: str, answer: GraphQLField, permissions: Sequence[str]) -> list[str]:
    lines = [f"## {name}", "", f"→ {_typed(answer.type)}", "", *_about(answer.description, answer.deprecation_reason)]
    if permissions:
        names = " and ".join(f"[`{permission}`](../permissions.md)" for permission in permissions)
        lines += [f"Takes the permission {names}.", ""]
    if answer.args:
        lines += ["Arguments:", ""]
        lines += [_argument(argument, entry) for argument, entry in answer.args.items()] + [""]
    return lines


def _argument(name: str, entry: GraphQLArgument) -> str:
    words = " ".join((entry.description or "").split())
    gone = f" **Deprecated**: {_prose(entry.deprecation_reason)}" if entry.deprecation_reason else ""
    return f"- `{name}`: {_signature(entry)}" + (f", {_prose(words)}" if words else "") + gone


def _signature(entry: GraphQLArgument | GraphQLInputField) -> str:
    default = "" if entry.default_value is Undefined else f" = `{_literal(entry)}`"
    return _typed(entry.type) + default


def _literal(entry: GraphQLArgument | GraphQLInputField) -> str:
    node = ast_from_value(entry.default_value, entry.type)
    return "null" if node is None else print_ast(node)


def _about(description: str | None, deprecated: str | None) -> list[str]:
    gone = [f"**Deprecated**: {_prose(deprecated)}", ""] if deprecated else []
    return [*gone, _prose(description or ""), ""]


def _typed(type_: GraphQLType) -> str:
    """A type as the schema writes it, its name linked to its page."""
    name = get_named_type(type_).name
    before, after = str(type_).replace("[", r"\[").replace("]", r"\]").split(name)
    return before + (name if is_specified_scalar_type(get_named_type(type_)) else _link(name)) + after


def _link(name: str) -> str:
    return f"[{name}]({name}.md)"


def _used(title: str, places: Sequence[str]) -> list[str]:
    if not places:
        return []
    links = [f"[{place}]({place.split('.')[0]}.md#{place.split('.')[1].lower()})" for place in places[:_MANY]]
    more = f" and {len(places) - _MANY} more" if len(places) > _MANY else ""
    return [f"**{title}** " + ", ".join(links) + more, ""]


def _uses(schema: GraphQLSchema) -> _Uses:
    uses = _Uses()

    def note(into: dict[str, list[str]], type_: GraphQLType, place: str) -> None:
        places = into[get_named_type(type_).name]
        if place not in places:
            places.append(place)

    for type_ in _own_types(schema):
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, answer in type_.fields.items():
                note(uses.returned_by, answer.type, f"{type_.name}.{name}")
                for argument in answer.args.values():
                    note(uses.taken_by, argument.type, f"{type_.name}.{name}")
        elif isinstance(type_, GraphQLInputObjectType):
            for name, entry in type_.fields.items():
                note(uses.taken_by, entry.type, f"{type_.name}.{name}")
    return uses


def _prose(text: str) -> str:
    """A description, in which angle brackets outside code are signs and no HTML."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else escape(part, quote=False) for part in parts)
