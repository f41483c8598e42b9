"""What the tests, and the processes that they start, need not work out anew each time."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, Final
from weakref import WeakKeyDictionary

import pytest
from httpx._config import create_ssl_context

from auth.credentials.signing import new_data_loader, new_session
from aws.client.operations import SAGEMAKER_OPERATIONS
from aws.client.service_models import LeanLoader
from aws.regions import known_regions
from concurrency.time_slices import TimeSlices
from gateway.app import create_app
from gateway.settings.settings import from_mapping
from tests.cached_schema import cached_schema
from tests.quick_aws import cheap_digests, kept, quick_aws
from tests.quick_dbos import quick_dbos
from tests.quick_sql import quick_sql

_SERVICES: Final = ("sagemaker", "sts", "s3")
_OPERATIONS: Final = {"sagemaker": SAGEMAKER_OPERATIONS}


@contextmanager
def worked_out_once() -> Iterator[Callable[[], None]]:
    """Work out once, while the block runs, what is always the same; at its first use, or now by what is given.

    Nothing changes a schema, and one takes as long as ten questions; botocore's descriptions of the services, a tenth
    of a second at each reading.
    """
    with quick_aws(), quick_sql(), quick_dbos(), cheap_digests(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.app.build_schema", cached_schema)
        patch.setattr(TimeSlices, "_turn", _turn_of_each_loop(), raising=False)
        patch.setattr("gateway.commands.check.known_regions", kept(known_regions))
        patch.setattr("httpx._transports.default.create_ssl_context", cache(create_ssl_context))
        loader = kept(new_data_loader)
        lean = kept(lambda: LeanLoader(loader(), _OPERATIONS))
        patch.setattr("gateway.bootstrap.new_data_loader", loader)
        patch.setattr("gateway.bootstrap.LeanLoader", partial(_shared, lean))
        patch.setattr("gateway.commands.role_checks.new_data_loader", loader)
        yield partial(_work_out, lean)


def _turn_of_each_loop() -> property:
    """The lock of time slices, another one for each loop: a kept schema goes from one loop to the next."""
    locks: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakKeyDictionary[TimeSlices, asyncio.Lock]]
    locks = WeakKeyDictionary()

    def turn(slices: TimeSlices) -> asyncio.Lock:
        here = locks.setdefault(asyncio.get_running_loop(), WeakKeyDictionary())
        return here.setdefault(slices, asyncio.Lock())

    return property(turn, lambda _slices, _lock: None)


def _shared(lean: Callable[[], LeanLoader], _loader: object, operations: object) -> LeanLoader:
    """The loader of every gateway: to read and trim SageMaker's model takes longer than to ask ten questions."""
    assert operations == _OPERATIONS
    return lean()


def _work_out(loader: Callable[[], Any]) -> None:
    create_app(from_mapping({}))
    asyncio.run(_make_clients(loader()))


async def _make_clients(loader: Any) -> None:
    session = new_session(loader)
    for service in _SERVICES:
        keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
        async with session.create_client(service, region_name="eu-west-1", **keys):
            """What is made here is not used; how it was made is kept."""
