"""The approval service: choose the backend that the settings name, poll it, and wake it early."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final

from workflows.approvals.backend import ApprovalBackend, BackendDeps, Decider
from workflows.approvals.builtin import find_no_faults, open_builtin
from workflows.approvals.debounce import Debouncer
from workflows.approvals.jira.backend import open_jira
from workflows.approvals.jira.checks import find_config_faults
from workflows.durable.access import EVERYTHING, LoopShare, approvals_subject
from workflows.durable.engine import Engine


@dataclass(frozen=True, slots=True)
class BackendType:
    """A kind of approval backend; both functions take its configuration, None if it needs none.

    Attributes:
        open: Makes the backend; entering it opens its connections.
        find_faults: Looks for faults that would keep tickets from being filed or decided, one sentence each; changes
            nothing.
    """

    open: Callable[[Any, BackendDeps], ApprovalBackend]
    find_faults: Callable[[Any], Awaitable[tuple[str, ...]]]


BACKENDS: Final[Mapping[str, BackendType]] = {
    "builtin": BackendType(open_builtin, find_no_faults),
    "jira": BackendType(open_jira, find_config_faults),
}
"""The backends by their names in settings: a new one is a folder, a line here and its block of settings."""


def open_backend(name: str, config: object, deps: BackendDeps) -> ApprovalBackend:
    """Make an approval backend; entering it opens its connections.

    Args:
        name: Its name in settings (`deployments.approval`).
        config: Its configuration, of the type that the backend takes; None if it needs none.
        deps: The registry and the groups' scopes.
    """
    return BACKENDS[name].open(config, deps)


class Approvals:
    """Reads decisions from the backend, in intervals and when triggered.

    Args:
        backend: Keeps the tickets.
        decider: Takes the decisions.
    """

    def __init__(self, backend: ApprovalBackend, decider: Decider) -> None:
        self.backend = backend
        self._decider = decider
        self._debouncer: Debouncer | None = None

    async def serve(self, engine: Engine, stack: AsyncExitStack) -> None:
        """Start the polling loop in the engine, and its early trigger, which the stack ends."""
        if self.backend.poll_seconds is None:
            return
        engine.every_share(self.backend.name, self.backend.poll_seconds, self._read_decisions)
        self._debouncer = await stack.enter_async_context(Debouncer(self._read_decisions))

    def trigger(self) -> None:
        """Have decisions read soon; returns at once."""
        if self._debouncer is not None:
            self._debouncer.trigger()

    def accepts(self, backend: str, headers: Sequence[tuple[str, str]], body: bytes) -> bool | None:
        """Tell whether a webhook for this backend is genuine; None if the backend is not in use, or takes none."""
        return self.backend.accepts(headers, body) if backend == self.backend.name else None

    async def _read_decisions(self, share: LoopShare = EVERYTHING) -> None:
        if share.takes(approvals_subject(self.backend.name)):
            await self.backend.read_decisions(self._decider)
