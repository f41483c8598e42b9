"""resolvers.lists.resource_list over any estate and page size, each thing comes once, in order."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import Inventory, InventoryConfig, ScopeId
from aws.inventory.reader import Reader
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import DEFAULT_JOB_KINDS, Kind
from aws.scopes import OpenScope
from resolvers.lists.connections import PageArguments
from resolvers.lists.filters import Direction, JobFilter, ModelFilter, OrderField, ResourceFilter, ResourceOrder
from resolvers.lists.resource_list import ResourceListQuery, list_page
from resolvers.views.resource_view import LiveView

NOW = datetime(2026, 1, 2, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
"""Few moments and few names, so that ties are common."""


class _Calls:
    """SageMaker's list operations over rows in memory: bounds and names narrow, dice make the pages short."""

    def __init__(self, rows: dict[Kind, list[tuple[datetime, str]]], dice: random.Random) -> None:
        self._rows = {API_NAMES[kind].list_operation: (kind, result) for kind, result in rows.items()}
        self._dice = dice

    async def call(self, operation: str, **ask: Any) -> dict[str, Any]:
        kind, rows = self._rows[operation]
        spelling = API_NAMES[kind]
        wanted = [row for row in rows if self._passes(row, ask)]
        # SageMaker does not say how it orders ties: here it is by chance, but the same for each page of one listing.
        wanted.sort(key=lambda row: (row[0], hash(row[1])), reverse=ask["SortOrder"] == "Descending")
        begin, number = (int(part) for part in ask.get("NextToken", "0-0").split("-"))
        end = begin + self._dice.randint(0, 3)
        page = [
            {
                spelling.name_key: name,
                spelling.arn_key: f"arn:aws:sagemaker:eu-west-1:222222222222:{spelling.arn_type}/{name}",
                "CreationTime": made,
                f"{spelling.prefix}Status": "Completed",
            }
            for made, name in wanted[begin:end]
        ]
        return {spelling.list_key: page} | ({"NextToken": f"{end}-{number + 1}"} if end < len(wanted) else {})

    @staticmethod
    def _passes(row: tuple[datetime, str], ask: dict[str, Any]) -> bool:
        made, _ = row
        assert "NameContains" not in ask
        return ("CreationTimeAfter" not in ask or made >= ask["CreationTimeAfter"]) and (
            "CreationTimeBefore" not in ask or made <= ask["CreationTimeBefore"]
        )


def inventory(calls: _Calls) -> Inventory:
    """An inventory that knows nothing yet; no time passes in it."""
    through: Any = calls
    return Inventory(through, ScopeId("scope", "222222222222", "eu-west-1"), InventoryConfig(now=lambda: NOW))


def view(known: Inventory) -> LiveView:
    """What one request reads through."""
    reader = Reader(known, horizon_at(known.config.ages, NOW))
    nothing: Any = None
    scope = OpenScope("scope", None, "222222222222", "eu-west-1", reader, nothing)
    return LiveView(scope, "risk", sees_secrets=False, services=nothing)


async def walk(
    known: Callable[[], Inventory],
    kinds: Sequence[Kind],
    wanted: ResourceFilter,
    order: ResourceOrder,
    first: int,
    bound: int,
) -> list[tuple[Kind, datetime | None, str]]:
    """All things of a list, page by page, each page by a request of its own."""
    seen: list[tuple[Kind, datetime | None, str]] = []
    after = None
    for _ in range(500):
        question = ResourceListQuery(kinds, wanted, order, PageArguments(first, after))
        connection = await list_page(view(known()), question, bound)
        assert len(connection.nodes) <= first
        seen += [(node.kind, node.creation_time, node.name) for node in connection.nodes]
        if not connection.page_info.has_next_page:
            return seen
        assert connection.page_info.end_cursor not in {None, after}
        after = connection.page_info.end_cursor
    raise AssertionError("The pages go round in circles.")


def inventories(calls: _Calls, *, lasting: bool) -> Callable[[], Inventory]:
    """The inventory of each request: one that lasts, or each time another that knows nothing, as of another process."""
    if not lasting:
        return lambda: inventory(calls)
    stored = inventory(calls)
    return lambda: stored


