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
        rows: The deployments, as they were seen; one that has moved on is left alone.
        reason: The reason, for people.
        deps: Dependencies of deployments.

    Raises:
        RegistryError
    """
    changed = [row for row in rows if row.reason != reason]
    if changed:
        async with deps.database.writing() as connection:
            for row in changed:
                await deployments.set_reason(connection, row, reason)


async def note_retry(deps: DeploymentDeps, key: str, attempt: int, error: Exception) -> None:
    """Show that a phase is tried again, and why. An error of the registry is logged, not raised.

    Args:
        deps: Dependencies of deployments.
        key: The deployment's key.
        attempt: Its attempt; nothing is shown for another one, or for a deployment that has no work due.
        error: The failure of the last try, whose message is shown.
    """
    try:
        async with deps.database.reading() as connection:
            row = await deployments.by_key(connection, key)
        if row is not None and row.attempt == attempt and row.state in WORKING_STATES:
            await set_waiting_reason(deps, [row], _RETRY_PREFIX + str(error))
    except RegistryError as trouble:
        _log.warning("The reason why the deployment %s waits could not be saved: %s", key, trouble)


def unreadable_reason(error: Exception) -> str:
    """The reason of a deployment that waits because its jobs or endpoint cannot be read, for this error."""
    return _UNREADABLE_PREFIX + str(error)


def timeout_reason(message: str, row: DeploymentRow) -> str:
    """The reason of a row's deployment whose time is up: a message, with the fault that it last waited for."""
    if row.reason is None:
        return message
    return f"{message} Until then it waited: {row.reason.removeprefix(_RETRY_PREFIX).removeprefix(_UNREADABLE_PREFIX)}"
