"""Pages of every sort: ties across their borders, short ones, empty ones, and what changes while they are read."""

from datetime import timedelta
from typing import Any

import pytest

from aws.client.paging import RepeatedTokenError
from aws.inventory.listings import Listing, ListQuery, creation_key
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import ListingOf
from tests.aws.sandbox_account import NOON, ScriptedClient, arn, make, make_models

ALL = 10**6


def names(listing: Listing) -> list[str]:
    return [row.name for row in listing.rows]


def page(*rows: tuple[str, int], token: str | None = None) -> dict[str, Any]:
    listed = [
        {"ModelName": name, "ModelArn": arn("model", name), "CreationTime": NOON + timedelta(seconds=second)}
        for name, second in rows
    ]
    return {"Models": listed, **({"NextToken": token} if token else {})}


async def test_ties_across_the_border_of_pages_are_in_one_order(sandbox: Sandbox, listing_of: ListingOf) -> None:
    sandbox.clock.freeze()
    for name, second in zip("abdcfeg", (0, 1, 1, 1, 1, 1, 2), strict=True):
        sandbox.clock.set(NOON + timedelta(seconds=second))
        make_models(sandbox, name)
    sandbox.faults.shorten("ListModels", 2)
    listing = listing_of()
    await listing.ensure(1)
    assert (names(listing), sandbox.calls.count("ListModels")) == (["g"], 1)
    # Five of one moment stand on three pages, and the next moment's first row on the fourth ends them.
    await listing.ensure(2)
    assert (names(listing), sandbox.calls.count("ListModels")) == (["g", "f", "e", "d", "c", "b", "a"], 4)


async def test_names_settle_ties_in_whatever_order_they_come(listing_of: ListingOf) -> None:
    calls = ScriptedClient(page(("z", 9), ("c", 5), token="1"), page(("e", 5), ("d", 5), token="2"), page(("a", 5)))
    listing = listing_of(through=calls)
    await listing.ensure(ALL)
    assert names(listing) == ["z", "e", "d", "c", "a"]
    assert [row.name for row in sorted(listing.rows, key=creation_key, reverse=True)] == names(listing)
    calls = ScriptedClient(page(("c", 5), ("a", 5), token="1"), page(("b", 5), ("z", 9)))
    listing = listing_of(Kind.MODEL, ListQuery(ascending=True), through=calls)
    await listing.ensure(ALL)
    assert names(listing) == ["a", "b", "c", "z"]


