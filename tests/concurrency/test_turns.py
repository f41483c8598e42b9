"""concurrency.turns: the order in which work has its slices."""

import asyncio

import pytest

from concurrency.time_slices import TimeSlices, checkpoint
from concurrency.turns import HANDICAP, Share, Turn, begin_share, current_share


async def served(turn: Turn, *shares: tuple[str, Share]) -> list[str]:
    """The order in which these are served, who come in this order while another has the turn."""
    log: list[str] = []

    async def wait(name: str, share: Share) -> None:
        async with turn.taken(share):
            log.append(name)

    async with turn.taken(Share()):
        waiting = [asyncio.ensure_future(wait(name, share)) for name, share in shares]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    return log


async def test_what_began_first_has_the_next_turn() -> None:
    first, second = Share(), Share()
    assert await served(Turn(), ("second", second), ("first", first), ("second again", second)) == [
        "first",
        "second",
        "second again",
    ]


async def test_what_has_taken_long_waits_for_what_came_soon_after_it_and_for_no_more() -> None:
    long, soon, late = Share(100), Share(100 + 0.9 * HANDICAP), Share(100 + 1.1 * HANDICAP)
    long.used = 1
    assert await served(Turn(), ("late", late), ("long", long), ("soon", soon)) == ["soon", "long", "late"]


async def test_one_that_no_longer_waits_is_passed_over() -> None:
    turn, log = Turn(), list[str]()

    async def wait(name: str) -> None:
        async with turn.taken(Share()):
            log.append(name)

    async with turn.taken(Share()):
        waiting = [asyncio.ensure_future(wait(name)) for name in "abc"]
        await asyncio.sleep(0)
        waiting[0].cancel()
    # The turn has gone on to the second one, who is cancelled before it runs.
    waiting[1].cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError, asyncio.CancelledError, type(None)]
    assert log == ["c"]
    async with turn.taken(Share()):
        pass


async def test_jobs_of_one_task_take_from_one_share() -> None:
    slices = TimeSlices(0, iter(range(1000)).__next__)

    async def answer() -> float:
        begin_share()
        await asyncio.gather(slices.run(checkpoint), slices.run(checkpoint))
        return current_share().used

    for used in await asyncio.gather(answer(), answer()):
        assert used == pytest.approx(4, abs=2)
    assert current_share() is not current_share()


async def test_an_answer_is_done_before_the_next_one_goes_on() -> None:
    """Between two of its jobs another one may have a slice."""
    log: list[str] = []
    slices = TimeSlices(0, lambda: 0.0)

    def work(name: str) -> None:
        for _ in range(3):
            log.append(name)
            checkpoint()

    async def answer(name: str) -> None:
        begin_share()
        for _ in range(2):
            await slices.run(lambda: work(name))

    await asyncio.gather(*(answer(name) for name in "abc"))
    assert "".join(log) == "aaabaaabbcbbbccccc"
