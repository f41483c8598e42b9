"""Four eyes: nobody decides about a deployment that they have brought about, whatever the way."""

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
    """The person who made the snapshot through the gateway, by the audit; None if it was made elsewhere.

    A tag would not do: whoever makes a snapshot elsewhere can give it any.
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
    """The people who brought a deployment about, and so do not decide about it; empty with self-approval.

    They are those who started it, or an earlier one of the same snapshot that did not reach DEPLOYED; who made the
    snapshot through the gateway; and, if the watch started it, who imported its models.

    Raises:
        RegistryError
    """
    if deps.config.self_approval:
        return ()
    async with deps.database.reading() as connection:
        names = {row.started_by, *await deployments.unfinished_starters(connection, row)}
        if row.snapshot_author is not None:
            names.add(row.snapshot_author)
        if row.trigger is DeploymentTrigger.NEW_SNAPSHOT:
            ids = (await deployment_lists.registration_ids_of(connection, [row.key]))[row.key]
            keys = [str(key_of(id, "Registration")) for id in ids]
            known = await registrations.by_keys(connection, keys, ())
            names |= {registration.imported_by for registration in known.values()}
    return tuple(sorted(names - {GATEWAY_SUBJECT}))


def is_among(subject: str, names: tuple[str, ...]) -> bool:
    """Tell whether a person is one of these, by names that look alike: directories behind proxies know no case."""
    return any(look_alike(subject, name) for name in names)
