"""schema.input_fields: what must be given and what may be left out."""

from typing import Any

import strawberry
from strawberry.tools import create_type

from schema.input_fields import optional, required


@strawberry.input
class SampleInput:
    """An input of each sort of field."""

    named: str = required("It must be given")
    renamed: str = required("It is spelled otherwise", name="value")
    free: str | None = optional("It may be left out")
    counted: int | None = optional("It is five where it is left out", 5)


async def test_what_is_given_and_what_is_left_out() -> None:
    given: list[SampleInput] = []

    def it(asked: SampleInput) -> bool:
        given.append(asked)
        return True

    field: Any = strawberry.field(resolver=it, name="it")
    schema = strawberry.Schema(query=create_type("Query", [field]))
    assert (await schema.execute('{ it(asked: {named: "a", value: "b"}) }')).errors is None
    assert (await schema.execute('{ it(asked: {named: "a", value: "b", free: null, counted: null}) }')).errors is None
    assert [(each.free, each.counted) for each in given] == [(None, 5), (None, None)]
    for missing in ('value: "b"', 'named: "a"', 'named: "a", renamed: "b"', 'named: null, value: "b"'):
        assert (await schema.execute(f"{{ it(asked: {{{missing}}}) }}")).errors is not None
    assert len(given) == 2


def test_what_it_is_for_is_told() -> None:
    described = {each.python_name: each.description for each in SampleInput.__strawberry_definition__.fields}  # type: ignore[attr-defined]  # Strawberry adds it.
    assert described == {
        "named": "It must be given",
        "renamed": "It is spelled otherwise",
        "free": "It may be left out",
        "counted": "It is five where it is left out",
    }
