"""The kinds of SageMaker resource, and the form of their names in the API, ARNs, console and Search."""

import re
from dataclasses import dataclass
from enum import Enum

from aws.ids import NAME_PATTERN


class Kind(Enum):
    """A kind of resource; the value is its name in GraphQL, and in ids."""

    MODEL = "Model"
    SNAPSHOT = "Snapshot"
    RUNTIME = "Runtime"
    TRAINING_JOB = "TrainingJob"
    TRANSFORM_JOB = "TransformJob"
    INFERENCE_COMPONENT = "InferenceComponent"
    MODEL_PACKAGE = "ModelPackage"
    PROCESSING_JOB = "ProcessingJob"
    TUNING_JOB = "TuningJob"
    PIPELINE_EXECUTION = "PipelineExecution"

    # Members are unique, and half of all keys of caches and indexes contain one: Enum's own hash runs in Python.
    __hash__ = object.__hash__


LISTED_KINDS = tuple(kind for kind in Kind if kind is not Kind.PIPELINE_EXECUTION)
"""The kinds that an account lists whole; SageMaker lists executions of one pipeline at a time."""

DEFAULT_JOB_KINDS = (Kind.TRAINING_JOB, Kind.TRANSFORM_JOB)
"""The kinds of job in queries that name none."""

JOB_KINDS = (*DEFAULT_JOB_KINDS, Kind.PROCESSING_JOB, Kind.TUNING_JOB)
"""Every kind of job."""


@dataclass(frozen=True, slots=True)
class ApiNames:
    """SageMaker's names for one kind (service model 2017-07-24).

    Attributes:
        list_operation: The operation that lists summaries.
        list_key: The member of its answer with the rows.
        describe_operation: The operation that reads one resource.
        prefix: The beginning of the members `…Name`, `…Arn`, …, such as `Model`.
        noun: The word for the kind in a sentence.
        status_key: The member with the status; None if the kind has none.
        arn_type: The resource type in its ARN.
        console_path: The fragment of its page in the console, before the name; None if there is no such page.
        log_group: The CloudWatch log group of its containers, with `{name}` if each resource has its own; None if there
            is none ("Log Groups and Streams", SageMaker's developer guide).
        log_streams: The beginning of the names of its streams in a shared group, with `{name}`.
        list_parameters: Constant parameters of the list operation.
        describe_parameters: Constant parameters of the describe operation.
        described_by_arn: True if the describe operation takes the ARN as the name.
        describe_key: The parameter of the describe operation for the name; None for `name_key`.
        name_pattern: The pattern of the names.
        parent_key: The parameter of the list operation for the parent; None if the operation lists all of an account.
        bound_keys: The parameters of the list operation for the earliest and the latest creation time.
    """

    list_operation: str
    list_key: str
    describe_operation: str
    prefix: str
    noun: str
    status_key: str | None
    arn_type: str
    console_path: str | None
    log_group: str | None = None
    log_streams: str = "{name}/"
    list_parameters: tuple[tuple[str, str], ...] = ()
    describe_parameters: tuple[tuple[str, str], ...] = ()
    described_by_arn: bool = False
    describe_key: str | None = None
    name_pattern: re.Pattern[str] = NAME_PATTERN
    parent_key: str | None = None
    bound_keys: tuple[str, str] = ("CreationTimeAfter", "CreationTimeBefore")

    @property
    def name_key(self) -> str:
        """The member with the name, in answers and in the request of the describe operation."""
        return f"{self.prefix}Name"

    @property
    def arn_key(self) -> str:
        """The member with the ARN."""
        return f"{self.prefix}Arn"


@dataclass(frozen=True, slots=True)
class SearchNames:
    """Search's names for one kind (service model).

    Attributes:
        resource: The value of Search's `Resource`.
        members: The path, in a record, of the member that has the form of a description.
        required: The members that a record must have to replace a description. An imitation of SageMaker may leave some
            out.
    """

    resource: str
    members: tuple[str, ...]
    required: tuple[str, ...]
