"""Let BLOCKED deployments go on once the assets that they wait for are there."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from registry import deployment_lists, deployment_steps, deployments, registrations
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, BlockCause, DeploymentState, DeploymentStepName
from registry.errors import RegistryConflictError
from registry.ids import key_of
from registry.records import Registration
from workflows.deployments.cancel_retry import retry
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.registered_models import missing_assets
from workflows.deployments.waiting_reasons import set_waiting_reason
from workflows.durable.access import EVERYTHING, LoopShare, group_subject

_log = logging.getLogger("sagegraph.deployments")
_REHEARSAL_ROLES: Final = frozenset({AssetRole.TEST_DATA, AssetRole.TEST_RESULT_COMPARATOR})
# No asset heals these; retryDeployment begins again.
_UNRELATED_CAUSES: Final = frozenset({BlockCause.NOT_PERMITTED, BlockCause.REFUSED})


async def recheck_blocked_for(deps: DeploymentDeps, registration_key: str) -> None:
    """Restart the blocked deployments of a registration's model if its assets are complete, and update the others'
    reason.

    Raises:
        RegistryError
    """
    async with deps.database.reading() as connection:
        rows = await deployments.blocked_for(connection, registration_key)
    await _recheck(deps, rows)


async def recheck_all_blocked(deps: DeploymentDeps, share: LoopShare = EVERYTHING) -> None:
    """Begin again the share's deployments that wait for assets which are there: their process may have died unheard.

    Raises:
        RegistryError
    """
    async with deps.database.reading() as connection:
        rows = await deployments.in_states(connection, DeploymentState.BLOCKED)
    await _recheck(deps, [row for row in rows if share.takes(group_subject(row.group, row.account_id, row.region))])


async def _recheck(deps: DeploymentDeps, rows: Sequence[DeploymentRow]) -> None:
    waiting = [row for row in rows if row.blocked_by not in _UNRELATED_CAUSES]
    by_key = await _registrations_of(deps, [row.key for row in waiting])
    for row in waiting:
        known = by_key[row.key]
        missing = missing_assets(deps.config.required_assets, known)
        if missing is not None:
            if row.blocked_by is BlockCause.MISSING_ASSETS:
                await set_waiting_reason(deps, [row], missing)
        elif known and await _has_changed(deps, row, known):
            await _retry(deps, row)


async def _has_changed(deps: DeploymentDeps, row: DeploymentRow, known: Sequence[Registration]) -> bool:
    """Tell whether assets have come that may heal it, after its present attempt has read or compared them."""
    assets = [asset for registration in known for asset in registration.assets]
    if row.blocked_by is BlockCause.CHANGED_ASSETS:
        return any(asset.added_at > row.since for asset in assets)
    if row.blocked_by is not BlockCause.UNUSABLE_ASSETS:
        return True
    async with deps.database.reading() as connection:
        began = await deployment_steps.began_at(connection, row, DeploymentStepName.VERIFY)
    return any(asset.role in _REHEARSAL_ROLES and (began is None or asset.added_at >= began) for asset in assets)


async def _retry(deps: DeploymentDeps, row: DeploymentRow) -> None:
    try:
        await retry(deps, row)
    except RegistryConflictError:
        _log.debug("The deployment %s waits for another deployment of its snapshot.", row.key)


async def _registrations_of(deps: DeploymentDeps, keys: Collection[str]) -> Mapping[str, Sequence[Registration]]:
    async with deps.database.reading() as connection:
        ids = await deployment_lists.registration_ids_of(connection, keys)
        wanted = {str(key_of(id, "Registration")) for of_one in ids.values() for id in of_one}
        known = await registrations.by_keys(connection, wanted, deps.config.required_assets)
    return {
        key: [known[result] for id in of_one if (result := str(key_of(id, "Registration"))) in known]
        for key, of_one in ids.items()
    }
