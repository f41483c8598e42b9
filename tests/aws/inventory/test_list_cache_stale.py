"""A list that cannot be read: the last known rows where AWS is down, never for who is refused."""

import asyncio
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, CredentialsRejectedError, ThrottledError, UnavailableError
from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import MANY, PAGE, ListCacheProbe, make_many
from tests.aws.sandbox_account import AGES, RecordingClient, make_config, make_models, reader_of


async def test_a_list_with_gaps_is_given_while_aws_is_down_only_as_far_as_it_goes(
    still: Sandbox, probe: ListCacheProbe
) -> None:
    make_many(still)
    await probe.look(1)
    probe.inventory.record_delete(Kind.MODEL, "m100")
    still.faults.fail("ListModels")
    still.advance(6)
    assert len((await probe.look(98)).rows) == 98
    with pytest.raises(UnavailableError):
        await probe.look(99)


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
async def test_while_aws_is_down_or_turns_away_the_last_known_rows_are_given(
    still: Sandbox, probe: ListCacheProbe, kind: type[Exception]
) -> None:
    make_models(still, *MANY[:3])
    first = await probe.look()
    assert not probe.call_stats.stale
    make_models(still, "new")
    if kind is ThrottledError:
        still.faults.throttle("ListModels")
    else:
        still.faults.fail("ListModels")
    for passing in (10, 400, 480):
        still.advance(passing)
        rows = await probe.look()
        assert (rows.rows, rows.as_of) == (first.rows, first.as_of)
        assert probe.call_stats.stale
    # With the second of making, eight hundred and ninety-one; the authority age ends it.
    still.advance(10)
    with pytest.raises(kind):
        await probe.look()
    still.faults.clear()
    still.advance(0.001)
    assert await probe.names() == ["new", "m002", "m001", "m000"]
    assert not probe.call_stats.stale


async def test_what_was_never_read_cannot_be_given(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look(1)
    still.advance(10)
    still.faults.fail("ListModels")
    assert len((await probe.look(99)).rows) == 99
    assert probe.call_stats.stale
    with pytest.raises(UnavailableError):
        await probe.look(100)


async def test_nothing_known_is_nothing_given(still: Sandbox, probe: ListCacheProbe) -> None:
    still.faults.fail("ListModels")
    with pytest.raises(UnavailableError):
        await probe.look()
    assert not probe.call_stats.stale


@pytest.mark.parametrize(
    ("code", "kind"),
    [("AccessDeniedException", AccessDeniedError), ("ExpiredTokenException", CredentialsRejectedError)],
)
async def test_the_last_known_is_never_for_who_is_refused_or_expired(
    still: Sandbox, probe: ListCacheProbe, code: str, kind: type[Exception]
) -> None:
    make_models(still, "a")
    await probe.look()
    still.advance(6)
    still.faults.fail("ListModels", status=400, code=code, message="no")
    with pytest.raises(kind):
        await probe.look()
    assert not probe.call_stats.stale


async def test_a_refusal_forgets_the_kind_at_once_and_no_other(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    make_config(still, "c", "a")
    reader = reader_of(inventory)
    for kind in (Kind.MODEL, Kind.SNAPSHOT):
        await reader.scan(kind)
    await reader.tags(["arn:aws:sagemaker:eu-west-1:123456789012:model/a"])
    assert len(inventory) == 5
    still.faults.refuse("ListModels")
    still.advance(6)
    with pytest.raises(AccessDeniedError):
        await reader_of(inventory).listing(Kind.MODEL).ensure(1)
    assert len(inventory) == 2
    assert inventory.lists[Kind.MODEL].rows().rows == ()
    assert [row.name for row in inventory.lists[Kind.SNAPSHOT].rows().rows] == ["c"]


async def test_who_is_permitted_again_reads_afresh(still: Sandbox, probe: ListCacheProbe) -> None:
    make_models(still, "a")
    await probe.look()
    still.advance(6)
    still.faults.refuse("ListModels", times=1)
    with pytest.raises(AccessDeniedError):
        await probe.look()
    still.advance(1)
    assert await probe.names() == ["a"]


async def test_a_failure_is_known_before_its_call_has_ended(
    still: Sandbox, probe: ListCacheProbe, calls: RecordingClient
) -> None:
    """A request asks once, in whichever turn of the loop its parts come to the list."""
    horizon = horizon_at(AGES, probe.now)

    def refuse(operation: str, _sent: dict[str, Any]) -> None:
        raise AccessDeniedError("You may not.", operation=operation)

    async def look(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await probe.list_cache.ensure(horizon, 1)

    calls.before = refuse
    outcomes = await asyncio.gather(*(look(turns) for turns in range(12)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [AccessDeniedError] * 12
    assert probe.asked() == [PAGE]
