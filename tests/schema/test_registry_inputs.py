"""schema.registry_inputs: filters read as what the layers below take."""

from datetime import UTC, datetime

from registry.words import AuditOutcome
from resolvers.audit_events import AuditEventQuery
from resolvers.registrations import RegistrationQuery
from schema.registry_inputs import AuditFilter, RegistrationFilter

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def test_registrations() -> None:
    assert RegistrationFilter().value() == RegistrationQuery()
    given = RegistrationFilter(group="risk", name_contains="churn")
    assert given.value() == RegistrationQuery(group="risk", name_contains="churn")


def test_events() -> None:
    assert AuditFilter().value() == AuditEventQuery()
    given = AuditFilter(
        actor="ann",
        action="importModel",
        outcome=AuditOutcome.REFUSED,
        occurred_after=MONDAY,
        occurred_before=TUESDAY,
    )
    assert given.value() == AuditEventQuery(
        actor="ann",
        action="importModel",
        outcome=AuditOutcome.REFUSED,
        occurred_after=MONDAY,
        occurred_before=TUESDAY,
    )
