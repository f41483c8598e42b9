"""Metrics and monitoring schedules of runtimes."""

from collections.abc import Hashable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from aws.alarms import AlarmStatus
from aws.kinds.statuses import MonitoringExecutionStatus
from aws.metrics import MetricStatistic, RuntimeMetric
from resolvers import activity, monitoring
from schema.connections import RecordConnection
from schema.enums import register_enum
from schema.fields import After, First, Info, attribute, page_arguments, relation

register_enum(
    RuntimeMetric,
    "RuntimeMetric",
    "A metric that CloudWatch keeps of a runtime's variants",
    {
        "INVOCATIONS": "Requests",
        "INVOCATION_4XX_ERRORS": "Requests answered with a 4xx status",
        "INVOCATION_5XX_ERRORS": "Requests answered with a 5xx status",
        "MODEL_LATENCY": "Microseconds that the model took",
        "OVERHEAD_LATENCY": "Microseconds that SageMaker added",
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

register_enum(
    AlarmStatus,
    "AlarmStatus",
    "The state of an alarm, in CloudWatch's terms",
    {
        "OK": "Within its threshold",
        "ALARM": "Beyond its threshold",
        "INSUFFICIENT_DATA": "Too new, or too few values to judge",
        "UNKNOWN": "A word that CloudWatch added later",
    },
)

register_enum(
    MonitoringExecutionStatus,
    "MonitoringExecutionStatus",
    "The status of a run of a monitoring schedule, in SageMaker's terms",
    {
        "PENDING": "About to begin",
        "COMPLETED": "Ended, with nothing found",
        "COMPLETED_WITH_VIOLATIONS": "Ended, with violations of the baseline",
        "IN_PROGRESS": "Under way",
        "FAILED": "Ended without a result; see failureReason",
        "STOPPING": "Being stopped",
        "STOPPED": "Stopped before its end",
        "UNKNOWN": "A word that SageMaker added later; see rawStatus",
    },
)

if TYPE_CHECKING:
    from schema.jobs.types import ProcessingJob

LazyOptionalProcessingJob = Annotated["ProcessingJob", strawberry.lazy("schema.jobs.types")] | None
DEFAULT_HOURS = 336

Names = Annotated[
    list[RuntimeMetric] | None,
    strawberry.argument(description="The metrics; left out: invocations, their 5xx errors, and the model's latency"),
]
Statistics = Annotated[
    list[MetricStatistic] | None, strawberry.argument(description="The statistic over the values of a period")
]
From = Annotated[
    datetime | None,
    strawberry.argument(name="from", description="The beginning; left out: windowSeconds before the end"),
]
To = Annotated[datetime | None, strawberry.argument(name="to", description="The end; left out: now")]
WindowSeconds = Annotated[
    int | None, strawberry.argument(description="The length of the window in seconds; used if `from` is left out")
]
PeriodSeconds = Annotated[
    int | None, strawberry.argument(description="The length of a period: 1, 5, 10, 20, 30, or a multiple of 60 seconds")
]

MaxPoints = Annotated[
    int | None,
    strawberry.argument(
        description=(
            "The most points of a series, 1 to 1,440: the period is lengthened until they fit. Left out: a "
            "window with more than 1,440 points is refused"
        )
    ),
]


@strawberry.type(description="A value of a metric")
class MetricPoint:
    """See aws.metrics.MetricPoint."""

    at: datetime = attribute("The beginning of the period")
    value: float = attribute("The value")


@strawberry.type(description="A metric of one variant over time")
class MetricSeries:
    """See aws.metrics.MetricSeries."""

    variant: str | None = attribute("The variant")
    statistic: MetricStatistic = attribute("The statistic over the values of a period")
    period_seconds: int = attribute("The length of a period")
    metric: RuntimeMetric = attribute("The metric")
    unit: str = attribute("CloudWatch's unit: Percent, Microseconds or, for counts, None")
    points: list[MetricPoint] = attribute("The values, oldest first; periods without any are left out")


@strawberry.type(description="A run of a monitoring schedule")
class MonitoringExecution:
    """See aws.schedules.MonitoringExecution."""

    scheduled_time: datetime = attribute("The time at which it was to begin")
    status: MonitoringExecutionStatus = attribute("Its status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = attribute("The reason why it failed, or what it found, in SageMaker's words")
    job: LazyOptionalProcessingJob = relation(
        monitoring.jobs_of_executions, "The processing job that it ran; null before there is one, or if that is gone"
    )


MonitoringExecutionConnection = RecordConnection[MonitoringExecution]


def _execution_page(info: Info, first: First = 10, after: After = None) -> tuple[Hashable, ...]:
    return (page_arguments(info.context, first, after, 10),)


@strawberry.type(description="A schedule that checks a runtime's data at regular times")
class MonitoringSchedule:
    """See aws.schedules.MonitoringSchedule."""

    name: str = attribute("The schedule's name")
    arn: str = attribute("The Amazon Resource Name")
    type: str | None = attribute("The kind of check: DataQuality, ModelQuality, ModelBias or ModelExplainability")
    status: str = attribute("SageMaker's word for its status: Pending, Scheduled, Stopped or Failed")
    last_execution_status: str | None = relation(
        monitoring.last_executions, "SageMaker's word for the outcome of its last run; null if it has never run"
    )
    executions: MonitoringExecutionConnection | None = relation(
        monitoring.executions, "Its runs, the last scheduled first; a call for each schedule", _execution_page
    )


@strawberry.type(description="The registration of a variant with Application Auto Scaling")
class VariantScaling:
    """See aws.scaling.VariantScaling."""

    min_capacity: int = attribute("The least number of instances")
    max_capacity: int = attribute("The greatest number of instances")
    policies: list[str] | None = attribute("The names of its policies, sorted")


@strawberry.type(description="A CloudWatch alarm on a runtime's metrics")
class Alarm:
    """See resolvers.runtime_facts.RuntimeAlarm."""

    name: str = attribute("The alarm's name")
    arn: str = attribute("The Amazon Resource Name")
    status: AlarmStatus = attribute("Its state")
    metric_name: str | None = attribute("The metric that it watches; null for an expression over several")
    variant: str | None = attribute("The variant that it watches; null for several, or an inference component")
    status_changed_time: datetime | None = attribute("The time at which its state last changed")


@strawberry.type(description="The last invocation of a runtime")
class RuntimeActivity:
    """See resolvers.activity.RuntimeActivity."""

    last_invocation_time: datetime | None = attribute(
        "The end of the minute of the last invocation if that was in the last three hours, else the end of "
        "its hour or longer period; null if there was none"
    )
    looked_back_to: datetime = attribute("The beginning of the time for which metrics were read")


@strawberry.type(description="An amount of money")
class Cost:
    """See resolvers.costs.Cost."""

    amount: float = attribute("The amount")
    currency: str = attribute("The currency, such as USD")


LookBackHours = Annotated[int | None, strawberry.argument(description="The hours to look back, 1 to 10,920")]


def look_back(info: Info, look_back_hours: LookBackHours = DEFAULT_HOURS) -> tuple[Hashable, ...]:
    """The windows of time to read. Raises BadInputError."""
    hours = DEFAULT_HOURS if look_back_hours is None else look_back_hours
    return (activity.look_back(hours, info.context.started),)


def metrics_question(  # noqa: PLR0913, PLR0917 - The arguments are the field's, of which the contract has so many.
    info: Info,
    names: Names = None,
    statistics: Statistics = [MetricStatistic.AVERAGE],  # noqa: B006 - Strawberry prints it as the default, and copies it.
    from_: From = None,
    to: To = None,
    window_seconds: WindowSeconds = 3600,
    period_seconds: PeriodSeconds = 60,
    max_points: MaxPoints = None,
) -> tuple[Hashable, ...]:
    """The question to CloudWatch. Raises BadInputError."""
    asked = monitoring.WindowQuery(from_, to, window_seconds or 3600, period_seconds or 60, max_points)
    question = monitoring.MetricsQuery(
        tuple(dict.fromkeys(names or monitoring.DEFAULT_METRICS)),
        tuple(dict.fromkeys(statistics or [MetricStatistic.AVERAGE])),
        monitoring.window(asked, info.context.started),
    )
    return (question,)
