"""aws.inventory.known_pages: pages that are kept for as long as nothing that they rest on changes or is too old."""

import gc
from collections.abc import Sequence
from typing import Any
from weakref import ref

import pytest

from aws.inventory import known_pages, pages_of_version
from aws.inventory.horizon import RUNTIME_SECONDS
from aws.inventory.inventory import Inventory
from aws.inventory.known_pages import PageQuestion
from aws.inventory.link_queries import LinkedQuery
from aws.inventory.pages_of_version import KnownPage, PagesOfVersion
from aws.kinds.catalog import AnyResource, link_keys
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.sandbox_account import (
    AGES,
    collected_stats,
    make,
    make_config,
    make_models,
    make_transform_job,
    reader_of,
)


def question(kind: Kind = Kind.TRANSFORM_JOB, count: int = 2, type: LinkType = LinkType.MODEL_NAME) -> PageQuestion:
    def reason(name: Any, resource: AnyResource) -> object | None:
        return name in link_keys(resource, type) or None

    return PageQuestion("a test", (kind,), count, lambda name: (Link(type, name),), reason)


async def ask(inventory: Inventory, asked: PageQuestion, *parents: str) -> Sequence[KnownPage] | None:
    """What a request that begins now knows."""
    known = await reader_of(inventory).known_pages(asked, parents)
    return None if known is None else known.pages


async def names(inventory: Inventory, asked: PageQuestion, *parents: str) -> list[list[str]] | None:
    pages = await ask(inventory, asked, *parents)
    return None if pages is None else [[resource.name for resource in page.resources] for page in pages]


async def describe_all(inventory: Inventory, kind: Kind) -> None:
    await reader_of(inventory).scan(kind)


