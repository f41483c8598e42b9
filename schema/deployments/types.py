"""Deployments: types, test results and filter."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from registry import deployment_records
from registry.deployment_orders import DeploymentOrderField
from registry.enums import AssetRole
from resolvers.deployments import pages, relations
from resolvers.deployments.pages import DeploymentQuery
from resolvers.deployments.viewer_actions import viewer_actions, viewer_denials
from resolvers.lists.filters import Direction
from schema.connections import RecordConnection
from schema.deployments.enums import (
    DecisionOutcome,
    DenialCode,
    DeploymentAction,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    StepState,
    TicketKind,
)
from schema.fields import attribute, registry_relation, represents
from schema.inputs import optional
from schema.interfaces import Node
from schema.jobs.types import TransformJob
from schema.rollouts import Rollout

if TYPE_CHECKING:
    from schema.registrations.types import Registration
    from schema.runtimes import Runtime
    from schema.snapshots.types import Snapshot


@strawberry.type(description="One comparison of a rehearsal")
class TestCheck:
    """See registry.deployment_records.TestCheck."""

    name: str = attribute("The thing compared")
    passed: bool = attribute("True if it was as expected")
    expected: str | None = attribute("The expected value")
    actual: str | None = attribute("The actual value")


@represents(deployment_records.TestResult)
@strawberry.type(description="The outcome of a rehearsal")
class TestResult(Node):
    """See registry.deployment_records.TestResult."""

    at: datetime = attribute("The time at which it was recorded")
    passed: bool = attribute("True if every check passed")
    job: TransformJob | None = registry_relation(
        relations.transform_jobs_of_records, "The transform job of the rehearsal; null if it is gone"
    )
    output_s3_uri: str | None = attribute("The S3 address of that job's output")
    checks: list[TestCheck] = attribute("Each comparison")


TestResultConnection = RecordConnection[TestResult]


# Snapshots and registrations list their deployments, so the way back is found late.
LazyRegistrations = list[Annotated["Registration", strawberry.lazy("schema.registrations.types")]] | None
LazyOptionalRegistration = Annotated["Registration", strawberry.lazy("schema.registrations.types")] | None
LazyOptionalRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None
LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")] | None


@strawberry.type(description="A step of a deployment")
class DeploymentStep:
    """See registry.deployment_records.DeploymentStep."""

    name: DeploymentStepName = attribute("The step")
    state: StepState = attribute("Its present state")
    started_at: datetime | None = attribute("The time at which it began; null if it has not")
    ended_at: datetime | None = attribute("The time at which it ended; null if it has not")
    detail: str | None = attribute("Its outcome, in a sentence")
    job: TransformJob | None = registry_relation(
        relations.transform_jobs_of_records,
        "The transform job of a rehearsal; null if there is none or it is gone",
    )


@strawberry.type(description="A ticket that was filed for a deployment")
class Ticket:
    """See registry.deployment_records.Ticket."""

    key: str = attribute("Its key in the system that keeps it")
    url: str | None = attribute("Its page there")
    status: str = attribute("Its status, as that system names it")
    kind: TicketKind = attribute("Its purpose")


@strawberry.type(description="The decision about a deployment")
class DeploymentDecision:
    """See registry.deployment_records.DeploymentDecision."""

    outcome: DecisionOutcome = attribute("The decision")
    by: str = attribute("The caller who decided")
    at: datetime = attribute("The time at which it was decided")
    comment: str | None = attribute("The comment given with it")


@strawberry.type(description="An asset as it was when a deployment was verified")
class VerifiedAsset:
    """See registry.deployment_records.VerifiedAsset."""

    registration: LazyOptionalRegistration = registry_relation(
        relations.registrations_of_assets, "The registration that it belongs to; null if that was removed"
    )
    role: AssetRole = attribute("The asset's role for the model")
    name: str = attribute("Its name")
    fingerprint: str | None = attribute(
        "A digest of the text, or of the version of the object in S3; null if it could not be read"
    )
    s3_uri: str | None = attribute("Its address in S3; null for text that the gateway keeps itself")


@strawberry.type(description="An action on a deployment that the caller may not take now")
class DeniedAction:
    """See resolvers.deployments.action_rules.DeniedAction."""

    action: DeploymentAction = attribute("The action")
    code: DenialCode = attribute("The first reason")
    message: str = attribute("The reason in a sentence, with the remedy")


@represents(deployment_records.Deployment)
@strawberry.type(description="The steps that take a snapshot to an endpoint")
class Deployment(Node):
    """See registry.deployment_records.Deployment."""

    state: DeploymentState = attribute("Its present state")
    trigger: DeploymentTrigger = attribute("The cause of its start")
    group: str = attribute("The group whose role it runs as")
    account_id: str = attribute("The AWS account of that role")
    region: str = attribute("The AWS region")
    registrations: LazyRegistrations = registry_relation(
        relations.registrations_of_deployments,
        "The registrations of the snapshot's models; a removed one is left out",
    )
    snapshot: LazyOptionalSnapshot = registry_relation(
        relations.snapshots_of_deployments, "The snapshot that is deployed; null if it is gone"
    )
    snapshot_name: str = attribute("The snapshot's name")
    runtime: LazyOptionalRuntime = registry_relation(
        relations.runtimes_of_deployments,
        "The runtime that it launched; null before the launch, or if it is gone",
    )
    runtime_name: str | None = attribute("The runtime's name; null until it is known")
    requested_runtime_name: str | None = attribute("The name of the endpoint that was requested; null for a new one")
    replaces: LazyOptionalSnapshot = registry_relation(
        relations.replaced_snapshots,
        "The snapshot that the requested endpoint runs while this deployment waits; null if it is gone, or before "
        "approval was requested",
    )
    replaces_name: str | None = attribute("The name of the snapshot that it replaces")
    reason: str | None = attribute("A sentence about a missing asset, failure or refusal, with the remedy")
    steps: list[DeploymentStep] = attribute("Its steps, in their order")
    tickets: list[Ticket] = attribute("The tickets that were filed for it, oldest first")
    decision: DeploymentDecision | None = attribute("The decision about it; null before there is one")
    test_result: TestResult | None = attribute("The outcome of its rehearsal; null until there is one")
    started_by: str = attribute("The caller who started it")
    started_at: datetime = attribute("The time at which it was started")
    ended_at: datetime | None = attribute("The time at which it ended; null while it goes on")
    viewer_can: list[DeploymentAction] | None = registry_relation(
        viewer_actions,
        "The actions that the caller may take on it now, by all of the caller's groups; APPROVE and REJECT are absent "
        "if another system approves",
    )
    viewer_cannot: list[DeniedAction] | None = registry_relation(
        viewer_denials,
        (
            "The actions that the caller may not take on it now, by all of the caller's groups, each with the "
            "reason that its mutation would give"
        ),
    )
    rollout: Rollout | None = registry_relation(
        relations.rollouts_of_deployments,
        "The plan by which the requested runtime is updated; null if none was requested",
    )
    assets: list[VerifiedAsset] | None = attribute(
        "The assets as they were verified; it launches only while they are unchanged"
    )


DeploymentConnection = RecordConnection[Deployment]


@strawberry.input(description="The order of a list of deployments")
class DeploymentOrder:
    """See resolvers.deployments.pages.DeploymentOrder."""

    by: DeploymentOrderField | None = optional("The field to order by", DeploymentOrderField.STARTED)
    direction: Direction | None = optional("The direction of the order", Direction.DESC)

    def value(self) -> pages.DeploymentOrder:
        """The order's value; null means the default, as leaving it out does."""
        return pages.DeploymentOrder(self.by or DeploymentOrderField.STARTED, self.direction or Direction.DESC)


@strawberry.input(description="Filter of a list of deployments; all entries apply")
class DeploymentFilter:
    """See resolvers.deployments.pages.DeploymentQuery."""

    state: list[DeploymentState] | None = optional("Any of these states")
    snapshot_name: str | None = optional("The snapshot's name, exactly")
    viewer_can: DeploymentAction | None = optional("An action that the caller may take on them now")
    registration_id: strawberry.ID | None = optional("The id of the registration of one of the snapshot's models")
    group: str | None = optional("The group that owns them")
    runtime_name: str | None = optional("The runtime that they launched, exactly")
    started_by: str | None = optional("The caller who started them, exactly")
    started_after: datetime | None = optional("Started after this moment")
    started_before: datetime | None = optional("Started before this moment")

    def value(self) -> DeploymentQuery:
        """The filter's value."""
        return DeploymentQuery(
            states=None if self.state is None else tuple(self.state),
            snapshot_name=self.snapshot_name,
            registration_id=self.registration_id,
            viewer_can=self.viewer_can,
            group=self.group,
            runtime_name=self.runtime_name,
            started_by=self.started_by,
            started_after=self.started_after,
            started_before=self.started_before,
        )
