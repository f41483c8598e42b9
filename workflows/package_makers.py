"""Four eyes over the model registry: nobody approves a version that they have made, changed or asked a decision about.

SageMaker tells who created a version and who changed it last, by the session of a role, a user or a Studio profile; the
audit tells who decided about it, and who put it back to await a decision, through the gateway.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from auth.caller import GATEWAY_SUBJECT
from auth.credentials.assume_role import session_name
from auth.lookalikes import look_alike
from aws.kinds.model_packages import ModelPackage
from aws.kinds.statuses import ModelPackageDecision
from registry import audit
from registry.database import Database
from registry.records import AuditEvent

ACTION: Final = "updateModelPackage"
"""The audit's word for a decision about a version; see `decision_note` for its detail."""

UNCHANGED: Final = "Already "
"""The beginning of the detail of an event that changed nothing, which is no decision."""

# The audit's clock and SageMaker's differ a little.
_CLOCK_SKEW: Final = timedelta(minutes=2)
_DECISIONS: Final = (ModelPackageDecision.APPROVED, ModelPackageDecision.REJECTED)


def audit_target(package: ModelPackage) -> str:
    """The audit's target of a decision about a package, a version in the model registry."""
    return f"ModelPackage {package.arn}"


def decision_note(decision: ModelPackageDecision, package: ModelPackage, comment: str | None = None) -> str:
    """The audit's detail of a decision: its name, the time of the change that it made, and its comment.

    Args:
        decision: The decision.
        package: The version as it was read back after it.
        comment: The caller's words; None for none.
    """
    changed_at = package.detail.last_modified_time if package.detail else None
    return ": ".join(filter(None, (_mark(decision, changed_at), comment)))


async def package_makers(database: Database, package: ModelPackage) -> tuple[str, ...]:
    """The callers who made a described package, last changed it, or asked for a decision about it.

    A name is a subject of the gateway, or AWS's name of a person: see `PackageAuthor.names`. A last change that a
    decision through the gateway made, by the audit, makes nobody a maker; any later change does.

    Raises:
        RegistryError
    """
    if package.detail is None:
        return ()
    after = None if package.creation_time is None else package.creation_time - _CLOCK_SKEW
    async with database.reading() as connection:
        events = await audit.successes(connection, ACTION, audit_target(package), after)
    asked = {event.actor for event in events if _is_request(event)}
    changed_at, modifier = package.detail.last_modified_time, package.detail.modified_by.names
    is_decision = any(_made_change(event, changed_at) and is_maker(event.actor, modifier) for event in events)
    names = {*package.detail.created_by.names, *(() if is_decision else modifier), *asked}
    return tuple(sorted(names - {GATEWAY_SUBJECT}))


def is_maker(subject: str, names: Collection[str]) -> bool:
    """Tell whether a person, the subject, is one of these names, here or by the name of their sessions in AWS."""
    own = {subject, session_name(subject)}
    return any(look_alike(one, name) for one in own for name in names)


def _mark(decision: ModelPackageDecision, changed_at: datetime | None) -> str:
    """The beginning of a decision's detail; a comment stands behind it, so that nobody can forge it."""
    return decision.name if changed_at is None else f"{decision.name} (LastModifiedTime {_utc(changed_at)})"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _made_change(event: AuditEvent, changed_at: datetime | None) -> bool:
    """Tell whether an event is the decision that made the change of this time, and not one before or after it."""
    marks = [_mark(decision, changed_at) for decision in _DECISIONS]
    return changed_at is not None and (event.detail or "").startswith(tuple(marks))


def _is_request(event: AuditEvent) -> bool:
    return (event.detail or "").startswith(ModelPackageDecision.PENDING.name)
