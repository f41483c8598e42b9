"""concurrency.priority_slots: so many at once, interactive callers first."""

import asyncio

from concurrency.priority import Priority, current_priority
from concurrency.priority_slots import PrioritySlots


class Workers:
    """Callers that take a slot and keep it until they are let go."""

    def __init__(self, count: int) -> None:
        self.slots = PrioritySlots(count)
        self.begun: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def work(self, name: str) -> None:
        async with self.slots:
            self.begun.append(name)
            await self.gates[name].wait()

    def start(self, name: str, priority: Priority) -> None:
        self.gates[name] = asyncio.Event()
        token = current_priority.set(priority)
        self.tasks[name] = asyncio.create_task(self.work(name))
        current_priority.reset(token)

    async def end(self, *names: str) -> None:
        for name in names:
            self.gates[name].set()
            await self.tasks[name]
        await turn()


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_interactive_callers_go_first_and_others_in_their_order() -> None:
    workers, behind = Workers(1), Priority(interactive=False)
    for name in ("a", "b", "c"):
        workers.start(name, behind)
    workers.start("person", Priority())
    await turn()
    assert workers.begun == ["a"]
    await workers.end("a", "person", "b", "c")
    assert workers.begun == ["a", "person", "b", "c"]


async def test_who_is_raised_while_waiting_goes_first() -> None:
    workers, raised = Workers(1), Priority(interactive=False)
    workers.start("a", Priority(interactive=False))
    await turn()
    workers.start("b", Priority(interactive=False))
    workers.start("c", raised)
    await turn()
    raised.interactive = True
    await workers.end("a", "c", "b")
    assert workers.begun == ["a", "c", "b"]


async def test_so_many_at_once() -> None:
    workers = Workers(2)
    for name in "abc":
        workers.start(name, Priority())
    await turn()
    assert workers.begun == ["a", "b"]
    await workers.end("b")
    assert workers.begun == ["a", "b", "c"]
    await workers.end("a", "c")
    workers.start("d", Priority())
    await turn()
    assert workers.begun[-1] == "d"
    await workers.end("d")


async def test_no_slot_is_lost_to_who_has_left() -> None:
    workers = Workers(1)
    for name in "abc":
        workers.start(name, Priority())
    await turn()
    workers.tasks["b"].cancel()
    await workers.end("a")
    assert workers.begun == ["a", "c"]
    # One that is cancelled in the moment in which it gets its slot hands it on.
    workers.start("d", Priority())
    workers.start("e", Priority())
    await turn()
    workers.gates["c"].set()
    await asyncio.sleep(0)
    workers.tasks["d"].cancel()
    await turn()
    assert workers.begun == ["a", "c", "e"]
    await workers.end("e")
