"""SageMaker statuses as enums; a status added later reads as UNKNOWN."""

from enum import Enum
from typing import TypeVar


class RuntimeStatus(Enum):
    """Statuses of an endpoint. The values are SageMaker's own words."""

    OUT_OF_SERVICE = "OutOfService"
    CREATING = "Creating"
    UPDATING = "Updating"
    SYSTEM_UPDATING = "SystemUpdating"
    ROLLING_BACK = "RollingBack"
    IN_SERVICE = "InService"
    DELETING = "Deleting"
    FAILED = "Failed"
    UPDATE_ROLLBACK_FAILED = "UpdateRollbackFailed"
    UNKNOWN = ""


class InferenceComponentStatus(Enum):
    """Statuses of an inference component. The values are SageMaker's own words."""

    CREATING = "Creating"
    UPDATING = "Updating"
    IN_SERVICE = "InService"
    DELETING = "Deleting"
    FAILED = "Failed"
    UNKNOWN = ""


class MonitoringExecutionStatus(Enum):
    """The status of a run of a schedule; the values are SageMaker's words."""

    PENDING = "Pending"
    COMPLETED = "Completed"
    COMPLETED_WITH_VIOLATIONS = "CompletedWithViolations"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    UNKNOWN = ""


class ModelPackageStatus(Enum):
    """Statuses of a model package. The values are SageMaker's own words."""

    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    DELETING = "Deleting"
    UNKNOWN = ""


class ModelPackageApproval(Enum):
    """Decisions about a model package. The values are SageMaker's own words."""

    APPROVED = "Approved"
    REJECTED = "Rejected"
    PENDING = "PendingManualApproval"
    UNKNOWN = ""


class ModelPackageDecision(Enum):
    """The decisions that can be made about a model package. The values are SageMaker's own words."""

    APPROVED = "Approved"
    REJECTED = "Rejected"
    PENDING = "PendingManualApproval"


class PipelineExecutionStatus(Enum):
    """Statuses of a pipeline execution. The values are SageMaker's own words."""

    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"
    COMPLETED_WITH_FAILURES = "CompletedWithFailures"
    UNKNOWN = ""


class PipelineStepStatus(Enum):
    """Statuses of a step of a pipeline execution. The values are SageMaker's own words."""

    STARTING = "Starting"
    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"
    UNKNOWN = ""


class JobStatus(Enum):
    """Statuses of a job. The values are SageMaker's own words; only training and tuning jobs can be DELETING."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    DELETING = "Deleting"
    UNKNOWN = ""


class JobType(Enum):
    """The kinds of job."""

    TRAINING = "TRAINING"
    TRANSFORM = "TRANSFORM"
    PROCESSING = "PROCESSING"
    TUNING = "TUNING"


Status = TypeVar(
    "Status",
    RuntimeStatus,
    InferenceComponentStatus,
    JobStatus,
    ModelPackageStatus,
    ModelPackageApproval,
    MonitoringExecutionStatus,
    PipelineExecutionStatus,
    PipelineStepStatus,
)


def parse_status(statuses: type[Status], word: str) -> Status:
    """Give the member for SageMaker's `word`; UNKNOWN for a word that is not known here."""
    try:
        return statuses(word)
    except ValueError:
        return statuses.UNKNOWN
