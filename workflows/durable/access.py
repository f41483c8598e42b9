"""Access of this process to what work needs: the AWS of each group, and the approval backend.

A process may lack it by itself: another settings file, a wrong secret, a token that is not mounted. What it cannot get
at it leaves to a process that can (see fleet.py).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry.processes import AccessFault

Probe = Callable[[], Awaitable[object]]
"""Tries once more to get at something; what it does tells the log how that went. It may raise what it will."""

PROBE_PATIENCE_SECONDS: Final = 15.0
"""Seconds that a probe may take; the fleet is not looked at meanwhile."""

_log = logging.getLogger("sagegraph.fleet")

# The subjects that failed in the step under way; None outside of steps.
_failed_subjects: ContextVar[set[str] | None] = ContextVar("failed_subjects", default=None)

_GROUP: Final = "group"
_APPROVALS: Final = "approvals"


def group_subject(group: str, account_id: str, region: str) -> str:
    """The subject of a group's AWS in an account and a region."""
    return f"{_GROUP}/{account_id}/{region}/{group}"


def approvals_subject(backend: str) -> str:
    """The subject of the approval backend of this name."""
    return f"{_APPROVALS}/{backend}"


def describe_subject(subject: str) -> Mapping[str, str]:
    """The parts of a subject by name: `group`, `accountId` and `region`, or `approvals`."""
    kind, _, rest = subject.partition("/")
    if kind == _APPROVALS:
        return {"approvals": rest}
    account_id, region, group = rest.split("/", 2)
    return {"group": group, "accountId": account_id, "region": region}


@dataclass(frozen=True, slots=True)
class LoopShare:
    """The part of a loop's work that a turn is for.

    Attributes:
        takes: Tells whether work that needs a subject is done in this turn.
        is_needed: Tells whether this process still does this part.
    """

    takes: Callable[[str], bool]
    is_needed: Callable[[], bool]


EVERYTHING: Final = LoopShare(lambda _subject: True, lambda: True)
"""The whole of a loop's work."""


class AccessLog:
    """Subjects that this process could not get at when it last tried.

    Attributes:
        faults: The faults that stand, by subject.
        changed: Set with each change of them.
        failures: How often a subject that could be got at, or was never tried, could not.
        is_left: Tells whether work that needs a subject is better left to another process, which may have access.
    """

    def __init__(self) -> None:
        self.faults: dict[str, AccessFault] = {}
        self.changed = asyncio.Event()
        self.failures = 0
        self.is_left: Callable[[str], bool] = lambda _subject: False
        self._probes: dict[str, Probe] = {}

    def failed(self, subject: str, error: Exception, probe: Probe) -> None:
        """Note that a subject could not be got at. The first time is logged, and so is another reason.

        Args:
            subject: The subject.
            error: The reason; its message is safe to show.
            probe: Tries it again now and then, so that the fault ends when it has healed.
        """
        failed = _failed_subjects.get()
        if failed is not None:
            failed.add(subject)
        before, reason = self.faults.get(subject), str(error)
        self._probes[subject] = probe
        if before is not None and before.reason == reason:
            return
        since = datetime.now(UTC) if before is None else before.since
        self.failures += before is None
        self.faults[subject] = AccessFault(subject, reason, since)
        self.changed.set()
        _log.warning(
            "This process has no access to %s and leaves that work to processes with access: %s",
            _words(subject),
            reason,
        )

    def worked(self, subject: str) -> None:
        """Note that a subject could be got at; the end of a fault is logged."""
        if self.faults.pop(subject, None) is not None:
            self._probes.pop(subject, None)
            self.changed.set()
            _log.info("This process has access to %s again.", _words(subject))

    async def probe(self) -> None:
        """Try once more whatever could not be got at."""
        for subject, probe in list(self._probes.items()):
            try:
                async with asyncio.timeout(PROBE_PATIENCE_SECONDS):
                    await probe()
            except Exception as error:  # noqa: BLE001 - The probe has noted its own outcome.
                _log.debug("There is still no access to %s: %s", _words(subject), error)


@contextmanager
def failing_subjects() -> Iterator[Collection[str]]:
    """Give the subjects that turn out not to be had while the block runs; it grows as they do."""
    failed: set[str] = set()
    token = _failed_subjects.set(failed)
    try:
        yield failed
    finally:
        _failed_subjects.reset(token)


def _words(subject: str) -> str:
    parts = describe_subject(subject)
    if "approvals" in parts:
        return f"the approval backend `{parts['approvals']}`"
    return f"the AWS of the group `{parts['group']}` ({parts['accountId']}, {parts['region']})"
