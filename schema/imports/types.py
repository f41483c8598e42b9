"""Import plans and import runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from registry import records
from registry.enums import ElementChange, ElementKind, ImportRunState
from resolvers.deployments.pages import deployments_of_import_runs
from resolvers.imports import runs
from resolvers.imports.pages import ImportRunQuery
from resolvers.lists.pages import page_of_sequence
from schema.connections import RecordConnection
from schema.enums import register_enum
from schema.fields import After, First, Info, attribute, computed, page_arguments, registry_relation, represents
from schema.inputs import optional
from schema.interfaces import Node
from schema.jobs.enums import MatchReason
from workflows.imports import plan

if TYPE_CHECKING:
    from schema.deployments.types import Deployment
    from schema.registrations.types import Registration


LazyOptionalRegistration = Annotated["Registration", strawberry.lazy("schema.registrations.types")] | None
LazyDeployments = list[Annotated["Deployment", strawberry.lazy("schema.deployments.types")]] | None

register_enum(
    ElementKind,
    "ElementKind",
    "The kinds of SageMaker resource that an import may bring in",
    {
        "MODEL": "A model",
        "SNAPSHOT": "A snapshot (endpoint configuration)",
        "RUNTIME": "A runtime (endpoint)",
        "TRAINING_JOB": "A training job",
        "TRANSFORM_JOB": "A batch transform job",
        "PROCESSING_JOB": "A processing job",
        "TUNING_JOB": "A hyper-parameter tuning job",
        "PIPELINE_EXECUTION": "An execution of a pipeline",
        "INFERENCE_COMPONENT": "An inference component",
        "MODEL_PACKAGE": "A version in the model registry",
    },
)
register_enum(
    ElementChange,
    "ElementChange",
    "The difference between an element and its last known state",
    {
        "ADDED": "It is new, or was gone and is back",
        "CHANGED": "It differs from its last known state",
        "UNCHANGED": "It equals its last known state",
        "VANISHED": "It is gone, or no longer belongs to the model",
    },
)
register_enum(
    ImportRunState,
    "ImportRunState",
    "The state of an import or sync",
    {
        "RUNNING": "Under way; it goes on by itself",
        "DONE": "Ended; problems lists the elements that could not be imported",
        "FAILED": "Ended without a result; phase says why",
    },
)


@strawberry.type(description="The reason why some elements of a kind could not be imported")
class ImportProblem:
    """See registry.records.ImportProblem."""

    kind: ElementKind = attribute("The kind")
    message: str = attribute("The cause, in a sentence")
    code: str = attribute(
        "A word for it, as errors have it: FORBIDDEN, THROTTLED, UPSTREAM_UNAVAILABLE or LIMIT_EXCEEDED; or a "
        "UserErrorCode for a snapshot that could not be made"
    )
    count: int = attribute("The number of elements affected, as far as it is known")


def _match(root: records.ImportChange) -> MatchReason | None:
    return MatchReason[root.match] if root.match else None


@strawberry.type(description="A change of an element that an import or sync finds")
class PlannedElement:
    """See registry.records.ImportChange."""

    kind: ElementKind = attribute("The element's kind")
    name: str = attribute("The element's name")
    arn: str = attribute("The element's ARN")
    change: ElementChange = attribute("Its change")
    match: MatchReason | None = computed(_match, "The reason why a job belongs to the model; null for other kinds")


PlannedElementConnection = RecordConnection[PlannedElement]


def _elements(root: plan.PlannedImport, info: Info, first: First = 50, after: After = None) -> Any:
    page = page_arguments(info.context, first, after, 50)
    return page_of_sequence(root.changes, ("ImportPlan.elements", root.model_name), page)


@strawberry.type(description="The effects that an import would have")
class ImportPlan:
    """See workflows.imports.plan.PlannedImport."""

    model_name: str = attribute("The model's name")
    exists: bool = attribute("True if the role can see such a model")
    already_imported: bool = attribute("True if the group has a registration of it, so that the import would be a sync")
    will_create_snapshot: str | None = attribute("The name of the snapshot that would be made; null for none")
    elements: PlannedElementConnection = computed(_elements, "The change of each element")
    problems: list[ImportProblem] = attribute("Elements that could not be read, and steps that would be left out")
    aws_calls: int | None = attribute(
        "The AWS calls that the plan took, and those that the import would add; facts that are known already cost none"
    )


@strawberry.input(description="Filter of a list of import runs")
class ImportRunFilter:
    """See resolvers.imports.pages.ImportRunQuery."""

    state: list[ImportRunState] | None = optional("Any of these states")
    group: str | None = optional("The group that imports")
    registration_id: strawberry.ID | None = optional("The id of the registration that it imports into")

    def value(self) -> ImportRunQuery:
        """The filter's value."""
        states = None if self.state is None else tuple(self.state)
        return ImportRunQuery(states=states, group=self.group, registration_id=self.registration_id)


def _changes(root: records.ImportRun, info: Info, first: First = 50, after: After = None) -> Any:
    return runs.changes_of_run(info.context, root, page_arguments(info.context, first, after, 50))


def _registration(root: records.ImportRun, info: Info) -> Any:
    return runs.registration_of_run(info.context, root)


@represents(records.ImportRun)
@strawberry.type(description="An import or sync, under way or ended; ask for it again through node")
class ImportRun(Node):
    """See registry.records.ImportRun."""

    state: ImportRunState = attribute("Its present state")
    phase: str = attribute("Its present step, or the reason of its failure, in words")
    done: int = attribute("The number of elements found so far")
    total: int | None = attribute("The number of all elements; null until it is known")
    started_by: str = attribute("The caller who started it")
    started_at: datetime = attribute("The time at which it was started")
    ended_at: datetime | None = attribute("The time at which it ended; null while it runs")
    registration: LazyOptionalRegistration = computed(_registration, "Its registration; null before there is one")
    changes: PlannedElementConnection | None = computed(
        _changes, "The elements that differ from their last known state; empty until everything has been read"
    )
    problems: list[ImportProblem] = attribute("Elements that could not be imported")
    deployments: LazyDeployments = registry_relation(
        deployments_of_import_runs, "The deployments that it started, the first hundred"
    )


ImportRunConnection = RecordConnection[ImportRun]
