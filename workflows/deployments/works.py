"""The durable works of deployments: short ones, each under an id made of the deployment, its attempt and its phase."""

import asyncio
from typing import Any, Final, Protocol

from registry.courses import Course
from registry.tickets import TicketRow
from registry.words import DeploymentState

VERIFY: Final = "deployment-verify"
REHEARSE: Final = "deployment-rehearse"
COMPARE: Final = "deployment-compare"
LAUNCH: Final = "deployment-launch"
SETTLE: Final = "deployment-settle"
FILE: Final = "deployment-file"
TELL: Final = "deployment-tell"
"""The names under which the bodies are registered."""

# What a state calls for; the other states wait for somebody, or are ends.
_NEXT: Final = {
    DeploymentState.VERIFYING: VERIFY,
    DeploymentState.REHEARSING: REHEARSE,
    DeploymentState.LAUNCHING: LAUNCH,
}
WORKING: Final = tuple(_NEXT)
"""The states in which something is to be done without anybody's word."""


class Starter(Protocol):
    """Starts durable work; see workflows.durable.engine.Engine."""

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        """Starts the work of this name; where there is some under this id already, nothing happens."""


class Works:
    """Starts the works of deployments. They are bodies of the engine that starts them, so the engine comes later."""

    def __init__(self) -> None:
        self._engine: asyncio.Future[Starter] = asyncio.get_running_loop().create_future()

    def serve(self, engine: Starter) -> None:
        """Lets works begin; those that were asked for before begin now."""
        self._engine.set_result(engine)

    async def go_on(self, course: Course) -> None:
        """Starts what the deployment's state calls for, if it does; again: nothing happens."""
        name = _NEXT.get(course.state)
        if name is not None:
            await self._start(name, course)

    async def compare(self, course: Course) -> None:
        """Starts the comparison of a rehearsal whose jobs have ended."""
        await self._start(COMPARE, course)

    async def settle(self, course: Course, status: str, snapshot_name: str | None, reason: str | None) -> None:
        """Starts the end of a launch: what the endpoint has come to, as it was seen."""
        await self._start(SETTLE, course, status, snapshot_name, reason)

    async def file(self, ticket: TicketRow) -> None:
        """Starts the filing of a ticket."""
        await self._begin(FILE, f"ticket/{ticket.number}/{ticket.tries}", ticket.number, ticket.tries)

    async def tell(self, course: Course) -> None:
        """Starts to say beneath the deployment's ticket what has come of it; one that is held up may yet end."""
        held_up = "-held-up" if course.state is DeploymentState.BLOCKED else ""
        await self._begin(TELL, f"deploy/{course.key}/{course.attempt}/tell{held_up}", course.key, course.attempt)

    async def _start(self, name: str, course: Course, *more: Any) -> None:
        work_id = f"deploy/{course.key}/{course.attempt}/{name.removeprefix('deployment-')}"
        await self._begin(name, work_id, course.key, course.attempt, *more)

    async def _begin(self, name: str, work_id: str, *arguments: Any) -> None:
        await (await asyncio.shield(self._engine)).start(name, work_id, *arguments)
