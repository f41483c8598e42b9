"""Deployments: types, test results and filter."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from registry import deployment_records
from resolvers.deployments import relations
from resolvers.deployments.pages import DeploymentQuery
from resolvers.lists import connections
from schema.connections import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection
from schema.fields import attribute, backed_by, registry_relation
from schema.inputs import optional
from schema.interfaces import Node
from schema.jobs.types import TransformJob
from schema.registry_enums import (
    AssetRole,
    DecisionOutcome,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    StepState,
    TicketKind,
)

if TYPE_CHECKING:
    from schema.registrations.types import Registration
    from schema.runtimes import Runtime
    from schema.snapshots.types import Snapshot


@backed_by(deployment_records.TestCheck)
@strawberry.type(description="One comparison of a rehearsal")
class TestCheck:
    """See registry.deployment_records.TestCheck."""

    name: str = attribute("What was compared")
    passed: bool = attribute("True where it was as expected")
    expected: str | None = attribute("What was expected")
    actual: str | None = attribute("What came")


@backed_by(deployment_records.TestResult)
@strawberry.type(description="The outcome of a rehearsal")
class TestResult(Node):
    """See registry.deployment_records.TestResult."""

    at: datetime = attribute("When it was found")
    passed: bool = attribute("True where every check passed")
    job: TransformJob | None = registry_relation(
        relations.transform_jobs_of_records, "The transform job that it rests on; null where that is gone"
    )
    output_s3_uri: str | None = attribute("Where that job wrote in S3")
    checks: list[TestCheck] = attribute("Each comparison")


@backed_by(connections.Edge)
@strawberry.type(description="A test result and its place in a list")
class TestResultEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: TestResult = attribute("The test result")


@backed_by(connections.Connection)
@strawberry.type(description="A page of test results")
class TestResultConnection(RegistryConnection):
    """A connection."""

    edges: list[TestResultEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[TestResult] = attribute(NODES_DESCRIPTION)


# Snapshots and registrations list their deployments, so the way back is found late.
LazyRegistrations = list[Annotated["Registration", strawberry.lazy("schema.registrations.types")]] | None
LazyOptionalRegistration = Annotated["Registration", strawberry.lazy("schema.registrations.types")] | None
LazyOptionalRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None
LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots.types")] | None


@backed_by(deployment_records.DeploymentStep)
@strawberry.type(description="A step of a deployment")
class DeploymentStep:
    """See registry.deployment_records.DeploymentStep."""

    name: DeploymentStepName = attribute("Which step it is")
    state: StepState = attribute("How it stands")
    started_at: datetime | None = attribute("When it began; null where it has not")
    ended_at: datetime | None = attribute("When it ended; null where it has not")
    detail: str | None = attribute("What came of it, in a sentence")
    job: TransformJob | None = registry_relation(
        relations.transform_jobs_of_records,
        "The transform job of a rehearsal; null where there is none or it is gone",
    )


@backed_by(deployment_records.Ticket)
@strawberry.type(description="A ticket that was filed for a deployment")
class Ticket:
    """See registry.deployment_records.Ticket."""

    key: str = attribute("Its key in the system that keeps it")
    url: str | None = attribute("Its page there")
    status: str = attribute("Its status, in that system's own word")
    kind: TicketKind = attribute("What it is for")


@backed_by(deployment_records.DeploymentDecision)
@strawberry.type(description="What was decided about a deployment")
class DeploymentDecision:
    """See registry.deployment_records.DeploymentDecision."""

    outcome: DecisionOutcome = attribute("What was decided")
    by: str = attribute("Who decided")
    at: datetime = attribute("When it was decided")
    comment: str | None = attribute("What was said with it")


@backed_by(deployment_records.VerifiedAsset)
@strawberry.type(description="An asset as it was when a deployment was verified")
class VerifiedAsset:
    """See registry.deployment_records.VerifiedAsset."""

    registration: LazyOptionalRegistration = registry_relation(
        relations.registrations_of_assets, "The registration that it belongs to; null if that was removed"
    )
    role: AssetRole = attribute("What it is to the model")
    name: str = attribute("Its name")
    fingerprint: str | None = attribute(
        "A digest of the text, or of the version of what is in S3; null if it could not be read"
    )
    s3_uri: str | None = attribute("Where it is in S3; null for text that the gateway holds itself")


@backed_by(deployment_records.Deployment)
@strawberry.type(description="A snapshot's way to an endpoint")
class Deployment(Node):
    """See registry.deployment_records.Deployment."""

    state: DeploymentState = attribute("How it stands")
    trigger: DeploymentTrigger = attribute("What started it")
    group: str = attribute("The group whose role it runs as")
    account_id: str = attribute("The AWS account of that role")
    region: str = attribute("The AWS region")
    registrations: LazyRegistrations = registry_relation(
        relations.registrations_of_deployments,
        "The registrations of the snapshot's models; a removed one is left out",
    )
    snapshot: LazyOptionalSnapshot = registry_relation(
        relations.snapshots_of_deployments, "The snapshot that is on its way; null where it is gone"
    )
    snapshot_name: str = attribute("The snapshot's name")
    runtime: LazyOptionalRuntime = registry_relation(
        relations.runtimes_of_deployments,
        "The runtime that it has become; null where there is none yet or it is gone",
    )
    runtime_name: str | None = attribute("The runtime's name, once it is known")
    reason: str | None = attribute("What is missing, failed or was refused, in a sentence that names the remedy")
    steps: list[DeploymentStep] = attribute("Its steps, in their order")
    tickets: list[Ticket] = attribute("The tickets that were filed for it, oldest first")
    decision: DeploymentDecision | None = attribute("What was decided about it; null until it is")
    test_result: TestResult | None = attribute("The outcome of its rehearsal; null until there is one")
    started_by: str = attribute("Who started it")
    started_at: datetime = attribute("When it was started")
    ended_at: datetime | None = attribute("When it ended; null while it goes on")
    assets: list[VerifiedAsset] | None = attribute("The assets as they were verified; it does not launch on others")


@backed_by(connections.Edge)
@strawberry.type(description="A deployment and its place in a list")
class DeploymentEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: Deployment = attribute("The deployment")


@backed_by(connections.Connection)
@strawberry.type(description="A page of deployments")
class DeploymentConnection(RegistryConnection):
    """A connection."""

    edges: list[DeploymentEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[Deployment] = attribute(NODES_DESCRIPTION)


@strawberry.input(description="Which deployments to list; entries all apply")
class DeploymentFilter:
    """See resolvers.deployments.pages.DeploymentQuery."""

    state: list[DeploymentState] | None = optional("How they stand: any of these")
    snapshot_name: str | None = optional("The snapshot's name, exactly")
    registration_id: strawberry.ID | None = optional("The id of the registration of one of the snapshot's models")

    def value(self) -> DeploymentQuery:
        """The filter's value."""
        return DeploymentQuery(
            states=None if self.state is None else tuple(self.state),
            snapshot_name=self.snapshot_name,
            registration_id=self.registration_id,
        )
