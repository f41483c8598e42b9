"""The enums of the schema: values of the layers below, with a description for each."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from auth.credential_entries import AuthenticationType
from auth.permissions import Permission
from aws.kinds.statuses import JobStatus, JobType, RuntimeStatus
from aws.links.job_matching import MatchReason
from aws.metrics import MetricStatistic, RuntimeMetric
from resolvers.lists.filters import Direction, OrderField
from resolvers.views.stored import Source

# Types of the schema take these enums from here, so that none is met before it is registered.
__all__ = [
    "AuthenticationType",
    "Direction",
    "JobStatus",
    "JobType",
    "MatchReason",
    "MetricStatistic",
    "OrderField",
    "Permission",
    "RuntimeMetric",
    "RuntimeStatus",
    "Source",
]


def register_enum(enum_class: type[Enum], name: str, description: str, values: Mapping[str, str]) -> None:
    """Registers an enum of the layers below. `values` describes every member; a missing one is a KeyError at start."""
    registered: Any = strawberry.enum(enum_class, name=name, description=description)
    for value in registered.__strawberry_definition__.values:
        value.description = values[value.name]


register_enum(
    RuntimeStatus,
    "RuntimeStatus",
    "The status of a runtime, in SageMaker's terms",
    {
        "OUT_OF_SERVICE": "Not able to take requests",
        "CREATING": "Being created",
        "UPDATING": "Being moved to another snapshot",
        "SYSTEM_UPDATING": "Under maintenance by AWS; it can take requests",
        "ROLLING_BACK": "An update failed and is being undone",
        "IN_SERVICE": "Able to take requests",
        "DELETING": "Being deleted",
        "FAILED": "Could not be created; see failureReason",
        "UPDATE_ROLLBACK_FAILED": "An update failed, and so did undoing it",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)
register_enum(
    JobStatus,
    "JobStatus",
    "The status of a job, in SageMaker's terms",
    {
        "IN_PROGRESS": "Running, or waiting to",
        "COMPLETED": "Done",
        "FAILED": "Failed; see failureReason",
        "STOPPING": "Being stopped",
        "STOPPED": "Stopped before its end",
        "DELETING": "Being deleted; training jobs only",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)
register_enum(
    JobType,
    "JobType",
    "The kinds of job",
    {"TRAINING": "A training job", "TRANSFORM": "A batch transform job"},
)
register_enum(
    Source,
    "Source",
    "The origin of a reading",
    {
        "LIVE": "From AWS, for this request",
        "CACHE": "From what this gateway has read from AWS before",
        "REGISTRY": "From the stored copy of an import, because AWS does not show it any more",
    },
)
register_enum(
    MatchReason,
    "MatchReason",
    "The reason why a job belongs to a model",
    {
        "MODEL_NAME": "The job names the model",
        "EXACT_ARTIFACT": "The job wrote an artifact that the model loads",
        "ARTIFACT_PREFIX": "The job wrote below an address that the model loads from",
        "MODEL_PACKAGE": "The job wrote a model package that the model is made from, or its artifact",
    },
)
register_enum(
    OrderField,
    "ResourceOrderField",
    "The field that a list is ordered by",
    {"NAME": "By name", "CREATION_TIME": "By time of creation, then by name"},
)
register_enum(
    Direction,
    "OrderDirection",
    "The direction of an order",
    {"ASC": "The smallest, or the oldest, first", "DESC": "The largest, or the newest, first"},
)
register_enum(
    AuthenticationType,
    "AuthenticationType",
    "The way in which a group gets its AWS credentials",
    {
        "BASIC": "Stored keys",
        "ASSUME_ROLE_WITH_WEB_IDENTITY": "A role taken with a web-identity token",
        "ASSUME_ROLE": "A role assumed for the group",
        "ENTERED": "Keys entered for one request",
    },
)
register_enum(
    Permission,
    "Permission",
    "A permission of a group",
    {
        "READ": "See SageMaker's resources and the registry",
        "IMPORT": "Import models, and keep registrations and their assets",
        "CREATE_JOBS": "Create and stop training and transform jobs",
        "DEPLOY": "Create and delete snapshots, and take them through the deploy lifecycle",
        "DEPLOY_WITHOUT_APPROVAL": "Create, update and delete runtimes directly",
        "APPROVE": "Approve and reject deployments",
        "SEE_SECRETS": "See environment values and hyper-parameters",
        "ENTER_CREDENTIALS": "Import with credentials entered for one request",
        "AUDIT": "Read the audit trail",
    },
)
register_enum(
    RuntimeMetric,
    "RuntimeMetric",
    "A metric that CloudWatch keeps of a runtime's variants",
    {
        "INVOCATIONS": "Requests",
        "INVOCATION_4XX_ERRORS": "Requests answered with a 4xx status",
        "INVOCATION_5XX_ERRORS": "Requests answered with a 5xx status",
        "MODEL_LATENCY": "Microseconds that the model took",
        "OVERHEAD_LATENCY": "Microseconds that SageMaker took besides",
        "CPU_UTILIZATION": "Per cent of a CPU, summed over an instance's CPUs",
        "MEMORY_UTILIZATION": "Per cent of an instance's memory",
        "GPU_UTILIZATION": "Per cent of a GPU, summed over an instance's GPUs",
        "DISK_UTILIZATION": "Per cent of an instance's disk",
    },
)
register_enum(
    MetricStatistic,
    "MetricStatistic",
    "The statistic over the values of a period",
    {
        "AVERAGE": "Their mean",
        "SUM": "Their sum",
        "MINIMUM": "The smallest",
        "MAXIMUM": "The largest",
        "P50": "The median",
        "P90": "The value that nine in ten do not exceed",
        "P99": "The value that 99 in 100 do not exceed",
    },
)
