"""Every loop over AWS's pages ends at the second equal token, with an error that says so."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from aws.alarms import list_alarms
from aws.client.client import AwsClient
from aws.client.paging import RepeatedTokenError
from aws.inventory.horizon import horizon_at
from aws.inventory.listings import EVERYTHING, Listing
from aws.inventory.search import SearchClient
from aws.inventory.tag_cache import TagCache
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from aws.metrics import MetricKey, MetricStatistic, MetricWindow, RuntimeMetric, read_metrics
from aws.scaling import list_scaling
from aws.schedules import list_schedules
from aws.storage import ObjectStorage
from concurrency.single_flight import SingleFlight
from tests.aws.sandbox_account import AGES, NOON, arn, provenance

EMPTY: Mapping[str, Any] = {
    "MonitoringScheduleSummaries": [],
    "NextToken": "again",
    "NextContinuationToken": "again",
}


class EndlessClient(AwsClient):
    """Gives an empty page with the same token, whatever is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def call(self, operation: str, **_parameters: Any) -> Mapping[str, Any]:
        self.asked.append(operation)
        return EMPTY


async def _metrics(calls: AwsClient) -> object:
    series = MetricKey("live", "all", RuntimeMetric.INVOCATIONS, MetricStatistic.SUM)
    return await read_metrics(calls, [series], MetricWindow(NOON, NOON + timedelta(hours=1), 60))


async def _objects(calls: AwsClient) -> object:
    clients: Any = None
    return await ObjectStorage(calls, clients).list_objects("s3://bucket/", 10)


async def _search(calls: AwsClient) -> object:
    return await SearchClient(calls, provenance, allowed=True).search_kind(Kind.MODEL, 10)


async def _tags(calls: AwsClient) -> object:
    cache, of = TagCache(calls, SingleFlight(), lambda: NOON), arn("model", "a")
    tags = (await cache.get_many([of], horizon_at(AGES, NOON)))[of]
    assert isinstance(tags, RepeatedTokenError)
    raise tags


@pytest.mark.parametrize(
    ("read", "operation"),
    [
        (lambda calls: list_schedules(calls, "scope-1"), "ListMonitoringSchedules"),
        (list_alarms, "DescribeAlarms"),
        (list_scaling, "DescribeScalableTargets"),
        (_metrics, "GetMetricData"),
        (_objects, "ListObjectsV2"),
        (_search, "Search"),
        (_tags, "ListTags"),
    ],
    ids=lambda value: value if isinstance(value, str) else "reading",
)
async def test_equal_tokens_end_the_reading(read: Callable[[AwsClient], Awaitable[object]], operation: str) -> None:
    calls = EndlessClient()
    with pytest.raises(RepeatedTokenError) as caught:
        await read(calls)
    assert (caught.value.operation, caught.value.code) == (operation, "UPSTREAM_UNAVAILABLE")
    assert calls.asked == [operation, operation]


class RestlessClient(EndlessClient):
    """Gives an empty page with another token each time."""

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        page = await super().call(operation, **parameters)
        token = f"token-{len(self.asked)}"
        return {**page, "NextToken": token, "NextContinuationToken": token, API_NAMES[Kind.MODEL].list_key: []}


async def test_ever_new_tokens_end_the_reading_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is read for the scope, and would go on when nobody waits any more."""
    monkeypatch.setattr("aws.client.paging.MAX_PAGES", 5)
    calls, single_flight = RestlessClient(), SingleFlight()
    listing = Listing(Kind.MODEL, EVERYTHING, calls, provenance, single_flight)
    with pytest.raises(RepeatedTokenError):
        await listing.ensure(1)
    assert calls.asked == ["ListModels"] * 6
    await single_flight.close()
