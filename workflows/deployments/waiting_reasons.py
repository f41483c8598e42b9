"""Reasons shown while a deployment waits."""

import logging
from collections.abc import Iterable
from typing import Final

from registry import deployments
from registry.deployment_rows import DeploymentRow
from registry.errors import RegistryError
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.scheduler import WORKING_STATES

_log = logging.getLogger("sagegraph.deployments")
_RETRY_PREFIX: Final = "It cannot go on now; it is tried again, at least once a minute. "
_UNREADABLE_PREFIX: Final = "What runs for it cannot be looked at; it is tried again. "


async def set_waiting_reason(deps: DeploymentDeps, rows: Iterable[DeploymentRow], reason: str | None) -> None:
    """Set the reason why deployments wait; None clears it. An equal reason is not written again.

    Args:
        deps: What it is done with.
        rows: The deployments, as they were seen; one that has moved on is left alone.
        reason: The reason, for people.

    Raises:
        RegistryError
    """
    changed = [row for row in rows if row.reason != reason]
    if changed:
        async with deps.database.writing() as connection:
            for row in changed:
                await deployments.set_reason(connection, row, reason)


async def note_retry(deps: DeploymentDeps, key: str, attempt: int, error: Exception) -> None:
    """Says that a phase is tried again, and why. Raises nothing: a registry that is away is told of later.

    Args:
        deps: What it is done with.
        key: The deployment's key.
        attempt: Its attempt; of another one nothing is said, nor where nothing is done any more.
        error: What stands against it, told as it is.
    """
    try:
        async with deps.database.reading() as connection:
            row = await deployments.by_key(connection, key)
        if row is not None and row.attempt == attempt and row.state in WORKING_STATES:
            await set_waiting_reason(deps, [row], _RETRY_PREFIX + str(error))
    except RegistryError as trouble:
        _log.warning("The reason why the deployment %s waits could not be saved: %s", key, trouble)


def unreadable_reason(error: Exception) -> str:
    """Why a deployment waits whose jobs or endpoint cannot be looked at."""
    return _UNREADABLE_PREFIX + str(error)


def timeout_reason(message: str, row: DeploymentRow) -> str:
    """The reason of a deployment whose time is up, with the fault that it last waited for; nothing is retried."""
    if row.reason is None:
        return message
    return f"{message} Until then it waited: {row.reason.removeprefix(_RETRY_PREFIX).removeprefix(_UNREADABLE_PREFIX)}"
