"""Books: what we have written or deleted ourselves outlasts the listings that are behind with it."""

from dataclasses import replace

from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import MANY, NEWEST_FIRST, ListCacheProbe
from tests.aws.sandbox_account import make, make_models, reader_of


def made_by_us(still: Sandbox, like: AnyResource, name: str, probe: ListCacheProbe) -> AnyResource:
    """As the answer to a write of ours would be read."""
    return replace(like, name=name, arn=like.arn + name, creation_time=probe.now, as_of=probe.now)


async def test_what_we_have_just_made_is_shown_for_a_minute_whatever_listings_say(
    still: Sandbox, probe: ListCacheProbe
) -> None:
    make_models(still, "a")
    like = (await probe.look()).rows[0]
    probe.inventory.record_write(made_by_us(still, like, "ours", probe))
    assert await probe.names() == ["ours", "a"]
    for _ in range(9):
        still.advance(6)
        assert await probe.names() == ["ours", "a"]
    assert len(probe.asked()) == 10
    # A listing that began a minute after, or later, is believed.
    still.advance(6)
    assert await probe.names() == ["a"]


async def test_a_listing_that_shows_what_we_made_takes_over(still: Sandbox, probe: ListCacheProbe) -> None:
    make_models(still, "a")
    like = (await probe.look()).rows[0]
    probe.inventory.record_write(replace(like, as_of=probe.now))
    assert await probe.names() == ["a"]
    still.advance(6)
    assert (await probe.look()).rows[0].as_of == probe.now


async def test_a_description_ends_what_we_made(still: Sandbox, probe: ListCacheProbe) -> None:
    """Within the minute only a description is believed that it is gone."""
    make_models(still, "a")
    like = (await probe.look()).rows[0]
    probe.inventory.record_write(made_by_us(still, like, "ours", probe))
    still.advance(6)
    assert await reader_of(probe.inventory, max_age=0).describe(Kind.MODEL, ["ours"]) == {"ours": None}
    assert await probe.names() == ["a"]


async def test_what_we_have_just_deleted_is_hidden_for_a_minute_whatever_listings_say(
    still: Sandbox, probe: ListCacheProbe
) -> None:
    make_models(still, "a", "b")
    await probe.look()
    probe.inventory.record_delete(Kind.MODEL, "a")
    assert await probe.names() == ["b"]
    for _ in range(9):
        still.advance(6)
        assert await probe.names() == ["b"]
    still.advance(6)
    assert await probe.names() == ["b", "a"]


async def test_what_we_have_deleted_does_not_come_back_by_a_late_listing_of_newer_ones(
    still: Sandbox, probe: ListCacheProbe
) -> None:
    # Made within the two minutes that are listed once more.
    make_models(still, *MANY)
    await probe.look()
    probe.inventory.record_delete(Kind.MODEL, "m149")
    still.advance(6)
    # Asked for what is newer, SageMaker still shows it.
    assert await probe.names() == NEWEST_FIRST[1:]
    # A new thing of the same name is another thing.
    make(still, "DeleteModel", ModelName="m149")
    make_models(still, "m149")
    still.advance(6)
    assert (await probe.names())[:2] == ["m149", "m148"]


async def test_what_we_make_again_after_deleting_it_is_there(still: Sandbox, probe: ListCacheProbe) -> None:
    make_models(still, "a")
    row = (await probe.look()).rows[0]
    probe.inventory.record_delete(Kind.MODEL, "a")
    still.advance(1)
    probe.inventory.record_write(made_by_us(still, row, "a", probe))
    assert await probe.names() == ["a"]
    assert (await probe.look()).rows[0].creation_time == probe.now


async def test_a_list_that_is_read_anew_takes_its_place_page_by_page(still: Sandbox, probe: ListCacheProbe) -> None:
    """What is on a page is newer at once; what is gone stays until the last page has been read."""
    make_models(still, *MANY)
    await probe.look(count=len(MANY))
    make(still, "DeleteModel", ModelName="m000")
    make(still, "DeleteModel", ModelName="m149")
    still.advance(200)
    store = probe.inventory.lists[Kind.MODEL]._store
    listing = probe.inventory.lists[Kind.MODEL]._listing()
    await listing.ensure(1)
    store.stage(listing)
    half = store.rows()
    assert [row.name for row in half.rows] == NEWEST_FIRST
    assert half.rows[1].as_of == probe.now
    assert half.rows[-1].as_of < probe.now
    await listing.ensure(len(MANY))
    store.rebase(listing, probe.now)
    assert [row.name for row in store.rows().rows] == NEWEST_FIRST[1:-1]
    assert {row.as_of for row in store.rows().rows} == {probe.now}
