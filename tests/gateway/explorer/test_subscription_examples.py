"""gateway.explorer.subscription_examples: every subscription has one example, which the schema takes."""

import pytest
from graphql import get_variable_values, parse, validate

from gateway.explorer.examples import Example
from gateway.explorer.subscription_examples import MOVE_RUNTIME, START_JOB, SUBSCRIPTION_EXAMPLES
from schema.build import build_schema

SCHEMA = build_schema()._schema


def test_every_subscription_has_one() -> None:
    assert SCHEMA.subscription_type is not None
    for name in SCHEMA.subscription_type.fields:
        assert len([example for example in SUBSCRIPTION_EXAMPLES if f"  {name}" in example.query]) == 1, name


@pytest.mark.parametrize("example", [*SUBSCRIPTION_EXAMPLES, MOVE_RUNTIME, START_JOB], ids=lambda one: one.name)
def test_it_fits_the_schema_with_its_variables(example: Example) -> None:
    document = parse(example.query)
    assert validate(SCHEMA, document) == []
    (operation,) = document.definitions
    values = get_variable_values(SCHEMA, operation.variable_definitions or (), dict(example.variables))  # type: ignore[attr-defined]
    assert not isinstance(values, list), values
    assert not example.tab
