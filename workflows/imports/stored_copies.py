"""Copies of SageMaker resources for the registry: complete except for secrets, and readable as resources."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from math import isfinite
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from aws.kinds.catalog import AnyResource
from aws.kinds.inference_components import InferenceComponent, InferenceComponentDetail
from aws.kinds.model_packages import ModelPackage, ModelPackageDetail
from aws.kinds.models import Model, ModelDetail
from aws.kinds.pipeline_executions import PipelineExecution, PipelineExecutionDetail
from aws.kinds.processing_jobs import ProcessingJob, ProcessingJobDetail
from aws.kinds.resource import Tag
from aws.kinds.runtimes import Runtime, RuntimeDetail
from aws.kinds.snapshots import Snapshot, SnapshotDetail
from aws.kinds.training_jobs import TrainingJob, TrainingJobDetail
from aws.kinds.transform_jobs import TransformJob, TransformJobDetail
from aws.kinds.tuning_jobs import TuningJob, TuningJobDetail
from registry.enums import ElementKind
from workflows.imports.errors import UnreadableCopyError

# The resource's class and that of its detail; the latter is read by itself, as its type is a variable of the former.
_RESOURCE_TYPES: Final[Mapping[ElementKind, tuple[Any, Any]]] = {
    ElementKind.MODEL: (Model, ModelDetail),
    ElementKind.SNAPSHOT: (Snapshot, SnapshotDetail),
    ElementKind.RUNTIME: (Runtime, RuntimeDetail),
    ElementKind.TRAINING_JOB: (TrainingJob, TrainingJobDetail),
    ElementKind.TRANSFORM_JOB: (TransformJob, TransformJobDetail),
    ElementKind.INFERENCE_COMPONENT: (InferenceComponent, InferenceComponentDetail),
    ElementKind.MODEL_PACKAGE: (ModelPackage, ModelPackageDetail),
    ElementKind.PROCESSING_JOB: (ProcessingJob, ProcessingJobDetail),
    ElementKind.TUNING_JOB: (TuningJob, TuningJobDetail),
    ElementKind.PIPELINE_EXECUTION: (PipelineExecution, PipelineExecutionDetail),
}
# Environment variables and hyper-parameters may hold secrets: their names are kept, their values are not.
_SECRET_FIELDS: Final = frozenset({"environment_values", "hyper_parameter_values"})
# Tags as they are kept: pairs of key and value.
_TAGS: Final[Any] = tuple[tuple[str, str], ...]
# The texts by which AWS spells numbers that are not finite.
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})
# The time of reading and the scope are no part of the resource.
_TRANSIENT_FIELDS: Final = frozenset({"as_of", "scope"})


def element_kind_of(resource: AnyResource) -> ElementKind:
    """The registry's word for the resource's kind."""
    return ElementKind[resource.kind.name]


def stored_copy(resource: AnyResource, tags: Sequence[Tag] | None) -> Mapping[str, object]:
    """A copy of a described resource and its tags, as JSON.

    Args:
        resource: The resource, with its detail.
        tags: Its tags; None if they could not be read.
    """
    shape, _ = _RESOURCE_TYPES[element_kind_of(resource)]
    whole = _without_secrets(_adapter(shape).dump_python(resource, mode="json"))
    return {**whole, "tags": None if tags is None else [[tag.key, tag.value] for tag in tags]}


def resource_from_copy(kind: ElementKind, stored: Mapping[str, Any], scope: str, as_of: datetime) -> AnyResource:
    """The resource of a copy, as it was.

    Args:
        kind: Its kind.
        stored: The copy.
        scope: The key under which the request can tell that it comes from the registry.
        as_of: When it was last read from AWS.

    Raises:
        UnreadableCopyError: It was made by another version of the gateway.
    """
    resource, detail = summary_from_copy(kind, stored, scope, as_of), stored.get("detail")
    if detail is None:
        return resource
    known: AnyResource = replace(resource, detail=_validated(_RESOURCE_TYPES[kind][1], _with_scope(detail, scope)))
    return known


def summary_from_copy(kind: ElementKind, stored: Mapping[str, Any], scope: str, as_of: datetime) -> AnyResource:
    """Read the stored copy of a resource without its detail, the larger part, which changes more between versions.

    Args:
        kind: The resource's kind.
        stored: The copy.
        scope: The scope that the resource is to carry.
        as_of: When it was last read from AWS.

    Raises:
        UnreadableCopyError: It was made by another version of the gateway.
    """
    filled = {name: value for name, value in stored.items() if name not in {"tags", "detail"}}
    resource: AnyResource = _validated(
        _RESOURCE_TYPES[kind][0], {**filled, "scope": scope, "as_of": as_of, "detail": None}
    )
    return resource


def _validated(shape: Any, value: Any) -> Any:
    try:
        return _adapter(shape).validate_python(value)
    except ValidationError as error:
        # Its message would repeat values of the copy.
        raise UnreadableCopyError("The copy was made by another version of the gateway.") from error


def tags_from_copy(stored: Mapping[str, Any]) -> tuple[Tag, ...] | None:
    """The tags of a stored copy; None if they were not or could not be read when it was made.

    Raises:
        UnreadableCopyError: It was made by another version of the gateway.
    """
    tags = stored.get("tags")
    return None if tags is None else tuple(Tag(key, value) for key, value in _validated(_TAGS, tags))


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: [[key, ""] for key, _ in element] if name in _SECRET_FIELDS else _without_secrets(element)
        for name, element in value.items()
        if name not in _TRANSIENT_FIELDS
    }


def _with_scope(value: Any, scope: str) -> Any:
    """Put the scope back into each part of a resource that carries it, and null for numbers that are not finite.

    Copies of earlier gateways may hold such numbers; they are left out when AWS's answers are read now.
    """
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list):
        return [_with_scope(item, scope) for item in value]
    if not isinstance(value, dict):
        return value
    restored = {name: _with_scope(element, scope) for name, element in value.items()}
    if restored.get("value") in _NOT_FINITE:
        restored["value"] = None
    return {**restored, "scope": scope}
