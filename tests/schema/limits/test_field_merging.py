"""schema.limits.field_merging: the verdict of graphql-core's rule, in linear time."""

import pytest
from graphql import OverlappingFieldsCanBeMergedRule, build_schema, parse, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.limits import field_merging
from schema.limits.field_merging import fields_merge

SCHEMA = build_schema(
    """
    interface Node { id: ID! other(n: Int, s: String): Node }
    type Cat implements Node { id: ID! other(n: Int, s: String): Node name: String meows: Boolean! kittens: [Cat!]! }
    type Dog implements Node { id: ID! other(n: Int, s: String): Node name: String! meows: Int friend: Cat }
    union Pet = Cat | Dog
    type Query { node(n: Int): Node pet: Pet cat: Cat dog(n: Int): Dog id: ID! }
    """
)
NAMES = {
    "Query": ["node", "node(n: 1)", "node(n: 2)", "pet", "cat", "dog", "dog(n: 1)", "id"],
    "Node": ["id", "other", "other(n: 1)", 'other(n: 1, s: "a")', 'other(s: "a", n: 1)'],
    "Cat": ["id", "other(n: 1)", "name", "meows", "kittens"],
    "Dog": ["id", "other(n: 2)", "name", "meows", "friend"],
    "Pet": ["__typename"],
}
GIVES = {"node": "Node", "pet": "Pet", "cat": "Cat", "dog": "Dog", "other": "Node", "kittens": "Cat", "friend": "Cat"}
FRAGMENTS = {"A": "Node", "B": "Cat", "C": "Dog", "D": "Query"}
FITS = {
    "Node": ["Cat", "Dog", "Node"],
    "Pet": ["Cat", "Dog", "Node"],
    "Cat": ["Cat", "Node"],
    "Dog": ["Dog", "Node"],
    "Query": ["Query"],
}


@st.composite
def selections(draw: st.DrawFn, parent: str, depth: int = 3) -> str:
    parts = [draw(part(parent, depth)) for _ in range(draw(st.integers(1, 4)))]
    return "{ " + " ".join(parts) + " }"


@st.composite
def part(draw: st.DrawFn, parent: str, depth: int) -> str:
    kind = draw(st.sampled_from(["field", "field", "field", "inline", "spread"])) if depth else "field"
    if kind == "inline":
        on = draw(st.sampled_from(FITS[parent]))
        return f"... on {on} {draw(selections(on, depth - 1))}"
    if kind == "spread":
        names = [name for name, on in FRAGMENTS.items() if on in FITS[parent]]
        return f"...{draw(st.sampled_from(names))}"
    field = draw(st.sampled_from(NAMES[parent]))
    below = GIVES.get(field.partition("(")[0])
    if below is not None and not depth:
        return "__typename"
    alias = draw(st.sampled_from(["", "", "", "x: ", "y: "]))
    return alias + field + (f" {draw(selections(below, depth - 1))}" if below else "")


@st.composite
def documents(draw: st.DrawFn) -> str:
    fragments = [f"fragment {name} on {on} {draw(selections(on, 2))}" for name, on in FRAGMENTS.items()]
    return " ".join([draw(selections("Query")), *fragments])


@settings(max_examples=80)
@given(documents())
def test_the_verdict_is_that_of_graphql_core(text: str) -> None:
    document = parse(text)
    assert fields_merge(SCHEMA, document) is (validate(SCHEMA, document, [OverlappingFieldsCanBeMergedRule]) == [])


def merge(text: str) -> bool:
    return fields_merge(SCHEMA, parse(text))


def test_fields_that_no_object_has_together_may_differ_in_all_but_shape() -> None:
    assert merge("{ pet { ... on Cat { a: other(n: 1) { id } } ... on Dog { a: other(n: 2) { id } } } }")
    assert not merge("{ pet { ... on Cat { name } ... on Dog { name } } }")
    assert not merge("{ pet { ... on Cat { meows } ... on Dog { meows } } }")
    assert not merge("{ pet { ... on Cat { a: other(n: 1) { id } } ... on Node { a: other(n: 2) { id } } } }")


def test_fragments_that_name_each_other_come_to_an_end() -> None:
    circle = "fragment A on Node { other { ...A id } } fragment B on Node { ...A ...B }"
    assert merge("{ node { ...A ...B } } " + circle)


def test_a_document_beyond_the_bound_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{ " + "id " * 51 + "}"
    assert merge(text)
    monkeypatch.setattr(field_merging, "MAX_FIELDS", 50)
    assert not merge(text)


def test_streams_are_left_to_graphql_core() -> None:
    assert not merge("{ cat { kittens @stream(initialCount: 1) { id } } }")
