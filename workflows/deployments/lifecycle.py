"""The lifecycle of deployments, put together: its bodies, and the loops that look after running work."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from workflows.deployments import scheduler
from workflows.deployments.advance import schedule_all, schedule_next_or_log
from workflows.deployments.blocked import recheck_all_blocked
from workflows.deployments.compare import ComparePhase
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.finish_launch import FinishLaunchPhase
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.package_gate import recheck_awaiting
from workflows.deployments.poller import DeploymentPoller
from workflows.deployments.rehearse import RehearsePhase
from workflows.deployments.snapshot_watcher import SnapshotWatcher
from workflows.deployments.start import DeploymentStarter
from workflows.deployments.ticket_filer import TicketFiler
from workflows.deployments.transitions import fail_attempt
from workflows.deployments.verify import VerifyPhase
from workflows.deployments.waiting_reasons import note_retry
from workflows.deployments.write_back import ApprovalWriteBack
from workflows.durable.access import LoopShare
from workflows.durable.context import WorkflowBody, WorkflowContext
from workflows.durable.engine import Engine
from workflows.durable.errors import StepFailedError

_log = logging.getLogger("sagegraph.deployments")


class Lifecycle:
    """Takes deployments through their phases.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self.deps = deps
        self.starter = DeploymentStarter(deps)
        self.poller = DeploymentPoller(deps)
        self.snapshot_watcher = SnapshotWatcher(deps, self.starter)
        self._ticket_filer = TicketFiler(deps)

    @property
    def workflows(self) -> Mapping[str, WorkflowBody]:
        """The durable bodies, by the names under which they are registered."""
        deps = self.deps
        bodies: dict[str, WorkflowBody] = {
            scheduler.VERIFY: partial(self._phase, "verify", VerifyPhase(deps).verify),
            scheduler.REHEARSE: partial(self._phase, "rehearse", RehearsePhase(deps).rehearse),
            scheduler.COMPARE: partial(self._phase, "compare", ComparePhase(deps).compare),
            scheduler.LAUNCH: partial(self._phase, "launch", LaunchPhase(deps).launch),
            scheduler.FINISH_LAUNCH: partial(self._phase, "settle", FinishLaunchPhase(deps).finish),
            scheduler.FILE_TICKET: self._file,
            scheduler.ANNOUNCE_OUTCOME: self._announce_outcome,
            scheduler.WRITE_BACK: self._write_back,
        }
        return bodies | {phase + scheduler.ROLLOUT_SUFFIX: bodies[phase] for phase in scheduler.PHASES}

    def serve(self, engine: Engine) -> None:
        """Let the engine begin works, and begin the loops; each runs in one process of all."""
        intervals = self.deps.intervals
        self.deps.scheduler.serve(engine)
        engine.every_share("deployments", intervals.poll, self.poller.turn)
        engine.every_share("deployment-sweep", intervals.sweep, self._sweep)
        engine.every_share("watch", self.deps.config.watch_seconds, self.snapshot_watcher.turn)

    async def _sweep(self, share: LoopShare) -> None:
        """Begin all work that is due, also of deployments whose wait has ended without an event."""
        await schedule_all(self.deps, share)
        await recheck_all_blocked(self.deps, share)
        await recheck_awaiting(self.deps, share)

    async def _phase(
        self,
        name: str,
        function: Callable[..., Awaitable[None]],
        context: WorkflowContext,
        key: str,
        attempt: int,
        *details: Any,
    ) -> None:
        """Run one phase: it brings the deployment on, or fails it, and starts the next work.

        It waits for AWS and the registry while they are away: an approval is not asked for again because of that. The
        longest time in a state ends it (see poller.py), and so does a cancellation.
        """
        on_retry = partial(note_retry, self.deps, key, attempt)
        try:
            await context.step(name, function, key, attempt, *details, attempts=None, on_retry=on_retry)
        except StepFailedError as error:
            await context.step("fail", self._fail, key, attempt, error.kind, error.message, attempts=None)
        await context.step("go on", self._schedule_next, key, attempts=None)

    async def _fail(self, key: str, attempt: int, kind: str, message: str) -> None:
        await fail_attempt(self.deps, key, attempt, kind, message)

    async def _schedule_next(self, key: str) -> None:
        await schedule_next_or_log(self.deps, key)

    async def _file(self, context: WorkflowContext, number: int, tries: int) -> None:
        """File a ticket; if that fails, the next sweep tries it again, as another work.

        Its deployment may have ended meanwhile, so its next work is started, which announces that in the ticket.
        """
        try:
            key = await context.step("file", self._ticket_filer.file, number, tries)
        except StepFailedError as error:
            await context.step("note", self._ticket_filer.note_failure, number, tries, error.message)
        else:
            if key is not None:
                await context.step("go on", self._schedule_next, key)

    async def _write_back(self, context: WorkflowContext, key: str, attempt: int) -> None:
        """Write a decision to the model registry, for as long as that takes; a failure is noted."""
        write_back = ApprovalWriteBack(self.deps)
        try:
            await context.step("write back", write_back.write, key, attempt, attempts=None)
        except StepFailedError as error:
            await context.step("note", write_back.note_failure, key, attempt, error.message, attempts=None)

    async def _announce_outcome(self, context: WorkflowContext, key: str, attempt: int) -> None:
        try:
            await context.step("tell", self._ticket_filer.announce_outcome, key, attempt)
        except StepFailedError as error:
            _log.warning("The outcome of the deployment %s could not be announced: %s", key, error.message)
