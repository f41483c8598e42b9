"""resolvers.lists.linked_relations: pages that are known are told as those that are read row by row."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiobotocore.session import AioSession

from aws.kinds.kind import Kind
from resolvers.lists.connections import Connection, PageArguments, PageNeeds
from resolvers.lists.filters import JobFilter
from resolvers.lists.known_connections import KnownConnections
from resolvers.models import jobs, snapshots
from resolvers.snapshots import runtimes_of_snapshots
from sandbox.server import Sandbox
from tests.aws.sandbox_account import collected_stats
from tests.resolvers.lists.account_view import AccountView, account_view
from tests.resolvers.lists.test_linked_pages import PAGE_ALONE, populate

COLUMNS = ("page_info", "total_count", "unreadable_count", "complete_as_of", "looked_back_to")
RELATIONS = ("snapshots", "runtimes", "jobs")


@pytest.fixture(scope="module")
def loader() -> Any:
    """botocore's descriptions of the services, read once."""
    return AioSession().get_component("data_loader")


@pytest.fixture
async def account(sandbox: Sandbox, loader: Any) -> AsyncIterator[AccountView]:
    """Twelve jobs of two models in turn, a snapshot and a runtime of each."""
    populate(sandbox)
    async with account_view(sandbox, loader) as made:
        yield made


async def ask(account: AccountView, relation: str, needs: PageNeeds, first: int = 2, **more: Any) -> Sequence[Any]:
    """The pages of both models, or of both snapshots."""
    view = account.request()
    page = PageArguments(first, more.pop("after", None), needs)
    kind, wanted = (Kind.SNAPSHOT, ["of-a", "of-b"]) if relation == "runtimes" else (Kind.MODEL, ["a", "b"])
    parents: Any = list((await view.inventory.describe(kind, wanted)).values())
    if relation == "jobs":
        return await jobs(view, parents, page, JobFilter(**more))
    return await (snapshots if relation == "snapshots" else runtimes_of_snapshots)(view, parents, page)


def told(connection: Connection[Any]) -> Any:
    """What a connection tells, but the total, which is not asked of known pages."""
    info = connection.page_info
    return (
        [(edge.node.name, edge.node.id, edge.cursor, edge.match) for edge in connection.edges],
        [node.value for node in connection.nodes],
        (info.has_previous_page, info.start_cursor, info.end_cursor),
        (connection.unreadable_count, connection.complete_as_of, connection.looked_back_to),
    )


@pytest.mark.parametrize("relation", RELATIONS)
async def test_a_known_page_is_the_page(account: AccountView, relation: str) -> None:
    read = await ask(account, relation, PageNeeds())
    with collected_stats() as before:
        whole = await ask(account, relation, PageNeeds())
    with collected_stats() as after:
        known = await ask(account, relation, PageNeeds(total=False, coverage=False))
    assert isinstance(known, KnownConnections)
    assert not isinstance(read, KnownConnections)
    assert list(map(told, known)) == list(map(told, read)) == list(map(told, whole))
    assert [each.page_info for each in known] != []
    assert [each.page_info.has_next_page for each in known] == [each.page_info.has_next_page for each in read]
    assert (after.cached, after.as_of, dict(after.calls)) == (before.cached, before.as_of, {})


@pytest.mark.parametrize("relation", RELATIONS)
async def test_columns_are_the_attributes_of_each(account: AccountView, relation: str) -> None:
    await ask(account, relation, PageNeeds())
    known = await ask(account, relation, PageNeeds(total=False, coverage=False))
    assert isinstance(known, KnownConnections)
    each = list(known)
    for name in COLUMNS:
        ours, theirs = known.column(name), [getattr(connection, name) for connection in each]
        if name == "page_info":
            ours, theirs = ([(info.has_next_page, info.end_cursor) for info in infos] for infos in (ours, theirs))
        assert list(ours) == theirs
    assert [list(nodes) for nodes in known.column("nodes")] == [list(connection.nodes) for connection in each]
    edges: Any = known.column("edges")
    ours = [(edge.cursor, edge.node, edge.match) for one in edges for edge in one]
    assert ours == [(edge.cursor, edge.node, edge.match) for connection in each for edge in connection.edges]
    flat = edges.lists().flat
    columns = (flat.column(name) for name in ("cursor", "node", "match"))
    assert list(zip(*columns, strict=True)) == ours
    with pytest.raises(AttributeError):
        flat.column("weight")


async def test_a_page_goes_on_behind_the_cursor_of_a_known_one(account: AccountView) -> None:
    await ask(account, "jobs", PageNeeds())
    known = await ask(account, "jobs", PAGE_ALONE)
    assert isinstance(known, KnownConnections)
    after = known[0].page_info.end_cursor
    behind, other = await ask(account, "jobs", PAGE_ALONE, after=after)
    assert [node.name for node in behind.nodes] == ["x06", "x04"]
    assert type(other).__name__ == "BadInputError"


async def test_filters_have_pages_of_their_own(account: AccountView) -> None:
    await ask(account, "jobs", PageNeeds())
    pages = [await ask(account, "jobs", PAGE_ALONE, name_contains=part) for part in ("x0", "x1", "x0")]
    assert [isinstance(page, KnownConnections) for page in pages] == [True, True, True]
    assert [[node.name for node in page[0].nodes] for page in pages] == [["x08", "x06"], ["x10"], ["x08", "x06"]]


async def test_a_group_is_shown_pages_through_its_own_view(account: AccountView) -> None:
    """Two groups may share a scope and what it has read, but neither ids nor cursors."""
    await ask(account, "snapshots", PageNeeds())
    ours = await ask(account, "snapshots", PAGE_ALONE)
    request = account.request
    account.request = lambda: type(view := request())(view.scope, "other", False, view.services)  # type: ignore[method-assign]
    theirs = await ask(account, "snapshots", PAGE_ALONE)
    assert isinstance(theirs, KnownConnections)
    assert ours[0].nodes[0].value is theirs[0].nodes[0].value
    assert ours[0].nodes[0].id != theirs[0].nodes[0].id
    assert ours[0].page_info.end_cursor != theirs[0].page_info.end_cursor
