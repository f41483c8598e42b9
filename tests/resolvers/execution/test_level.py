"""resolvers.execution.level: attributes of a level, and calls that its types share."""

from types import SimpleNamespace
from typing import Any

from graphql import parse

from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from resolvers.execution.level import Level, LevelCall, cut, flattened, merged_calls, picked, settle, without_views
from resolvers.execution.plan import ObjectPlan, Plan
from resolvers.lists.connections import Connection
from resolvers.views.resource_view import Viewed, ViewedList
from schema.build import build_schema
from schema.field_catalog import field_catalog

NOTHING: Any = SimpleNamespace(template={})


def test_an_attribute_is_the_values_or_its_views() -> None:
    view: Any = SimpleNamespace(group="risk")
    viewed = [Viewed(SimpleNamespace(name=name, group="not this"), view) for name in "ab"]
    level = Level(NOTHING, viewed, [each.value for each in viewed])
    assert level.attribute("name") == ["a", "b"]
    assert level.attribute("group") == ["risk", "risk"]


def test_values_that_share_a_view_are_read_without_it() -> None:
    view: Any = SimpleNamespace(group="risk")
    shown = ViewedList([SimpleNamespace(name=name, group="not this") for name in "abc"], view)
    level = Level(NOTHING, shown, without_views(shown))
    assert (level.attribute("name"), level.attribute("group")) == (["a", "b", "c"], ["risk"] * 3)
    some, inner = picked(shown, shown.values, [True, False, True])
    assert isinstance(some, ViewedList)
    assert [each.name for each in some] == ["a", "c"]
    assert list(inner) == [shown.values[0], shown.values[2]]
    assert picked([1, 2, 3], "abc", [True, False, True]) == ([1, 3], ["a", "c"])


def test_an_attribute_that_fails_leaves_the_others() -> None:
    whole: Any = SimpleNamespace(name="a")
    first, second = Level(NOTHING, [whole, None], [whole, None]).attribute("name")
    assert (first, type(second)) == ("a", AttributeError)


def test_lists_are_flattened_and_cut_again() -> None:
    lists = [[1, 2], None, (), (3,)]
    assert flattened(lists) == [1, 2, 3]
    assert cut(lists, ["a", "b", "c"]) == [["a", "b"], None, [], ["c"]]


async def test_types_of_one_list_share_a_call() -> None:
    """But not a field that is another one under the same key."""
    document = parse("{ jobs { nodes { name tags { key } ... on TrainingJob { x: models { id } } } } }")
    operation: Any = document.definitions[0]
    page = object_plan(Plan(field_catalog(build_schema()), operation, {}, {}).root, "jobs", Connection)
    nodes, others = (object_plan(page, "nodes", kind) for kind in (TrainingJob, TransformJob))
    asked: list[int] = []

    async def ask(parts: Any) -> None:
        asked.append(len(parts))

    calls = [LevelCall(ask, field, Level(each, [], [])) for each in (nodes, others) for field, _ in each.levels]
    merged = merged_calls(calls)
    assert (len(calls), len(merged)) == (3, 2)
    await settle(merged)
    assert sorted(asked) == [1, 2]


def object_plan(parent: ObjectPlan, key: str, value_class: type) -> ObjectPlan:
    (field,) = [field for field in parent.fields if field.key == key]
    plan = field.object_plan(value_class)
    assert plan is not None
    return plan
