"""schema.limits.document_preparation: graphql-core's parser and validation, with checkpoints."""

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    NoUndefinedVariablesRule,
    Token,
    get_introspection_query,
    parse,
    print_ast,
    specified_rules,
    validate,
)

from concurrency.time_slices import TimeSlices
from schema.limits.document_preparation import MAX_ERRORS, parse_document, validate_document
from schema.limits.overlapping_fields import BoundedOverlappingFields
from tests.cached_schema import cached_types

FULL = get_introspection_query()


@pytest.mark.parametrize("text", [FULL, '# a\n{ a # b\n b(c: [1, {d: "e"}]) @f }', "query A($b: [Int!] = [1]) { c }"])
def test_a_document_is_parsed_as_by_graphql_core(text: str) -> None:
    document, expected = parse_document(text, {}), parse(text)
    assert print_ast(document) == print_ast(expected)
    assert document == expected
    assert document.token_count == expected.token_count
    (first, original) = (one.definitions[0].loc for one in (document, expected))
    assert first is not None
    assert original is not None
    assert (first.start, first.end, first.source.body) == (original.start, original.end, text)


@pytest.mark.parametrize("text", ["{", "{ a(b: }", '{ a(b: "', "{ a b c }", "[" * 3, "{a" * 3000])
def test_a_fault_is_the_one_of_graphql_core(text: str) -> None:
    faults: list[GraphQLError] = []
    for parsing in (partial(parse, text, max_tokens=3), partial(parse_document, text, {"max_tokens": 3})):
        with pytest.raises(GraphQLError) as caught:
            parsing()
        faults.append(caught.value)
    assert faults[0].message == faults[1].message
    assert faults[0].locations == faults[1].locations


def test_a_document_too_deep_for_the_parser_is_refused() -> None:
    with pytest.raises(GraphQLError, match="nested too deeply"):
        parse_document("{a" * 3000, {})


def count_tokens() -> int:
    return sum(type(one) is Token for one in gc.get_objects())


def test_a_document_leaves_no_garbage_for_a_collection() -> None:
    """Tokens that are linked in both directions did: each full collection held the loop."""
    parse_document("{ a }", {})
    gc.collect()
    gc.disable()
    try:
        # Those of other tests' documents stay.
        rest = count_tokens()
        document = parse_document(FULL, {})
        assert count_tokens() == rest
        del document
        assert gc.collect() == 0
    finally:
        gc.enable()


async def turns_of(work: Callable[[], Any]) -> int:
    """Count the turns of the loop that others have while the work runs, with a slice for each step."""
    counted = 0

    async def count() -> None:
        nonlocal counted
        while True:
            counted += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    try:
        await TimeSlices(0).run(work)
    finally:
        counting.cancel()
    return counted


async def test_others_run_at_each_token_and_each_node() -> None:
    schema, text = cached_types(), "{" + " __typename" * 100 + "}"
    assert await turns_of(lambda: parse_document(text, {})) >= 100
    document = parse_document(text, {})
    assert await turns_of(lambda: validate_document(schema, document, tuple(specified_rules))) >= 200


async def test_others_run_while_fields_are_compared() -> None:
    # What does not merge is compared two by two.
    conflict = "{ z: me { group } z: settings { approval }"
    schema, document = cached_types(), parse_document(conflict + " me { subject }" * 40 + "}", {})
    nodes = await turns_of(lambda: validate_document(schema, document, ()))
    assert await turns_of(lambda: validate_document(schema, document, (BoundedOverlappingFields,))) > 4 * nodes


async def test_others_run_at_each_fault() -> None:
    """Each names the whole input, which has one node for the visitor."""
    schema = cached_types()
    few, many = (
        parse_document("{ models(filter: {" + "".join(f"x{n}: 1 " for n in range(count)) + "}) { totalCount } }", {})
        for count in (1, MAX_ERRORS)
    )
    rules = tuple(specified_rules)
    before = await turns_of(lambda: validate_document(schema, few, rules))
    assert await turns_of(lambda: validate_document(schema, many, rules)) >= before + MAX_ERRORS - 1


@pytest.mark.parametrize(
    "query",
    [
        "query($a: Int) { models { totalCount } }",
        "{ models(first: $a) { totalCount } }",
        "query($a: String) { models(first: $a) { totalCount } }",
        "query($a: Int = null) { models(first: $a) { ...F } } fragment F on ModelConnection { totalCount }",
        "query A($a: ID!) { ...F } query B { ...F } fragment F on Query { node(id: $a) { id } }",
        'query($a: Boolean!) { __typename @skip(if: $a) model(name: "$b") { id } }',
        'query($a: [ID!]! = ["x"]) { nodes(ids: $a) { id } }',
    ],
)
def test_variables_are_judged_as_by_graphql_core(query: str) -> None:
    schema, document = cached_types(), parse_document(query, {})
    rules = tuple(specified_rules)
    result = {error.message for error in validate_document(schema, document, rules)}
    assert result == {error.message for error in validate(schema, document, rules, hide_suggestions=True)}


async def test_others_run_while_the_uses_of_variables_are_looked_for() -> None:
    schema, rules = cached_types(), (NoUndefinedVariablesRule,)
    plain, using = (
        parse_document("query($a: Boolean!) {" + " __typename" * 100 + end + "}", {}) for end in ("", " @skip(if: $a)")
    )
    document = parse_document("{" + " __typename" * 100 + "}", {})
    before = await turns_of(lambda: validate_document(schema, document, rules))
    for one in (plain, using):
        assert await turns_of(partial(validate_document, schema, one, rules)) > before + 200
