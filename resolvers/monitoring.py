"""CloudWatch metrics and monitoring schedules of runtimes, read only on demand."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from aws.client.errors import AWSError
from aws.kinds.kind import Kind
from aws.kinds.processing_jobs import ProcessingJob
from aws.kinds.runtimes import Runtime
from aws.metrics import MetricKey, MetricStatistic, MetricWindow, RuntimeMetric
from aws.schedules import MonitoringExecution, MonitoringSchedule
from resolvers.errors import BadInputError
from resolvers.lists.connections import (
    Connection,
    ListCompleteness,
    PageArguments,
    build_connection,
    build_page_info,
)
from resolvers.lists.cursors import CursorCodec, Cursors, parse_time
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView, Viewed, viewed_or_error

DEFAULT_METRICS = (RuntimeMetric.INVOCATIONS, RuntimeMetric.INVOCATION_5XX_ERRORS, RuntimeMetric.MODEL_LATENCY)
# CloudWatch keeps metrics for 15 months, and gives at most 100,800 points for one call.
_MAX_WINDOW = timedelta(days=455)
_MOST_POINTS = 1440
_SHORT_PERIODS: Final = (1, 5, 10, 20, 30)
# The age of a window's begin up to which CloudWatch keeps points of a period, and the seconds that periods are
# multiples of; https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html, StartTime.
_KEPT: Final = ((timedelta(hours=3), 1), (timedelta(days=15), 60), (timedelta(days=63), 300), (_MAX_WINDOW, 3600))
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class MetricsQuery:
    """A question to CloudWatch.

    Attributes:
        metrics: The metrics.
        statistics: The statistics, each of which gives a series of each metric.
        window: The window of time.
    """

    metrics: tuple[RuntimeMetric, ...]
    statistics: tuple[MetricStatistic, ...]
    window: MetricWindow


@dataclass(frozen=True, slots=True)
class WindowQuery:
    """The window of time that is asked about.

    Attributes:
        begin: Its begin, with an offset; None for `seconds` before the end.
        end: Its end, with an offset; None for now.
        seconds: Its length in seconds, used only without a `begin`.
        period: The length of a period in seconds: 1, 5, 10, 20, 30, or a multiple of 60, as CloudWatch has them.
        max_points: The most points of a series, for which the period grows; None to refuse too many.
    """

    begin: datetime | None
    end: datetime | None
    seconds: int
    period: int
    max_points: int | None = None


def window(query: WindowQuery, now: datetime) -> MetricWindow:
    """The window of a query, rounded to whole periods, so that repeated queries within a period are equal.

    Raises:
        BadInputError: A value that CloudWatch would refuse, or more points than anybody could look at.
    """
    _require_valid(query)
    try:
        chosen = _whole_periods(query, query.period, now)
        while query.max_points is not None and (period := _fitting_period(chosen, query.max_points, now)):
            chosen = _whole_periods(query, period, now)
    except OverflowError as error:
        raise BadInputError(
            "The window begins before the year 1; give a later `from`, or a shorter `windowSeconds`."
        ) from error
    if chosen.end - now > _MAX_WINDOW:
        raise BadInputError("`to` must be at most 455 days ahead.")
    if chosen.begin >= chosen.end:
        raise BadInputError("`from` must be before `to`, by a period at least.")
    if _points(chosen) > _MOST_POINTS:
        raise BadInputError(
            f"A series would have more than {_MOST_POINTS} points; give `maxPoints`, or a longer `periodSeconds`."
        )
    return chosen


def _require_valid(query: WindowQuery) -> None:
    period, most = query.period, query.max_points
    if period not in _SHORT_PERIODS and (period < 60 or period % 60):
        raise BadInputError(
            "`periodSeconds` must be 1, 5, 10, 20, 30, or a multiple of 60: CloudWatch keeps no other periods."
        )
    if most is not None and not 1 <= most <= _MOST_POINTS:
        raise BadInputError(f"`maxPoints` must be from 1 to {_MOST_POINTS}.")
    for name, moment in (("from", query.begin), ("to", query.end)):
        if moment is not None and moment.tzinfo is None:
            raise BadInputError(f"`{name}` needs an offset, such as 2026-01-31T12:00:00Z.")
    if not 1 <= query.seconds <= _MAX_WINDOW.total_seconds():
        raise BadInputError("`windowSeconds` must be from 1 second to 455 days: CloudWatch keeps metrics that long.")


def _whole_periods(query: WindowQuery, period: int, now: datetime) -> MetricWindow:
    last = _round_to_period(query.end or now, period)
    if query.begin is not None:
        return MetricWindow(_round_to_period(query.begin, period), last, period)
    return MetricWindow(last - timedelta(seconds=ceil(query.seconds / period) * period), last, period)


def _points(chosen: MetricWindow) -> float:
    return (chosen.end - chosen.begin).total_seconds() / chosen.period_seconds


def _fitting_period(chosen: MetricWindow, most: int, now: datetime) -> int | None:
    """A longer period, for fewer points or because CloudWatch keeps no shorter ones so long; None if it fits."""
    kept = next((grain for age, grain in _KEPT if now - chosen.begin <= age), _KEPT[-1][1])
    period = chosen.period_seconds
    if _points(chosen) <= most and period % kept == 0:
        return None
    needed = max(period, ceil((chosen.end - chosen.begin).total_seconds() / most))
    if kept == 1 and needed <= _SHORT_PERIODS[-1]:
        return next(short for short in _SHORT_PERIODS if short >= needed)
    grain = max(kept, 60)
    return ceil(needed / grain) * grain


def _round_to_period(moment: datetime, period: int) -> datetime:
    # In whole microseconds: a timestamp of a far year, as a float, would be rounded up, beyond the last of them.
    return moment - (moment - _EPOCH) % timedelta(seconds=period)


async def metrics(view: ResourceView, runtimes: Sequence[Runtime], query: MetricsQuery) -> Sequence[object]:
    """A batch function: the series of each of the runtimes, by variant, metric and statistic; one call for many."""
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
    """A batch function: how the last run of each schedule of `watching` went; None without a run, or if it is gone."""
    result = await view.inventory.executions(schedule.name for schedule in watching)
    return [result[schedule.name] or None for schedule in watching]


ExecutionPage = Connection[Viewed[MonitoringExecution]]


async def executions(
    view: ResourceView, watching: Sequence[MonitoringSchedule], page: PageArguments
) -> Sequence[ExecutionPage | AWSError | BadInputError]:
    """A batch function: a page of the runs of each schedule of `watching`, the last scheduled first."""
    return await asyncio.gather(*(_executions(view, schedule, page) for schedule in watching))


async def _executions(
    view: ResourceView, schedule: MonitoringSchedule, page: PageArguments
) -> ExecutionPage | AWSError | BadInputError:
    cursors = CursorCodec((view.key, "MonitoringSchedule.executions", schedule.name))
    try:
        before = None if page.after is None else parse_time(*cursors.decode_parts(page.after, parts=1))
    except BadInputError as error:
        return error
    rows = await view.inventory.past_executions(schedule.name, page.first + 1, before)
    if isinstance(rows, AWSError):
        return rows
    shown, more = rows[: page.first], len(rows) > page.first
    places = Cursors(lambda run: cursors.encode_parts(run.scheduled_time.astimezone(UTC).isoformat()), shown)
    info = build_page_info(places, page.after, more=more)
    total = None if more or page.after is not None else len(shown)
    nodes = [Viewed(run, view) for run in shown]
    return build_connection(nodes, places, info, ListCompleteness(total_count=total))


async def jobs_of_executions(
    view: ResourceView, runs: Sequence[MonitoringExecution]
) -> Sequence[Viewed[ProcessingJob] | AWSError | None]:
    """A batch function: the processing job of each run; None before there is one, and for one that is gone."""
    described = await view.inventory.describe(Kind.PROCESSING_JOB, [run.job_name for run in runs if run.job_name])
    jobs = [described[run.job_name] if run.job_name else None for run in runs]
    return [viewed_or_error(view, job) if isinstance(job, ProcessingJob | AWSError) else None for job in jobs]
