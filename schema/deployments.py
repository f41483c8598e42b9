"""Deployments: a snapshot's way to an endpoint, step by step."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from registry import records
from resolvers import connections, deployment_relations
from schema.fields import own_relation, shown, shows
from schema.interfaces import Node
from schema.jobs import TransformJob
from schema.pages import CURSOR, EDGES, NODES, RegistryPage
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
Registrations = list[Annotated["Registration", strawberry.lazy("schema.registrations")]] | None
OneRuntime = Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None
OneSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots")] | None


@shows(records.DeploymentStep)
@strawberry.type(description="A step of a deployment")
class DeploymentStep:
    """See registry.records.DeploymentStep."""

    name: DeploymentStepName = shown("Which step it is")
    state: StepState = shown("How it stands")
    started_at: datetime | None = shown("When it began; null where it has not")
    ended_at: datetime | None = shown("When it ended; null where it has not")
    detail: str | None = shown("What came of it, in a sentence")
    job: TransformJob | None = own_relation(
        deployment_relations.jobs, "The transform job of a rehearsal; null where there is none or it is gone"
    )


@shows(records.Ticket)
@strawberry.type(description="A ticket that was filed for a deployment")
class Ticket:
    """See registry.records.Ticket."""

    key: str = shown("Its key in the system that keeps it")
    url: str | None = shown("Its page there")
    status: str = shown("Its status, in that system's own word")
    kind: TicketKind = shown("What it is for")


@shows(records.DeploymentDecision)
@strawberry.type(description="What was decided about a deployment")
class DeploymentDecision:
    """See registry.records.DeploymentDecision."""

    outcome: DecisionOutcome = shown("What was decided")
    by: str = shown("Who decided")
    at: datetime = shown("When it was decided")
    comment: str | None = shown("What was said with it")


@shows(records.Deployment)
@strawberry.type(description="A snapshot's way to an endpoint")
class Deployment(Node):
    """See registry.records.Deployment."""

    state: DeploymentState = shown("How it stands")
    trigger: DeploymentTrigger = shown("What started it")
    group: str = shown("The group whose role it runs as")
    account_id: str = shown("The AWS account of that role")
    region: str = shown("The AWS region")
    registrations: Registrations = own_relation(
        deployment_relations.registrations_of, "The registrations of the snapshot's models; a removed one is left out"
    )
    snapshot: OneSnapshot = own_relation(
        deployment_relations.snapshots, "The snapshot that is on its way; null where it is gone"
    )
    snapshot_name: str = shown("The snapshot's name")
    runtime: OneRuntime = own_relation(
        deployment_relations.runtimes, "The runtime that it has become; null where there is none yet or it is gone"
    )
    runtime_name: str | None = shown("The runtime's name, once it is known")
    reason: str | None = shown("What is missing, failed or was refused, in a sentence that names the remedy")
    steps: list[DeploymentStep] = shown("Its steps, in their order")
    tickets: list[Ticket] = shown("The tickets that were filed for it, oldest first")
    decision: DeploymentDecision | None = shown("What was decided about it; null until it is")
    test_result: TestResult | None = shown("The outcome of its rehearsal; null until there is one")
    started_by: str = shown("Who started it")
    started_at: datetime = shown("When it was started")
    ended_at: datetime | None = shown("When it ended; null while it goes on")


@shows(connections.Edge)
@strawberry.type(description="A deployment and its place in a list")
class DeploymentEdge:
    """An edge."""

    cursor: str = shown(CURSOR)
    node: Deployment = shown("The deployment")


@shows(connections.Connection)
@strawberry.type(description="A page of deployments")
class DeploymentConnection(RegistryPage):
    """A connection."""

    edges: list[DeploymentEdge] = shown(EDGES)
    nodes: list[Deployment] = shown(NODES)
