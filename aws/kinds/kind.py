"""The kinds of SageMaker resource, and the form of their names in the API, ARNs, console and Search."""

import re
from dataclasses import dataclass
from enum import Enum

from aws.ids import NAME_PATTERN


class Kind(Enum):
    """A kind of resource; the value is its name in the graph, and in ids."""

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

    # A member is there once, and half of all keys of caches and indexes have one: Enum's own hash runs in Python.
    __hash__ = object.__hash__


LISTED_KINDS = tuple(kind for kind in Kind if kind is not Kind.PIPELINE_EXECUTION)
"""The kinds that an account lists whole; SageMaker lists executions of one pipeline at a time."""

DEFAULT_JOB_KINDS = (Kind.TRAINING_JOB, Kind.TRANSFORM_JOB)
"""The kinds of job that are listed where a question names none."""

JOB_KINDS = (*DEFAULT_JOB_KINDS, Kind.PROCESSING_JOB, Kind.TUNING_JOB)
"""Every kind of job."""


@dataclass(frozen=True, slots=True)
class ApiNames:
    """SageMaker's words for one kind (service model 2017-07-24).

    Attributes:
        list_operation: Lists summaries.
        list_key: The member of the list's answer that holds them.
        describe_operation: Reads one by name.
        prefix: What the members are called by: `ModelName`, `ModelArn`, …
        noun: The word for it in a sentence.
        status_key: The member that holds the status, where the kind has one.
        arn_type: The resource type in its ARN.
        console_path: The fragment of its page in the console, before the name; None if it has no page of its own.
        log_group: The CloudWatch log group that its containers write to, with `{name}` where each has one of its own;
            None if there is none ("Log Groups and Streams", SageMaker's developer guide).
        log_streams: The beginning of the names of its streams in a group that many share, with `{name}`.
        list_parameters: Parameters that the list operation is given beside order, bounds and page.
        describe_parameters: Parameters that the describe operation is given beside the name.
        described_by_arn: True if the describe operation is given the ARN as the name.
        describe_key: The parameter of the describe operation that says which one; None for `name_key`.
        name_pattern: The pattern of the names.
        parent_key: The parameter of the list operation that says whose; None if all of an account are listed.
        bound_keys: The parameters of the list operation for the earliest and the latest time of creation.
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
        """The member that holds the name, in answers and in the describe's request."""
        return f"{self.prefix}Name"

    @property
    def arn_key(self) -> str:
        """The member that holds the ARN."""
        return f"{self.prefix}Arn"


@dataclass(frozen=True, slots=True)
class SearchNames:
    """Search's words for one kind (service model).

    Attributes:
        resource: The value of Search's `Resource`.
        members: The path, in a record, of the member that reads like a description.
        required: The members that a record must have to stand for a description. A service that only imitates
            SageMaker may leave some out.
    """

    resource: str
    members: tuple[str, ...]
    required: tuple[str, ...]
