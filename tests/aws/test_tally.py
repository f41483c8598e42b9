"""What a request has cost."""

import asyncio
from datetime import timedelta

from aws.tally import Tally, counting, current_tally, written_so_far
from tests.aws.scene import NOON, tallied


def test_a_new_account_is_empty() -> None:
    tally = Tally()
    assert dict(tally.calls) == {}
    assert (tally.throttled, tally.shared, tally.cached, tally.changed) == (0, 0, 0, 0)
    assert (tally.as_of, tally.written) == (None, [])


def test_it_rests_on_the_oldest_moment() -> None:
    tally = Tally()
    tally.rests_on(NOON)
    tally.rests_on(NOON + timedelta(seconds=1))
    assert tally.as_of == NOON
    tally.rests_on(NOON - timedelta(seconds=1))
    assert tally.as_of == NOON - timedelta(seconds=1)


def test_there_is_none_unless_one_is_set() -> None:
    assert current_tally.get() is None
    with tallied() as tally:
        assert current_tally.get() is tally
    assert current_tally.get() is None


async def test_requests_at_the_same_time_have_one_each() -> None:
    async def request() -> tuple[Tally, Tally | None]:
        with tallied() as tally:
            await asyncio.sleep(0)
            return tally, current_tally.get()

    pairs = await asyncio.gather(*(request() for _ in range(3)))
    assert all(mine is seen for mine, seen in pairs)
    assert len({id(mine) for mine, _ in pairs}) == 3


def test_an_account_of_ones_own() -> None:
    assert written_so_far() == ()
    with counting() as outer:
        outer.written.append("one")
        with counting() as inner:
            assert written_so_far() == ()
            inner.written.append("two")
        assert written_so_far() == ("one",)
    assert current_tally.get() is None
