"""aws.write.runtime_variants: weights and counts are set once or not at all, within the group's limits."""

from typing import Any

import pytest

from aws.client.errors import UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from aws.write.errors import InvalidInputError, MissingTargetError, WriteConflictError
from aws.write.inputs import DesiredVariant, InstanceLimits, WriteAuthor
from aws.write.instance_limits import InstanceLimitError
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, make, make_models, reader_of
from tests.aws.write.create_cases import ADA

OPERATION = "UpdateEndpointWeightsAndCapacities"
MORE = (DesiredVariant("a", weight=0.25, instance_count=3),)


@pytest.fixture
def running(place: Sandbox) -> Sandbox:
    """A runtime `live` in service: variant `a` on one instance, `b` on two."""
    make_models(place, "m")
    variants = [
        {
            "VariantName": name,
            "ModelName": "m",
            "InstanceType": kind,
            "InitialInstanceCount": count,
            "InitialVariantWeight": 1.0,
        }
        for name, kind, count in (("a", "ml.m5.large", 1), ("b", "ml.c5.large", 2))
    ]
    make(place, "CreateEndpointConfig", EndpointConfigName="two", ProductionVariants=variants)
    place.advance(60)
    make(place, "CreateEndpoint", EndpointName="live", EndpointConfigName="two")
    place.advance(600)
    place.calls.clear()
    return place


def shown(sandbox: Sandbox) -> tuple[str, list[tuple[float, int]]]:
    """The status of `live`, and the desired weight and count of each variant."""
    result = sandbox.call("DescribeEndpoint", ACCOUNT, REGION, EndpointName="live")
    return result["EndpointStatus"], [
        (item["DesiredWeight"], item["DesiredInstanceCount"]) for item in result["ProductionVariants"]
    ]


BEFORE = ("InService", [(1.0, 1), (1.0, 2)])


def limited(types: frozenset[str] | None = None, most: int | None = None) -> WriteAuthor:
    return WriteAuthor("ada", "risk", InstanceLimits(types, most))


async def test_it_is_on_its_way_and_known(running: Sandbox, writer: Writer, inventory: Inventory) -> None:
    runtime = await writer.update_runtime_variants("live", MORE, ADA)
    assert runtime.status is RuntimeStatus.UPDATING
    assert shown(running) == ("Updating", [(0.25, 3), (1.0, 2)])
    assert running.calls.by_operation() == {"DescribeEndpoint": 2, OPERATION: 1}
    known = (await reader_of(inventory).describe(Kind.RUNTIME, ["live"]))["live"]
    assert known == runtime
    running.advance(600)
    assert shown(running) == ("InService", [(0.25, 3), (1.0, 2)])


async def test_what_was_asked_for_already_is_given_as_it_is(running: Sandbox, writer: Writer) -> None:
    same = (DesiredVariant("a", weight=1.0), DesiredVariant("b", instance_count=2))
    assert (await writer.update_runtime_variants("live", same, ADA)).status is RuntimeStatus.IN_SERVICE
    for _ in range(2):
        await writer.update_runtime_variants("live", MORE, ADA)
    assert running.calls.count(OPERATION) == 1


async def test_one_that_is_changing_is_refused(running: Sandbox, writer: Writer) -> None:
    await writer.update_runtime_variants("live", MORE, ADA)
    with pytest.raises(WriteConflictError) as caught:
        await writer.update_runtime_variants("live", (DesiredVariant("a", instance_count=2),), ADA)
    assert caught.value.faults[0].field == ("name",)
    assert (running.calls.count(OPERATION), shown(running)[1]) == (1, [(0.25, 3), (1.0, 2)])


