"""Facts about runtimes beyond their descriptions: schedules, alarms, scaling, metrics."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from aws.alarms import Alarm, find_alarms, list_alarms
from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.inventory.cache_states import Counted
from aws.inventory.horizon import Horizon
from aws.inventory.keyed_cache import KeyedCache
from aws.invocations import InvocationTarget, last_invocations
from aws.metrics import MetricKey, MetricSeries, MetricWindow, read_metrics
from aws.scaling import VariantKey, VariantScaling, list_scaling
from aws.schedules import (
    MonitoringExecution,
    MonitoringSchedule,
    last_execution_status,
    list_executions,
    list_schedules,
)
from concurrency.single_flight import SingleFlight

Value = TypeVar("Value")
_EVERYTHING = "all"


class RuntimeFacts:
    """The caches of such facts of one scope; each list is cached whole, under one key.

    Args:
        calls: The client of the scope.
        scope: The scope's key.
        single_flight: Shares calls under way.
        now: Gives the time.
    """

    def __init__(self, calls: AwsClient, scope: str, single_flight: SingleFlight, now: Callable[[], datetime]) -> None:
        self.calls = calls
        self.single_flight = single_flight

        async def schedules(_everything: str) -> Sequence[MonitoringSchedule]:
            return await list_schedules(calls, scope)

        async def alarms(_everything: str) -> Sequence[Alarm]:
            return await list_alarms(calls)

        async def scaling(_everything: str) -> Mapping[VariantKey, VariantScaling]:
            return await list_scaling(calls)

        self.schedules = KeyedCache(single_flight, schedules, now)
        self.executions: KeyedCache[str] = KeyedCache(single_flight, partial(last_execution_status, calls), now)
        self.alarms = KeyedCache(single_flight, alarms, now)
        self.scaling = KeyedCache(single_flight, scaling, now)

    @property
    def bytes(self) -> int:
        """The memory of the caches."""
        return self.schedules.bytes + self.executions.bytes + self.alarms.bytes + self.scaling.bytes

    def caches(self) -> Mapping[str, Sequence[Counted]]:
        """The caches by their names in metrics."""
        return {
            "schedules": [self.schedules, self.executions],
            "alarms": [self.alarms],
            "scaling": [self.scaling],
        }


class RuntimeFactReader:
    """Reads the facts for one request.

    Args:
        facts: The scope's caches.
        horizon: The oldest reads that are fresh enough.
    """

    def __init__(self, facts: RuntimeFacts, horizon: Horizon) -> None:
        self._facts = facts
        self.horizon = horizon

    async def schedules(self) -> Sequence[MonitoringSchedule]:
        """List every monitoring schedule, at most of the fresh age. Raises AWSError."""
        return await self._listed(self._facts.schedules) or ()

    async def executions(self, names: Iterable[str]) -> Mapping[str, str | AWSError | None]:
        """Give the status of each monitoring schedule's last run by name: empty before the first, None if gone."""
        return await self._facts.executions.get_many(names, self.horizon, volatile=True)

    async def past_executions(
        self, name: str, most: int, before: datetime | None
    ) -> Sequence[MonitoringExecution] | AWSError:
        """Give the last runs of the monitoring schedule `name` before a moment, at most `most`; not cached."""
        read = partial(list_executions, self._facts.calls, name, most, before)
        try:
            return await self._facts.single_flight.do(("executions", name, most, before), read)
        except AWSError as error:
            return error

    async def alarms(self) -> Sequence[Alarm]:
        """List every alarm that watches an endpoint, at most of the fresh age. Raises AWSError."""
        return await self._listed(self._facts.alarms) or ()

    async def alarms_named(self, names: Sequence[str]) -> Mapping[str, Alarm]:
        """Read the alarms with these names, of any metric; not cached. Raises AWSError."""
        return await find_alarms(self._facts.calls, names)

    async def scaling(self) -> Mapping[VariantKey, VariantScaling]:
        """Give the scaling of every registered variant, at most of the fresh age. Raises AWSError."""
        return await self._listed(self._facts.scaling) or {}

    async def metrics(self, wanted: Sequence[MetricKey], window: MetricWindow) -> Mapping[MetricKey, MetricSeries]:
        """Give the points of each wanted series in the window; not cached. Raises AWSError."""
        read = partial(read_metrics, self._facts.calls, wanted, window)
        return await self._facts.single_flight.do(("metrics", tuple(wanted), window), read)

    async def last_invocations(
        self, targets: Sequence[InvocationTarget], window: MetricWindow
    ) -> Mapping[InvocationTarget, datetime]:
        """Give the end of the last period of the window in which each target was invoked; not cached.

        Raises:
            AWSError: CloudWatch could not be read.
        """
        read = partial(last_invocations, self._facts.calls, targets, window)
        return await self._facts.single_flight.do(("invocations", tuple(targets), window), read)

    async def _listed(self, cache: KeyedCache[Value]) -> Value | None:
        listed = (await cache.get_many([_EVERYTHING], self.horizon, volatile=True))[_EVERYTHING]
        if isinstance(listed, AWSError):
            raise listed
        return listed
