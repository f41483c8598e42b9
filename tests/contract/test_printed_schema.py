"""The committed schema is the one that is served, and the examples that the explorer opens with fit it."""

import pytest
from graphql import parse, validate

from gateway.explorer.examples import EXAMPLES, Example
from gateway.explorer.mutation_examples import MUTATION_EXAMPLES
from tests.contract.printed_schema import FOLDER, gateway_schema, printed


def test_the_committed_schema_is_the_printed_one() -> None:
    committed = (FOLDER / "schema.graphql").read_text(encoding="utf-8")
    assert committed == gateway_schema().as_str() + "\n", "schema/schema.graphql is behind; run: make schema"


def test_there_are_five_examples_of_reading_and_six_of_the_lifecycle() -> None:
    assert (len(EXAMPLES), len(MUTATION_EXAMPLES)) == (5, 6)


@pytest.mark.parametrize("example", [*EXAMPLES, *MUTATION_EXAMPLES], ids=lambda example: example.name)
def test_an_example_is_valid(example: Example) -> None:
    assert validate(printed(), parse(example.query)) == []