async def test_short_pages_are_read_past(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcde")
    still.faults.shorten("ListModels", 1, times=3)
    listing = listing_of()
    await listing.ensure(ALL)
    assert names(listing) == ["e", "d", "c", "b", "a"]
    assert still.calls.count("ListModels") == 4


async def test_empty_pages_that_go_on_are_read_past(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abc")
    still.faults.shorten("ListModels", 0, times=3)
    listing = listing_of()
    await listing.ensure(1)
    assert (names(listing), listing.complete) == (["c", "b", "a"], True)
    assert still.calls.count("ListModels") == 4


async def test_an_empty_page_between_ties_parts_nothing(still: Sandbox, listing_of: ListingOf) -> None:
    calls = ScriptedClient(page(("a", 5), token="1"), page(token="2"), page(("b", 5), token="3"), page())
    listing = listing_of(through=calls)
    await listing.ensure(1)
    assert (names(listing), listing.complete) == (["b", "a"], True)


async def test_a_name_made_anew_meanwhile_stays_as_first_seen(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a", "b", "c")
    still.faults.shorten("ListModels", 2, times=1)
    listing = listing_of(Kind.MODEL, ListQuery(ascending=True))
    await listing.ensure(1)
    make(still, "DeleteModel", ModelName="a")
    make_models(still, "a")
    await listing.ensure(ALL)
    assert [(row.name, row.creation_time) for row in listing.rows] == [
        (name, NOON + timedelta(seconds=second)) for second, name in enumerate("abc")
    ]
    assert still.calls.count("ListModels") == 2


async def test_a_name_twice_on_one_page_is_one_row(listing_of: ListingOf) -> None:
    listing = listing_of(through=ScriptedClient(page(("a", 7), ("b", 6), ("a", 5))))
    await listing.ensure(ALL)
    assert [(row.name, row.creation_time) for row in listing.rows] == [
        ("a", NOON + timedelta(seconds=7)),
        ("b", NOON + timedelta(seconds=6)),
    ]


async def test_what_is_made_or_deleted_meanwhile_shifts_nothing(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.faults.shorten("ListModels", 2, times=1)
    listing = listing_of()
    await listing.ensure(1)
    make_models(still, "newer")
    make(still, "DeleteModel", ModelName="d")
    make(still, "DeleteModel", ModelName="a")
    await listing.ensure(ALL)
    assert names(listing) == ["d", "c", "b"]


@pytest.mark.parametrize("ascending", [False, True])
async def test_pages_in_any_order_lose_no_row_and_are_put_in_order(listing_of: ListingOf, *, ascending: bool) -> None:
    """What comes in order is given at once; from the first break on, everything is read before more is given."""
    pages = [
        page(("g", 7), ("f", 6), token="1"),
        page(("b", 2), ("e", 5), token="2"),
        page(("h", 8), ("a", 1), token="3"),
        page(("d", 4), ("c", 3)),
    ]
    seconds = "abcdefgh"
    if ascending:
        pages = [page(("b", 2), ("c", 3), token="1"), page(("h", 8), ("a", 1), token="2"), page(("e", 5), ("d", 4))]
        seconds = "abcdeh"
    calls = ScriptedClient(*pages)
    listing = listing_of(Kind.MODEL, ListQuery(ascending=ascending), through=calls)
    await listing.ensure(1)
    assert (len(calls.asked), len(listing.rows), listing.disordered) == (1, 1, False)
    await listing.ensure(2)
    assert (len(calls.asked), listing.disordered, listing.complete) == (len(pages), True, True)
    assert names(listing) == sorted(seconds, reverse=not ascending)


async def test_a_first_page_out_of_order_gives_nothing_before_all_is_read(listing_of: ListingOf) -> None:
    calls = ScriptedClient(page(("a", 1), ("c", 3), token="1"), page(("b", 2)))
    listing = listing_of(through=calls)
    await listing.ensure(1)
    assert (names(listing), len(calls.asked)) == (["c", "b", "a"], 2)


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"]])
async def test_a_token_that_comes_twice_ends_the_list(listing_of: ListingOf, tokens: list[str]) -> None:
    pages = [
        page((name, 9 - number), token=token) for number, (name, token) in enumerate(zip("abc", tokens, strict=False))
    ]
    calls = ScriptedClient(*pages)
    listing = listing_of(through=calls)
    for _ in range(2):
        with pytest.raises(RepeatedTokenError) as caught:
            await listing.ensure(ALL, NOON)
        assert (caught.value.operation, caught.value.code) == ("ListModels", "UPSTREAM_UNAVAILABLE")
    assert (len(calls.asked), listing.complete) == (len(tokens), False)


async def test_the_page_with_that_token_loses_no_row(listing_of: ListingOf) -> None:
    """Whoever needs no more than there is gets it; whoever needs more gets the error, and the rows stay."""
    calls = ScriptedClient(page(("d", 9), ("c", 8), token="1"), page(("b", 7), ("a", 6), token="1"))
    listing = listing_of(through=calls)
    await listing.ensure(2, NOON)
    assert (names(listing), listing.complete) == (["d", "c", "b"], False)
    with pytest.raises(RepeatedTokenError):
        await listing.ensure(4, NOON)
    assert (names(listing), len(calls.asked)) == (["d", "c", "b"], 2)
