"""Import plans and import runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from registry import records
from registry.enums import ElementChange, ImportRunState
from resolvers.deployments.pages import deployments_of_import_runs
from resolvers.imports import runs
from resolvers.lists import connections
from resolvers.lists.pages import page_of_sequence
from schema.connections import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection
from schema.enums import MatchReason, register_enum
from schema.fields import After, First, Info, attribute, backed_by, computed, page_arguments, registry_relation
from schema.interfaces import Node
from schema.registry_enums import ElementKind
from workflows.imports import plan

if TYPE_CHECKING:
    from schema.deployments.types import Deployment
    from schema.registrations.types import Registration


LazyOptionalRegistration = Annotated["Registration", strawberry.lazy("schema.registrations.types")] | None
LazyDeployments = list[Annotated["Deployment", strawberry.lazy("schema.deployments.types")]] | None

register_enum(
    ElementChange,
    "ElementChange",
    "What an import or sync finds about an element, held against what was known of it",
    {
        "ADDED": "It was not known, or had vanished",
        "CHANGED": "It is not as it was",
        "UNCHANGED": "It is as it was",
        "VANISHED": "It is gone, or belongs to the model no more",
    },
)
register_enum(
    ImportRunState,
    "ImportRunState",
    "How an import or sync stands",
    {
        "RUNNING": "Under way; it goes on by itself",
        "DONE": "Ended; problems has what could not be imported",
        "FAILED": "Ended without a result; phase says why",
    },
)


@backed_by(records.ImportProblem)
@strawberry.type(description="Why some elements of a kind could not be imported")
class ImportProblem:
    """See registry.records.ImportProblem."""

    kind: ElementKind = attribute("The kind")
    message: str = attribute("What stands against it, in a sentence")
    code: str = attribute("A word for it, as errors have it: FORBIDDEN, THROTTLED, LIMIT_EXCEEDED, …")
    count: int = attribute("How many elements it is about, as far as that is known")


def _match(root: records.ImportChange) -> MatchReason | None:
    return MatchReason[root.match] if root.match else None


@backed_by(records.ImportChange)
@strawberry.type(description="What an import or sync finds about one element")
class PlannedElement:
    """See registry.records.ImportChange."""

    kind: ElementKind = attribute("The element's kind")
    name: str = attribute("The element's name")
    arn: str = attribute("The element's ARN")
    change: ElementChange = attribute("What is found about it")
    match: MatchReason | None = computed(_match, "Why a job belongs to the model; null for what is no job")


@backed_by(connections.Edge)
@strawberry.type(description="What is found about an element, and its place in the list")
class PlannedElementEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: PlannedElement = attribute("What is found about the element")


@backed_by(connections.Connection)
@strawberry.type(description="A page of what is found about elements")
class PlannedElementConnection(RegistryConnection):
    """A connection."""

    edges: list[PlannedElementEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[PlannedElement] = attribute(NODES_DESCRIPTION)


def _elements(root: plan.PlannedImport, info: Info, first: First = 50, after: After = None) -> Any:
    page = page_arguments(info.context, first, after, 50)
    return page_of_sequence(root.changes, ("ImportPlan.elements", root.model_name), page)


@backed_by(plan.PlannedImport)
@strawberry.type(description="What an import would bring in and create")
class ImportPlan:
    """See workflows.imports.plan.PlannedImport."""

    model_name: str = attribute("The model's name")
    exists: bool = attribute("True where the role can see such a model")
    already_imported: bool = attribute(
        "True where the group has a registration of it, so that the import would be a sync"
    )
    will_create_snapshot: str | None = attribute("The name of the snapshot that would be made; null for none")
    elements: PlannedElementConnection = computed(_elements, "What would come of each element")
    problems: list[ImportProblem] = attribute("What could not be looked at, and what would be left out")
    aws_calls: int | None = attribute(
        "The calls to AWS that looking took, and those that the import would add; what is known already costs none"
    )


def _changes(root: records.ImportRun, info: Info, first: First = 50, after: After = None) -> Any:
    return runs.changes_of_run(info.context, root, page_arguments(info.context, first, after, 50))


def _registration(root: records.ImportRun, info: Info) -> Any:
    return runs.registration_of_run(info.context, root)


@backed_by(records.ImportRun)
@strawberry.type(description="An import or sync on its way, or ended; asked for again through node")
class ImportRun(Node):
    """See registry.records.ImportRun."""

    state: ImportRunState = attribute("How it stands")
    phase: str = attribute("What it is doing, or why it failed, in words")
    done: int = attribute("How many elements have been found")
    total: int | None = attribute("How many there are; null until that is known")
    started_by: str = attribute("Who started it")
    started_at: datetime = attribute("When it was started")
    ended_at: datetime | None = attribute("When it ended; null while it runs")
    registration: LazyOptionalRegistration = computed(_registration, "What came of it; null as long as there is none")
    changes: PlannedElementConnection | None = computed(
        _changes, "What it found that is not as it was; empty until it has looked at everything"
    )
    problems: list[ImportProblem] = attribute("What could not be imported")
    deployments: LazyDeployments = registry_relation(
        deployments_of_import_runs, "The deployments that it started, the first hundred"
    )
