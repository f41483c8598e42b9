"""Four eyes: nobody decides about a deployment that they have brought about, in any way."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from auth.caller import GATEWAY_SUBJECT
from auth.lookalikes import look_alike
from registry import audit, deployment_lists, deployments, registrations
from registry.database import Connection
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentTrigger
from registry.ids import key_of
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.snapshot_fingerprint import SnapshotFingerprint

# The audit's clock and SageMaker's differ a little, and a mutation may wait before its event is written.
_CLOCK_SKEW: Final = timedelta(minutes=2)
_AUDIT_LAG: Final = timedelta(minutes=10)


async def snapshot_author(connection: Connection, row: DeploymentRow, fingerprint: SnapshotFingerprint) -> str | None:
    """The person who made a deployment's snapshot through the gateway, by the audit; None if it was made elsewhere.

    A tag would not do: somebody who makes a snapshot elsewhere can give it any.
    """
    return await audit.first_actor(
        connection,
        "createSnapshot",
        f"Snapshot {row.snapshot_name}",
        row.account_id,
        fingerprint.created_at - _CLOCK_SKEW,
        fingerprint.created_at + _AUDIT_LAG,
    )


async def originators(deps: DeploymentDeps, row: DeploymentRow) -> tuple[str, ...]:
    """The people who brought the deployment of a row about; see `originators_of`."""
    return (await originators_of(deps, [row]))[row.key]


async def originators_of(deps: DeploymentDeps, rows: Collection[DeploymentRow]) -> Mapping[str, tuple[str, ...]]:
    """The people who brought the deployments of rows about, and so do not decide about them, by the deployment's key.

    They are those who started it, or another one of the same snapshot that did not reach DEPLOYED; who made the
    snapshot through the gateway; and, if the watch started it, who imported its models. It takes three statements. With
    self-approval there are none.

    Raises:
        RegistryError
    """
    if deps.config.self_approval or not rows:
        return {row.key: () for row in rows}
    watched = [row.key for row in rows if row.trigger is DeploymentTrigger.NEW_SNAPSHOT]
    async with deps.database.reading() as connection:
        starters = await deployments.unfinished_starters(connection, [row.key for row in rows])
        importers = await _importers(connection, watched)
    return {
        row.key: _people(row.started_by, row.snapshot_author, *starters[row.key], *importers.get(row.key, ()))
        for row in rows
    }


async def _importers(connection: Connection, deployment_keys: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The importers of the models of each deployment."""
    ids = await deployment_lists.registration_ids_of(connection, deployment_keys)
    keys = {key: [str(key_of(id, "Registration")) for id in rows] for key, rows in ids.items()}
    known = await registrations.importers(connection, {one for group in keys.values() for one in group})
    return {key: frozenset(known[one] for one in statement if one in known) for key, statement in keys.items()}


def _people(*names: str | None) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name is not None} - {GATEWAY_SUBJECT}))


def is_among(subject: str, names: tuple[str, ...]) -> bool:
    """Tell whether a person, the subject, is one of these names, by looks: directories behind proxies ignore case."""
    return any(look_alike(subject, name) for name in names)
