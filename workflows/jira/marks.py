"""The labels of tickets, by which they are found again."""

from typing import Final

from registry.tickets import TicketRow

GATEWAY_LABEL: Final = "sagegraph"
"""What every ticket of the gateway's bears."""


def deployment_label(deployment_key: str) -> str:
    """What all tickets of a deployment bear."""
    return f"{GATEWAY_LABEL}-{deployment_key}"


def ticket_label(ticket: TicketRow) -> str:
    """What this ticket alone bears: its deployment, attempt and kind. Two issues with it are one, filed twice."""
    return f"{deployment_label(ticket.deployment_key)}-{ticket.attempt}-{ticket.kind.value.lower()}"


def all_labels(ticket: TicketRow) -> tuple[str, ...]:
    """All that it bears."""
    return GATEWAY_LABEL, deployment_label(ticket.deployment_key), ticket_label(ticket)
