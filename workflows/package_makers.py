"""Four eyes over the model registry: nobody approves a version that they have made, changed or asked a decision about.

SageMaker tells who created a version and who changed it last, by the session of a role, a user or a Studio profile; the
audit tells who decided about it, and who put it back to await a decision, through the gateway.
"""

from collections.abc import Collection
from datetime import timedelta
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
"""The audit's word for a decision about a version; its detail begins with the decision."""

UNCHANGED: Final = "Already "
"""The beginning of the detail of an event that changed nothing, which is no decision."""

# The audit's clock and SageMaker's differ a little, and a decision is audited once it was read back. A change that
# comes later is no decision: whoever has just decided may change the version in SageMaker, too.
_CLOCK_SKEW: Final = timedelta(minutes=2)
_CLOCK_LEAD: Final = timedelta(seconds=10)


def audit_target(package: ModelPackage) -> str:
    """The audit's target of a decision about a package, a version in the model registry."""
    return f"ModelPackage {package.arn}"


async def package_makers(database: Database, package: ModelPackage) -> tuple[str, ...]:
    """The callers who made a described package, last changed it, or asked for a decision about it.

    A name is a subject of the gateway, or AWS's name of a person: see `PackageAuthor.names`. A last change that was a
    decision made through the gateway, by the audit, makes nobody a maker.

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
    is_decision = any(
        changed_at is not None
        and -_CLOCK_SKEW <= changed_at - event.at <= _CLOCK_LEAD
        and is_maker(event.actor, modifier)
        for event in events
        if not _is_request(event) and not (event.detail or "").startswith(UNCHANGED)
    )
    names = {*package.detail.created_by.names, *(() if is_decision else modifier), *asked}
    return tuple(sorted(names - {GATEWAY_SUBJECT}))


def is_maker(subject: str, names: Collection[str]) -> bool:
    """Tell whether a person, the subject, is one of these names, here or by the name of their sessions in AWS."""
    own = {subject, session_name(subject)}
    return any(look_alike(one, name) for one in own for name in names)


def _is_request(event: AuditEvent) -> bool:
    return (event.detail or "").startswith(ModelPackageDecision.PENDING.name)
