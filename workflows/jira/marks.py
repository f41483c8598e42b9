"""The labels of tickets, by which they are found again."""

from typing import Final

from registry.tickets import TicketRow

FAMILY: Final = "sagegraph"
"""What every ticket of the gateway's bears."""


def label_of(deployment_key: str) -> str:
    """What all tickets of a deployment bear."""
    return f"{FAMILY}-{deployment_key}"


def mark_of(ticket: TicketRow) -> str:
    """What this ticket alone bears: its deployment, attempt and kind. Two issues with it are one, filed twice."""
    return f"{label_of(ticket.deployment_key)}-{ticket.attempt}-{ticket.kind.value.lower()}"


def labels_of(ticket: TicketRow) -> tuple[str, ...]:
    """All that it bears."""
    return FAMILY, label_of(ticket.deployment_key), mark_of(ticket)