MOMENTS = st.integers(0, 4).map(lambda hours: START + timedelta(hours=hours))
ROWS = st.dictionaries(st.text("abAB", min_size=1, max_size=3), MOMENTS, max_size=12).map(
    lambda moments: [(made, name) for name, made in moments.items()]
)
ORDERS = st.builds(ResourceOrder, st.sampled_from(OrderField), st.sampled_from(Direction))


@given(
    training=ROWS,
    transform=ROWS,
    order=ORDERS,
    first=st.integers(1, 8),
    part=st.sampled_from([None, "a", "Ab"]),
    lasting=st.booleans(),
    seed=st.integers(0, 1000),
)
async def test_every_job_comes_once_and_in_order(
    training: list[tuple[datetime, str]],
    transform: list[tuple[datetime, str]],
    order: ResourceOrder,
    first: int,
    part: str | None,
    lasting: bool,
    seed: int,
) -> None:
    rows = {Kind.TRAINING_JOB: training, Kind.TRANSFORM_JOB: transform}
    known = inventories(_Calls(rows, random.Random(seed)), lasting=lasting)
    seen = await walk(known, DEFAULT_JOB_KINDS, JobFilter(name_contains=part), order, first, 20_000)
    word = (part or "").lower()
    belonging = [(kind, made, name) for kind, result in rows.items() for made, name in result if word in name.lower()]
    assert seen == sorted(belonging, key=lambda row: sort_key(row, order), reverse=not order.ascending)


def sort_key(row: tuple[Kind, datetime, str], order: ResourceOrder) -> tuple[Any, ...]:
    kind, made, name = row
    return (name, kind.value) if order.by is OrderField.NAME else (made, name, kind.value)


@given(
    rows=ROWS,
    ascending=st.booleans(),
    first=st.integers(1, 4),
    bound=st.integers(1, 5),
    between=st.tuples(MOMENTS, MOMENTS),
    lasting=st.booleans(),
    seed=st.integers(0, 1000),
)
async def test_a_small_bound_only_makes_more_pages(
    rows: list[tuple[datetime, str]],
    ascending: bool,
    first: int,
    bound: int,
    between: tuple[datetime, datetime],
    lasting: bool,
    seed: int,
) -> None:
    order = ResourceOrder(direction=Direction.ASC if ascending else Direction.DESC)
    known = inventories(_Calls({Kind.MODEL: rows}, random.Random(seed)), lasting=lasting)
    after, before = between
    wanted = ModelFilter(created_after=after, created_before=before)
    seen = await walk(known, (Kind.MODEL,), wanted, order, first, bound)
    belonging = sorted((row for row in rows if after < row[0] < before), reverse=not ascending)
    assert seen == [(Kind.MODEL, made, name) for made, name in belonging]


@given(
    rows=ROWS,
    ascending=st.booleans(),
    first=st.integers(1, 4),
    gone=st.sets(st.integers(0, 11)),
    seed=st.integers(0, 99),
)
async def test_deleting_what_was_seen_hides_nothing(
    rows: list[tuple[datetime, str]], ascending: bool, first: int, gone: set[int], seed: int
) -> None:
    """Things of the first page are deleted before the second is read; whatever else there is still comes once."""
    order = ResourceOrder(direction=Direction.ASC if ascending else Direction.DESC)
    dice = random.Random(seed)
    question = ResourceListQuery((Kind.MODEL,), ModelFilter(), order, PageArguments(first, None))
    page = await list_page(view(inventory(_Calls({Kind.MODEL: rows}, dice))), question, 100)
    deleted = {node.name for number, node in enumerate(page.nodes) if number in gone}
    left = [row for row in rows if row[1] not in deleted]
    seen = [node.name for node in page.nodes]
    after = page.page_info.end_cursor
    while page.page_info.has_next_page:
        question = ResourceListQuery((Kind.MODEL,), ModelFilter(), order, PageArguments(first, after))
        page = await list_page(view(inventory(_Calls({Kind.MODEL: left}, dice))), question, 100)
        seen += [node.name for node in page.nodes]
        after = page.page_info.end_cursor
    assert seen == [name for _, name in sorted(rows, reverse=not ascending)]
