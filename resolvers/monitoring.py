"""CloudWatch metrics and monitoring schedules of runtimes, read only on demand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aws.client.errors import AWSError
from aws.kinds.runtimes import Runtime
from aws.metrics import MetricKey, MetricStatistic, MetricWindow, RuntimeMetric
from aws.schedules import MonitoringSchedule
from resolvers.errors import BadInputError
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView, Viewed

DEFAULT_METRICS = (RuntimeMetric.INVOCATIONS, RuntimeMetric.INVOCATION_5XX_ERRORS, RuntimeMetric.MODEL_LATENCY)
# CloudWatch keeps metrics for 15 months, and gives at most 100,800 points for one call.
_MAX_WINDOW = timedelta(days=455)
_MOST_POINTS = 1440
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class MetricsQuery:
    """A question to CloudWatch: metrics, statistics and the window of time."""

    metrics: tuple[RuntimeMetric, ...]
    statistics: tuple[MetricStatistic, ...]
    window: MetricWindow


def window(begin: datetime | None, end: datetime | None, seconds: int, period: int, now: datetime) -> MetricWindow:
    """The time to look at, in whole periods, so that questions asked within one period are the same question.

    Args:
        begin: From when; left out: `seconds` before the end.
        end: To when; left out: now.
        seconds: The length, where `begin` is left out.
        period: The length of a period in seconds: 1, 5, 10, 20, 30, or a multiple of 60, as CloudWatch has them.
        now: The time.

    Raises:
        BadInputError: What CloudWatch would refuse, or more points than anybody could look at.
    """
    if period not in {1, 5, 10, 20, 30} and (period < 60 or period % 60):
        raise BadInputError("`periodSeconds` is 1, 5, 10, 20, 30, or a multiple of 60, which is what CloudWatch keeps.")
    for name, moment in (("from", begin), ("to", end)):
        if moment is not None and moment.tzinfo is None:
            raise BadInputError(f"`{name}` needs an offset, such as 2026-01-31T12:00:00Z.")
    if not 1 <= seconds <= _MAX_WINDOW.total_seconds():
        raise BadInputError("`windowSeconds` is from 1 second to 455 days, for which CloudWatch keeps metrics.")
    try:
        last = _round_to_period(end or now, period)
        first = _round_to_period(begin, period) if begin is not None else last - timedelta(seconds=max(seconds, period))
    except OverflowError as error:
        raise BadInputError("The window reaches beyond the calendar's first day.") from error
    if last - now > _MAX_WINDOW:
        raise BadInputError("`to` is at most 455 days ahead.")
    if first >= last:
        raise BadInputError("`from` must be before `to`, by a period at least.")
    if (last - first).total_seconds() / period > _MOST_POINTS:
        raise BadInputError(f"That is more than {_MOST_POINTS} points in a series; make `periodSeconds` longer.")
    return MetricWindow(first, last, period)


def _round_to_period(moment: datetime, period: int) -> datetime:
    # In whole microseconds: a timestamp of a far year, as a float, would be rounded up, beyond the last of them.
    return moment - (moment - _EPOCH) % timedelta(seconds=period)


async def metrics(view: ResourceView, runtimes: Sequence[Runtime], query: MetricsQuery) -> Sequence[object]:
    """A batch function: each runtime's series, by variant, metric and statistic; one call for many runtimes."""
    whole = await with_detail(view, runtimes)
    wanted = {resource.name: _series(resource, query) for resource in whole if isinstance(resource, Runtime)}
    every = [series for own in wanted.values() for series in own]
    result = await view.inventory.metrics(every, query.window) if every else {}
    return [
        [result[series] for series in wanted[runtime.name]] if isinstance(runtime, Runtime) else runtime
        for runtime in whole
    ]


def _series(runtime: Runtime, query: MetricsQuery) -> Sequence[MetricKey]:
    variants = runtime.detail.variants if runtime.detail else ()
    return [
        MetricKey(runtime.name, variant.name, metric, statistic)
        for variant in variants
        for metric in query.metrics
        for statistic in query.statistics
    ]


async def schedules(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[Sequence[Viewed[MonitoringSchedule]]]:
    """A batch function: the monitoring schedules that watch each runtime, newest first."""
    by_endpoint: dict[str | None, list[Viewed[MonitoringSchedule]]] = defaultdict(list)
    for schedule in await view.inventory.schedules():
        by_endpoint[schedule.endpoint].append(Viewed(schedule, view))
    return [by_endpoint.get(runtime.name, []) for runtime in runtimes]


async def last_executions(
    view: ResourceView, watching: Sequence[MonitoringSchedule]
) -> Sequence[str | AWSError | None]:
    """A batch function: how the last run of each schedule went; None where there was none, or the schedule is gone."""
    result = await view.inventory.executions(schedule.name for schedule in watching)
    return [result[schedule.name] or None for schedule in watching]
