"""The printed schema against the promised names: what is missing is listed, and nothing is renamed or retyped."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema
from graphql.utilities import (
    BreakingChange,
    BreakingChangeType,
    DangerousChangeType,
    find_breaking_changes,
    find_dangerous_changes,
)

from tests.contract.not_built import NOT_BUILT
from tests.contract.printed import FOLDER, own_types, printed

COPY = FOLDER / "contract.graphql"
# Where the house stands beside its contract, the copy must be that contract; a clone has the copy alone.
ORIGINAL = Path(__file__).parents[2].parent / "shared" / "contract.graphql"
MISSING = re.compile(r"(?:Field )?(\S+) was removed\.")
LISTED = Counter(name for names in NOT_BUILT.values() for name in names.split())


@cache
def contract() -> GraphQLSchema:
    return build_schema(COPY.read_text(encoding="utf-8"))


@cache
def breaking_changes() -> tuple[BreakingChange, ...]:
    return tuple(find_breaking_changes(contract(), printed()))


def is_missing(change: BreakingChange) -> bool:
    return change.type in {BreakingChangeType.TYPE_REMOVED, BreakingChangeType.FIELD_REMOVED}


def missing() -> set[str]:
    found = {MISSING.fullmatch(change.description) for change in breaking_changes() if is_missing(change)}
    return {match[1] for match in found if match is not None}


def test_the_copy_is_the_contract() -> None:
    original = ORIGINAL if ORIGINAL.is_file() else COPY
    assert COPY.read_text(encoding="utf-8") == original.read_text(encoding="utf-8")


def test_nothing_is_missing_but_what_is_listed() -> None:
    assert sorted(missing() - LISTED.keys()) == []


def test_nothing_is_listed_that_is_there() -> None:
    assert sorted(LISTED.keys() - missing()) == []


def test_every_missing_name_was_understood() -> None:
    assert len(missing()) == sum(is_missing(change) for change in breaking_changes())


def test_nothing_is_listed_twice() -> None:
    assert [name for name, times in LISTED.items() if times > 1] == []


def test_nothing_breaks_by_other_means() -> None:
    assert [change.description for change in breaking_changes() if not is_missing(change)] == []


def test_no_default_of_an_argument_differs() -> None:
    changes = find_dangerous_changes(contract(), printed())
    differing = [each for each in changes if each.type is DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE]
    assert [change.description for change in differing] == []


def signatures(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Each field and argument by its path, with its type as written."""
    for name, each in own_types(schema).items():
        for field_name, field in getattr(each, "fields", {}).items():
            yield f"{name}.{field_name}", str(field.type)
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name}:)", str(argument.type)


def test_no_type_differs() -> None:
    """A nullable field that became non-null breaks no client by its type, but takes its parent down when it fails."""
    promised, ours = dict(signatures(contract())), dict(signatures(printed()))
    assert {path: ours[path] for path in promised.keys() & ours.keys() if ours[path] != promised[path]} == {}


@pytest.mark.parametrize("name", ["Resource", "Job"])
def test_an_interface_has_the_promised_types(name: str) -> None:
    def possible(schema: GraphQLSchema) -> set[str]:
        return {each.name for each in schema.get_possible_types(schema.type_map[name])}  # type: ignore[arg-type]  # Both are interfaces.

    assert possible(printed()) == possible(contract())
