"""Deployment mutations: deploy, approve, reject, cancel, retry."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from auth.errors import ForbiddenError
from auth.permissions import Permission
from aws.kinds.kind import Kind
from aws.kinds.rollouts import Rollout
from aws.kinds.snapshots import Snapshot
from aws.write.inputs import RuntimeChange
from registry import deployment_lists, deployments
from registry.deployment_records import Deployment
from registry.deployment_rows import DeploymentRow
from registry.enums import DecisionOutcome, DeploymentTrigger
from registry.ids import key_of
from resolvers.deployments.action_rules import DenialCode, DeploymentAction, denials_of, denied_by_state
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault
from resolvers.lookups import name_fault, resource_or_raise
from resolvers.mutations.context import GroupWriteAccess, MutationContext, not_found
from resolvers.mutations.validation import checked_text
from workflows.deployments import cancel_retry
from workflows.deployments.component_serving import component_host_reason
from workflows.deployments.decisions import SNAPSHOT_CHANGED, DecisionResult, decide
from workflows.deployments.package_gate import UnapprovedPackageError, require_snapshot_approved
from workflows.deployments.rollout_plans import rollout_document
from workflows.deployments.start import new_deployment
from workflows.durable.errors import StepFailedError


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploySnapshot:
    """A request to deploy a snapshot (`DeploySnapshotInput`).

    Attributes:
        snapshot_name: The name of the endpoint configuration.
        region: The region; None for the first of the group's role.
        group: The group that is to own the deployment; None for the caller's acting group.
        runtime_name: The endpoint to create or update; None for one named after the snapshot.
        rehearse: True to test the models with their test data first.
        launch: True to create or update an endpoint once it is approved.
        retain_variant_properties: True to keep the weights and instance counts of an endpoint that is updated.
        rollout: The plan by which an endpoint is updated; None for SageMaker's own.
    """

    snapshot_name: str
    region: str | None = None
    group: str | None = None
    runtime_name: str | None = None
    rehearse: bool = True
    launch: bool = True
    retain_variant_properties: bool = True
    rollout: Rollout | None = None


@dataclass(frozen=True, slots=True)
class DeploymentTarget:
    """A deployment to act on (`ApproveDeploymentInput` and its like), and the caller's comment.

    Attributes:
        id: The deployment's id in the schema.
        comment: The words to keep with the action, up to `MAX_COMMENT_LENGTH` characters.
    """

    id: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentResult:
    """The result of every mutation of deployments.

    Attributes:
        deployment: The deployment as it stands after the mutation; None if there is none that the caller may see.
        user_errors: The faults of the input.
    """

    deployment: Deployment | None = None
    user_errors: tuple[UserError, ...] = ()


MAX_COMMENT_LENGTH: Final = 2_000
"""The most characters of the comment on a decision."""
_OUTCOMES: Final = {
    DeploymentAction.APPROVE: DecisionOutcome.APPROVED,
    DeploymentAction.REJECT: DecisionOutcome.REJECTED,
}


async def deploy_snapshot(context: MutationContext, input: DeploySnapshot) -> DeploymentResult:
    """Start the lifecycle for a snapshot; while another deployment of it is under way, the outcome is CONFLICT.

    Raises:
        UserFaultError: The snapshot or the runtime cannot be deployed as the input asks.
    """
    context.target = f"Snapshot {input.snapshot_name[:63]}"
    if faults := list(_input_errors(input)):
        raise UserFaultError(faults)
    access = await context.write_access(input.group, input.region)
    if input.rollout is not None:
        await access.writer.check_rollout(input.rollout)
    name = input.snapshot_name
    resource = await _require_deployable(access, name)
    await _require_approved_packages(context, access, resource)
    if input.launch and input.runtime_name is not None:
        change = RuntimeChange(snapshot_name=name, retain=input.retain_variant_properties, rollout=input.rollout)
        await access.writer.check_runtime_update(input.runtime_name, resource, change, "runtimeName")
    wanted = replace(
        new_deployment(resource, access.group, DeploymentTrigger.REQUEST, access.subject),
        rehearse=input.rehearse,
        launch=input.launch,
        runtime_wish=input.runtime_name,
        retain_variant_properties=input.retain_variant_properties,
        rollout=None if input.rollout is None else rollout_document(input.rollout),
    )
    deployment, started = await context.request.services.lifecycle.starter.start(wanted)
    if started:
        return await _result(context, deployment.key)
    words = f"A deployment of `{name}` is under way; a snapshot has one at a time. Cancel it, or wait for its end."
    visible = context.request.may(deployment.group, Permission.READ)
    return await _conflict(context, deployment.key if visible else None, words, "snapshotName")


async def _require_deployable(access: GroupWriteAccess, name: str) -> Snapshot:
    """The snapshot of this name, described. Raises UserFaultError if it is gone or hosts components, and AWSError."""
    resource = resource_or_raise((await access.view.inventory.describe(Kind.SNAPSHOT, [name]))[name])
    if not isinstance(resource, Snapshot):
        scope = access.view.scope
        words = f"SageMaker has no endpoint configuration `{name}` in account {scope.account_id}, {scope.region}."
        raise user_fault(words, UserErrorCode.NOT_FOUND, "snapshotName")
    if (host := component_host_reason(resource)) is not None:
        raise user_fault(host, UserErrorCode.INVALID, "snapshotName")
    return resource


async def _require_approved_packages(context: MutationContext, access: GroupWriteAccess, snapshot: Snapshot) -> None:
    """Check that the model registry lets the snapshot be deployed. Raises UserFaultError, AWSError."""
    names, scope = snapshot.detail.model_names if snapshot.detail else (), access.view.scope
    try:
        await require_snapshot_approved(
            context.request.services.lifecycle.deps, access.view.inventory, scope.account_id, scope.region, names
        )
    except UnapprovedPackageError as error:
        raise user_fault(str(error), UserErrorCode.CONFLICT, "snapshotName") from error


async def approve_deployment(context: MutationContext, input: DeploymentTarget) -> DeploymentResult:
    """Let the input's deployment, which waits for a decision, go on to its launch."""
    return await _decide(context, input, DeploymentAction.APPROVE)


