"""aws.write.snapshots: a snapshot goes where no runtime uses it, once, whatever happens on the way."""

from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.write.errors import InvalidInputError, MissingTargetError, WriteConflictError
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, collected_stats, inventory_config, make, make_config, reader_of
from tests.aws.write.create_cases import RUNTIMES

ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint-config/scorer-1"


@pytest.fixture
def there(place: Sandbox) -> Sandbox:
    """The snapshots `scorer-1` and `scorer-2`, used by nobody."""
    RUNTIMES.prepare(place)
    place.calls.clear()
    return place


def names(sandbox: Sandbox) -> list[str]:
    rows = sandbox.call("ListEndpointConfigs", ACCOUNT, REGION)["EndpointConfigs"]
    return sorted(row["EndpointConfigName"] for row in rows)


def run(sandbox: Sandbox, name: str, snapshot: str) -> None:
    make(sandbox, "CreateEndpoint", EndpointName=name, EndpointConfigName=snapshot)


async def test_it_is_deleted_and_known_to_be_gone(there: Sandbox, writer: Writer, inventory: Inventory) -> None:
    with collected_stats() as stats:
        assert (await writer.delete_snapshot("scorer-1")).arn == ARN
    assert names(there) == ["scorer-2"]
    assert there.calls.by_operation() == {
        "DescribeEndpointConfig": 1,
        "ListEndpoints": 1,
        "DeleteEndpointConfig": 1,
    }
    assert len(stats.write_request_ids) == 1
    there.calls.clear()
    assert (await reader_of(inventory).describe(Kind.SNAPSHOT, ["scorer-1"]))["scorer-1"] is None
    assert there.calls.count() == 0


async def test_one_in_use_stays_and_its_users_are_named(there: Sandbox, writer: Writer) -> None:
    run(there, "live", "scorer-1")
    run(there, "other", "scorer-2")
    there.advance(300)
    with pytest.raises(WriteConflictError) as caught:
        await writer.delete_snapshot("scorer-1")
    assert str(caught.value) == "The snapshot `scorer-1` is in use by `live`; delete or update these runtimes first."
    assert caught.value.faults[0].field == ("name",)
    assert names(there) == ["scorer-1", "scorer-2"]
    assert there.calls.count("DeleteEndpointConfig") == 0


async def test_one_that_a_runtime_is_on_its_way_to_is_in_use(there: Sandbox, writer: Writer) -> None:
    run(there, "live", "scorer-1")
    there.advance(300)
    make(there, "UpdateEndpoint", EndpointName="live", EndpointConfigName="scorer-2")
    for snapshot in ("scorer-1", "scorer-2"):
        with pytest.raises(WriteConflictError, match="`live`"):
            await writer.delete_snapshot(snapshot)
    assert names(there) == ["scorer-1", "scorer-2"]


async def test_the_runtimes_are_looked_at_now(there: Sandbox, writer: Writer, inventory: Inventory) -> None:
    """What is remembered knows of no runtime, and then of one on another snapshot."""
    await reader_of(inventory).scan(Kind.RUNTIME)
    run(there, "live", "scorer-2")
    there.advance(300)
    with pytest.raises(WriteConflictError):
        await writer.delete_snapshot("scorer-2")
    make(there, "UpdateEndpoint", EndpointName="live", EndpointConfigName="scorer-1")
    with pytest.raises(WriteConflictError):
        await writer.delete_snapshot("scorer-1")


async def test_many_users_are_not_all_named(there: Sandbox, writer: Writer) -> None:
    for number in range(7):
        run(there, f"live-{number}", "scorer-1")
    with pytest.raises(WriteConflictError) as caught:
        await writer.delete_snapshot("scorer-1")
    assert str(caught.value).count("`live-") == 5
    assert " and others; " in str(caught.value)


async def test_a_runtime_that_may_not_be_seen_may_use_it(there: Sandbox, writer: Writer) -> None:
    run(there, "hidden", "scorer-1")
    there.faults.refuse("DescribeEndpoint")
    with pytest.raises(AccessDeniedError):
        await writer.delete_snapshot("scorer-1")
    assert names(there) == ["scorer-1", "scorer-2"]


async def test_more_runtimes_than_are_looked_through(there: Sandbox, writer: Writer, inventory: Inventory) -> None:
    inventory.config = inventory_config(there, scan_bound=1)
    for number in range(2):
        run(there, f"live-{number}", "scorer-2")
    with pytest.raises(WriteConflictError, match="could be checked"):
        await writer.delete_snapshot("scorer-1")
    assert names(there) == ["scorer-1", "scorer-2"]


async def test_one_that_is_gone_is_missing(there: Sandbox, writer: Writer) -> None:
    with pytest.raises(MissingTargetError) as caught:
        await writer.delete_snapshot("nobody")
    assert str(caught.value) == "There is no endpoint configuration `nobody`."
    assert there.calls.by_operation() == {"DescribeEndpointConfig": 1}


@pytest.mark.parametrize(("how", "deletions", "looks"), [("drop", 2, 2), ("lose", 1, 2)])
async def test_a_delete_without_an_answer(there: Sandbox, writer: Writer, how: str, deletions: int, looks: int) -> None:
    getattr(there.faults, how)("DeleteEndpointConfig", times=1)
    assert (await writer.delete_snapshot("scorer-1")).arn == ARN
    assert names(there) == ["scorer-2"]
    assert there.calls.count("DeleteEndpointConfig") == deletions
    assert there.calls.count("DescribeEndpointConfig") == looks


async def test_one_that_went_meanwhile_is_gone(there: Sandbox, writer: Writer) -> None:
    words = 'Could not find endpoint configuration "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/scorer-1".'
    there.faults.fail("DeleteEndpointConfig", status=400, code="ValidationException", message=words)
    assert (await writer.delete_snapshot("scorer-1")).arn == ARN


async def test_a_delete_that_fails_for_good_deletes_nothing(there: Sandbox, writer: Writer) -> None:
    failures: list[tuple[Any, type[Exception], int]] = [
        (there.faults.fail, UnavailableError, 2),
        (there.faults.throttle, ThrottledError, 8),
        (there.faults.refuse, AccessDeniedError, 1),
    ]
    for trouble, kind, calls in failures:
        there.faults.clear()
        there.calls.clear()
        trouble("DeleteEndpointConfig")
        with pytest.raises(kind):
            await writer.delete_snapshot("scorer-1")
        assert there.calls.count("DeleteEndpointConfig") == calls
    assert names(there) == ["scorer-1", "scorer-2"]


async def test_what_aws_finds_at_fault_is_told(there: Sandbox, writer: Writer) -> None:
    there.faults.fail("DeleteEndpointConfig", status=400, code="ValidationException", message="Not now.")
    with pytest.raises(InvalidInputError, match="Not now"):
        await writer.delete_snapshot("scorer-1")
    make_config(there, "scorer-3", "Scorer")
    with pytest.raises(InvalidInputError):
        await writer.delete_snapshot("?")
    assert names(there) == ["scorer-1", "scorer-2", "scorer-3"]
