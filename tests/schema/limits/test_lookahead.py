"""schema.limits.lookahead: what a query will need, read off its selection."""

from functools import cache
from typing import Any

import pytest
from graphql import GraphQLResolveInfo, GraphQLSchema, graphql_sync

from aws.kinds.kind import Kind
from schema.build import build_schema
from schema.limits.lookahead import Lookahead, look_ahead

JOBS = frozenset({Kind.TRAINING_JOB, Kind.TRANSFORM_JOB})


class _Info:
    """As much of Strawberry's info as is read."""

    def __init__(self, raw: GraphQLResolveInfo[Any]) -> None:
        self._raw_info = raw


FOUND: list[Lookahead] = []


@cache
def schema() -> GraphQLSchema:
    """A schema whose lists look, and give nothing."""
    schema = build_schema()._schema
    assert schema.query_type is not None
    for name in ("models", "snapshots", "runtimes", "jobs"):
        field = schema.query_type.fields[name]

        def look(_root: object, info: GraphQLResolveInfo[Any], **_arguments: object) -> None:
            FOUND.append(look_ahead(_Info(info)))  # type: ignore[arg-type]  # See _Info.

        field.resolve = look
    return schema


def needs(query: str, variables: dict[str, Any] | None = None) -> Lookahead:
    """The needs of the only list in `query`."""
    FOUND.clear()
    result = graphql_sync(schema(), query, variable_values=variables)
    assert result.errors is None
    (needed,) = FOUND
    return needed


@pytest.mark.parametrize(
    ("selection", "detailed", "scans"),
    [
        ("nodes { name arn creationTime consoleUrl id asOf source }", False, frozenset()),
        ("totalCount pageInfo { endCursor }", False, frozenset()),
        ("nodes { tags { key } }", False, frozenset()),
        ("nodes { executionRoleArn }", True, frozenset()),
        ("edges { node { containers { image } } }", True, frozenset()),
        ("nodes { snapshots { nodes { name } } }", False, {Kind.SNAPSHOT}),
        ("nodes { runtimes { nodes { name } } }", False, {Kind.SNAPSHOT, Kind.RUNTIME}),
        ("nodes { snapshots { nodes { runtimes { nodes { name } } } } }", False, {Kind.SNAPSHOT, Kind.RUNTIME}),
        ("nodes { jobs { nodes { name } } }", True, JOBS),
        ("nodes { jobs(filter: {type: TRAINING}) { nodes { name } } }", True, {Kind.TRAINING_JOB}),
        ("nodes { jobs(filter: {type: TRANSFORM}) { nodes { name } } }", True, {Kind.TRANSFORM_JOB}),
        ("nodes { jobs(filter: null) { nodes { name } } }", True, JOBS),
        ("nodes { a: jobs(filter: {type: TRAINING}) { nodes { name } } ...F }", True, JOBS),
        ("nodes { ... on Node { ... on Model { snapshots { nodes { name } } } } }", False, {Kind.SNAPSHOT}),
        ("nodes { ... on Resource { ... on Snapshot { variants { name } } } }", True, frozenset()),
        ("nodes { name snapshots @skip(if: true) { nodes { name } } }", False, frozenset()),
        ("nodes { name ... @include(if: false) { snapshots { nodes { name } } } }", False, frozenset()),
        ("nodes { name ...F @include(if: false) }", False, frozenset()),
    ],
)
def test_needs_of_models(selection: str, detailed: bool, scans: frozenset[Kind]) -> None:
    fragment = "fragment F on Model { jobs(filter: {type: TRANSFORM}) { nodes { name } } }"
    unused = "" if "...F" in selection else " __typename"
    query = f"{{ models {{ {selection} }} {unused} }} " + (fragment if "...F" in selection else "")
    assert needs(query) == Lookahead(detailed, frozenset(scans))


def test_variables_decide() -> None:
    query = (
        "query($f: JobFilter, $x: Boolean!) { models { nodes { jobs(filter: $f) @skip(if: $x) { totalCount } id } } }"
    )
    assert needs(query, {"f": {"type": "TRAINING"}, "x": False}).scans == {Kind.TRAINING_JOB}
    assert needs(query, {"f": None, "x": False}).scans == JOBS
    assert needs(query, {"x": False}).scans == JOBS
    assert needs(query, {"f": None, "x": True}) == Lookahead(detailed=False, scans=frozenset())


def test_the_same_field_twice_counts_once_more() -> None:
    assert needs("{ models { nodes { name } } models { nodes { snapshots { totalCount } } } }").scans == {Kind.SNAPSHOT}


def test_jobs_of_a_list_of_jobs() -> None:
    assert needs("{ jobs { nodes { name type status endTime } } }") == Lookahead(detailed=False, scans=frozenset())
    assert needs("{ jobs { nodes { ... on TrainingJob { trainingImage } } } }").detailed is True


def test_fragments_that_multiply_take_no_time() -> None:
    chain = "".join(f"fragment F{n} on Model {{ ...F{n + 1} ...F{n + 1} }} " for n in range(150))
    query = "{ models { nodes { ...F0 } } } " + chain + "fragment F150 on Model { snapshots { totalCount } }"
    assert needs(query).scans == {Kind.SNAPSHOT}
