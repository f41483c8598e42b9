"""What a request has cost."""

import asyncio
from datetime import timedelta

from aws.client.call_stats import CallStats, collect_call_stats, current_call_stats, write_request_ids_so_far
from tests.aws.sandbox_account import NOON, collected_stats


def test_a_new_account_is_empty() -> None:
    stats = CallStats()
    assert dict(stats.calls) == {}
    assert (stats.throttled, stats.shared, stats.cached, stats.changed) == (0, 0, 0, 0)
    assert (stats.as_of, stats.write_request_ids) == (None, [])


def test_it_rests_on_the_oldest_moment() -> None:
    stats = CallStats()
    stats.note_read_at(NOON)
    stats.note_read_at(NOON + timedelta(seconds=1))
    assert stats.as_of == NOON
    stats.note_read_at(NOON - timedelta(seconds=1))
    assert stats.as_of == NOON - timedelta(seconds=1)


def test_there_is_none_unless_one_is_set() -> None:
    assert current_call_stats.get() is None
    with collected_stats() as stats:
        assert current_call_stats.get() is stats
    assert current_call_stats.get() is None


async def test_requests_at_the_same_time_have_one_each() -> None:
    async def request() -> tuple[CallStats, CallStats | None]:
        with collected_stats() as stats:
            await asyncio.sleep(0)
            return stats, current_call_stats.get()

    pairs = await asyncio.gather(*(request() for _ in range(3)))
    assert all(call_stats is seen for call_stats, seen in pairs)
    assert len({id(own) for own, _ in pairs}) == 3


def test_an_account_of_ones_own() -> None:
    assert write_request_ids_so_far() == ()
    with collect_call_stats() as outer:
        outer.write_request_ids.append("one")
        with collect_call_stats() as inner:
            assert write_request_ids_so_far() == ()
            inner.write_request_ids.append("two")
        assert write_request_ids_so_far() == ("one",)
    assert current_call_stats.get() is None
