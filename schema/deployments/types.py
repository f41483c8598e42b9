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

    name: str = attribute("The name of the comparison")
    passed: bool = attribute("True if the actual value was as expected")
    expected: str | None = attribute("The expected value; null if the comparison has none")
    actual: str | None = attribute("The actual value; null if there is none")


@represents(deployment_records.TestResult)
@strawberry.type(description="The outcome of a rehearsal")
class TestResult(Node):
    """See registry.deployment_records.TestResult."""

    at: datetime = attribute("The time at which the outcome was recorded")
    passed: bool = attribute("True if all comparisons passed")
    job: TransformJob | None = registry_relation(
        relations.transform_jobs_of_records, "The transform job of the rehearsal; null if it is gone"
    )
    output_s3_uri: str | None = attribute("The S3 address of the transform job's output")
    checks: list[TestCheck] = attribute("The comparisons of the rehearsal")


TestResultConnection = RecordConnection[TestResult]


# Snapshots and registrations list their deployments, so the way back is found late.
LazyRegistrations = list[Annotated["Registration", strawberry.lazy("schema.registrations.types")]] | None
LazyOptionalRegistration = Annotated["Registration", strawberry.lazy("schema.registrations.types")] | None
LazyOptionalRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None
LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")] | None


@strawberry.type(description="A step of a deployment")
class DeploymentStep:
    """See registry.deployment_records.DeploymentStep."""

    name: DeploymentStepName = attribute("The name of the step")
    state: StepState = attribute("The present state")
    started_at: datetime | None = attribute("The time at which the step began; null if it has not")
    ended_at: datetime | None = attribute("The time at which the step ended; null if it has not")
    detail: str | None = attribute("The outcome of the step, in a sentence; null if there is none")
    job: TransformJob | None = registry_relation(
        relations.transform_jobs_of_records,
        "The transform job of the rehearsal; null for other steps, or if it is gone",
    )


@strawberry.type(description="A ticket for a deployment")
class Ticket:
    """See registry.deployment_records.Ticket."""

    key: str = attribute("The key of the ticket in the approval system")
    url: str | None = attribute("The address of the ticket; null if it has no page")
    status: str = attribute("The status of the ticket, as the approval system names it")
    kind: TicketKind = attribute("The purpose of the ticket")


@strawberry.type(description="The decision about a deployment")
class DeploymentDecision:
    """See registry.deployment_records.DeploymentDecision."""

    outcome: DecisionOutcome = attribute("The outcome of the decision")
    by: str = attribute("The name of the person who decided")
    at: datetime = attribute("The time of the decision")
    comment: str | None = attribute("The comment of the decision; null for none")


@strawberry.type(description="An asset as it was when a deployment was verified")
class VerifiedAsset:
    """See registry.deployment_records.VerifiedAsset."""

    registration: LazyOptionalRegistration = registry_relation(
        relations.registrations_of_assets, "The registration of the asset; null if it was removed"
    )
    role: AssetRole = attribute("The asset's role for the model")
    name: str = attribute("The asset's name")
    fingerprint: str | None = attribute(
        "A digest of the text, or of the version of the object in S3; null if it could not be read"
    )
    s3_uri: str | None = attribute("The asset's address in S3; null for a text that the gateway keeps itself")


@strawberry.type(description="An action on a deployment that the caller may not take now")
class DeniedAction:
    """See resolvers.deployments.action_rules.DeniedAction."""

    action: DeploymentAction = attribute("The denied action")
    code: DenialCode = attribute("The first reason that applies")
    message: str = attribute("The reason and the remedy, in a sentence")


@represents(deployment_records.Deployment)
@strawberry.type(
    description="The way of a snapshot to an endpoint: verified assets, a rehearsal, an approval, a launch"
)
class Deployment(Node):
    """See registry.deployment_records.Deployment."""

    state: DeploymentState = attribute("The present state")
    trigger: DeploymentTrigger = attribute("The cause of the deployment")
    group: str = attribute("The group whose AWS role the deployment uses")
    account_id: str = attribute("The AWS account of the deployment")
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
        "The runtime that the deployment launched; null before the launch, or if it is gone",
    )
    runtime_name: str | None = attribute("The name of the launched runtime; null before it is chosen")
    requested_runtime_name: str | None = attribute("The name of the runtime that was requested; null for a new one")
    replaces: LazyOptionalSnapshot = registry_relation(
        relations.replaced_snapshots,
        "The snapshot that the requested runtime ran when approval was requested; null for a "
        "new runtime, before that request, or if it is gone",
    )
    replaces_name: str | None = attribute(
        "The name of the snapshot that is replaced; null for a new runtime, or before approval was requested"
    )
    reason: str | None = attribute(
        "The missing asset, failure or refusal, with the remedy, in a sentence; null if there is none"
    )
    steps: list[DeploymentStep] = attribute("The steps, in the order in which they are taken")
    tickets: list[Ticket] = attribute("The tickets of this deployment, oldest first")
    decision: DeploymentDecision | None = attribute("The decision about this deployment; null before there is one")
    test_result: TestResult | None = attribute("The outcome of the rehearsal; null before there is one")
    started_by: str = attribute("The caller who started this")
    started_at: datetime = attribute("The time at which this was started")
    ended_at: datetime | None = attribute("The time at which the deployment ended; null while it is under way")
    viewer_can: list[DeploymentAction] | None = registry_relation(
        viewer_actions,
        "The actions that the caller may take now, with any of their groups; without APPROVE "
        "and REJECT if another system approves",
    )
    viewer_cannot: list[DeniedAction] | None = registry_relation(
        viewer_denials,
        (
            "The actions that the caller may not take now with any of their groups, each with the "
            "reason that its mutation would give"
        ),
    )
    rollout: Rollout | None = registry_relation(
        relations.rollouts_of_deployments,
        "The plan by which the requested runtime is updated; null if none was requested",
    )
    assets: list[VerifiedAsset] | None = attribute(
        "The assets as they were verified; the deployment launches only while they are unchanged"
    )


DeploymentConnection = RecordConnection[Deployment]


@strawberry.input(description="The order of a list of deployments")
class DeploymentOrder:
    """See resolvers.deployments.pages.DeploymentOrder."""

    by: DeploymentOrderField | None = optional("The field that determines the order", DeploymentOrderField.STARTED)
    direction: Direction | None = optional("The direction of the order", Direction.DESC)

    def value(self) -> pages.DeploymentOrder:
        """The order's value; null means the default, as leaving it out does."""
        return pages.DeploymentOrder(self.by or DeploymentOrderField.STARTED, self.direction or Direction.DESC)


@strawberry.input(description="Filter of a list of deployments; all entries apply")
class DeploymentFilter:
    """See resolvers.deployments.pages.DeploymentQuery."""

    state: list[DeploymentState] | None = optional("In any of these states")
    snapshot_name: str | None = optional("The exact name of the deployed snapshot")
    viewer_can: DeploymentAction | None = optional("An action that the caller may take now")
    registration_id: strawberry.ID | None = optional("The id of the registration of one of the snapshot's models")
    group: str | None = optional("The group whose deployments are listed")
    runtime_name: str | None = optional("The exact name of the launched runtime")
    started_by: str | None = optional("The exact name of the caller who started the deployment")
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
