"""Starting, sharing and stopping."""

import asyncio
import socket
import threading

import httpx
import pytest

from sandbox.sagemaker.store import MODEL
from sandbox.sagemaker.timeline import Durations
from sandbox.server import Sandbox

LIST = {"X-Amz-Target": "SageMaker.ListModels"}
PLACE = ("222222222222", "eu-west-1")


def _model(sandbox: Sandbox, name: str) -> None:
    role = "arn:aws:iam::222222222222:role/execution"
    sandbox.call("CreateModel", *PLACE, ModelName=name, ExecutionRoleArn=role, PrimaryContainer={"Image": "r/i:1"})


def test_stops_whole_and_its_port_is_free_again() -> None:
    before = set(threading.enumerate())
    with Sandbox.start() as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
        assert httpx.post(sandbox.url, json={}, headers=LIST).json() == {"Models": []}
    assert set(threading.enumerate()) <= before
    with socket.socket() as again:
        again.bind(("127.0.0.1", port))
    sandbox.stop()


def test_a_port_that_is_taken_is_said() -> None:
    with Sandbox.start() as sandbox, pytest.raises(OSError, match="Address already in use"):
        Sandbox.start(int(sandbox.url.rsplit(":", 1)[1]))


async def test_stopping_cuts_off_what_is_under_way() -> None:
    sandbox = await asyncio.to_thread(Sandbox.start)
    hold = sandbox.faults.block("ListModels")
    async with httpx.AsyncClient() as client:
        waiting = asyncio.create_task(client.post(sandbox.url, json={}, headers=LIST))
        assert await asyncio.to_thread(hold.wait_for_requests)
        await asyncio.to_thread(sandbox.stop)
        with pytest.raises(httpx.TransportError):
            await waiting


def test_connections_are_kept_and_many_are_served_at_once(sandbox: Sandbox) -> None:
    async def ask_often() -> list[int]:
        limits = httpx.Limits(max_connections=40, max_keepalive_connections=40)
        async with httpx.AsyncClient(base_url=sandbox.url, limits=limits) as client:
            answers = await asyncio.gather(*(client.post("/", json={}, headers=LIST) for _ in range(60)))
        return [answer.status_code for answer in answers]

    sandbox.faults.delay("ListModels", 0.02)
    assert asyncio.run(ask_often()) == [200] * 60
    assert sandbox.calls.max_concurrent("ListModels") > 10


def test_reset_brings_back_the_beginning(sandbox: Sandbox) -> None:
    _model(sandbox, "m")
    sandbox.objects.make_bucket("bucket", *PLACE)
    sandbox.enforce()
    sandbox.clock.freeze()
    sandbox.timeline.durations = Durations(training=1)
    sandbox.sagemaker.quotas.limit(MODEL, 1)
    sandbox.faults.throttle("*")
    sandbox.reset()
    assert sandbox.call("ListModels", *PLACE)["Models"] == []
    assert not sandbox.objects.has_any("s3://bucket/")
    assert not sandbox.is_enforcing
    assert sandbox.clock.speed == 1
    assert sandbox.timeline.durations == Durations()
    assert httpx.post(sandbox.url, json={}, headers=LIST).status_code == 200
    _model(sandbox, "m")
    _model(sandbox, "n")


def test_two_sandboxes_keep_their_sagemakers_apart(sandbox: Sandbox) -> None:
    with Sandbox.start(pace=Durations(training=5)) as other:
        _model(other, "m")
        assert sandbox.call("ListModels", *PLACE)["Models"] == []
        assert other.timeline.durations.training == 5
