"""resolvers.batching: one call for all parents of a level, an answer or an error for each."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from resolvers.batching import Batcher
from resolvers.errors import DeadlineError


def batcher(seconds: float = 5) -> Batcher:
    return Batcher(asyncio.get_running_loop().time() + seconds)


class Doubling:
    """A batch function that keeps what it was called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    async def __call__(self, owner: str, parents: Sequence[int], *arguments: Any) -> Sequence[object]:
        self.calls.append((owner, list(parents), *arguments))
        return [ValueError("odd") if parent == 7 else parent * 2 for parent in parents]


async def test_parents_are_gathered_into_one_call() -> None:
    function, gathered, owner = Doubling(), batcher(), "view"
    assert await asyncio.gather(*(gathered.load(function, owner, n) for n in range(5))) == [0, 2, 4, 6, 8]
    assert function.calls == [("view", [0, 1, 2, 3, 4])]


async def test_late_parents_of_the_same_level_join() -> None:
    """A level of the query begins over several turns of the loop; as long as each adds somebody, the call waits."""
    function, gathered, owner = Doubling(), batcher(), "view"

    async def after(turns: int) -> Any:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await gathered.load(function, owner, turns)

    assert await asyncio.gather(*(after(n) for n in range(4))) == [0, 2, 4, 6]
    assert function.calls == [("view", [0, 1, 2, 3])]


async def test_arguments_owners_and_functions_are_kept_apart() -> None:
    one, other, gathered = Doubling(), Doubling(), batcher()
    first, second = "".join(["vi", "ew"]), "".join(["vi", "ew"])
    await asyncio.gather(
        gathered.load(one, first, 1, "a"),
        gathered.load(one, first, 2, "a"),
        gathered.load(one, first, 3, "b"),
        gathered.load(one, second, 4, "a"),
        gathered.load(other, first, 5, "a"),
    )
    assert one.calls == [("view", [1, 2], "a"), ("view", [3], "b"), ("view", [4], "a")]
    assert other.calls == [("view", [5], "a")]


async def test_an_error_is_its_own_parent_s_alone() -> None:
    function, gathered, owner = Doubling(), batcher(), "view"
    result = await asyncio.gather(*(gathered.load(function, owner, n) for n in (6, 7, 8)), return_exceptions=True)
    assert [result[0], str(result[1]), result[2]] == [12, "odd", 16]


async def test_a_failing_function_fails_all() -> None:
    async def failing(_owner: str, _parents: Sequence[int]) -> Sequence[object]:
        raise RuntimeError("no")

    gathered, owner = batcher(), "view"
    result = await asyncio.gather(*(gathered.load(failing, owner, n) for n in range(2)), return_exceptions=True)
    assert [str(item) for item in result] == ["no", "no"]


async def test_a_function_with_too_few_answers_keeps_nobody_waiting() -> None:
    async def forgetful(_owner: str, parents: Sequence[int]) -> Sequence[object]:
        return parents[:1]

    gathered, owner = batcher(), "view"
    result = await asyncio.gather(*(gathered.load(forgetful, owner, n) for n in range(2)), return_exceptions=True)
    assert [type(item) for item in result] == [ValueError, ValueError]
    assert str(result[0]).endswith("gave 1 answers to 2 parents.")


async def test_the_deadline() -> None:
    async def slow(_owner: str, _parents: Sequence[int]) -> Sequence[object]:
        await asyncio.Event().wait()
        return []

    gathered, owner = batcher(seconds=0.01), "view"
    with pytest.raises(DeadlineError, match="time was up"):
        await gathered.load(slow, owner, 1)


async def test_closing_ends_what_is_still_asked() -> None:
    ended = asyncio.Event()

    async def slow(_owner: str, _parents: Sequence[int]) -> Sequence[object]:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return []

    gathered, owner = batcher(), "view"
    waiting = gathered.load(slow, owner, 1)
    waiting.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    await gathered.close()
    assert ended.is_set()


async def test_somebody_who_no_longer_waits_is_passed_over() -> None:
    function, gathered, owner = Doubling(), batcher(), "view"
    gone, stays = gathered.load(function, owner, 1), gathered.load(function, owner, 2)
    gone.cancel()
    assert await stays == 4
    assert gone.cancelled()
