"""Decisions about deployments: by the gateway's own callers, or by whoever decides in another system."""

import unicodedata
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from registry import deployments
from registry.courses import Course
from registry.records import DeploymentDecision
from registry.texts import mended
from registry.words import AuditOutcome, DecisionOutcome, DeploymentState
from workflows.deployments.going_on import nudge
from workflows.deployments.identities import is_same, snapshot_of
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, attend, keep, move


class Decided(Enum):
    """What came of a decision."""

    DONE = "DONE"
    """It counts."""
    LATE = "LATE"
    """The deployment does not wait for a decision, or not any more."""
    VOID = "VOID"
    """The snapshot is not the one that it would be for; the deployment has failed."""


CHANGED: Final = (
    "The snapshot `{0}` is not the one any more that approval was asked for: it was deleted, or made again under its "
    "name. retryDeployment begins again with what is there."
)


def has_started(course: Course, subject: str) -> bool:
    """Whether they are the one who started it, in whatever spelling: directories behind proxies know no case."""
    return _spelled(course.started_by) == _spelled(subject)


async def decide(
    means: Means,
    key: str,
    outcome: DecisionOutcome,
    by: str,
    at: datetime,
    comment: str | None,
    attempt: int | None = None,
) -> Decided:
    """Decides about a deployment that waits for it; of two who do so at once, one does.

    Args:
        means: What it is done with.
        key: The deployment's key.
        outcome: What was decided.
        by: Who decided, and may.
        at: When.
        comment: What was said with it.
        attempt: The attempt that was decided about; None for whichever waits.

    Raises:
        StepFailedError: The group's role may not see the snapshot.
        AWSError: AWS turned calls away, or did not answer; nothing was decided.
    """
    async with means.database.reading() as connection:
        course = await deployments.course(connection, key)
    if course is None or course.state is not DeploymentState.AWAITING_APPROVAL:
        return Decided.LATE
    if attempt is not None and course.attempt != attempt:
        return Decided.LATE
    decision = DeploymentDecision(outcome, by, at, None if comment is None else mended(comment))
    if outcome is DecisionOutcome.REJECTED:
        reason = f"{by} decided against it" + (f": {decision.comment}" if decision.comment else ".")
        return await _take(means, course, decision, DeploymentState.REJECTED, reason)
    async with means.scope(course) as scope:
        snapshot = await snapshot_of(scope.reader, course.snapshot_name)
    if snapshot is not None and is_same(course, snapshot):
        return await _take(means, course, decision, DeploymentState.LAUNCHING, None)
    deed = Deed(action="deployment.approve", actor=by, role_arn=scope.role)
    reason = CHANGED.format(course.snapshot_name)
    if not await move(means.database, course, DeploymentState.FAILED, deed, reason):
        return Decided.LATE
    await nudge(means, key)
    return Decided.VOID


def _spelled(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


async def _take(
    means: Means, course: Course, decision: DeploymentDecision, to: DeploymentState, reason: str | None
) -> Decided:
    deed = Deed(action="deployment.approve", actor=decision.by, detail=decision.outcome.value)
    now = datetime.now(UTC)
    async with means.database.writing() as connection:
        taken = await deployments.decide(connection, course, decision, to, now, reason)
        if taken:
            await attend(connection, course, to, now, reason)
            await keep(connection, course, deed, AuditOutcome.SUCCEEDED, now)
    if not taken:
        return Decided.LATE
    await nudge(means, course.key)
    return Decided.DONE
