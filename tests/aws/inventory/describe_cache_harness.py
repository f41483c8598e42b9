"""Describe cache with scripted rows and a scripted AWS behind it."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aws.client.errors import AWSError, NotFoundError
from aws.inventory.describe_cache import DescribeCache, Described
from aws.inventory.horizon import Horizon, horizon_at
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import JobStatus, RuntimeStatus
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob, TransformJobDetail
from concurrency.single_flight import SingleFlight
from tests.aws.sandbox_account import ACCOUNT, AGES, NOON, REGION

SECOND = timedelta(seconds=1)
WHERE: dict[str, Any] = {"scope": "s", "arn": "arn", "account_id": ACCOUNT, "region": REGION, "as_of": NOON}


def model(name: str = "a", **more: Any) -> Model:
    return Model(**{**WHERE, "name": name, "creation_time": NOON - timedelta(days=1), **more})


def runtime(status: RuntimeStatus = RuntimeStatus.IN_SERVICE, **more: Any) -> Runtime:
    modified = NOON - timedelta(hours=1)
    states = {"status": status, "raw_status": status.value, "last_modified_time": modified}
    return Runtime(**{**WHERE, "name": "a", "creation_time": NOON - timedelta(days=1), **states, **more})


def job(status: JobStatus = JobStatus.COMPLETED, **more: Any) -> TrainingJob:
    states = {
        "status": status,
        "raw_status": status.value,
        "last_modified_time": NOON - timedelta(hours=1),
        "end_time": None,
        "secondary_status": None,
    }
    return TrainingJob(**{**WHERE, "name": "a", "creation_time": NOON - timedelta(days=1), **states, **more})


def transform(
    last_modified: Any = None, status: JobStatus = JobStatus.COMPLETED, began: datetime | None = NOON
) -> TransformJob:
    detail = TransformJobDetail(
        failure_reason=None,
        start_time=began,
        inputs=(),
        output_s3_uri=None,
        instance_type=None,
        instance_count=None,
        model_name="m",
        batch_strategy=None,
        max_concurrent_transforms=None,
        environment_values=(),
    )
    states = {"status": status, "raw_status": status.value, "end_time": None, "last_modified_time": last_modified}
    return TransformJob(**{**WHERE, "name": "a", "creation_time": NOON, "detail": detail, **states})


class ScriptedRows:
    """A list that says what it is told to; without rows it is not fresh."""

    def __init__(self) -> None:
        self.rows: dict[str, AnyResource] = {}
        self.whole = False

    def fresh_rows(self, _: Horizon) -> Mapping[str, AnyResource]:
        return self.rows

    def lacks(self, name: str, _: Horizon) -> bool:
        return self.whole and name not in self.rows


class DescribeCacheHarness:
    """A cache, the list beside it, and the AWS behind it, at a time that is moved by hand."""

    def __init__(self, single_flight: SingleFlight) -> None:
        self.now = NOON
        self.list_rows = ScriptedRows()
        self.answers: dict[str, AnyResource | AWSError] = {}
        self.asked: Counter[str] = Counter()
        self.denied = 0
        self.open = asyncio.Event()
        self.open.set()
        self.cache = DescribeCache(Kind.MODEL, single_flight, self._ask, self.list_rows, self._deny, lambda: self.now)

    async def _ask(self, name: str) -> AnyResource:
        self.asked[name] += 1
        await self.open.wait()
        answer = self.answers.get(name, NotFoundError("Gone.", operation="DescribeModel"))
        if isinstance(answer, AWSError):
            raise answer
        return answer

    def _deny(self) -> None:
        self.denied += 1
        self.cache.clear()

    async def of(self, *names: str, max_age: float | None = None) -> Mapping[str, Described]:
        """What a request that begins now is told."""
        return await self.cache.get_many(names, horizon_at(AGES, self.now, max_age))

    def knows(self, name: str = "a", max_age: float | None = None) -> bool:
        """Whether a request that begins now need not ask."""
        return self.cache.missing([name], horizon_at(AGES, self.now, max_age)) == []

    def pass_(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


def error(kind: type[AWSError]) -> AWSError:
    return kind("No.", operation="DescribeModel")
