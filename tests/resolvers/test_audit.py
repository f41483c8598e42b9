"""resolvers.audit: the audit of their groups, for those who may read it, and for nobody else."""

from datetime import datetime
from typing import Any

import pytest

from auth.errors import ForbiddenError, UnauthenticatedError
from registry import audit
from registry.audit import NewAuditEvent
from registry.enums import AuditOutcome
from resolvers.audit import AuditEventQuery, list_audit_events
from resolvers.errors import BadInputError
from resolvers.lists.connections import PageArguments
from tests.registry.factories import minutes_after_noon
from tests.resolvers.harness import MutationHarness

ALL = AuditEventQuery()
SUCCEEDED, REFUSED = AuditOutcome.SUCCEEDED, AuditOutcome.REFUSED


async def happened(harness: MutationHarness, *events: dict[str, Any]) -> None:
    """Events, each a minute after the one before; each is named by its number."""
    async with harness.database.writing() as connection:
        for number, event in enumerate(events):
            whole = {"actor": "ann", "group": "risk", "action": "importModel", "outcome": SUCCEEDED, **event}
            await audit.append(connection, NewAuditEvent(at=minutes_after_noon(number), target=str(number), **whole))


async def told(
    harness: MutationHarness, *groups: str, which: AuditEventQuery = ALL, first: int = 10, after: str | None = None
) -> tuple[list[str | None], int | None]:
    """The numbers of a page of events, and how many there are in all."""
    async with harness.request("ann", *groups) as request:
        connection = await list_audit_events(request, PageArguments(first, after), which)
    return [event.target for event in connection.nodes], connection.total_count


async def test_each_is_told_of_what_they_may_see(harness: MutationHarness) -> None:
    """Not of what belongs to no group; whoever may only read is told of nothing, and so is nobody."""
    await happened(harness, {}, {"group": "other"}, {"group": "mlops"}, {"group": None}, {"group": "reader"})
    assert await told(harness, "risk") == (["0"], 1)
    assert await told(harness, "mlops") == (["2", "0"], 2)
    assert await told(harness, "other", "mlops") == (["2", "1", "0"], 3)
    # To be over a group is not to audit it.
    with pytest.raises(ForbiddenError, match="needs the permission AUDIT"):
        await told(harness, "reader")
    async with harness.request(None) as request:
        with pytest.raises(UnauthenticatedError):
            await list_audit_events(request, PageArguments(10, None), ALL)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (AuditEventQuery(actor="bob"), ["1"]),
        (AuditEventQuery(action="putAsset"), ["2"]),
        (AuditEventQuery(outcome=REFUSED), ["3"]),
        (AuditEventQuery(occurred_after=minutes_after_noon(1)), ["3", "2"]),
        (AuditEventQuery(occurred_before=minutes_after_noon(1)), ["0"]),
        (
            AuditEventQuery(occurred_after=minutes_after_noon(0), occurred_before=minutes_after_noon(3), actor="ann"),
            ["2"],
        ),
        (AuditEventQuery(actor="nobody\0"), []),
    ],
)
async def test_they_are_narrowed(harness: MutationHarness, which: AuditEventQuery, expected: list[str]) -> None:
    await happened(harness, {}, {"actor": "bob"}, {"action": "putAsset"}, {"outcome": REFUSED})
    assert await told(harness, "risk", which=which) == (expected, len(expected))


async def test_a_cursor_is_good_for_its_list_alone(harness: MutationHarness) -> None:
    await happened(harness, {}, {}, {})
    async with harness.request("ann", "risk") as request:
        after = (await list_audit_events(request, PageArguments(2, None), ALL)).page_info.end_cursor
    assert await told(harness, "risk", after=after) == (["0"], 3)
    for groups, which in ((("risk", "other"), ALL), (("risk",), AuditEventQuery(actor="ann"))):
        with pytest.raises(BadInputError, match="`after` is not a cursor of this list"):
            await told(harness, *groups, which=which, after=after)


@pytest.mark.parametrize(
    ("name", "field"), [("occurred_after", "occurredAfter"), ("occurred_before", "occurredBefore")]
)
def test_a_time_without_an_offset_is_none(name: str, field: str) -> None:
    value: dict[str, Any] = {name: datetime(2026, 1, 31, 12)}
    with pytest.raises(BadInputError) as caught:
        AuditEventQuery(**value)
    assert str(caught.value) == f"`filter.{field}` needs an offset, such as 2026-01-31T12:00:00Z."
