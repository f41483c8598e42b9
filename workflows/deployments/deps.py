"""Dependencies and configuration shared by the work of deployments."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from auth.policy import Policy
from aws.client.call_stats import current_call_stats
from aws.scopes import OpenScope
from aws.write.inputs import WriteAuthor
from registry import deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, DeploymentState
from workflows.approvals.backend import ApprovalBackend
from workflows.deployments.scheduler import WorkScheduler
from workflows.group_access import GroupScopeOpener, author_for, final_errors_fail_step


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentIntervals:
    """The intervals and timeouts of deployments, in seconds.

    Attributes:
        poll: Between two looks at running jobs and endpoints.
        sweep: Between two looks for deployments whose work was never begun.
        verify: The longest verification; it waits for AWS and the registry while they do not answer.
        launch: The longest start or update of an endpoint, without a rollout's own time.
    """

    poll: float = 5
    sweep: float = 30
    verify: float = 3600
    launch: float = 3 * 3600


class RehearsalConfig(Protocol):
    """The transform job over the test data: `deployments.rehearsal` in the settings."""

    @property
    def instance_type(self) -> str:
        """The instance type of the job."""

    @property
    def instance_count(self) -> int:
        """The number of its instances."""

    @property
    def output_s3_uri(self) -> str | None:
        """The prefix that it writes below; None if there is no place for its output."""

    @property
    def timeout_minutes(self) -> float:
        """Minutes after which it has failed."""


class DeploymentConfig(Protocol):
    """The rules of every deployment: `deployments` in the settings."""

    @property
    def required_assets(self) -> tuple[AssetRole, ...]:
        """The roles of assets that a deployment waits for."""

    @property
    def self_approval(self) -> bool:
        """True if the person who started a deployment may approve it."""

    @property
    def require_approved_package(self) -> bool:
        """True if models that come from the model registry are deployed only from approved versions."""

    @property
    def write_back_approval(self) -> bool:
        """True if a decision about a deployment is written to SageMaker's model registry."""

    @property
    def rehearsal(self) -> RehearsalConfig:
        """The transform job over the test data."""

    @property
    def watch_seconds(self) -> float:
        """Seconds between two looks for new snapshots of imported models."""


class RolloutObserver(Protocol):
    """Hears of each rollout that has ended; raises nothing."""

    def on_rollout(self, strategy: str, outcome: str) -> None:
        """Hear of a rollout of a strategy; its outcome is deployed, rolled_back or failed."""


class _UnobservedRollouts:
    def on_rollout(self, strategy: str, outcome: str) -> None:
        """Do nothing."""


UNOBSERVED_ROLLOUTS: Final[RolloutObserver] = _UnobservedRollouts()


@dataclass(frozen=True, slots=True)
class DeploymentDeps:
    """Dependencies of the work of deployments.

    Attributes:
        database: The registry.
        policy: The permissions of groups.
        group_scopes: Opens the groups' scopes.
        config: The settings' rules.
        scheduler: Starts further work.
        approvals: Files tickets and reads decisions.
        intervals: The pace of its loops.
        observer: Hears of rollouts that have ended, for metrics.
    """

    database: Database
    policy: Policy
    group_scopes: GroupScopeOpener
    config: DeploymentConfig
    scheduler: WorkScheduler
    approvals: ApprovalBackend
    intervals: DeploymentIntervals = DeploymentIntervals()
    observer: RolloutObserver = UNOBSERVED_ROLLOUTS

    async def load_in_state(self, key: str, attempt: int, state: DeploymentState) -> DeploymentRow | None:
        """The deployment with this key if it is in the state in this attempt; None if another process has its work."""
        async with self.database.reading() as connection:
            row = await deployments.by_key(connection, key)
        return row if row is not None and (row.attempt, row.state) == (attempt, state) else None

    def author(self, row: DeploymentRow, subject: str) -> WriteAuthor:
        """The subject and the deployment of a row, as the author of resources in AWS."""
        return replace(author_for(self.policy, subject, row.group), deployment=row.key)

    def scope(self, row: DeploymentRow) -> AbstractAsyncContextManager[OpenScope]:
        """The scope of a deployment's group, while the block runs; see `final_errors_fail_step`."""
        return final_errors_fail_step(self.group_scopes.open(row.group, row.region, row.account_id))


def aws_request_ids() -> tuple[str, ...]:
    """AWS's ids of the calls that changed something in the scope that is open."""
    stats = current_call_stats.get()
    return () if stats is None else tuple(stats.write_request_ids)
