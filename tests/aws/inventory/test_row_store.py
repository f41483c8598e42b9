"""Books: what we have written or deleted ourselves outlasts the listings that are behind with it."""

from dataclasses import replace

from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import MANY, NEWEST_FIRST, ListCacheProbe
from tests.aws.sandbox_account import make, make_models, reader_of


def made_by_us(still: Sandbox, like: AnyResource, name: str, sight: ListCacheProbe) -> AnyResource:
    """As the answer to a write of ours would be read."""
    return replace(like, name=name, arn=like.arn + name, creation_time=sight.now, as_of=sight.now)


async def test_what_we_have_just_made_is_shown_for_a_minute_whatever_listings_say(
    still: Sandbox, sight: ListCacheProbe
) -> None:
    make_models(still, "a")
    like = (await sight.look()).rows[0]
    sight.inventory.record_write(made_by_us(still, like, "ours", sight))
    assert await sight.names() == ["ours", "a"]
    for _ in range(9):
        still.advance(6)
        assert await sight.names() == ["ours", "a"]
    assert len(sight.asked()) == 10
    # A listing that began a minute after, or later, is believed.
    still.advance(6)
    assert await sight.names() == ["a"]


async def test_a_listing_that_shows_what_we_made_takes_over(still: Sandbox, sight: ListCacheProbe) -> None:
    make_models(still, "a")
    like = (await sight.look()).rows[0]
    sight.inventory.record_write(replace(like, as_of=sight.now))
    assert await sight.names() == ["a"]
    still.advance(6)
    assert (await sight.look()).rows[0].as_of == sight.now


async def test_a_description_ends_what_we_made(still: Sandbox, sight: ListCacheProbe) -> None:
    """Within the minute only a description is believed that it is gone."""
    make_models(still, "a")
    like = (await sight.look()).rows[0]
    sight.inventory.record_write(made_by_us(still, like, "ours", sight))
    still.advance(6)
    assert await reader_of(sight.inventory, max_age=0).describe(Kind.MODEL, ["ours"]) == {"ours": None}
    assert await sight.names() == ["a"]


async def test_what_we_have_just_deleted_is_hidden_for_a_minute_whatever_listings_say(
    still: Sandbox, sight: ListCacheProbe
) -> None:
    make_models(still, "a", "b")
    await sight.look()
    sight.inventory.record_delete(Kind.MODEL, "a")
    assert await sight.names() == ["b"]
    for _ in range(9):
        still.advance(6)
        assert await sight.names() == ["b"]
    still.advance(6)
    assert await sight.names() == ["b", "a"]


async def test_what_we_have_deleted_does_not_come_back_by_a_late_listing_of_newer_ones(
    still: Sandbox, sight: ListCacheProbe
) -> None:
    # Made within the two minutes that are listed once more.
    make_models(still, *MANY)
    await sight.look()
    sight.inventory.record_delete(Kind.MODEL, "m149")
    still.advance(6)
    # Asked for what is newer, SageMaker still shows it.
    assert await sight.names() == NEWEST_FIRST[1:]
    # A new thing of the same name is another thing.
    make(still, "DeleteModel", ModelName="m149")
    make_models(still, "m149")
    still.advance(6)
    assert (await sight.names())[:2] == ["m149", "m148"]


async def test_what_we_make_again_after_deleting_it_is_there(still: Sandbox, sight: ListCacheProbe) -> None:
    make_models(still, "a")
    row = (await sight.look()).rows[0]
    sight.inventory.record_delete(Kind.MODEL, "a")
    still.advance(1)
    sight.inventory.record_write(made_by_us(still, row, "a", sight))
    assert await sight.names() == ["a"]
    assert (await sight.look()).rows[0].creation_time == sight.now


async def test_a_list_that_is_read_anew_takes_its_place_page_by_page(still: Sandbox, sight: ListCacheProbe) -> None:
    """What is on a page is newer at once; what is gone stays until the last page has been read."""
    make_models(still, *MANY)
    await sight.look(count=len(MANY))
    make(still, "DeleteModel", ModelName="m000")
    make(still, "DeleteModel", ModelName="m149")
    still.advance(200)
    store = sight.inventory.lists[Kind.MODEL]._store
    listing = sight.inventory.lists[Kind.MODEL]._listing()
    await listing.ensure(1)
    store.stage(listing)
    half = store.rows()
    assert [row.name for row in half.rows] == NEWEST_FIRST
    assert half.rows[1].as_of == sight.now
    assert half.rows[-1].as_of < sight.now
    await listing.ensure(len(MANY))
    store.rebase(listing, sight.now)
    assert [row.name for row in store.rows().rows] == NEWEST_FIRST[1:-1]
    assert {row.as_of for row in store.rows().rows} == {sight.now}
