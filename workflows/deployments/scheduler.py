"""Durable work of deployments, started under ids made of the deployment, its attempt and its phase."""

import asyncio
from typing import Any, Final, Protocol

from registry.approval_write_backs import WriteBack
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from registry.tickets import TicketRow

VERIFY: Final = "deployment-verify"
REHEARSE: Final = "deployment-rehearse"
COMPARE: Final = "deployment-compare"
LAUNCH: Final = "deployment-launch"
FINISH_LAUNCH: Final = "deployment-settle"
FILE_TICKET: Final = "deployment-file"
ANNOUNCE_OUTCOME: Final = "deployment-tell"
WRITE_BACK: Final = "deployment-write-back"
"""The names under which the bodies are registered."""

ROLLOUT_SUFFIX: Final = "-rollout"
"""The end of the names and ids of work of deployments with a rollout.

Gateways that know no rollouts know neither: the work that they begin for such a deployment, under the other names, does
nothing and stands in nobody's way.
"""
PHASES: Final = (VERIFY, REHEARSE, COMPARE, LAUNCH, FINISH_LAUNCH)
"""The work of a phase, which has two names."""

# The work of each state; the other states wait for somebody, or are ends.
_WORK_BY_STATE: Final = {
    DeploymentState.VERIFYING: VERIFY,
    DeploymentState.REHEARSING: REHEARSE,
    DeploymentState.LAUNCHING: LAUNCH,
}
WORKING_STATES: Final = tuple(_WORK_BY_STATE)
"""The states in which work is due without anybody's word."""


class WorkStarter(Protocol):
    """Starts durable work; see workflows.durable.engine.Engine."""

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        """Start the work of this name with the arguments; nothing happens if there is work under this id already."""


class WorkScheduler:
    """Starts the works of deployments. They are bodies of the engine that starts them, so the engine comes later."""

    def __init__(self) -> None:
        self._engine: asyncio.Future[WorkStarter] = asyncio.get_running_loop().create_future()

    def serve(self, engine: WorkStarter) -> None:
        """Let works begin in an engine; those that were asked for before begin now."""
        self._engine.set_result(engine)

    async def schedule(self, row: DeploymentRow) -> None:
        """Start the work that the state of a row's deployment calls for, if any. To repeat it changes nothing."""
        name = _WORK_BY_STATE.get(row.state)
        if name is not None:
            await self._start_phase(name, row)

    async def schedule_compare(self, row: DeploymentRow) -> None:
        """Start the comparison of a rehearsal of a row's deployment, whose jobs have ended."""
        await self._start_phase(COMPARE, row)

    async def schedule_finish_launch(
        self, row: DeploymentRow, status: str, snapshot_name: str | None, reason: str | None
    ) -> None:
        """Start the end of a launch.

        Args:
            row: The deployment.
            status: SageMaker's word for the endpoint's status as it was seen, or `GONE`.
            snapshot_name: The snapshot that the endpoint runs.
            reason: SageMaker's reason for a failure.
        """
        await self._start_phase(FINISH_LAUNCH, row, status, snapshot_name, reason)

    async def schedule_ticket(self, ticket: TicketRow) -> None:
        """Start the filing of a ticket."""
        await self._start_work(FILE_TICKET, f"ticket/{ticket.number}/{ticket.tries}", ticket.number, ticket.tries)

    async def schedule_announcement(self, row: DeploymentRow) -> None:
        """Start the work that reports the outcome of a row's deployment in its ticket; a blocked one may repeat it."""
        held_up = "-held-up" if row.state is DeploymentState.BLOCKED else ""
        await self._start_work(ANNOUNCE_OUTCOME, f"deploy/{row.key}/{row.attempt}/tell{held_up}", row.key, row.attempt)

    async def schedule_write_back(self, write_back: WriteBack) -> None:
        """Start to write a decision back to SageMaker's model registry. To repeat it changes nothing."""
        key = write_back.deployment.key
        await self._start_work(WRITE_BACK, f"deploy/{key}/{write_back.attempt}/write-back", key, write_back.attempt)

    async def _start_phase(self, name: str, row: DeploymentRow, *details: Any) -> None:
        own = name if row.rollout is None else name + ROLLOUT_SUFFIX
        work_id = f"deploy/{row.key}/{row.attempt}/{own.removeprefix('deployment-')}"
        await self._start_work(own, work_id, row.key, row.attempt, *details)

    async def _start_work(self, name: str, work_id: str, *arguments: Any) -> None:
        await (await asyncio.shield(self._engine)).start(name, work_id, *arguments)
