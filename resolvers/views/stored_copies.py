"""Resources and tags rebuilt from stored copies."""

from collections.abc import Mapping
from typing import Any

from aws.client.errors import UnavailableError
from aws.ids import split_arn
from aws.inventory.tag_cache import TagsResult
from aws.kinds.catalog import API_NAMES, AnyResource
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.models import Model
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.processing_jobs import ProcessingJob
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import (
    InferenceComponentStatus,
    JobStatus,
    ModelPackageStatus,
    PipelineExecutionStatus,
    RuntimeStatus,
    parse_status,
)
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.kinds.tuning_jobs import TuningJob
from registry.enums import ElementKind
from registry.records import ImportedElement
from workflows.imports.errors import UnreadableCopyError
from workflows.imports.stored_copies import resource_from_copy, summary_from_copy, tags_from_copy


def element_resource(element: ImportedElement, scope: str) -> AnyResource:
    """The resource of an element as last read: complete, without details, or only with the facts of its row.

    Args:
        element: The element.
        scope: The key of the registration's stored view, which the resource carries as its scope.
    """
    for read in (resource_from_copy, summary_from_copy):
        try:
            return read(element.kind, element.stored, scope, element.last_seen_at)
        except UnreadableCopyError:
            continue
    return _from_row(element, scope)


def element_tags(element: ImportedElement) -> TagsResult:
    """The tags of an element as they were last read, or the error that says why there are none to show."""
    try:
        tags = tags_from_copy(element.stored)
    except UnreadableCopyError:
        tags = None
    return (
        tags
        if tags is not None
        else UnavailableError(
            f"The tags of {_noun_and_name(element)} were not kept at the import, and cannot be read from AWS now.",
            operation="ListTags",
        )
    )


def unreadable_copy(kind: Kind, name: str) -> UnavailableError:
    """Build the error of a copy without a readable detail, of the resource of this kind and name."""
    spelling = API_NAMES[kind]
    return UnavailableError(
        f"The stored copy of the {spelling.noun} `{name}` was made by another version of the gateway, which this "
        "one cannot read; sync the registration once AWS answers.",
        operation=spelling.describe_operation,
    )


def _from_row(element: ImportedElement, scope: str) -> AnyResource:
    """Build the resource from its row; of its status, the registry keeps at most SageMaker's word."""
    common = _common_fields(element, scope)
    status = element.stored.get("raw_status")
    word = status if isinstance(status, str) else "Unknown"
    match element.kind:
        case ElementKind.MODEL:
            return Model(**common)
        case ElementKind.SNAPSHOT:
            return Snapshot(**common)
        case ElementKind.RUNTIME:
            status = parse_status(RuntimeStatus, word)
            return Runtime(**common, status=status, raw_status=word, last_modified_time=None)
        case ElementKind.INFERENCE_COMPONENT:
            return InferenceComponent(
                **common,
                status=parse_status(InferenceComponentStatus, word),
                raw_status=word,
                last_modified_time=None,
                runtime_name=str(element.stored.get("runtime_name") or ""),
                variant_name=None,
            )
    return _other_of(element.kind, common, word)


def _common_fields(element: ImportedElement, scope: str) -> dict[str, Any]:
    """The fields that resources of every kind have."""
    _, region, account = split_arn(element.arn)
    return {
        "scope": scope,
        "name": element.name,
        "arn": element.arn,
        "account_id": account,
        "region": region,
        "creation_time": element.created_at,
        "as_of": element.last_seen_at,
    }


def _other_of(kind: ElementKind, common: Mapping[str, Any], word: str) -> AnyResource:
    if kind is ElementKind.MODEL_PACKAGE:
        return _package_of(common, word)
    if kind is ElementKind.PIPELINE_EXECUTION:
        return _execution_of(common, word)
    return _job_of(kind, common, word)


def _job_of(kind: ElementKind, common: Mapping[str, Any], word: str) -> AnyResource:
    fields: dict[str, Any] = {
        **common,
        "status": parse_status(JobStatus, word),
        "raw_status": word,
        "end_time": None,
        "last_modified_time": None,
    }
    match kind:
        case ElementKind.TRAINING_JOB:
            return TrainingJob(**fields, secondary_status=None)
        case ElementKind.PROCESSING_JOB:
            return ProcessingJob(**fields)
        case ElementKind.TUNING_JOB:
            return TuningJob(**fields, strategy=None)
    return TransformJob(**fields)


def _execution_of(common: Mapping[str, Any], word: str) -> PipelineExecution:
    """An execution of which nothing but its name, start and status is known."""
    return PipelineExecution(
        **common,
        status=parse_status(PipelineExecutionStatus, word),
        raw_status=word,
        display_name=None,
        start_time=common["creation_time"],
    )


def _package_of(common: Mapping[str, Any], word: str) -> ModelPackage:
    """A version of which nothing but its name and status is known."""
    return ModelPackage(
        **common,
        package_group_name=None,
        version=None,
        description=None,
        status=parse_status(ModelPackageStatus, word),
        raw_status=word,
        approval_status=None,
        stage=None,
        stage_status=None,
    )


def _noun_and_name(element: ImportedElement) -> str:
    return f"the {API_NAMES[Kind[element.kind.name]].noun} `{element.name}`"
