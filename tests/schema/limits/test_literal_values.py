"""schema.limits.literal_values: each literal has a few faults at most, and each of them its own."""

import pytest

from schema.errors import format_error
from schema.limits.literal_values import MAX_FAULTS_OF_LITERAL
from tests.cached_schema import cached_schema


async def faults(query: str) -> list[str]:
    result = await cached_schema().execute(query)
    assert result.data is None
    shown = [format_error(error, "id") for error in result.errors or ()]
    assert {one["extensions"]["code"] for one in shown} == {"BAD_USER_INPUT"}
    return [one["message"] for one in shown]


@pytest.mark.parametrize("count", [1, MAX_FAULTS_OF_LITERAL, 100])
async def test_a_literal_has_a_few_faults_at_most(count: int) -> None:
    fields = " ".join(f"x{number}: 1" for number in range(count))
    assert len(await faults(f"{{ models(filter: {{ {fields} }}) {{ totalCount }} }}")) == min(
        count, MAX_FAULTS_OF_LITERAL
    )


async def test_other_literals_have_faults_of_their_own() -> None:
    wrong = " ".join(f"x{number}: 1" for number in range(9))
    query = f'{{ a: models(filter: {{ {wrong} }}) {{ totalCount }} b: models(first: "a") {{ totalCount }} }}'
    assert len(await faults(query)) == MAX_FAULTS_OF_LITERAL + 1


async def test_a_list_of_wrong_items_counts_as_one_literal() -> None:
    assert len(await faults("{ nodes(ids: [" + "1.5 " * 50 + "]) { id } }")) == MAX_FAULTS_OF_LITERAL
