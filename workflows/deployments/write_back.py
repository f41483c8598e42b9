"""Tell SageMaker's model registry a decision that was taken here: a durable step that does it once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from aws.client.errors import AccessDeniedError
from aws.kinds.model_packages import ModelPackage
from aws.kinds.statuses import ModelPackageApproval, ModelPackageDecision
from aws.scopes import OpenScope
from aws.write.errors import WriteRejectedError
from aws.write.inputs import PackageDecision
from registry import approval_write_backs, deployment_steps
from registry.approval_write_backs import WriteBack
from registry.deployment_records import DeploymentDecision
from registry.enums import AuditOutcome, DecisionOutcome, DeploymentStepName
from workflows.deployments.deps import DeploymentDeps, aws_request_ids
from workflows.deployments.package_gate import used_packages
from workflows.deployments.registered_models import changed_models, describe_models
from workflows.deployments.snapshot_fingerprint import describe_snapshot, matches_deployment
from workflows.deployments.transitions import AuditEntry, record_audit
from workflows.package_makers import is_maker, package_makers

# ApprovalDescription of the service model.
_MAX_WORDS: Final = 1024
_CHANGED: Final = (
    "The decision stands, and was not told to SageMaker's model registry: the snapshot or its models are not those any "
    "more that it is about."
)
_DECISIONS: Final = {
    DecisionOutcome.APPROVED: ModelPackageDecision.APPROVED,
    DecisionOutcome.REJECTED: ModelPackageDecision.REJECTED,
}


class ApprovalWriteBack:
    """Sets the approval status of the versions that a deployment's models come from.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def write(self, key: str, attempt: int) -> None:
        """Write the decision of a deployment's attempt to SageMaker's model registry, and record the outcome of that.

        Raises:
            StepFailedError: The role is refused, or cannot be had; nothing was noted.
            AWSError, AuthError, RegistryError: It may heal; a version that was set already is not set again.
        """
        write_back = await self._pending(key, attempt)
        if write_back is None:
            return
        async with self._deps.scope(write_back.deployment) as scope:
            lines, refused = await self._tell(scope, write_back)
            await self._note(write_back, lines, refused=refused, role=scope.role)

    async def note_failure(self, key: str, attempt: int, message: str) -> None:
        """Note that the decision of a deployment's attempt could not be written. Raises RegistryError.

        Args:
            key: The deployment's key.
            attempt: Its attempt.
            message: The fault, for people.
        """
        write_back = await self._pending(key, attempt)
        if write_back is not None:
            text = f"The decision stands, and could not be told to SageMaker's model registry: {message}"
            await self._note(write_back, [text], refused=True, role=None)

    async def _pending(self, key: str, attempt: int) -> WriteBack | None:
        async with self._deps.database.reading() as connection:
            pending = await approval_write_backs.pending(connection, key)
        return next((write_back for write_back in pending if write_back.attempt == attempt), None)

    async def _tell(self, scope: OpenScope, write_back: WriteBack) -> tuple[Sequence[str], bool]:
        """A sentence for each version, and True if any of them could not be set."""
        row, reader = write_back.deployment, scope.reader
        snapshot = await describe_snapshot(reader, row.snapshot_name)
        if snapshot is None or snapshot.detail is None or not matches_deployment(row, snapshot):
            return [_CHANGED], True
        names = snapshot.detail.model_names
        if await changed_models(self._deps, reader, row, names):
            return [_CHANGED], True
        models = await describe_models(reader, names)
        used = await used_packages(reader, row.account_id, row.region, models)
        lines = [
            await self._tell_one(scope, write_back, item.package)
            for item in used
            if item.package is not None and item.package.version is not None
        ]
        return [text for text, _ in lines], any(failed for _, failed in lines)

    async def _tell_one(self, scope: OpenScope, write_back: WriteBack, package: ModelPackage) -> tuple[str, bool]:
        decision = _DECISIONS[write_back.decision.outcome]
        if package.approval_status is not None and package.approval_status.value == decision.value:
            return f"`{package.name}` is {decision.name} in SageMaker's model registry.", False
        if (against := await self._reason_against(write_back.decision, package)) is not None:
            return _untold(package, against), True
        try:
            wanted = PackageDecision(
                package.arn, decision, decision_words(write_back.decision, write_back.deployment.snapshot_name)
            )
            await scope.writer.decide_about_package(wanted, package)
        except (AccessDeniedError, WriteRejectedError) as error:
            return _untold(package, str(error)), True
        return f"`{package.name}` was set to {decision.name} in SageMaker's model registry.", False

    async def _reason_against(self, decision: DeploymentDecision, package: ModelPackage) -> str | None:
        """The reason why a decision is not written: others decided there since, or a maker would decide."""
        changed_at = package.detail.last_modified_time if package.detail else None
        is_open = package.approval_status in {None, ModelPackageApproval.PENDING}
        if not is_open and changed_at is not None and changed_at > decision.at:
            return "somebody has decided there since."
        if self._deps.config.self_approval:
            return None
        if is_maker(decision.by, await package_makers(self._deps.database, package)):
            return f"{decision.by} has made or changed that version; somebody else decides about it."
        return None

    async def _note(self, write_back: WriteBack, lines: Sequence[str], *, refused: bool, role: str | None) -> None:
        """Keep the sentences once, with the step and in the audit; nothing if there is none."""
        row, at = write_back.deployment, datetime.now(UTC)
        outcome = AuditOutcome.REFUSED if refused else AuditOutcome.SUCCEEDED
        async with self._deps.database.writing() as connection:
            if not await approval_write_backs.remove(connection, row.key, write_back.attempt) or not lines:
                return
            text = " ".join(lines)
            await deployment_steps.append_detail(connection, row, write_back.attempt, DeploymentStepName.APPROVE, text)
            entry = AuditEntry(
                action="deployment.write-back",
                actor=write_back.decision.by,
                role_arn=role,
                detail=text,
                aws_request_ids=() if role is None else aws_request_ids(),
            )
            await record_audit(connection, row, entry, outcome, at)


def decision_words(decision: DeploymentDecision, snapshot_name: str) -> str:
    """The words that SageMaker keeps with a decision about a snapshot: its comment, its author and its subject.

    They stand on one line, of 1,024 characters at most.
    """
    by = f"{decision.by} decided about a deployment of {snapshot_name}"
    words = " ".join((f"{decision.comment} ({by})" if decision.comment else f"{by}.").split())
    return words if len(words) <= _MAX_WORDS else f"{words[: _MAX_WORDS - 1]}…"


def _untold(package: ModelPackage, reason: str) -> str:
    return f"The decision stands, and `{package.name}` was left as it is in SageMaker's model registry: {reason}"
