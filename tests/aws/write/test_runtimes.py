"""aws.write.runtimes: a runtime is moved once, or not at all, whatever happens on the way."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from aws.client.errors import ThrottledError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from aws.write import readback
from aws.write.errors import InvalidInputError, MissingTargetError, WriteConflictError
from aws.write.inputs import InstanceLimits, NewRuntime, RuntimeChange, WriteAuthor
from aws.write.instance_limits import InstanceLimitError
from aws.write.writer import Writer
from sandbox.sagemaker.timeline import Durations
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, collected_stats, make, make_config, reader_of
from tests.aws.write.create_cases import ADA
from tests.aws.write.live_runtime import AS_BEFORE, UPDATING, state, to


async def test_it_is_on_its_way_to_the_snapshot(running: Sandbox, writer: Writer, inventory: Inventory) -> None:
    with collected_stats() as stats:
        runtime = await writer.update_runtime("live", to("scorer-2"), ADA)
    assert (runtime.status, runtime.detail and runtime.detail.pending_snapshot_name) == (
        RuntimeStatus.UPDATING,
        "scorer-2",
    )
    assert state(running) == UPDATING
    assert running.calls.by_operation() == {"DescribeEndpoint": 2, "DescribeEndpointConfig": 2, "UpdateEndpoint": 1}
    assert len(stats.write_request_ids) == 1
    running.calls.clear()
    assert (await reader_of(inventory).describe(Kind.RUNTIME, ["live"]))["live"] == runtime
    assert running.calls.count() == 0


@pytest.mark.parametrize("seconds", [0, 300])
async def test_the_same_again_changes_nothing(running: Sandbox, writer: Writer, seconds: float) -> None:
    """On its way, and there."""
    await writer.update_runtime("live", to("scorer-2"), ADA)
    running.advance(seconds)
    running.calls.clear()
    await writer.update_runtime("live", to("scorer-2"), ADA)
    assert running.calls.by_operation() == {"DescribeEndpoint": 1}


async def test_only_one_in_service_is_moved(running: Sandbox, writer: Writer) -> None:
    await writer.update_runtime("live", to("scorer-2"), ADA)
    running.calls.clear()
    with pytest.raises(WriteConflictError) as caught:
        await writer.update_runtime("live", to("scorer-1"), ADA)
    assert str(caught.value) == "The endpoint `live` is Updating; only one that is InService can be updated."
    assert caught.value.faults[0].field == ("name",)
    assert running.calls.by_operation() == {"DescribeEndpoint": 1}
    assert state(running) == UPDATING


async def test_the_state_is_read_live(running: Sandbox, writer: Writer, inventory: Inventory) -> None:
    """What is remembered says InService."""
    await reader_of(inventory).describe(Kind.RUNTIME, ["live"])
    make(running, "UpdateEndpoint", EndpointName="live", EndpointConfigName="scorer-2")
    with pytest.raises(WriteConflictError):
        await writer.update_runtime("live", to("scorer-1"), ADA)
    assert running.calls.count("UpdateEndpoint") == 0


@pytest.mark.parametrize(("more", "count"), [({}, 4), ({"retain": True}, 4), ({"retain": False}, 1)])
async def test_counts_of_variants_that_both_name_are_kept(
    running: Sandbox, writer: Writer, more: dict[str, Any], count: int
) -> None:
    """Unless it is asked for what the snapshot says: an autoscaled runtime would shrink."""
    change = {"VariantName": "v1", "DesiredInstanceCount": 4}
    make(running, "UpdateEndpointWeightsAndCapacities", EndpointName="live", DesiredWeightsAndCapacities=[change])
    running.advance(300)
    await writer.update_runtime("live", RuntimeChange(snapshot_name="scorer-2", **more), ADA)
    running.advance(300)
    result = running.call("DescribeEndpoint", ACCOUNT, REGION, EndpointName="live")
    assert result["EndpointConfigName"] == "scorer-2"
    assert [item["DesiredInstanceCount"] for item in result["ProductionVariants"]] == [count]


async def test_a_runtime_whose_configuration_is_gone_is_refused_at_once(running: Sandbox, writer: Writer) -> None:
    make(running, "DeleteEndpointConfig", EndpointConfigName="scorer-1")
    running.calls.clear()
    with pytest.raises(WriteConflictError) as caught:
        await writer.update_runtime("live", to("scorer-2"), ADA)
    assert caught.value.faults[0].field == ("name",)
    assert "`scorer-1`" in str(caught.value)
    assert (running.calls.count("UpdateEndpoint"), state(running)) == (0, AS_BEFORE)


async def test_a_configuration_that_may_not_be_read_is_left_to_sagemaker(running: Sandbox, writer: Writer) -> None:
    running.faults.refuse("DescribeEndpointConfig", name="scorer-1")
    await writer.update_runtime("live", to("scorer-2"), ADA)
    assert state(running) == UPDATING


async def test_a_runtime_stays_on_instances_or_serverless(running: Sandbox, writer: Writer) -> None:
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    variant = {"VariantName": "AllTraffic", "ModelName": "Scorer", "ServerlessConfig": serverless}
    make(running, "CreateEndpointConfig", EndpointConfigName="without", ProductionVariants=[variant])
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime("live", to("without"), ADA)
    assert caught.value.faults[0].field == ("snapshotName",)
    assert (running.calls.count("UpdateEndpoint"), state(running)) == (0, AS_BEFORE)


async def test_a_dropped_update_is_made_again(running: Sandbox, writer: Writer) -> None:
    running.faults.drop("UpdateEndpoint", times=1)
    await writer.update_runtime("live", to("scorer-2"), ADA)
    assert state(running) == UPDATING
    assert running.calls.by_operation() == {"DescribeEndpoint": 3, "DescribeEndpointConfig": 2, "UpdateEndpoint": 2}


async def test_a_lost_update_is_looked_into_before_a_retry(running: Sandbox, writer: Writer) -> None:
    running.faults.lose("UpdateEndpoint", times=1)
    runtime = await writer.update_runtime("live", to("scorer-2"), ADA)
    assert runtime.status is RuntimeStatus.UPDATING
    assert state(running) == UPDATING
    assert running.calls.by_operation() == {"DescribeEndpoint": 2, "DescribeEndpointConfig": 2, "UpdateEndpoint": 1}


async def test_a_lost_update_that_is_not_shown_at_first(running: Sandbox, writer: Writer) -> None:
    """The retry is refused, because the runtime is on its way already."""
    running.faults.lose("UpdateEndpoint", times=1)
    seen: list[str] = []
    original = writer._runtimes._require

    async def behind(name: str) -> Runtime:
        result = await original(name)
        seen.append(result.raw_status)
        return first if len(seen) == 2 else result

    first = await original("live")
    writer._runtimes._require = behind  # type: ignore[method-assign]  # SageMaker shows for a moment what was before.
    runtime = await writer.update_runtime("live", to("scorer-2"), ADA)
    assert runtime.status is RuntimeStatus.UPDATING
    assert running.calls.count("UpdateEndpoint") == 2
    assert state(running) == UPDATING


async def test_an_outage_moves_nothing(running: Sandbox, writer: Writer) -> None:
    running.faults.fail("UpdateEndpoint", status=503)
    with pytest.raises(UnavailableError) as caught:
        await writer.update_runtime("live", to("scorer-2"), ADA)
    assert "safe to repeat" in str(caught.value)
    assert state(running) == AS_BEFORE
    assert running.calls.count("UpdateEndpoint") == 2


async def test_throttled(running: Sandbox, writer: Writer) -> None:
    running.faults.throttle("UpdateEndpoint", times=3)
    await writer.update_runtime("live", to("scorer-2"), ADA)
    assert running.calls.count("UpdateEndpoint") == 4
    running.advance(300)
    running.faults.throttle("UpdateEndpoint")
    with pytest.raises(ThrottledError):
        await writer.update_runtime("live", to("scorer-1"), ADA)


async def test_two_who_want_the_same_at_once_both_have_it(running: Sandbox, writer: Writer) -> None:
    both = await asyncio.gather(*(writer.update_runtime("live", to("scorer-2"), ADA) for _ in range(2)))
    assert {runtime.status for runtime in both} == {RuntimeStatus.UPDATING}
    assert state(running) == UPDATING


async def test_what_is_missing_is_named(running: Sandbox, writer: Writer) -> None:
    with pytest.raises(MissingTargetError) as caught:
        await writer.update_runtime("nobody", to("scorer-2"), ADA)
    assert caught.value.faults[0].field == ("name",)
    with pytest.raises(MissingTargetError) as caught:
        await writer.update_runtime("live", to("none"), ADA)
    assert caught.value.faults[0].field == ("snapshotName",)
    assert str(caught.value) == "There is no endpoint configuration `none`."
    assert running.calls.count("UpdateEndpoint") == 0


async def test_names_that_cannot_be_are_told_together(running: Sandbox, writer: Writer) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime("-", to("?"), ADA)
    assert [fault.field for fault in caught.value.faults] == [("name",), ("snapshotName",)]
    assert running.calls.count() == 0


async def test_a_snapshot_beyond_the_groups_limits_is_not_run(running: Sandbox, writer: Writer) -> None:
    author = WriteAuthor("ada", "risk", InstanceLimits(frozenset({"ml.t2.medium"}), None))
    with pytest.raises(InstanceLimitError) as caught:
        await writer.update_runtime("live", to("scorer-2"), author)
    assert caught.value.faults[0].field == ("snapshotName",)
    assert running.calls.count("UpdateEndpoint") == 0


@pytest.mark.parametrize("operation", ["CreateEndpoint", "UpdateEndpoint"])
async def test_a_snapshot_that_is_not_seen_yet_is_waited_for(
    running: Sandbox, writer: Writer, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """The first two times SageMaker does not find it."""
    running.clock.freeze()
    running.timeline.durations = Durations(config_unseen=10)
    make_config(running, "scorer-3", "Scorer")

    def waits() -> Iterator[float]:
        while True:
            yield 0.0
            running.advance(6)

    monkeypatch.setattr(readback, "CONSISTENCY_WAITS", waits())
    if operation == "CreateEndpoint":
        await writer.create_runtime(NewRuntime(name="new", snapshot_name="scorer-3"), ADA)
    else:
        await writer.update_runtime("live", to("scorer-3"), ADA)
    assert running.calls.count(operation) == 3


async def test_a_snapshot_that_is_never_seen_is_missing(running: Sandbox, writer: Writer) -> None:
    running.timeline.durations = Durations(config_unseen=1e6)
    make_config(running, "scorer-3", "Scorer")
    with pytest.raises(MissingTargetError) as caught:
        await writer.update_runtime("live", to("scorer-3"), ADA)
    assert caught.value.faults[0].field == ("snapshotName",)
    assert running.calls.count("UpdateEndpoint") == 3
    assert state(running) == AS_BEFORE