@pytest.fixture
async def known(still: Sandbox, inventory: Inventory) -> Inventory:
    """Three jobs of one model and one of another, all ended, listed and described."""
    make_models(still, "a", "b")
    for number in range(4):
        make_transform_job(still, f"x{number}", "ab"[number // 3])
        still.clock.advance(1)
    still.advance(3600)
    await describe_all(inventory, Kind.TRANSFORM_JOB)
    still.calls.clear()
    return inventory


async def test_a_page_is_put_together_once(known: Inventory) -> None:
    first = await ask(known, question(), "a", "b", "none")
    second = await ask(known, question(), "a", "b", "none")
    assert first is not None
    assert second is not None
    assert [mine is other for mine, other in zip(first, second, strict=True)] == [True, True, True]
    assert [[job.name for job in page.resources] for page in first] == [["x2", "x1"], ["x3"], []]
    assert [page.end is None for page in first] == [False, True, True]


async def test_each_description_is_counted_once(known: Inventory) -> None:
    with collected_stats() as stats:
        await ask(known, question(), "a", "b", "a")
    assert (stats.cached, dict(stats.calls)) == (3, {})
    assert stats.as_of == min(known.descriptions[Kind.TRANSFORM_JOB].peek(f"x{n}")[1] for n in (1, 2, 3))  # type: ignore[index]


async def test_nothing_is_known_of_what_was_not_described(still: Sandbox, known: Inventory) -> None:
    """A page that is full of what is known is known, unless something unknown is newer."""
    still.advance(10)
    assert await names(known, question(), "a") == [["x2", "x1"]]
    make_transform_job(still, "x9", "b")
    still.advance(10)
    assert await ask(known, question(), "a") is None
    assert still.calls.by_operation() == {"ListTransformJobs": 2}


async def test_a_page_that_is_full_does_not_rest_on_older_rows(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a", "b")
    for number in range(6):
        make_transform_job(still, f"x{number}", "ab"[number % 2])
        still.clock.advance(1)
    still.advance(3600)
    rows = (await reader_of(inventory).linked(LinkedQuery((Kind.TRANSFORM_JOB,)))).pages
    assert rows == []
    listing = reader_of(inventory).listing(Kind.TRANSFORM_JOB)
    await listing.ensure(6)
    await reader_of(inventory).describe_rows(listing.rows[:4])
    assert await names(inventory, question(), "b", "a") == [["x5", "x3"], ["x4", "x2"]]
    assert await ask(inventory, question(count=3), "b") is None


async def test_a_page_is_not_shown_beyond_the_authority_age(still: Sandbox, known: Inventory) -> None:
    still.advance(AGES.authority_seconds - 1)
    assert await names(known, question(), "a", "b") == [["x2", "x1"], ["x3"]]
    still.advance(2)
    assert await ask(known, question(), "a") is None
    # Only what is shown has to be described again.
    listing = reader_of(known).listing(Kind.TRANSFORM_JOB)
    await listing.ensure(4)
    await reader_of(known).describe_rows(row for row in listing.rows if row.name in {"x1", "x2"})
    assert await names(known, question(), "a") == [["x2", "x1"]]
    assert await ask(known, question(), "a", "b") is None


async def test_a_runtime_is_described_again_each_minute(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    make_config(still, "of-a", "a")
    make(still, "CreateEndpoint", EndpointName="runs-a", EndpointConfigName="of-a")
    still.advance(3600)
    await describe_all(inventory, Kind.RUNTIME)
    asked = question(Kind.RUNTIME, type=LinkType.SNAPSHOT_NAME)
    still.advance(RUNTIME_SECONDS - 1)
    assert await names(inventory, asked, "of-a") == [["runs-a"]]
    still.advance(2)
    assert await ask(inventory, asked, "of-a") is None
    await describe_all(inventory, Kind.RUNTIME)
    make(still, "UpdateEndpoint", EndpointName="runs-a", EndpointConfigName="of-a")
    await describe_all(inventory, Kind.RUNTIME)
    # While it changes, nothing but a reading of just now is shown.
    still.advance(AGES.fresh_seconds + 1)
    assert await ask(inventory, asked, "of-a") is None


async def test_a_row_that_has_changed_is_shown_as_it_is_now(still: Sandbox, known: Inventory) -> None:
    assert await names(known, question(), "a") == [["x2", "x1"]]
    make_transform_job(still, "x9", "a")
    still.advance(3600)
    await describe_all(known, Kind.TRANSFORM_JOB)
    assert await names(known, question(), "a") == [["x9", "x2"]]


async def test_what_is_refused_is_shown_no_more(still: Sandbox, known: Inventory) -> None:
    assert await names(known, question(), "a", "b") == [["x2", "x1"], ["x3"]]
    still.faults.refuse("DescribeTransformJob", name="x3")
    still.advance(AGES.authority_seconds + 1)
    await describe_all(known, Kind.TRANSFORM_JOB)
    assert await names(known, question(), "a", "b") == [["x2", "x1"], []]
    # The refusal may have been lifted once it is older than the deletion age: it has to be tried again.
    still.advance(AGES.deletion_seconds + 1)
    assert await ask(known, question(), "b") is None


async def test_a_request_of_its_own_time_is_not_shown_older_pages(still: Sandbox, known: Inventory) -> None:
    """`Cache-Control: no-cache` is a horizon of now."""
    assert await names(known, question(), "a") == [["x2", "x1"]]
    still.advance(2)
    assert await reader_of(known, max_age=0).known_pages(question(), ["a"]) is None


async def test_what_a_change_leaves_alone_is_not_put_together_again(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a", "b")
    make_config(still, "of-a", "a")
    make_config(still, "of-b", "b")
    still.advance(3600)
    await describe_all(inventory, Kind.SNAPSHOT)
    asked = question(Kind.SNAPSHOT)
    before = await ask(inventory, asked, "a", "b")
    assert before is not None
    former = ref(inventory.links[Kind.SNAPSHOT].current())
    make_config(still, "new", "b")
    still.advance(10)
    await describe_all(inventory, Kind.SNAPSHOT)
    after = await ask(inventory, asked, "a", "b")
    assert after is not None
    assert [mine is other for mine, other in zip(before, after, strict=True)] == [True, False]
    assert [[snapshot.name for snapshot in page.resources] for page in after] == [["of-a"], ["new", "of-b"]]
    # What is described again is another reading, with an age of its own.
    await reader_of(inventory, max_age=0).describe(Kind.SNAPSHOT, ["of-a"])
    again = await ask(inventory, asked, "a", "b")
    assert again is not None
    assert [mine is other for mine, other in zip(after, again, strict=True)] == [False, True]
    assert again[0].validity.authority > after[0].validity.authority
    gc.collect()
    # The former index is not kept: it would keep every row that it has.
    assert former() is None


async def test_pages_are_bounded(known: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_of_version, "MAX_PAGES", 2)
    monkeypatch.setattr(known_pages, "MAX_QUESTIONS", 2)
    for count in (1, 2, 3):
        assert await names(known, question(count=count), "a", "b", "c", "d") == [
            ["x2", "x1", "x0"][:count],
            ["x3"],
            [],
            [],
        ]
    assert known.pages.bytes <= 2 * (2 * 600 + 4 * 400)


async def test_what_is_learnt_while_others_are_served_is_not_left_out(
    known: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are put together in time slices, and all pages of an answer are of one version."""
    monkeypatch.setattr(known_pages, "checkpoint", lambda: known.record_delete(Kind.TRANSFORM_JOB, "x1"))
    assert await ask(known, question(), "a", "b") is None
    monkeypatch.undo()
    assert await names(known, question(), "a", "b") == [["x2", "x0"], ["x3"]]


async def test_with_search_nothing_is_kept_of_training_jobs(still: Sandbox, inventory_of: InventoryOf) -> None:
    """What a page shows is then found by what else is asked for."""
    inventory = inventory_of(search=True)
    assert await ask(inventory, question(Kind.TRAINING_JOB), "a") is None
    assert await names(inventory, question(Kind.TRANSFORM_JOB), "a") == [[]]
    assert still.calls.by_operation() == {"ListTransformJobs": 1}


async def test_the_pages_of_the_same_parents_are_counted_once_and_told_each_time(
    known: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request's account is the same, whether its pages were put together for it or for the one before."""
    accounts = []
    for _ in range(3):
        with collected_stats() as stats:
            assert await names(known, question(count=3), "a", "b") == [["x2", "x1", "x0"], ["x3"]]
        accounts.append((stats.cached, stats.as_of, stats.calls))
        monkeypatch.setattr(PagesOfVersion, "show", None)
    assert accounts[0][0] == 4
    assert accounts == accounts[:1] * 3


async def test_groups_of_parents_are_bounded(known: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_of_version, "MAX_SHOWN", 2)
    before = 0
    for parents in (("a",), ("b",), ("a", "b"), ("b", "a")):
        assert len(await names(known, question(count=3), *parents) or ()) == len(parents)
        before = max(before, known.pages.bytes)
    assert before <= 2 * 600 + 4 * 400 + 2 * 2 * 16
