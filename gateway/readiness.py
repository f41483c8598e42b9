"""Readiness of a process, reported within a second even if the database hangs."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.draining import Drain
from registry.errors import RegistryError
from workflows.durable.access import describe_subject
from workflows.durable.engine import Engine, WorkflowCount
from workflows.durable.errors import DurableError

PATIENCE_SECONDS: Final = 0.7
"""Seconds that a probe waits for the database."""

_NO_ACCESS: Final = "This process has no access to what `noAccess` names; where it can, another one does that work."
_LEASE_LOST: Final = "Durable work begins anew in this process, which has lost its lease; questions are answered."


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to a readiness probe.

    Attributes:
        status: The HTTP status: 503 before the start and at the end, else 200.
        body: The lines of the answer.
    """

    status: int
    body: Mapping[str, Any]


@dataclass(slots=True)
class Readiness:
    """Tells whether a process can answer questions; one look at the database is under way at a time.

    Attributes:
        engine: Durable work, which knows how the database is.
        drain: Whether the process has been told to end.
        patience: Seconds that a report waits for the database.
    """

    engine: Engine
    drain: Drain
    patience: float = PATIENCE_SECONDS
    _look: asyncio.Task[tuple[WorkflowCount, ...]] | None = None
    _look_began: float = field(default=0.0)

    async def report(self) -> Report:
        """Give the present readiness. Waits for at most `patience` seconds and raises nothing.

        AWS is not asked: a gateway without AWS still answers, and says which part is missing. Without the database it
        still answers questions about AWS, so it is degraded and not unready.
        """
        if self.drain.begun:
            return Report(503, {"status": "ending"})
        if self.engine.is_closing:
            return Report(503, {"status": "not ready", "reason": "This process is ending."})
        fault = self.engine.registry_fault
        if fault is not None:
            return _degraded(str(fault))
        if not self.engine.is_usable:
            return _degraded(_LEASE_LOST)
        return await self._report_of_look()

    async def aclose(self) -> None:
        """End a look that is still under way."""
        if self._look is not None:
            self._look.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._look

    async def _report_of_look(self) -> Report:
        look = self._present_look()
        await asyncio.wait({look}, timeout=self.patience)
        if not look.done():
            return _degraded(f"The registry has not answered for {time.monotonic() - self._look_began:.1f} seconds.")
        self._look = None
        try:
            workflows = look.result()
        except (RegistryError, DurableError) as error:
            return _degraded(str(error))
        faults = self._access_faults()
        state = {"status": "degraded", "reason": _NO_ACCESS} if faults else {"status": "ok"}
        return Report(200, {**state, **faults, **_foreign_work(workflows), **self._differences()})

    def _access_faults(self) -> Mapping[str, Any]:
        """The subjects that this process has no access to, with whether another process may do their work."""
        fleet = self.engine.fleet
        rows = [
            {
                **describe_subject(fault.subject),
                "since": fault.since.isoformat(timespec="seconds"),
                "reason": fault.reason,
                "leftToOthers": fleet.is_left(fault.subject),
            }
            for fault in fleet.access.faults.values()
        ]
        return {"noAccess": rows} if rows else {}

    def _differences(self) -> Mapping[str, Any]:
        rows = [
            {"process": difference.process, "blocks": list(difference.blocks)}
            for difference in self.engine.fleet.settings_differences()
        ]
        return {"settingsDiffer": rows} if rows else {}

    def _present_look(self) -> "asyncio.Task[tuple[WorkflowCount, ...]]":
        """Join the look under way: of probes against a database that hangs, only the first waits in a thread."""
        if self._look is None:
            self._look_began = time.monotonic()
            self._look = asyncio.create_task(self.engine.rows.count_foreign())
        return self._look


def _degraded(reason: str) -> Report:
    return Report(200, {"status": "degraded", "reason": reason})


def _foreign_work(workflows: tuple[WorkflowCount, ...]) -> Mapping[str, Any]:
    counts: Counter[tuple[str, str]] = Counter()
    for work in workflows:
        counts[work.version, work.name] += work.count
    rows = [{"version": version, "name": name, "count": count} for (version, name), count in sorted(counts.items())]
    return {"unfinishedWorkOfOtherVersions": rows} if rows else {}
