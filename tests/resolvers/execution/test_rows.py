"""resolvers.execution.rows: the objects of a level, written from its columns."""

import pytest

from resolvers.execution.rows import rows


@pytest.mark.parametrize("count", range(1, 9))
def test_objects_have_every_key_in_order(count: int) -> None:
    """Those of few keys are written in another way than those of many."""
    keys = "abcdefgh"[:count]
    columns = {key: [f"{key}1", f"{key}2"] for key in keys}
    made = rows(dict.fromkeys(keys), columns, 2)
    assert made == [{key: f"{key}{number}" for key in keys} for number in (1, 2)]
    assert [list(row) for row in made] == [list(keys)] * 2


def test_a_key_without_a_column_has_the_templates_value() -> None:
    template = {"__typename": "Model", "name": None, "jobs": None}
    assert rows(template, {"name": ["a", "b"]}, 2) == [
        {"__typename": "Model", "name": "a", "jobs": None},
        {"__typename": "Model", "name": "b", "jobs": None},
    ]
    only = rows(template, {}, 2)
    assert only == [template, template]
    assert only[0] is not only[1]
    assert rows(template, {"name": []}, 0) == []


def test_a_column_that_is_too_short_is_a_defect() -> None:
    with pytest.raises(ValueError, match="2 values"):
        rows({"name": None}, {"name": ["a"]}, 2)
