"""gateway.explorer.every_mutation: each mutation has an example that is valid and takes its variables."""

import pytest
from graphql import get_variable_values, parse, validate

from gateway.explorer.every_mutation import every_mutation
from gateway.explorer.examples import EXAMPLES, Example
from gateway.explorer.mutation_examples import MUTATION_EXAMPLES
from schema.build import build_schema

SCHEMA = build_schema()._schema
WORKED = (*EXAMPLES, *MUTATION_EXAMPLES)
GENERATED = every_mutation(SCHEMA, WORKED)


def test_worked_examples_and_these_show_every_mutation_once() -> None:
    assert SCHEMA.mutation_type is not None
    for name in SCHEMA.mutation_type.fields:
        shown = [example.name for example in (*WORKED, *GENERATED) if f"  {name}(" in example.query]
        assert len(shown) == 1, name
    assert len({example.name for example in (*WORKED, *GENERATED)}) == len(WORKED) + len(GENERATED)


@pytest.mark.parametrize("example", GENERATED, ids=lambda example: example.name)
def test_an_example_fits_the_schema_with_its_variables(example: Example) -> None:
    document = parse(example.query)
    assert validate(SCHEMA, document) == []
    (operation,) = document.definitions
    values = get_variable_values(SCHEMA, operation.variable_definitions, dict(example.variables))  # type: ignore[attr-defined]
    assert not isinstance(values, list), values
    assert not example.tab
    assert example.description.endswith(".")