async def reject_deployment(context: MutationContext, input: DeploymentTarget) -> DeploymentResult:
    """End the input's deployment, which waits for a decision."""
    return await _decide(context, input, DeploymentAction.REJECT)


async def cancel_deployment(context: MutationContext, input: DeploymentTarget) -> DeploymentResult:
    """Cancel the input's deployment, and stop the job or endpoint that it started in AWS."""
    deployment, comment = await _require_deployment(context, input.id), _checked_comment(input)
    if denied := await _denied(context, deployment, DeploymentAction.CANCEL):
        return denied
    if not await cancel_retry.cancel(context.request.services.lifecycle.deps, deployment, context.subject, comment):
        return await _moved_on(context, deployment, DeploymentAction.CANCEL)
    return await _result(context, deployment.key)


async def retry_deployment(context: MutationContext, input: DeploymentTarget) -> DeploymentResult:
    """Let the input's deployment, which is held up or has failed, begin again."""
    deployment = await _require_deployment(context, input.id)
    _checked_comment(input)
    if denied := await _denied(context, deployment, DeploymentAction.RETRY):
        return denied
    if not await cancel_retry.retry(context.request.services.lifecycle.deps, deployment):
        return await _conflict(context, deployment.key, "Somebody else has changed the deployment at this moment.")
    return await _result(context, deployment.key)


async def _decide(context: MutationContext, input: DeploymentTarget, action: DeploymentAction) -> DeploymentResult:
    deployment, comment = await _require_deployment(context, input.id), _checked_comment(input)
    if denied := await _denied(context, deployment, action):
        return denied
    deps = context.request.services.lifecycle.deps
    try:
        decided = await decide(deps, deployment.key, _OUTCOMES[action], context.subject, datetime.now(UTC), comment)
    except UnapprovedPackageError as error:
        return await _conflict(context, deployment.key, str(error))
    except StepFailedError as error:
        raise ForbiddenError(f"The snapshot cannot be seen with the group's role now. {error}") from error
    if decided is DecisionResult.VOID:
        return await _conflict(context, deployment.key, SNAPSHOT_CHANGED.format(deployment.snapshot_name))
    if decided is DecisionResult.LATE:
        return await _moved_on(context, deployment, action)
    return await _result(context, deployment.key)


