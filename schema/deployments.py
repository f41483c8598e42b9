"""Deployments: a snapshot's way to an endpoint, step by step."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from registry import records
from resolvers import connections, deployment_relations
from schema.fields import attribute, backed_by, registry_relation
from schema.interfaces import Node
from schema.jobs import TransformJob
from schema.pages import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection
from schema.registry_enums import (
    DecisionOutcome,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    StepState,
    TicketKind,
)
from schema.rehearsals import TestResult

if TYPE_CHECKING:
    from schema.registrations import Registration
    from schema.runtimes import Runtime
    from schema.snapshots import Snapshot

# Snapshots and registrations list their deployments, so the way back is found late.
LazyRegistrations = list[Annotated["Registration", strawberry.lazy("schema.registrations")]] | None
LazyOptionalRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None
LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots")] | None


@backed_by(records.DeploymentStep)
@strawberry.type(description="A step of a deployment")
class DeploymentStep:
    """See registry.records.DeploymentStep."""

    name: DeploymentStepName = attribute("Which step it is")
    state: StepState = attribute("How it stands")
    started_at: datetime | None = attribute("When it began; null where it has not")
    ended_at: datetime | None = attribute("When it ended; null where it has not")
    detail: str | None = attribute("What came of it, in a sentence")
    job: TransformJob | None = registry_relation(
        deployment_relations.transform_jobs_of_records,
        "The transform job of a rehearsal; null where there is none or it is gone",
    )


@backed_by(records.Ticket)
@strawberry.type(description="A ticket that was filed for a deployment")
class Ticket:
    """See registry.records.Ticket."""

    key: str = attribute("Its key in the system that keeps it")
    url: str | None = attribute("Its page there")
    status: str = attribute("Its status, in that system's own word")
    kind: TicketKind = attribute("What it is for")


@backed_by(records.DeploymentDecision)
@strawberry.type(description="What was decided about a deployment")
class DeploymentDecision:
    """See registry.records.DeploymentDecision."""

    outcome: DecisionOutcome = attribute("What was decided")
    by: str = attribute("Who decided")
    at: datetime = attribute("When it was decided")
    comment: str | None = attribute("What was said with it")


@backed_by(records.Deployment)
@strawberry.type(description="A snapshot's way to an endpoint")
class Deployment(Node):
    """See registry.records.Deployment."""

    state: DeploymentState = attribute("How it stands")
    trigger: DeploymentTrigger = attribute("What started it")
    group: str = attribute("The group whose role it runs as")
    account_id: str = attribute("The AWS account of that role")
    region: str = attribute("The AWS region")
    registrations: LazyRegistrations = registry_relation(
        deployment_relations.registrations_of_deployments,
        "The registrations of the snapshot's models; a removed one is left out",
    )
    snapshot: LazyOptionalSnapshot = registry_relation(
        deployment_relations.snapshots_of_deployments, "The snapshot that is on its way; null where it is gone"
    )
    snapshot_name: str = attribute("The snapshot's name")
    runtime: LazyOptionalRuntime = registry_relation(
        deployment_relations.runtimes_of_deployments,
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