@pytest.mark.parametrize(
    ("variants", "fields"),
    [
        ((), [("variants",)]),
        ((DesiredVariant("a"),), [("variants", "0")]),
        ((DesiredVariant("a", 0.5), DesiredVariant("a", 0.5)), [("variants", "1", "name")]),
        ((DesiredVariant("a", -1.0),), [("variants", "0", "weight")]),
        ((DesiredVariant("a", instance_count=-1),), [("variants", "0", "instanceCount")]),
        ((DesiredVariant("a b", 1.0),), [("variants", "0", "name")]),
    ],
)
async def test_a_fault_of_form_asks_nobody(
    running: Sandbox, writer: Writer, variants: Any, fields: list[tuple[str, ...]]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime_variants("live", variants, ADA)
    assert [fault.field for fault in caught.value.faults] == fields
    assert running.calls.by_operation() == {}


async def test_what_is_not_there(running: Sandbox, writer: Writer) -> None:
    with pytest.raises(MissingTargetError) as missing:
        await writer.update_runtime_variants("none", MORE, ADA)
    assert missing.value.faults[0].field == ("name",)
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime_variants("live", (*MORE, DesiredVariant("c", 1.0)), ADA)
    assert [fault.field for fault in caught.value.faults] == [("variants", "1", "name")]
    assert (running.calls.count(OPERATION), shown(running)) == (0, BEFORE)


async def test_a_serverless_variant_has_no_instances(running: Sandbox, writer: Writer) -> None:
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    variant = {"VariantName": "a", "ModelName": "m", "ServerlessConfig": serverless}
    make(running, "CreateEndpointConfig", EndpointConfigName="without", ProductionVariants=[variant])
    running.advance(60)
    make(running, "CreateEndpoint", EndpointName="small", EndpointConfigName="without")
    running.advance(600)
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime_variants("small", MORE, ADA)
    assert [fault.field for fault in caught.value.faults] == [("variants", "0", "instanceCount")]
    assert running.calls.count(OPERATION) == 0


@pytest.mark.parametrize(
    ("author", "refused"),
    [
        (limited(most=4), True),
        (limited(most=5), False),
        (limited(frozenset({"ml.c5.large"})), True),
        (limited(frozenset({"ml.m5.large"})), False),
        (limited(frozenset()), True),
    ],
)
async def test_limits_hold_for_all_instances_and_for_types_of_more(
    running: Sandbox, writer: Writer, author: WriteAuthor, refused: bool
) -> None:
    if not refused:
        await writer.update_runtime_variants("live", MORE, author)
        assert shown(running)[0] == "Updating"
        return
    with pytest.raises(InstanceLimitError) as caught:
        await writer.update_runtime_variants("live", MORE, author)
    assert {fault.field for fault in caught.value.faults} == {("variants", "0", "instanceCount")}
    assert (running.calls.count(OPERATION), shown(running)) == (0, BEFORE)


async def test_limits_are_nothing_to_fewer_instances_and_weights(running: Sandbox, writer: Writer) -> None:
    fewer = (DesiredVariant("a", weight=0.5), DesiredVariant("b", instance_count=1))
    await writer.update_runtime_variants("live", fewer, limited(frozenset(), 0))
    assert shown(running) == ("Updating", [(0.5, 1), (1.0, 1)])
    assert running.calls.count("DescribeEndpointConfig") == 0


async def test_types_that_nothing_tells_may_not_be_started(running: Sandbox, writer: Writer) -> None:
    make(running, "DeleteEndpointConfig", EndpointConfigName="two")
    with pytest.raises(MissingTargetError):
        await writer.update_runtime_variants("live", MORE, limited(frozenset({"ml.m5.large"})))
    assert (running.calls.count(OPERATION), shown(running)) == (0, BEFORE)


async def test_a_lost_answer_makes_no_second_change(running: Sandbox, writer: Writer) -> None:
    running.faults.lose(OPERATION, times=1)
    runtime = await writer.update_runtime_variants("live", MORE, ADA)
    assert isinstance(runtime, Runtime)
    assert shown(running) == ("Updating", [(0.25, 3), (1.0, 2)])


async def test_an_outage_is_told(running: Sandbox, writer: Writer) -> None:
    running.faults.fail(OPERATION, status=503)
    with pytest.raises(UnavailableError):
        await writer.update_runtime_variants("live", MORE, ADA)
    assert shown(running) == BEFORE
