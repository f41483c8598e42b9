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
    "A kind of SageMaker resource that an import can bring in",
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
        "ADDED": "The element is new, or was gone and is back",
        "CHANGED": "The element differs from its last known state",
        "UNCHANGED": "The element equals its last known state",
        "VANISHED": "The element is gone, or no longer belongs to the model",
    },
)
register_enum(
    ImportRunState,
    "ImportRunState",
    "The state of an import or sync",
    {
        "RUNNING": "Under way",
        "DONE": "Ended; `problems` lists the elements that could not be imported",
        "FAILED": "Ended without a result; see `phase`",
    },
)


@strawberry.type(description="The reason for which elements of a kind could not be imported")
class ImportProblem:
    """See registry.records.ImportProblem."""

    kind: ElementKind = attribute("The kind of the elements")
    message: str = attribute("The cause, in a sentence")
    code: str = attribute(
        "The code of the cause: FORBIDDEN, THROTTLED, UPSTREAM_UNAVAILABLE or LIMIT_EXCEEDED; "
        "a UserErrorCode if a snapshot could not be made"
    )
    count: int = attribute("The number of affected elements, as far as it is known")


def _match(root: records.ImportChange) -> MatchReason | None:
    return MatchReason[root.match] if root.match else None


@strawberry.type(description="An element that an import or sync found, with its change")
class PlannedElement:
    """See registry.records.ImportChange."""

    kind: ElementKind = attribute("The element's kind")
    name: str = attribute("The element's name")
    arn: str = attribute("The element's ARN")
    change: ElementChange = attribute("The difference from its last known state")
    match: MatchReason | None = computed(
        _match, "The reason for which a job belongs to the model; null for other kinds"
    )


PlannedElementConnection = RecordConnection[PlannedElement]


def _elements(root: plan.PlannedImport, info: Info, first: First = 50, after: After = None) -> Any:
    page = page_arguments(info.context, first, after, 50)
    return page_of_sequence(root.changes, ("ImportPlan.elements", root.model_name), page)


@strawberry.type(description="The effects that an import would have")
class ImportPlan:
    """See workflows.imports.plan.PlannedImport."""

    model_name: str = attribute("The model's name")
    exists: bool = attribute("True if the role can see the model")
    already_imported: bool = attribute(
        "True if the group has imported this model already, so that the import is a sync"
    )
    will_create_snapshot: str | None = attribute("The name of the snapshot that the import would make; null for none")
    elements: PlannedElementConnection = computed(
        _elements, "The elements that the import would find, each with its change"
    )
    problems: list[ImportProblem] = attribute("The elements that cannot be read, and the steps that would be left out")
    aws_calls: int | None = attribute(
        "The AWS calls of this plan and of the import after it; facts that are known already cost none"
    )


@strawberry.input(description="Filter of a list of import runs; all entries apply")
class ImportRunFilter:
    """See resolvers.imports.pages.ImportRunQuery."""

    state: list[ImportRunState] | None = optional("In any of these states")
    group: str | None = optional("The group that imports")
    registration_id: strawberry.ID | None = optional("The id of the registration that the run imports into")

    def value(self) -> ImportRunQuery:
        """The filter's value."""
        states = None if self.state is None else tuple(self.state)
        return ImportRunQuery(states=states, group=self.group, registration_id=self.registration_id)


def _changes(root: records.ImportRun, info: Info, first: First = 50, after: After = None) -> Any:
    return runs.changes_of_run(info.context, root, page_arguments(info.context, first, after, 50))


def _registration(root: records.ImportRun, info: Info) -> Any:
    return runs.registration_of_run(info.context, root)


@represents(records.ImportRun)
@strawberry.type(description="An import or sync of a model, under way or ended")
class ImportRun(Node):
    """See registry.records.ImportRun."""

    state: ImportRunState = attribute("The present state")
    phase: str = attribute("The present step, or the reason of the failure, in words")
    done: int = attribute("The number of elements found so far")
    total: int | None = attribute("The number of all elements; null before it is known")
    started_by: str = attribute("The caller who started this")
    started_at: datetime = attribute("The time at which this was started")
    ended_at: datetime | None = attribute("The time at which the run ended; null while it is under way")
    registration: LazyOptionalRegistration = computed(
        _registration, "The registration that the run imports into; null before there is one"
    )
    changes: PlannedElementConnection | None = computed(
        _changes, "The elements that differ from their last known state; empty before all were read"
    )
    problems: list[ImportProblem] = attribute("The elements that could not be imported, by kind and cause")
    deployments: LazyDeployments = registry_relation(
        deployments_of_import_runs, "The deployments that the run started, at most the first 100"
    )


ImportRunConnection = RecordConnection[ImportRun]
