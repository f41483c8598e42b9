"""Imports: what one would do, what one has done, and how far one is."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from registry import journal
from registry.words import ElementChange, ImportRunState
from resolvers import connections, import_runs
from resolvers.deployments import of_runs
from resolvers.record_pages import page_of_list
from schema.enums import MatchReason, enum
from schema.fields import After, First, Info, computed, own_relation, page_arguments, shown, shows
from schema.interfaces import Node
from schema.pages import CURSOR, EDGES, NODES, RegistryPage
from schema.registry_enums import ElementKind
from workflows.imports import plans

if TYPE_CHECKING:
    from schema.deployments import Deployment
    from schema.registrations import Registration

ARegistration = Annotated["Registration", strawberry.lazy("schema.registrations")] | None
Deployments = list[Annotated["Deployment", strawberry.lazy("schema.deployments")]] | None

enum(
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
enum(
    ImportRunState,
    "ImportRunState",
    "How an import or sync stands",
    {
        "RUNNING": "Under way; it goes on by itself",
        "DONE": "Ended; problems has what could not be imported",
        "FAILED": "Ended without a result; phase says why",
    },
)


@shows(journal.ImportProblem)
@strawberry.type(description="Why some elements of a kind could not be imported")
class ImportProblem:
    """See registry.journal.ImportProblem."""

    kind: ElementKind = shown("The kind")
    message: str = shown("What stands against it, in a sentence")
    code: str = shown("A word for it, as errors have it: FORBIDDEN, THROTTLED, LIMIT_EXCEEDED, …")
    count: int = shown("How many elements it is about, as far as that is known")


def _match(root: journal.ImportChange) -> MatchReason | None:
    return MatchReason[root.match] if root.match else None


@shows(journal.ImportChange)
@strawberry.type(description="What an import or sync finds about one element")
class PlannedElement:
    """See registry.journal.ImportChange."""

    kind: ElementKind = shown("The element's kind")
    name: str = shown("The element's name")
    arn: str = shown("The element's ARN")
    change: ElementChange = shown("What is found about it")
    match: MatchReason | None = computed(_match, "Why a job belongs to the model; null for what is no job")


@shows(connections.Edge)
@strawberry.type(description="What is found about an element, and its place in the list")
class PlannedElementEdge:
    """An edge."""

    cursor: str = shown(CURSOR)
    node: PlannedElement = shown("What is found about the element")


@shows(connections.Connection)
@strawberry.type(description="A page of what is found about elements")
class PlannedElementConnection(RegistryPage):
    """A connection."""

    edges: list[PlannedElementEdge] = shown(EDGES)
    nodes: list[PlannedElement] = shown(NODES)


def _elements(root: plans.ImportPlan, info: Info, first: First = 50, after: After = None) -> Any:
    page = page_arguments(info.context, first, after, 50)
    return page_of_list(root.changes, ("ImportPlan.elements", root.model_name), page)


@shows(plans.ImportPlan)
@strawberry.type(description="What an import would bring in and create")
class ImportPlan:
    """See workflows.imports.plans.ImportPlan."""

    model_name: str = shown("The model's name")
    exists: bool = shown("True where the role can see such a model")
    already_imported: bool = shown("True where the group has a registration of it, so that the import would be a sync")
    will_create_snapshot: str | None = shown("The name of the snapshot that would be made; null for none")
    elements: PlannedElementConnection = computed(_elements, "What would come of each element")
    problems: list[ImportProblem] = shown("What could not be looked at, and what would be left out")
    aws_calls: int | None = shown(
        "The calls to AWS that looking took, and those that the import would add; what is known already costs none"
    )


def _changes(root: journal.ImportRun, info: Info, first: First = 50, after: After = None) -> Any:
    return import_runs.changes(info.context, root, page_arguments(info.context, first, after, 50))


def _registration(root: journal.ImportRun, info: Info) -> Any:
    return import_runs.registration(info.context, root)


@shows(journal.ImportRun)
@strawberry.type(description="An import or sync on its way, or ended; asked for again through node")
class ImportRun(Node):
    """See registry.journal.ImportRun."""

    state: ImportRunState = shown("How it stands")
    phase: str = shown("What it is doing, or why it failed, in words")
    done: int = shown("How many elements have been found")
    total: int | None = shown("How many there are; null until that is known")
    started_by: str = shown("Who started it")
    started_at: datetime = shown("When it was started")
    ended_at: datetime | None = shown("When it ended; null while it runs")
    registration: ARegistration = computed(_registration, "What came of it; null as long as there is none")
    changes: PlannedElementConnection | None = computed(
        _changes, "What it found that is not as it was; empty until it has looked at everything"
    )
    problems: list[ImportProblem] = shown("What could not be imported")
    deployments: Deployments = own_relation(of_runs, "The deployments that it started, the first hundred")