async def _denied(
    context: MutationContext, deployment: DeploymentRow, action: DeploymentAction
) -> DeploymentResult | None:
    """The answer to an action that the rules deny as a conflict; None if they let it through.

    Raises:
        UserFaultError: It is switched off.
        auth.errors.ForbiddenError: The caller may not take it.
    """
    (denials,) = await denials_of(context.request, [deployment], [action])
    if (denial := denials.get(action)) is None:
        return None
    if denial.code is DenialCode.STATE:
        return await _conflict(context, deployment.key, denial.message)
    if denial.code is DenialCode.DISABLED:
        raise user_fault(denial.message, UserErrorCode.DISABLED)
    raise ForbiddenError(denial.message)


async def _moved_on(context: MutationContext, deployment: DeploymentRow, action: DeploymentAction) -> DeploymentResult:
    """The conflict with a deployment whose state changed since the rules were asked."""
    now = await _reload(context, deployment)
    return await _conflict(context, deployment.key, denied_by_state(action, now.state).message)


async def _require_deployment(context: MutationContext, deployment_id: str) -> DeploymentRow:
    """The deployment of an id, if the caller may do this with it.

    Raises:
        UserFaultError: There is none that the caller may see.
        auth.errors.ForbiddenError: It may be seen, and this may not be done with it.
    """
    key = key_of(deployment_id, "Deployment")
    deployment = None
    if key is not None:
        async with context.request.services.database.reading() as connection:
            deployment = await deployments.by_key(connection, key)
    if deployment is None:
        raise not_found("deployment", "id")
    context.target = f"Deployment {deployment.id}"
    context.require_visible(deployment.group, "deployment", "id")
    return deployment


async def _reload(context: MutationContext, deployment: DeploymentRow) -> DeploymentRow:
    """The deployment as it stands now."""
    async with context.request.services.database.reading() as connection:
        return await deployments.by_key(connection, deployment.key) or deployment


async def _result(context: MutationContext, key: str) -> DeploymentResult:
    return DeploymentResult(deployment=await _load_record(context, key))


async def _conflict(context: MutationContext, key: str | None, message: str, *field: str) -> DeploymentResult:
    error = UserError(message, UserErrorCode.CONFLICT, field or None)
    deployment = None if key is None else await _load_record(context, key)
    return DeploymentResult(deployment=deployment, user_errors=(error,))


async def _load_record(context: MutationContext, key: str) -> Deployment | None:
    async with context.request.services.database.reading() as connection:
        return await deployment_lists.by_key(connection, key)


def _checked_comment(input: DeploymentTarget) -> str | None:
    return checked_text(input.comment, MAX_COMMENT_LENGTH, "comment")


def _input_errors(input: DeploySnapshot) -> Iterator[UserError]:
    """Names that nothing in SageMaker has, and wishes that contradict each other."""
    if fault := name_fault(Kind.SNAPSHOT, input.snapshot_name):
        yield UserError(fault, UserErrorCode.INVALID, ("snapshotName",))
    if input.runtime_name is not None and (fault := name_fault(Kind.RUNTIME, input.runtime_name)):
        yield UserError(fault, UserErrorCode.INVALID, ("runtimeName",))
    if input.runtime_name is not None and not input.launch:
        words = "`runtimeName` names an endpoint, and `launch: false` makes none; leave one of the two out."
        yield UserError(words, UserErrorCode.INVALID, ("runtimeName",))
    if input.rollout is not None and (input.runtime_name is None or not input.launch):
        words = "A rollout updates an existing runtime; name it with `runtimeName`, and leave out `launch: false`."
        yield UserError(words, UserErrorCode.INVALID, ("rollout",))
