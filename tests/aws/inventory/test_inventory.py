"""An inventory: everything of one scope that anybody has asked for, asked of AWS once."""

import asyncio
from datetime import timedelta

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError
from aws.inventory.inventory import Inventory
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import LISTED_KINDS, Kind
from aws.kinds.models import Artifact, Model
from aws.kinds.resource import Tag
from aws.kinds.transform_jobs import TransformJob
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.sandbox_account import (
    ACCOUNT,
    IMAGE,
    NOON,
    REGION,
    arn,
    collected_stats,
    make,
    make_models,
    make_transform_job,
    reader_of,
)

ALL = 10**6


async def test_a_list_is_read_once_for_all_who_ask_the_same(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, *"abc")
    listings = [reader_of(inventory).listing(Kind.MODEL) for _ in range(3)]
    await asyncio.gather(*(listing.ensure(ALL) for listing in listings))
    assert [[row.name for row in listing.rows] for listing in listings] == [["c", "b", "a"]] * 3
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_rows_say_through_which_scope_and_when_they_were_read(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    with collected_stats() as stats:
        listing = reader_of(inventory).listing(Kind.MODEL)
        await listing.ensure(1)
        still.advance(2)
        described = (await reader_of(inventory).describe(Kind.MODEL, ["a"]))["a"]
    (row,) = listing.rows
    assert isinstance(described, Model)
    for resource in (row, described):
        assert (resource.scope, resource.account_id, resource.region) == ("scope-1", ACCOUNT, REGION)
    assert (row.as_of, described.as_of) == (NOON + timedelta(seconds=1), NOON + timedelta(seconds=3))
    assert stats.as_of == row.as_of == listing.complete_as_of


@pytest.mark.parametrize("kind", LISTED_KINDS)
async def test_what_is_not_there_is_none(sandbox: Sandbox, inventory: Inventory, kind: Kind) -> None:
    for _ in range(2):
        assert await reader_of(inventory).describe(kind, ["nothing"]) == {"nothing": None}
    assert sandbox.calls.by_operation() == {API_NAMES[kind].describe_operation: 1}


async def test_names_are_described_at_once_and_once(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, *"abc")
    still.faults.refuse("DescribeModel", name="b")
    with collected_stats() as stats:
        first, second = await asyncio.gather(
            reader_of(inventory).describe(Kind.MODEL, ["a", "b", "nothing", "a"]),
            reader_of(inventory).describe(Kind.MODEL, ["c", "a"]),
        )
        again = await reader_of(inventory).describe(Kind.MODEL, ["b", "c"])
    assert isinstance(first["a"], Model)
    assert isinstance(first["b"], AccessDeniedError)
    assert first["nothing"] is None
    assert (list(first), list(second)) == (["a", "b", "nothing"], ["c", "a"])
    assert second["a"] is first["a"]
    assert again == {"b": first["b"], "c": second["c"]}
    assert still.calls.by_operation() == {"DescribeModel": 4}
    assert (dict(stats.calls), stats.cached) == ({"DescribeModel": 4}, 2)


async def test_the_same_name_of_two_kinds_is_two_things(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "same")
    assert await reader_of(inventory).describe(Kind.SNAPSHOT, ["same"]) == {"same": None}
    assert isinstance((await reader_of(inventory).describe(Kind.MODEL, ["same"]))["same"], Model)
    assert still.calls.by_operation() == {"DescribeEndpointConfig": 1, "DescribeModel": 1}


async def test_a_transform_job_keeps_what_only_its_row_tells(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "scorer")
    make_transform_job(still, "batch", "scorer")
    still.advance(600)
    listing = reader_of(inventory).listing(Kind.TRANSFORM_JOB)
    await listing.ensure(1)
    (row,) = listing.rows
    assert isinstance(row, TransformJob)
    assert row.last_modified_time is not None
    assert row.last_modified_time > NOON
    alone = (await reader_of(inventory).describe(Kind.TRANSFORM_JOB, ["batch"]))["batch"]
    with_row = (await reader_of(inventory).describe_rows([row]))["batch"]
    assert isinstance(alone, TransformJob)
    assert isinstance(with_row, TransformJob)
    assert (alone.last_modified_time, with_row.last_modified_time) == (None, row.last_modified_time)
    assert with_row.detail == alone.detail
    assert with_row.detail is not None
    assert with_row.detail.model_name == "scorer"
    assert still.calls.by_operation() == {"DescribeTransformJob": 1, "ListTransformJobs": 1}


async def test_no_rows_are_described_by_no_call(sandbox: Sandbox, inventory: Inventory) -> None:
    assert await reader_of(inventory).describe_rows([]) == {}
    assert sandbox.calls.count() == 0


async def test_a_scan_is_made_once_for_all(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, *"abc")
    with collected_stats() as opener:
        first = asyncio.ensure_future(reader_of(inventory).scan(Kind.MODEL))
        await asyncio.sleep(0)
    with collected_stats() as joiner:
        second = asyncio.ensure_future(reader_of(inventory).scan(Kind.MODEL))
    scan = await first
    assert await second is scan
    assert await reader_of(inventory).scan(Kind.MODEL) == scan
    assert [resource.name for resource in scan.resources] == ["c", "b", "a"]
    assert still.calls.by_operation() == {"DescribeModel": 3, "ListModels": 1}
    assert (dict(opener.calls), opener.shared) == ({"DescribeModel": 3, "ListModels": 1}, 0)
    assert (dict(joiner.calls), joiner.shared) == ({}, 1)


async def test_a_scan_uses_what_is_known_already(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, *"abc")
    await reader_of(inventory).listing(Kind.MODEL).ensure(1)
    await reader_of(inventory).describe(Kind.MODEL, ["b"])
    assert len((await reader_of(inventory).scan(Kind.MODEL)).resources) == 3
    assert still.calls.by_operation() == {"DescribeModel": 3, "ListModels": 1}


async def test_a_scan_that_fails_is_an_error_of_aws_to_all_who_wait(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, *"abc")
    still.faults.throttle("DescribeModel", name="a")
    outcomes = await asyncio.gather(*(reader_of(inventory).scan(Kind.MODEL) for _ in range(2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ThrottledError, ThrottledError]
    # The failing one was tried eight times; the others once.
    assert still.calls.by_operation() == {"DescribeModel": 10, "ListModels": 1}


async def test_what_is_prefetched_is_joined(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    hold = still.faults.block("List*")
    reader_of(inventory).prefetch([Kind.MODEL, Kind.SNAPSHOT], 100)
    reader_of(inventory).prefetch([Kind.MODEL], 100)
    assert await asyncio.to_thread(hold.wait_for_requests, 2)
    scanning = asyncio.ensure_future(reader_of(inventory).scan(Kind.MODEL))
    hold.release()
    assert [resource.name for resource in (await scanning).resources] == ["a"]
    assert (await reader_of(inventory).scan(Kind.SNAPSHOT)).resources == ()
    reader_of(inventory).prefetch([Kind.MODEL, Kind.SNAPSHOT], 100)
    assert still.calls.by_operation() == {"DescribeModel": 1, "ListEndpointConfigs": 1, "ListModels": 1}


async def test_a_prefetch_that_fails_is_told_to_whoever_asks(still: Sandbox, inventory: Inventory) -> None:
    hold = still.faults.block("ListModels", times=1)
    still.faults.refuse("ListModels")
    reader_of(inventory).prefetch([Kind.MODEL], 100)
    assert await asyncio.to_thread(hold.wait_for_requests)
    hold.release()
    with pytest.raises(AccessDeniedError):
        await reader_of(inventory).scan(Kind.MODEL)


async def test_tags_by_arn(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "Tagged", team="risk", Stage="live")
    make_models(still, "bare")
    arns = [arn("model", name) for name in ("tagged", "bare", "nothing")]
    still.faults.refuse("ListTags", name="bare")
    still.faults.refuse("GetResources")
    for _ in range(2):
        tags = await reader_of(inventory).tags(arns)
        assert tags[arns[0]] == (Tag("Stage", "live"), Tag("team", "risk"))
        assert isinstance(tags[arns[1]], AccessDeniedError)
        assert tags[arns[2]] is None
    # One call for all of them was refused; the three were then asked one by one.
    assert still.calls.by_operation() == {"GetResources": 1, "ListTags": 3}


async def test_no_tags_are_no_tags(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "bare")
    assert await reader_of(inventory).tags([arn("model", "bare")]) == {arn("model", "bare"): ()}


async def test_artifacts_of_packages(still: Sandbox, inventory: Inventory) -> None:
    make(still, "CreateModelPackageGroup", ModelPackageGroupName="scorer")
    specification = {
        "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/scorer.tar.gz"}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    make(still, "CreateModelPackage", ModelPackageGroupName="scorer", InferenceSpecification=specification)
    package, gone = arn("model-package", "scorer/1"), arn("model-package", "scorer/2")
    for _ in range(2):
        assert await reader_of(inventory).packages([package, gone]) == {
            package: (Artifact("s3://models/scorer.tar.gz", prefix=False),),
            gone: None,
        }
    assert still.calls.by_operation() == {"DescribeModelPackage": 2}


async def test_two_inventories_share_nothing(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, "a")
    one, other = inventory_of(), inventory_of()
    first, second = await asyncio.gather(reader_of(one).scan(Kind.MODEL), reader_of(other).scan(Kind.MODEL))
    assert first is not second
    assert still.calls.by_operation() == {"DescribeModel": 2, "ListModels": 2}


async def test_work_that_a_caller_has_left_goes_on(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    hold = still.faults.block("ListModels")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await reader_of(inventory).scan(Kind.MODEL)
    assert await asyncio.to_thread(hold.wait_for_requests)
    hold.release()
    assert [resource.name for resource in (await reader_of(inventory).scan(Kind.MODEL)).resources] == ["a"]
    assert still.calls.by_operation() == {"DescribeModel": 1, "ListModels": 1}


async def test_close_ends_what_is_under_way(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    hold = still.faults.block("DescribeModel")
    waiting = [
        asyncio.ensure_future(reader_of(inventory).scan(Kind.MODEL)),
        asyncio.ensure_future(reader_of(inventory).describe(Kind.MODEL, ["other"])),
    ]
    assert await asyncio.to_thread(hold.wait_for_requests, 2)
    await inventory.close()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ends] == [asyncio.CancelledError, asyncio.CancelledError]
    hold.release()
