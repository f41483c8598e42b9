"""Metrics and monitoring schedules of runtimes."""

from collections.abc import Hashable
from datetime import datetime
from typing import Annotated

import strawberry

from aws.metrics import MetricStatistic, RuntimeMetric
from resolvers import monitoring
from schema.enums import register_enum
from schema.fields import Info, attribute, relation

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

Names = Annotated[
    list[RuntimeMetric] | None,
    strawberry.argument(description="The metrics; left out: invocations, their 5xx errors, and the model's latency"),
]
Statistics = Annotated[
    list[MetricStatistic] | None, strawberry.argument(description="The statistic over the values of a period")
]
From = Annotated[
    datetime | None, strawberry.argument(name="from", description="The begin; left out: windowSeconds before the end")
]
To = Annotated[datetime | None, strawberry.argument(name="to", description="The end; left out: now")]
WindowSeconds = Annotated[
    int | None, strawberry.argument(description="The length in seconds, where `from` is left out")
]
PeriodSeconds = Annotated[
    int | None, strawberry.argument(description="The length of a period: 1, 5, 10, 20, 30, or a multiple of 60 seconds")
]


@strawberry.type(description="A value of a metric")
class MetricPoint:
    """See aws.metrics.MetricPoint."""

    at: datetime = attribute("The begin of the period")
    value: float = attribute("The value")


@strawberry.type(description="A metric of one variant over time")
class MetricSeries:
    """See aws.metrics.MetricSeries."""

    variant: str | None = attribute("The variant")
    statistic: MetricStatistic = attribute("The statistic over the values of a period")
    period_seconds: int = attribute("The length of a period")
    metric: RuntimeMetric = attribute("The metric")
    unit: str = attribute("CloudWatch's unit; latencies are in microseconds")
    points: list[MetricPoint] = attribute("The values, oldest first; periods without any are left out")


@strawberry.type(description="A schedule that checks a runtime's data at regular times")
class MonitoringSchedule:
    """See aws.schedules.MonitoringSchedule."""

    name: str = attribute("The schedule's name")
    arn: str = attribute("The Amazon Resource Name")
    type: str | None = attribute("The kind of check: DataQuality, ModelQuality, ModelBias or ModelExplainability")
    status: str = attribute("SageMaker's word for its status")
    last_execution_status: str | None = relation(
        monitoring.last_executions, "SageMaker's word for the outcome of its last run; null if it has never run"
    )


def metrics_question(
    info: Info,
    names: Names = None,
    statistics: Statistics = [MetricStatistic.AVERAGE],  # noqa: B006 - Strawberry prints it as the default, and copies it.
    from_: From = None,
    to: To = None,
    window_seconds: WindowSeconds = 3600,
    period_seconds: PeriodSeconds = 60,
) -> tuple[Hashable, ...]:
    """The question to CloudWatch. Raises BadInputError."""
    window = monitoring.window(from_, to, window_seconds or 3600, period_seconds or 60, info.context.started)
    question = monitoring.MetricsQuery(
        tuple(dict.fromkeys(names or monitoring.DEFAULT_METRICS)),
        tuple(dict.fromkeys(statistics or [MetricStatistic.AVERAGE])),
        window,
    )
    return (question,)
