"""schema.limits.name_suggestions: similar names for the first misspelt field or argument, and for no other."""

import pytest
from graphql import parse, specified_rules, validate
from graphql.utilities import build_schema

from schema.limits.name_suggestions import with_suggestion

SCHEMA = build_schema(
    """
    type Query { models(first: Int): [Model] any: Any }
    type Model { name: String status: String }
    union Any = Model
    """
)


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("{ modles { name } }", ["Did you mean 'models'?"]),
        ("{ models { nme stauts } }", ["Did you mean 'name'?", "on type 'Model'."]),
        ("{ models(frist: 1) { name } }", ["Did you mean 'first'?"]),
        ("{ models { created } }", ["on type 'Model'."]),
        ("{ __typename(x: 1) }", ["on field 'Query.__typename'."]),
        ("{ models { __typename(x: 1) } }", ["on field 'Model.__typename'."]),
        ("{ __schema(x: 1) { description } }", ["on field 'Query.__schema'."]),
        ('{ __type(name: "A", nam: "M") { name } }', ["Did you mean 'name'?"]),
        ("{ any { name } }", ["on type 'Any'."]),
        (f"{{ models {{ {'n' * 65} }} }}", ["on type 'Model'."]),
    ],
)
def test_the_first_unknown_name_gets_similar_ones(query: str, ends: list[str]) -> None:
    faults = validate(SCHEMA, parse(query), specified_rules, hide_suggestions=True)
    result = with_suggestion(SCHEMA, faults)
    assert [fault.message.endswith(end) for fault, end in zip(result, ends, strict=True)] == [True] * len(ends)
    assert [fault.locations for fault in result] == [fault.locations for fault in faults]
