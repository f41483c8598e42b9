"""The gate of the model registry: models that come from its versions are deployed only if those are approved."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage, describe_key
from aws.kinds.models import Model
from aws.kinds.statuses import ModelPackageApproval
from registry import awaited_packages
from registry.deployment_rows import DeploymentRow
from registry.enums import BlockCause, DeploymentState
from registry.errors import RegistryConflictError
from workflows.deployments.cancel_retry import retry
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.registered_models import describe_models
from workflows.deployments.transitions import AuditEntry, end_and_clean_up
from workflows.durable.access import EVERYTHING, LoopShare, group_subject
from workflows.durable.errors import StepFailedError

_log = logging.getLogger("sagegraph.deployments")


class UnapprovedPackageError(StepFailedError):
    """A version that a model comes from is not approved; the message names it and the remedy.

    Attributes:
        arns: The versions that are not approved, by ARN or, if one is gone, by the name that its model gives.
    """

    def __init__(self, message: str, arns: Sequence[str]) -> None:
        super().__init__("UNAPPROVED", message)
        self.arns = tuple(arns)


@dataclass(frozen=True, slots=True)
class UsedPackage:
    """A version, and the models that come from it.

    Attributes:
        key: The name or ARN that it was described by.
        models: The names of the models.
        package: The version; None if it is gone.
    """

    key: str
    models: tuple[str, ...]
    package: ModelPackage | None

    @property
    def arn(self) -> str:
        """Its ARN, or the key that it was asked for by, if it is gone."""
        return self.key if self.package is None else self.package.arn


async def used_packages(
    reader: Reader, account_id: str, region: str, models: Mapping[str, Model]
) -> Sequence[UsedPackage]:
    """The versions that described models come from, as they are now. Raises AWSError.

    Args:
        reader: The reader of the group's scope.
        account_id: The scope's account.
        region: The scope's region.
        models: The models by name.
    """
    users: dict[str, list[str]] = defaultdict(list)
    for name, model in models.items():
        for key in dict.fromkeys(_keys(model, account_id, region)):
            users[key].append(name)
    described = await reader.fresh().describe(Kind.MODEL_PACKAGE, users) if users else {}
    for answer in described.values():
        if isinstance(answer, AWSError):
            raise answer
    return [
        UsedPackage(key, tuple(names), package if isinstance(package := described[key], ModelPackage) else None)
        for key, names in users.items()
    ]


def _keys(model: Model, account_id: str, region: str) -> Sequence[str]:
    containers = model.detail.containers if model.detail else ()
    names = (container.model_package_name for container in containers)
    return [describe_key(name, account_id, region) for name in names if name]


async def require_approved(
    deps: DeploymentDeps, reader: Reader, account_id: str, region: str, models: Mapping[str, Model]
) -> None:
    """Check that the model registry lets these described models be deployed.

    Args:
        deps: Dependencies of deployments.
        reader: The reader of the group's scope.
        account_id: The scope's account.
        region: The scope's region.
        models: The models, by name.

    Raises:
        UnapprovedPackageError: `requireApprovedPackage` is on, and a version is not approved.
        AWSError: A version could not be read.
    """
    if not deps.config.require_approved_package:
        return
    used = await used_packages(reader, account_id, region, models)
    unapproved = [item for item in used if not is_approved(item.package)]
    if unapproved:
        raise UnapprovedPackageError(_sentence(unapproved), [item.arn for item in unapproved])


async def require_snapshot_approved(
    deps: DeploymentDeps, reader: Reader, account_id: str, region: str, model_names: Sequence[str]
) -> None:
    """Apply `require_approved` to a snapshot's models, which are described only if the gate is on."""
    if deps.config.require_approved_package:
        await require_approved(deps, reader, account_id, region, await describe_models(reader, model_names))


async def block_for_packages(
    deps: DeploymentDeps, row: DeploymentRow, entry: AuditEntry, error: UnapprovedPackageError
) -> None:
    """Hold the deployment of a row up until the versions of an error are approved.

    Earlier gateways know no such cause: for them it is one that nothing but retryDeployment heals.
    """
    await end_and_clean_up(
        deps, row, DeploymentState.BLOCKED, entry, str(error), BlockCause.REFUSED, awaited=error.arns
    )


def is_approved(package: ModelPackage | None) -> bool:
    """Tell whether a version is approved; a package without versions is nobody's to approve."""
    if package is None:
        return False
    return package.version is None or package.approval_status is ModelPackageApproval.APPROVED


def _sentence(unapproved: Sequence[UsedPackage]) -> str:
    """The reason with the remedy."""
    return (
        f"In SageMaker's model registry not every version is approved that the models come from: "
        f"{'; '.join(map(_part, unapproved))}. `deployments.requireApprovedPackage` asks for that. updateModelPackage "
        "approves a version, and a deployment that is held up for it goes on then."
    )


def _part(used: UsedPackage) -> str:
    models = ", ".join(f"`{name}`" for name in used.models)
    if used.package is None:
        return f"`{used.key}` of {models} is gone"
    status = used.package.approval_status
    return f"`{used.package.name}` of {models} is {'without a decision' if status is None else status.name}"


async def resume_awaiting(deps: DeploymentDeps, arn: str) -> None:
    """Begin again the deployments that wait for the version with this ARN alone. Raises RegistryError."""
    async with deps.database.reading() as connection:
        waiting = await awaited_packages.waiting(connection)
    for row, arns in waiting.items():
        if arns == {arn}:
            await _begin_again(deps, row)


async def recheck_awaiting(deps: DeploymentDeps, share: LoopShare = EVERYTHING) -> None:
    """Begin again the share's deployments whose versions are all approved by now, or need not be any more.

    A version of one account and region is described once for all that wait for it, by the group of the first.

    Raises:
        RegistryError
    """
    async with deps.database.reading() as connection:
        waiting = await awaited_packages.waiting(connection)
    by_place: dict[tuple[str, str, str], dict[DeploymentRow, frozenset[str]]] = defaultdict(dict)
    for row, arns in waiting.items():
        if share.takes(group_subject(row.group, row.account_id, row.region)):
            by_place[row.group, row.account_id, row.region][row] = arns
    for place, rows in by_place.items():
        try:
            approved = await _approved(deps, place, frozenset().union(*rows.values()))
        except (AWSError, AuthError) as error:
            _log.warning("The versions that `%s` waits for could not be read; trying again: %s", place[0], error)
            continue
        for row, arns in rows.items():
            if arns <= approved:
                await _begin_again(deps, row)


async def _approved(deps: DeploymentDeps, place: tuple[str, str, str], arns: frozenset[str]) -> frozenset[str]:
    if not deps.config.require_approved_package:
        return arns
    group, account_id, region = place
    async with deps.group_scopes.open(group, region, account_id, glance=True) as scope:
        keys = {describe_key(arn, account_id, region): arn for arn in arns}
        described = await scope.reader.fresh().describe(Kind.MODEL_PACKAGE, keys)
    return frozenset(
        arn for key, arn in keys.items() if isinstance(package := described[key], ModelPackage) and is_approved(package)
    )


async def _begin_again(deps: DeploymentDeps, row: DeploymentRow) -> None:
    try:
        await retry(deps, row)
    except RegistryConflictError:
        _log.debug("The deployment %s waits for another deployment of its snapshot.", row.key)
