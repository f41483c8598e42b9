"""The worked examples are GraphQL: one operation each, of its own name, within the limits of a fresh gateway."""

import pytest
from graphql import DocumentNode, FieldNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.explorer.examples import EXAMPLES, MAIN_QUERY, ONE_THING, Example
from gateway.explorer.mutation_examples import MUTATION_EXAMPLES
from gateway.explorer.subscription_examples import MOVE_RUNTIME, START_JOB, SUBSCRIPTION_EXAMPLES

ALL = (*EXAMPLES, *MUTATION_EXAMPLES, *SUBSCRIPTION_EXAMPLES, MOVE_RUNTIME, START_JOB)


def operation(example: Example) -> OperationDefinitionNode:
    document: DocumentNode = parse(example.query)
    (only,) = document.definitions
    assert isinstance(only, OperationDefinitionNode)
    return only


def depth(selected: SelectionSetNode | None) -> int:
    if selected is None:
        return 0
    return max(
        isinstance(node, FieldNode) + depth(getattr(node, "selection_set", None)) for node in selected.selections
    )


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.name)
def test_an_example_is_one_operation_of_its_name_with_its_variables(example: Example) -> None:
    only = operation(example)
    assert only.name is not None
    assert only.name.value == example.name
    assert {variable.variable.name.value for variable in only.variable_definitions or ()} == set(example.variables)
    assert example.description.endswith(".")


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.name)
def test_an_example_stays_within_the_depth_limit(example: Example) -> None:
    assert depth(operation(example).selection_set) <= 8


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.name)
def test_every_page_that_an_example_asks_for_is_ten(example: Example) -> None:
    assert example.query.count("first:") == example.query.count("first: 10")


def test_the_main_query_comes_first_and_names_are_tabs_of_their_own() -> None:
    assert EXAMPLES[0].query == MAIN_QUERY
    assert ONE_THING in EXAMPLES
    assert len({example.name for example in ALL}) == len(ALL) == 18
