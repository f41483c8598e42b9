"""Dependencies and configuration shared by the work of deployments."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

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
    """How often deployments are looked after, and how patiently, in seconds.

    Attributes:
        poll: Between two looks at running jobs and endpoints.
        sweep: Between two looks for deployments whose work was never begun.
        watch: Between two looks for new snapshots of imported models.
        verify: How long a verification may take, which waits for AWS and the registry where they do not answer.
        launch: How long an endpoint may take.
    """

    poll: float = 5
    sweep: float = 30
    watch: float = 60
    verify: float = 3600
    launch: float = 3 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentConfig:
    """The rules that hold for every deployment.

    Attributes:
        required_assets: What must be there before one goes on.
        self_approval: Whether the one who started it may approve it.
        instance_type: What rehearsals run on.
        instance_count: On how many of them.
        output_s3_uri: Where rehearsals write, below this prefix; None where there is no place for them.
        rehearsal_seconds: After how many seconds a rehearsal has failed.
        intervals: How often they are looked after.
    """

    required_assets: tuple[AssetRole, ...] = ()
    self_approval: bool = False
    instance_type: str = "ml.m5.large"
    instance_count: int = 1
    output_s3_uri: str | None = None
    rehearsal_seconds: float = 7200
    intervals: DeploymentIntervals = DeploymentIntervals()


@dataclass(frozen=True, slots=True)
class DeploymentDeps:
    """What the works of deployments are done with.

    Attributes:
        database: The registry.
        policy: What groups may do.
        group_scopes: Opens the groups' scopes.
        config: What the settings say.
        scheduler: Starts further works.
        approvals: Where tickets are kept.
    """

    database: Database
    policy: Policy
    group_scopes: GroupScopeOpener
    config: DeploymentConfig
    scheduler: WorkScheduler
    approvals: ApprovalBackend

    async def load_in_state(self, key: str, attempt: int, state: DeploymentState) -> DeploymentRow | None:
        """The deployment, where it stands so in this attempt; None where its work is somebody else's by now."""
        async with self.database.reading() as connection:
            row = await deployments.by_key(connection, key)
        return row if row is not None and (row.attempt, row.state) == (attempt, state) else None

    def author(self, row: DeploymentRow, subject: str) -> WriteAuthor:
        """For whom something is made in AWS."""
        return replace(author_for(self.policy, subject, row.group), deployment=row.key)

    def scope(self, row: DeploymentRow) -> AbstractAsyncContextManager[OpenScope]:
        """The group's scope, while the block runs; see `final_errors_fail_step`."""
        return final_errors_fail_step(self.group_scopes.open(row.group, row.region, row.account_id))


def aws_request_ids() -> tuple[str, ...]:
    """AWS's ids of what was changed in the scope that is open."""
    tally = current_call_stats.get()
    return () if tally is None else tuple(tally.write_request_ids)
