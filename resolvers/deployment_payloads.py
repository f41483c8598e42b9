"""What mutations of deployments ask for and answer with."""

from dataclasses import dataclass

from registry.records import Deployment
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploySnapshot:
    """What is to be deployed (`DeploySnapshotInput`)."""

    snapshot_name: str
    region: str | None = None
    group: str | None = None
    runtime_name: str | None = None
    rehearse: bool = True
    launch: bool = True


@dataclass(frozen=True, slots=True)
class DeploymentActionInput:
    """A word about a deployment: its id, and what is said with it."""

    id: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentResult:
    """What every mutation of deployments answers with."""

    deployment: Deployment | None = None
    user_errors: tuple[UserError, ...] = ()
