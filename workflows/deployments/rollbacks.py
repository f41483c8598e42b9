"""Rollbacks: tell that SageMaker has taken an update back, and by which alarm."""

from collections.abc import Mapping
from datetime import datetime

from auth.errors import AuthError
from aws.alarms import Alarm, AlarmStatus
from aws.client.errors import AWSError
from aws.kinds.rollouts import Rollout
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from registry.deployment_rows import DeploymentRow
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.rollout_plans import rollout_from_document

_AFTER_AN_UPDATE = frozenset(
    {RuntimeStatus.IN_SERVICE, RuntimeStatus.ROLLING_BACK, RuntimeStatus.UPDATE_ROLLBACK_FAILED}
)


def was_taken_back(row: DeploymentRow, runtime: Runtime) -> bool:
    """Tell whether the rollout of a deployment's attempt was rolled back, so that it must not start again.

    A process may have died between the update and the note of it. Then the endpoint runs its former snapshot, has been
    changed since it was read before the update, and its last rollout is this one: an autoscaler leaves that alone.
    """
    detail = runtime.detail
    if row.rollout is None or row.runtime_modified_at is None or detail is None:
        return False
    return (
        runtime.status in _AFTER_AN_UPDATE
        and detail.snapshot_name == row.runtime_before
        and runtime.last_modified_time != row.runtime_modified_at
        and detail.last_rollout == rollout_from_document(row.rollout)
    )


def rolling_back_text(row: DeploymentRow) -> str:
    """The reason of a deployment, `row`, whose endpoint is on its way back."""
    return f"SageMaker rolls the endpoint `{row.runtime_name}` back to `{row.runtime_before}`."


def is_rollback(row: DeploymentRow, status: str, snapshot_name: str | None) -> bool:
    """Tell whether a launch has ended with a rollback, by the endpoint's status and snapshot.

    The endpoint runs its former snapshot then, or could not get back to it.
    """
    if row.rollout is None or row.runtime_before is None:
        return False
    is_back = status == RuntimeStatus.IN_SERVICE.value and snapshot_name == row.runtime_before
    return is_back or status == RuntimeStatus.UPDATE_ROLLBACK_FAILED.value


async def rollback_text(deps: DeploymentDeps, row: DeploymentRow, status: str, reason: str | None) -> str:
    """The reason of a deployment that was rolled back, with the alarms as far as they can be known.

    Args:
        row: The deployment.
        status: SageMaker's word for the endpoint's status.
        reason: SageMaker's reason, if it keeps one.
        deps: Dependencies of deployments, which open the scope that reads the alarms.
    """
    ended = status == RuntimeStatus.IN_SERVICE.value
    text = (
        f"SageMaker rolled the endpoint `{row.runtime_name}` back to `{row.runtime_before}`"
        if ended
        else f"SageMaker could not roll the endpoint `{row.runtime_name}` back to `{row.runtime_before}`"
    )
    rollout = rollout_from_document(row.rollout)
    cause = None if rollout is None else await _cause(deps, row, rollout)
    return f"{text}{'' if cause is None else f': {cause}'}.{f' AWS says: {reason}' if reason else ''}"


async def _cause(deps: DeploymentDeps, row: DeploymentRow, rollout: Rollout) -> str | None:
    if not rollout.alarms:
        return None
    try:
        async with deps.group_scopes.open(row.group, row.region, row.account_id, glance=True) as scope:
            alarms = await scope.reader.alarms_named(rollout.alarms)
    except (AWSError, AuthError) as error:
        return f"its alarms cannot be read to tell why ({str(error).rstrip('.')})"
    return _alarms_text(alarms, row.since)


def _alarms_text(alarms: Mapping[str, Alarm], since: datetime) -> str:
    """The alarms that are in ALARM, else those that have changed since the launch began."""
    tripped = [name for name, alarm in alarms.items() if alarm.status is AlarmStatus.ALARM]
    if tripped:
        return _listed(tripped, "is in ALARM", "are in ALARM")
    changed = [name for name, alarm in alarms.items() if (alarm.status_changed_time or since) > since]
    if changed:
        return _listed(changed, "has changed its state since the launch", "have changed their states since the launch")
    return "none of its alarms is in ALARM now"


def _listed(names: list[str], one: str, many: str) -> str:
    quoted = ", ".join(f"`{name}`" for name in sorted(names))
    return f"the alarm {quoted} {one}" if len(names) == 1 else f"the alarms {quoted} {many}"
