"""A process that does durable work as it is told: `python -m tests.workflows.durable.worker URL LEASE DEAD`.

It says on standard output what happens, and takes on standard input:

    start NAME ID   starts work
    open GATE       lets through whoever waits, or will wait, at this gate
    turns           begins the loop `turns`
    lack            has no access to what the steps of work need, from now on
    close           ends in good order
"""

import asyncio
import sys
from collections import defaultdict
from functools import partial

from registry.database import Database
from workflows.durable.access import AccessLog, group_subject
from workflows.durable.context import WorkflowContext
from workflows.durable.engine import Engine, EngineTimings
from workflows.durable.fleet import ProcessInfo

SUBJECT = group_subject("risk", "111111111111", "eu-west-1")


class Steps:
    """The work `three`: three steps with a gate in each, and one more gate between the first and the second."""

    def __init__(self) -> None:
        self.gates: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.access = AccessLog()
        self.lacks = False

    async def three(self, work: WorkflowContext, key: str) -> None:
        first = await work.step("first", self._step, "first", key)
        say(f"between {key}")
        await self.gates["between"].wait()
        second = await work.step("second", self._step, "second", key)
        third = await work.step("third", self._step, "third", key)
        say(f"finished {key} {first} {second} {third}")

    async def _step(self, name: str, key: str) -> str:
        say(f"began {name} {key}")
        if self.lacks:
            self.access.failed(SUBJECT, ValueError("None here."), asyncio.Event().wait)
            raise ValueError("None here.")
        await self.gates[name].wait()
        say(f"ended {name} {key}")
        return name


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _turn(steps: Steps) -> None:
    say("turn")
    await steps.gates["turn"].wait()


async def main(url: str, lease: float, dead: float) -> None:
    steps, lines = Steps(), asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(partial(asyncio.StreamReaderProtocol, lines), sys.stdin)
    timings = EngineTimings(lease=lease, dead_after=dead, close_timeout=1)
    info = ProcessInfo(access=steps.access)
    async with Database(url) as database, Engine(url, database, {"three": steps.three}, timings, info=info) as engine:
        say(f"lease {engine.lease}")
        say("ready")
        while command := (await lines.readline()).decode().split():
            match command:
                case ["start", name, key]:
                    await engine.start(name, key, key)
                case ["open", gate]:
                    steps.gates[gate].set()
                case ["lack"]:
                    steps.lacks = True
                case ["turns"]:
                    engine.every("turns", 0.1, partial(_turn, steps))
                case _:
                    break
    say("closed")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
