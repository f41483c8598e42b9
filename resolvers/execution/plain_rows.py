"""Plain rows: response objects that depend on a resource's description alone, kept beside it."""

from collections.abc import Sequence
from typing import Any, Final

from aws.inventory.projections import Projection
from aws.kinds.resource import Resource
from resolvers.execution.level import OF_VIEWS, Level
from resolvers.execution.plan import FieldPlan, ObjectPlan
from resolvers.execution.rows import SharedList
from resolvers.execution.sources import FromDetail
from resolvers.lists.page_lists import OF_REQUESTS, PageLists
from resolvers.views.resource_view import ViewedList

_MEMO: Final = "selection"
_PAGES_MEMO: Final = "selection of pages"


def kept_rows(field: FieldPlan, plan: ObjectPlan, values: Sequence[Any]) -> Projection | None:
    """Give the rows that are kept of a field's objects; None if they depend on more than the resources.

    The caller has checked before by which rights and of which age the resources are shown.

    Args:
        field: The field.
        plan: The selection of its objects.
        values: The values.
    """
    if not isinstance(values, ViewedList) or not values.values or not _is_plain(plan):
        return None
    if not isinstance(field.source, FromDetail) and not isinstance(values.values[0], Resource):
        return None
    kept: Projection | None = values.view.inventory.projection(plan.memo[_MEMO])
    return kept


def keep_rows(kept: Projection, level: Level, below: Sequence[Level]) -> None:
    """Keep the rows of a level, if nothing below it depends on more than the resources.

    Args:
        kept: The rows that are kept.
        level: The level, which is complete and in which nothing has failed.
        below: The levels below it, which are so too.
    """
    if all(_is_plain(lower.plan) for lower in below):
        levels = (level, *below)
        for shown in levels:
            _share_lists(shown)
        kept.keep(level.values, level.made, sum(len(shown.made) for shown in levels))


def kept_pages(field: FieldPlan, values: PageLists) -> Projection | None:
    """Give the objects that are kept of pages; None if they depend on more than the pages.

    Which pages may be shown is not looked at here: it was before.

    Args:
        field: The field.
        values: The lists of the pages.
    """
    selection = field.memo.setdefault(_PAGES_MEMO, object())
    if selection is None:
        return None
    kept: Projection | None = values.view.inventory.projection((selection, values.first))
    return kept


def keep_pages(
    kept: Projection, field: FieldPlan, values: PageLists, made: list[Any], levels: Sequence[Level], objects: float
) -> list[Any]:
    """Keep the objects of pages, unless they depend on more than the pages, and give those to show.

    Args:
        kept: The objects that are kept.
        field: The field.
        values: The lists of the pages.
        made: The objects of each list.
        levels: The levels of the objects, complete and without failures, and perhaps of others that were made beside.
        objects: The number of objects in kept rows.
    """
    plans = set(field.plans_below())
    if not all(_is_plain(plan) and not _shows_request(plan) for plan in plans):
        field.memo[_PAGES_MEMO] = None
        return made
    own = [level for level in levels if level.plan in plans]
    for level in own:
        _share_lists(level)
    shared = [SharedList(each) for each in made]
    kept.keep(values.pages, shared, round(objects + sum(len(level.made) for level in own)))
    return shared


def _shows_request(plan: ObjectPlan) -> bool:
    return any(source.name in OF_REQUESTS for _, source in plan.attributes)


def _is_plain(plan: ObjectPlan) -> bool:
    """Tell whether a selection shows attributes of a value and its detail alone; deeper selections do not matter."""
    if _MEMO not in plan.memo:
        plan.memo[_MEMO] = object() if _has_plain_sources(plan) else None
    return plan.memo[_MEMO] is not None


def _has_plain_sources(plan: ObjectPlan) -> bool:
    if plan.calls or plan.levels:
        return False
    attributes = all(source.name not in OF_VIEWS for _, source in plan.attributes)
    return attributes and all(source.attribute is not None for _, source in plan.details)


def _share_lists(level: Level) -> None:
    keys = [field.key for field in level.plan.fields if field.is_list and field.leaf is None]
    for key in keys:
        for made in level.made:
            if made.get(key):
                made[key] = SharedList(made[key])
