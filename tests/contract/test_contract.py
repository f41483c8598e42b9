"""The printed schema against the promised names: what is missing is listed, and nothing is renamed or retyped."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLSchema, GraphQLUnionType, Undefined, build_schema
from graphql.utilities import BreakingChangeType, find_breaking_changes

from tests.contract.not_built import NOT_BUILT
from tests.contract.printed_schema import FOLDER, own_types, printed

COPY = FOLDER / "contract.graphql"
# Where the house stands beside its contract, the copy must be that contract; a clone has the copy alone.
ORIGINAL = Path(__file__).parents[2].parent / "shared" / "contract.graphql"
LISTED = Counter(name for names in NOT_BUILT.values() for name in names.split())
# What is missing is held against the list, name by name; every other breaking change is a fault.
MISSING = {
    BreakingChangeType.TYPE_REMOVED,
    BreakingChangeType.TYPE_REMOVED_FROM_UNION,
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
    BreakingChangeType.FIELD_REMOVED,
    BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED,
    BreakingChangeType.ARG_REMOVED,
    BreakingChangeType.DIRECTIVE_REMOVED,
}


@cache
def contract() -> GraphQLSchema:
    return build_schema(COPY.read_text(encoding="utf-8"))


def parts(type_: GraphQLNamedType) -> Iterator[str]:
    """The names of what a type has, see `not_built.py`."""
    yield from (f"{type_.name}:{interface.name}" for interface in getattr(type_, "interfaces", ()))
    if isinstance(type_, GraphQLUnionType):
        yield from (f"{type_.name}|{member.name}" for member in type_.types)
    if isinstance(type_, GraphQLEnumType):
        yield from (f"{type_.name}.{value}" for value in type_.values)
    for field_name, field in getattr(type_, "fields", {}).items():
        yield f"{type_.name}.{field_name}"
        yield from (f"{type_.name}.{field_name}({argument}:)" for argument in getattr(field, "args", {}))


def missing(promised: GraphQLSchema, built: GraphQLSchema) -> set[str]:
    """The outermost names that are promised and not built: a type that is missing stands for all that it has."""
    type_s = own_types(built)
    gone = {f"@{directive.name}" for directive in promised.directives if built.get_directive(directive.name) is None}
    for name, type_ in own_types(promised).items():
        if name not in type_s:
            gone.add(name)
            continue
        lacking = set(parts(type_)) - set(parts(type_s[name]))
        gone |= {part for part in lacking if part.partition("(")[0] == part or part.partition("(")[0] not in lacking}
    return gone


def test_the_copy_is_the_contract() -> None:
    original = ORIGINAL if ORIGINAL.is_file() else COPY
    assert COPY.read_text(encoding="utf-8") == original.read_text(encoding="utf-8")


def test_nothing_is_missing_but_what_is_listed() -> None:
    assert sorted(missing(contract(), printed()) - LISTED.keys()) == []


def test_nothing_is_listed_that_is_there() -> None:
    assert sorted(LISTED.keys() - missing(contract(), printed())) == []


def test_nothing_is_listed_twice() -> None:
    assert [name for name, times in LISTED.items() if times > 1] == []


def test_every_issue_is_one_that_is_to_come() -> None:
    """The contract is whole after the issue with the title number 16."""
    assert sorted(NOT_BUILT) == list(NOT_BUILT)
    assert set(NOT_BUILT) <= set(range(10, 17))
    assert all(names.split() for names in NOT_BUILT.values())


PROMISED = """
    directive @told on FIELD_DEFINITION
    type Query { all(first: Int, after: String): [Thing!] one: Either old: Old }
    interface Named { name: String }
    type Thing implements Named { name: String size(unit: Unit): Int }
    type Old { name: String }
    union Either = Thing | Old
    enum Unit { METRE FOOT }
    input Filter { name: String size: Int }
"""


@pytest.mark.parametrize(
    ("word", "instead", "name"),
    [
        ("directive @told on FIELD_DEFINITION", "", "@told"),
        ("input Filter { name: String size: Int }", "", "Filter"),
        ("size: Int }", "}", "Filter.size"),
        ("METRE FOOT", "METRE", "Unit.FOOT"),
        (", after: String", "", "Query.all(after:)"),
        ("all(first: Int, after: String): [Thing!]", "", "Query.all"),
        ("(unit: Unit)", "", "Thing.size(unit:)"),
        ("implements Named", "", "Thing:Named"),
        ("Thing | Old", "Thing", "Either|Old"),
    ],
)
def test_a_missing_part_has_one_name(word: str, instead: str, name: str) -> None:
    built = build_schema(PROMISED.replace(word, instead, 1))
    assert missing(build_schema(PROMISED), built) == {name}


def test_nothing_breaks_by_other_means() -> None:
    changes = find_breaking_changes(contract(), printed())
    assert [change.description for change in changes if change.type not in MISSING] == []


def signatures(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Each field and argument by its path, with its type as written and its default."""
    for name, type_ in own_types(schema).items():
        for field_name, field in getattr(type_, "fields", {}).items():
            yield f"{name}.{field_name}", written(field)
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name}:)", written(argument)


def written(part: Any) -> str:
    """An argument that is null by default is one without a default, for whoever leaves it out."""
    default = getattr(part, "default_value", Undefined)
    return f"{part.type}" if default is None or default is Undefined else f"{part.type} = {default!r}"


def test_no_type_and_no_default_differs() -> None:
    """A nullable field that became non-null breaks no client by its type, but takes its parent down when it fails."""
    promised, own = dict(signatures(contract())), dict(signatures(printed()))
    assert {path: own[path] for path in promised.keys() & own.keys() if own[path] != promised[path]} == {}


def test_no_type_has_an_interface_that_was_not_promised() -> None:
    def interfaces(schema: GraphQLSchema) -> set[str]:
        return {
            part for own_type in own_types(schema).values() for part in parts(own_type) if ":" in part.partition("(")[0]
        }

    assert interfaces(printed()) <= interfaces(contract())
