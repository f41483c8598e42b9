"""aws.write.runtimes: a runtime is deleted once, or not at all, whatever happens on the way."""

import asyncio
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.statuses import RuntimeStatus
from aws.write.errors import MissingTargetError, WriteConflictError
from aws.write.writer import Writer
from sandbox.sagemaker.store import ENDPOINT
from sandbox.sagemaker.timeline import Durations
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, collected_stats, make, reader_of
from tests.aws.write.create_cases import ADA
from tests.aws.write.live_runtime import AS_BEFORE, UPDATING, state, to


async def test_a_deleted_runtime_comes_back_as_deleting(running: Sandbox, writer: Writer, inventory: Inventory) -> None:
    with collected_stats() as stats:
        runtime = await writer.delete_runtime("live")
    assert (runtime.status, runtime.raw_status) == (RuntimeStatus.DELETING, "Deleting")
    assert running.calls.by_operation() == {"DescribeEndpoint": 2, "DeleteEndpoint": 1}
    assert len(stats.write_request_ids) == 1
    running.calls.clear()
    assert (await reader_of(inventory).describe(Kind.RUNTIME, ["live"]))["live"] == runtime
    assert running.calls.count() == 0


async def test_deleting_again_changes_nothing(running: Sandbox, writer: Writer) -> None:
    await writer.delete_runtime("live")
    running.calls.clear()
    assert (await writer.delete_runtime("live")).status is RuntimeStatus.DELETING
    assert running.calls.by_operation() == {"DescribeEndpoint": 1}


async def test_what_is_gone_is_missing(running: Sandbox, writer: Writer) -> None:
    with pytest.raises(MissingTargetError) as caught:
        await writer.delete_runtime("nobody")
    assert caught.value.faults[0].field == ("name",)
    assert running.calls.by_operation() == {"DescribeEndpoint": 1}


@pytest.mark.parametrize(("how", "deletions", "looks"), [("drop", 2, 3), ("lose", 1, 2)])
async def test_a_delete_without_an_answer(
    running: Sandbox, writer: Writer, how: str, deletions: int, looks: int
) -> None:
    getattr(running.faults, how)("DeleteEndpoint", times=1)
    assert (await writer.delete_runtime("live")).status is RuntimeStatus.DELETING
    assert running.calls.by_operation() == {"DescribeEndpoint": looks, "DeleteEndpoint": deletions}
    assert state(running)[0] == "Deleting"


@pytest.mark.parametrize("how", ["answered", "lost"])
async def test_one_that_is_gone_at_once(running: Sandbox, writer: Writer, inventory: Inventory, how: str) -> None:
    running.timeline.durations = Durations(endpoint_deleting=0)
    if how == "lost":
        running.faults.lose("DeleteEndpoint", times=1)
    runtime = await writer.delete_runtime("live")
    assert (runtime.name, runtime.status) == ("live", RuntimeStatus.DELETING)
    running.calls.clear()
    assert (await reader_of(inventory).describe(Kind.RUNTIME, ["live"]))["live"] is None
    assert running.calls.count() == 0


async def test_one_that_went_meanwhile_is_gone(running: Sandbox, writer: Writer) -> None:
    running.timeline.durations = Durations(endpoint_deleting=0)
    hold = running.faults.block("DeleteEndpoint")
    deleting = asyncio.create_task(writer.delete_runtime("live"))
    assert await asyncio.to_thread(hold.wait_for_requests)
    make(running, "DeleteEndpoint", EndpointName="live")
    hold.release()
    assert (await deleting).status is RuntimeStatus.DELETING
    assert running.calls.by_operation() == {"DescribeEndpoint": 2, "DeleteEndpoint": 1}


async def test_two_who_delete_it_at_once_both_have_done_so(running: Sandbox, writer: Writer) -> None:
    hold = running.faults.block("DeleteEndpoint")
    both = [asyncio.create_task(writer.delete_runtime("live")) for _ in range(2)]
    assert await asyncio.to_thread(hold.wait_for_requests, 2)
    hold.release()
    assert {runtime.status for runtime in await asyncio.gather(*both)} == {RuntimeStatus.DELETING}
    assert running.calls.count("DeleteEndpoint") == 2


async def test_one_that_is_being_changed_is_not_deleted(running: Sandbox, writer: Writer) -> None:
    await writer.update_runtime("live", to("scorer-2"), ADA)
    with pytest.raises(WriteConflictError) as caught:
        await writer.delete_runtime("live")
    assert "in-progress" in str(caught.value)
    assert state(running) == UPDATING


async def test_a_delete_that_fails_for_good_deletes_nothing(running: Sandbox, writer: Writer) -> None:
    failures: list[tuple[Any, type[Exception], int]] = [
        (running.faults.fail, UnavailableError, 2),
        (running.faults.throttle, ThrottledError, 8),
        (running.faults.refuse, AccessDeniedError, 1),
    ]
    for trouble, kind, calls in failures:
        running.faults.clear()
        running.calls.clear()
        trouble("DeleteEndpoint")
        with pytest.raises(kind):
            await writer.delete_runtime("live")
        assert running.calls.count("DeleteEndpoint") == calls
    assert state(running) == AS_BEFORE
    assert len(running.sagemaker.account_region(ACCOUNT, REGION).records(ENDPOINT)) == 1
