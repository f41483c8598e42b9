"""Catalog of all kinds: their descriptors, the union of their types, and functions for a resource of any kind.

A new kind is one module beside this one and one entry in KINDS.
"""

from collections.abc import Mapping
from typing import Any

from aws.kinds import (
    inference_components,
    model_packages,
    models,
    pipeline_executions,
    processing_jobs,
    runtimes,
    snapshots,
    training_jobs,
    transform_jobs,
    tuning_jobs,
)
from aws.kinds.descriptor import KindDescriptor, Link, LinkType
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import JOB_KINDS, Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.models import Model
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.processing_jobs import ProcessingJob
from aws.kinds.resource import name_in_arn
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.kinds.tuning_jobs import TuningJob

JOB_TYPES = (TrainingJob, TransformJob, ProcessingJob, TuningJob)
AnyJob = TrainingJob | TransformJob | ProcessingJob | TuningJob
AnyResource = Model | Snapshot | Runtime | AnyJob | InferenceComponent | ModelPackage | PipelineExecution

KINDS: Mapping[Kind, KindDescriptor[Any]] = {
    descriptor.kind: descriptor
    for descriptor in (
        models.DESCRIPTOR,
        snapshots.DESCRIPTOR,
        runtimes.DESCRIPTOR,
        training_jobs.DESCRIPTOR,
        transform_jobs.DESCRIPTOR,
        inference_components.DESCRIPTOR,
        model_packages.DESCRIPTOR,
        processing_jobs.DESCRIPTOR,
        tuning_jobs.DESCRIPTOR,
        pipeline_executions.DESCRIPTOR,
    )
}
API_NAMES = {kind: descriptor.api for kind, descriptor in KINDS.items()}
_KINDS_BY_ARN_TYPE = {names.arn_type: kind for kind, names in API_NAMES.items()}


def kind_and_name(arn: str) -> tuple[Kind, str] | None:
    """Give the kind of the resource in an ARN, and its name as the ARN has it; None for an unsupported kind."""
    kind = _KINDS_BY_ARN_TYPE.get(arn.split(":", 5)[-1].partition("/")[0])
    return None if kind is None else (kind, name_in_arn(arn))


def is_settled(resource: AnyResource) -> bool:
    """Tell whether a resource stays unchanged until somebody changes it."""
    return KINDS[resource.kind].is_settled(resource)


def is_unsettled_job(resource: AnyResource) -> bool:
    """Tell whether a resource is a job that has not ended."""
    return resource.kind in JOB_KINDS and not is_settled(resource)


def links(resource: AnyResource) -> tuple[Link, ...]:
    """Give the links of a described resource; none without detail."""
    return KINDS[resource.kind].links(resource)


def link_keys(resource: AnyResource, type: LinkType) -> tuple[str, ...]:
    """Give the keys of one `type` among the links of a described resource."""
    return tuple(link.key for link in links(resource) if link.type is type)
