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
    "A CloudWatch metric of a runtime's variants",
    {
        "INVOCATIONS": "The number of requests",
        "INVOCATION_4XX_ERRORS": "The number of requests that were answered with a 4xx status",
        "INVOCATION_5XX_ERRORS": "The number of requests that were answered with a 5xx status",
        "MODEL_LATENCY": "The microseconds that the model took for a request",
        "OVERHEAD_LATENCY": "The microseconds that SageMaker added to a request",
        "CPU_UTILIZATION": "The use of CPUs in per cent of one, summed over an instance's CPUs",
        "MEMORY_UTILIZATION": "The use of an instance's memory, in per cent",
        "GPU_UTILIZATION": "The use of GPUs in per cent of one, summed over an instance's GPUs",
        "DISK_UTILIZATION": "The use of an instance's disk, in per cent",
    },
)
register_enum(
    MetricStatistic,
    "MetricStatistic",
    "The statistic over the values of a period",
    {
        "AVERAGE": "The mean of the values",
        "SUM": "The sum of the values",
        "MINIMUM": "The smallest value",
        "MAXIMUM": "The largest value",
        "P50": "The median",
        "P90": "The value that 90 in 100 values do not exceed",
        "P99": "The value that 99 in 100 values do not exceed",
    },
)

register_enum(
    AlarmStatus,
    "AlarmStatus",
    "The state of an alarm, in CloudWatch's terms",
    {
        "OK": "The metric is within its threshold",
        "ALARM": "The metric is beyond its threshold",
        "INSUFFICIENT_DATA": "The alarm is new, or has too few values to judge",
        "UNKNOWN": "A state that CloudWatch added later",
    },
)

register_enum(
    MonitoringExecutionStatus,
    "MonitoringExecutionStatus",
    "The status of a run of a monitoring schedule, in SageMaker's terms",
    {
        "PENDING": "About to begin",
        "COMPLETED": "Ended without violations",
        "COMPLETED_WITH_VIOLATIONS": "Ended with violations of the baseline",
        "IN_PROGRESS": "Under way",
        "FAILED": "Ended without a result; see `failureReason`",
        "STOPPING": "Being stopped",
        "STOPPED": "Stopped before its end",
        "UNKNOWN": "A status that SageMaker added later; see `rawStatus`",
    },
)

if TYPE_CHECKING:
    from schema.jobs.types import ProcessingJob

LazyOptionalProcessingJob = Annotated["ProcessingJob", strawberry.lazy("schema.jobs.types")] | None
DEFAULT_HOURS = 336

Names = Annotated[
    list[RuntimeMetric] | None,
    strawberry.argument(description="The metrics; left out: INVOCATIONS, INVOCATION_5XX_ERRORS and MODEL_LATENCY"),
]
Statistics = Annotated[
    list[MetricStatistic] | None, strawberry.argument(description="The statistic over the values of a period")
]
From = Annotated[
    datetime | None,
    strawberry.argument(name="from", description="The beginning of the window; left out: `windowSeconds` before `to`"),
]
To = Annotated[
    datetime | None,
    strawberry.argument(name="to", description="The end of the window, at most 455 days ahead; left out: now"),
]
WindowSeconds = Annotated[
    int | None,
    strawberry.argument(
        description="The length of the window in seconds, at most 455 days; for a question without `from`"
    ),
]
PeriodSeconds = Annotated[
    int | None,
    strawberry.argument(description="The length of a period in seconds: 1, 5, 10, 20, 30, or a multiple of 60"),
]

MaxPoints = Annotated[
    int | None,
    strawberry.argument(
        description=(
            "The most points of a series, 1 to 1,440; the period grows until they fit. Left out: "
            "a window of more than 1,440 points is refused"
        )
    ),
]


@strawberry.type(description="A value of a metric in one period")
class MetricPoint:
    """See aws.metrics.MetricPoint."""

    at: datetime = attribute("The beginning of the period")
    value: float = attribute("The value, in the series' unit")


@strawberry.type(description="A metric of one variant over time")
class MetricSeries:
    """See aws.metrics.MetricSeries."""

    variant: str | None = attribute("The name of the variant")
    statistic: MetricStatistic = attribute("The statistic over the values of a period")
    period_seconds: int = attribute("The length of a period, in seconds")
    metric: RuntimeMetric = attribute("The metric")
    unit: str = attribute("CloudWatch's unit: Percent, Microseconds, or None for counts")
    points: list[MetricPoint] = attribute("The values, oldest first; periods without a value are left out")


