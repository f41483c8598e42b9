"""The last invocation of runtimes, and runtimes that have been idle."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from aws.client.errors import AWSError
from aws.invocations import InvocationTarget
from aws.kinds.runtimes import Runtime
from aws.links.component_models import component_rows
from aws.metrics import MetricWindow
from resolvers.lists.filters import check_hours
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView

# More periods than this are joined into longer ones.
_MOST_PERIODS: Final = 1440
# The last hours are read by the minute, because they tell whether something is in use just now.
_RECENT: Final = timedelta(hours=3)
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class RuntimeActivity:
    """The last invocation: the end of its minute, if it was in the last three hours, else of its hour.

    Attributes:
        last_invocation_time: That moment; None if there was none as far back as was looked.
        looked_back_to: How far back that was.
    """

    last_invocation_time: datetime | None
    looked_back_to: datetime


@dataclass(frozen=True, slots=True)
class LookBack:
    """The windows to read, the longer one by hours and the shorter one by minutes.

    Attributes:
        whole: All hours that were asked for, in periods of an hour or a multiple of it.
        recent: The last three of them, in periods of a minute.
    """

    whole: MetricWindow
    recent: MetricWindow


def look_back(hours: int, now: datetime) -> LookBack:
    """The windows of the `hours` before `now`. Raises BadInputError for none, or more than CloudWatch keeps."""
    check_hours(hours)
    period = 3600 * math.ceil(hours / _MOST_PERIODS)
    begin = _round_down(now - timedelta(hours=hours), period)
    end = _round_down(now, 60) + timedelta(minutes=1)
    recent = max(begin, _round_down(now - _RECENT, 60))
    return LookBack(MetricWindow(begin, end, period), MetricWindow(recent, end, 60))


def _round_down(moment: datetime, period: int) -> datetime:
    return moment - (moment - _EPOCH) % timedelta(seconds=period)


async def activities(view: ResourceView, runtimes: Sequence[Runtime], windows: LookBack) -> Sequence[object]:
    """A batch function: the last invocation of each runtime, over its variants and inference components.

    Two calls for up to 500 variants and components, and a listing of components.

    Returns:
        A RuntimeActivity for each runtime; None for one that is gone, and the exception of one that could not be
        described.
    """
    whole = await with_detail(view, runtimes)
    targets = await _targets(view, [runtime for runtime in whole if isinstance(runtime, Runtime)])
    every = [target for own in targets.values() for target in own]
    last = await _last_invocations(view, every, windows)
    return [
        described
        if not isinstance(described, Runtime)
        else RuntimeActivity(_latest(targets[described.name], last), windows.whole.begin)
        for described in whole
    ]


async def _targets(view: ResourceView, runtimes: Sequence[Runtime]) -> Mapping[str, Sequence[InvocationTarget]]:
    """Everything that CloudWatch counts the requests of: requests to a component are not counted with a variant."""
    targets: dict[str, list[InvocationTarget]] = defaultdict(list)
    if not runtimes:
        return targets
    for runtime in runtimes:
        variants = runtime.detail.variants if runtime.detail else ()
        targets[runtime.name] += (InvocationTarget(runtime.name, variant=variant.name) for variant in variants)
    for row in await component_rows(view.inventory):
        if row.runtime_name in targets:
            targets[row.runtime_name].append(InvocationTarget(row.runtime_name, component=row.name))
    return targets


async def _last_invocations(
    view: ResourceView, targets: Sequence[InvocationTarget], windows: LookBack
) -> Mapping[InvocationTarget, datetime]:
    if not targets:
        return {}
    recent = await view.inventory.last_invocations(targets, windows.recent)
    rest = [target for target in targets if target not in recent]
    if not rest or windows.whole.begin >= windows.recent.begin:
        return recent
    return {**await view.inventory.last_invocations(rest, windows.whole), **recent}


def _latest(targets: Sequence[InvocationTarget], last: Mapping[InvocationTarget, datetime]) -> datetime | None:
    return max((last[target] for target in targets if target in last), default=None)


async def idle_for(view: ResourceView, runtimes: Sequence[Runtime], hours: int) -> Sequence[bool | AWSError | None]:
    """Tell of each runtime whether nothing has invoked it for this many hours; None for one that is gone.

    A runtime that is younger has not been idle for so long. Raises BadInputError; see `look_back`.
    """
    now = datetime.now(UTC)
    since = now - timedelta(hours=hours)
    result = await activities(view, runtimes, look_back(hours, now))
    return [
        activity if activity is None or isinstance(activity, AWSError) else _is_idle(runtime, activity, since)
        for runtime, activity in zip(runtimes, result, strict=True)
    ]


def _is_idle(runtime: Runtime, activity: object, since: datetime) -> bool:
    is_old = runtime.creation_time is not None and runtime.creation_time <= since
    last = activity.last_invocation_time if isinstance(activity, RuntimeActivity) else None
    return is_old and (last is None or last <= since)