@strawberry.type(description="A run of a monitoring schedule")
class MonitoringExecution:
    """See aws.schedules.MonitoringExecution."""

    scheduled_time: datetime = attribute("The time for which the run was scheduled")
    status: MonitoringExecutionStatus = attribute("The status of the run")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = attribute(
        "The reason of the failure, or the violations, in SageMaker's words; null for none"
    )
    job: LazyOptionalProcessingJob = relation(
        monitoring.jobs_of_executions,
        "The processing job of the run; null before it starts, or if it is gone. Costs a description of each",
    )


MonitoringExecutionConnection = RecordConnection[MonitoringExecution]


def _execution_page(info: Info, first: First = 10, after: After = None) -> tuple[Hashable, ...]:
    return (page_arguments(info.context, first, after, 10),)


@strawberry.type(description="A schedule that checks the data of a runtime at regular times")
class MonitoringSchedule:
    """See aws.schedules.MonitoringSchedule."""

    name: str = attribute("The name of the schedule")
    arn: str = attribute("The Amazon Resource Name (ARN)")
    type: str | None = attribute("The kind of check: DataQuality, ModelQuality, ModelBias or ModelExplainability")
    status: str = attribute("SageMaker's word for the status: Pending, Scheduled, Stopped or Failed")
    last_execution_status: str | None = relation(
        monitoring.last_executions, "SageMaker's word for the outcome of the last run; null before the first"
    )
    executions: MonitoringExecutionConnection | None = relation(
        monitoring.executions,
        "The runs of the schedule, the last scheduled first. Costs a call for each schedule",
        _execution_page,
    )


@strawberry.type(description="The bounds and policies of a variant in Application Auto Scaling")
class VariantScaling:
    """See aws.scaling.VariantScaling."""

    min_capacity: int = attribute("The smallest number of instances")
    max_capacity: int = attribute("The largest number of instances")
    policies: list[str] | None = attribute("The names of the scaling policies, sorted")


@strawberry.type(description="A CloudWatch alarm on a metric of a runtime")
class Alarm:
    """See resolvers.runtime_facts.RuntimeAlarm."""

    name: str = attribute("The alarm's name")
    arn: str = attribute("The Amazon Resource Name (ARN)")
    status: AlarmStatus = attribute("The alarm's state")
    metric_name: str | None = attribute(
        "The metric that the alarm watches; null for an expression over several metrics"
    )
    variant: str | None = attribute(
        "The variant that the alarm watches; null if it watches several, or an inference component"
    )
    status_changed_time: datetime | None = attribute(
        "The time at which the alarm's state last changed; null if CloudWatch does not tell"
    )


@strawberry.type(description="The last invocation of a runtime")
class RuntimeActivity:
    """See resolvers.activity.RuntimeActivity."""

    last_invocation_time: datetime | None = attribute(
        "The end of the minute of the last invocation; of an invocation more than three hours "
        "ago, the end of its hour or of a longer period. Null if there was none"
    )
    looked_back_to: datetime = attribute("The beginning of the time for which metrics were read")


@strawberry.type(description="An amount of money")
class Cost:
    """See resolvers.costs.Cost."""

    amount: float = attribute("The amount, in units of `currency`")
    currency: str = attribute("The currency in three letters, such as USD")


LookBackHours = Annotated[int | None, strawberry.argument(description="The hours to look back, 1 to 10,920")]


def look_back(info: Info, look_back_hours: LookBackHours = DEFAULT_HOURS) -> tuple[Hashable, ...]:
    """The windows of time to read for a number of hours to look back, up to `info`'s request. Raises BadInputError."""
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
    """The question to CloudWatch about the metrics of these names. Raises BadInputError."""
    asked = monitoring.WindowQuery(from_, to, window_seconds or 3600, period_seconds or 60, max_points)
    question = monitoring.MetricsQuery(
        tuple(dict.fromkeys(names or monitoring.DEFAULT_METRICS)),
        tuple(dict.fromkeys(statistics or [MetricStatistic.AVERAGE])),
        monitoring.window(asked, info.context.started),
    )
    return (question,)
