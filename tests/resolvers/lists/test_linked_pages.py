"""resolvers.lists.linked_pages: pages that show nothing but what the role may see at the authority age."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiobotocore.session import AioSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws.client.errors import ThrottledError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from resolvers.lists.connections import Connection, PageArguments, PageNeeds
from resolvers.lists.filters import NEWEST_FIRST, JobFilter, ResourceFilter, RuntimeFilter, SnapshotFilter
from resolvers.lists.resource_list import ResourceListQuery, list_page
from resolvers.models import jobs, snapshots
from resolvers.serving_runtimes import runtimes
from resolvers.snapshots import runtimes_of_snapshots
from sandbox.server import Sandbox
from tests.aws.sandbox_account import AGES, NOON, make, make_config, make_models, make_transform_job, sandbox_now
from tests.resolvers.lists.account_view import AccountView, account_view

PAGE_ALONE = PageNeeds(total=False, coverage=False, next=False)
AUTHORITY = AGES.authority_seconds


@pytest.fixture(scope="module")
def loader() -> Any:
    """botocore's descriptions of the services, read once."""
    return AioSession().get_component("data_loader")


@pytest.fixture
async def account(sandbox: Sandbox, loader: Any) -> AsyncIterator[AccountView]:
    """Twelve jobs of two models in turn, a snapshot and a runtime of each, all made an hour before noon."""
    populate(sandbox)
    async with account_view(sandbox, loader) as made:
        yield made


def populate(sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    sandbox.clock.set(NOON)
    make_models(sandbox, "a", "b")
    for name in "ab":
        make_config(sandbox, f"of-{name}", name)
        make(sandbox, "CreateEndpoint", EndpointName=f"runs-{name}", EndpointConfigName=f"of-{name}")
        sandbox.clock.advance(1)
    for number in range(12):
        make_transform_job(sandbox, f"x{number:02}", "ab"[number % 2])
        sandbox.clock.advance(1)
    sandbox.advance(3600)
    sandbox.calls.clear()


async def jobs_of(
    account: AccountView, first: int = 3, needs: PageNeeds | None = None, **value: Any
) -> Connection[Any]:
    """The page of the jobs of model a."""
    view = account.request()
    model = (await view.inventory.describe_rows(await rows(view, "a")))["a"]
    assert isinstance(model, Model)
    (result,) = await jobs(view, [model], PageArguments(first, None, needs or PageNeeds()), JobFilter(**value))
    assert isinstance(result, Connection)
    return result


async def rows(view: Any, *names: str) -> list[Any]:
    listing = view.inventory.listing(Kind.MODEL)
    await listing.ensure(10)
    return [row for row in listing.rows if row.name in names]


def names(result: Connection[Any]) -> list[str]:
    return [node.name for node in result.nodes]


def calls(account: AccountView) -> dict[str, int]:
    """What AWS was asked since this was asked last."""
    made = account.sandbox.calls.by_operation()
    account.sandbox.calls.clear()
    return made


ODD = ["x10", "x08", "x06", "x04", "x02", "x00"]


async def test_only_what_is_shown_is_described_again(account: AccountView) -> None:
    result = await jobs_of(account)
    assert (names(result), result.total_count, result.page_info.has_next_page) == (ODD[:3], 6, True)
    assert calls(account)["DescribeTransformJob"] == 12
    account.sandbox.advance(AUTHORITY + 1)
    result = await jobs_of(account, needs=PAGE_ALONE)
    assert names(result) == ODD[:3]
    assert calls(account) == {
        "DescribeModel": 1,
        "ListModels": 1,
        "ListTrainingJobs": 1,
        "ListTransformJobs": 1,
        "DescribeTransformJob": 3,
    }
    # One row more is looked at for what comes next; what is counted is not described.
    account.sandbox.advance(AUTHORITY + 1)
    result = await jobs_of(account)
    assert (names(result), result.total_count, result.page_info.has_next_page) == (ODD[:3], None, True)
    assert calls(account)["DescribeTransformJob"] == 4
    # A page that shows every row has described all that is counted.
    result = await jobs_of(account, first=10)
    assert (names(result), result.total_count, result.unreadable_count) == (ODD, 6, 0)
    assert calls(account) == {"DescribeTransformJob": 2}


async def test_a_row_that_is_refused_leaves_the_page_and_is_counted(account: AccountView) -> None:
    await jobs_of(account)
    account.sandbox.advance(AUTHORITY + 1)
    account.sandbox.faults.refuse("DescribeTransformJob", name="x08")
    result = await jobs_of(account, first=6)
    assert (names(result), result.unreadable_count) == (["x10", "x06", "x04", "x02", "x00"], 1)
    assert (result.total_count, result.complete_as_of is not None) == (5, True)
    assert result.page_info.has_next_page is False


async def test_a_role_that_may_describe_nothing_any_more_is_shown_nothing(account: AccountView) -> None:
    await jobs_of(account)
    account.sandbox.faults.refuse("DescribeTransformJob")
    account.sandbox.advance(AUTHORITY - 10)
    assert names(await jobs_of(account, needs=PAGE_ALONE)) == ODD[:3]
    account.sandbox.advance(11)
    result = await jobs_of(account)
    assert (names(result), result.page_info.has_next_page, result.unreadable_count) == ([], False, 6)
    assert result.total_count == 0


async def test_a_row_that_is_slow_to_describe_is_an_error_in_place_of_its_own_page(account: AccountView) -> None:
    """A page must not leave out what would be there a moment later; pages without it stand."""
    view = account.request()
    models = [model for model in (await view.inventory.describe(Kind.MODEL, "ab")).values() if isinstance(model, Model)]
    await jobs(view, models, PageArguments(3, None), JobFilter())
    account.sandbox.advance(AUTHORITY + 1)
    account.sandbox.faults.throttle("DescribeTransformJob", name="x08")
    slow, whole = await jobs(account.request(), models, PageArguments(3, None), JobFilter())
    assert isinstance(slow, ThrottledError)
    assert isinstance(whole, Connection)
    assert names(whole) == ["x11", "x09", "x07"]
    with pytest.raises(ThrottledError):
        await filtered(account, Kind.TRANSFORM_JOB, JobFilter(model_name="a"))


async def test_a_row_that_is_gone_leaves_the_page(account: AccountView) -> None:
    view = account.request()
    model = (await view.inventory.describe_rows(await rows(view, "a")))["a"]
    assert isinstance(model, Model)
    (result,) = await snapshots(view, [model], PageArguments(3, None))
    assert isinstance(result, Connection)
    assert (names(result), result.total_count) == (["of-a"], 1)
    make(account.sandbox, "DeleteEndpointConfig", EndpointConfigName="of-a")
    account.sandbox.advance(AUTHORITY + 1)
    (result,) = await snapshots(account.request(), [model], PageArguments(3, None))
    assert isinstance(result, Connection)
    assert (names(result), result.total_count, result.unreadable_count) == ([], 0, 0)


async def test_a_runtime_that_has_moved_leaves_the_page_of_its_former_snapshot(account: AccountView) -> None:
    view = account.request()
    described = await view.inventory.describe_rows(await rows(view, "a", "b"))
    models: Any = [described["a"], described["b"]]
    before = await runtimes(view, models, PageArguments(3, None))
    assert [names(item) for item in before if isinstance(item, Connection)] == [["runs-a"], ["runs-b"]]
    make(account.sandbox, "UpdateEndpoint", EndpointName="runs-a", EndpointConfigName="of-b")
    account.sandbox.advance(600)
    calls(account)
    after = await runtimes(account.request(), models, PageArguments(3, None))
    assert [names(element) for element in after if isinstance(element, Connection)] == [[], ["runs-b", "runs-a"]]
    assert [member.total_count for member in after if isinstance(member, Connection)] == [0, 2]
    assert calls(account) == {"ListEndpoints": 1, "ListEndpointConfigs": 1, "DescribeEndpoint": 2}


async def test_only_shown_runtimes_are_described_each_minute(account: AccountView) -> None:
    view = account.request()
    result = await view.inventory.scan((await rows(view, "a"))[0].kind)
    assert len(result.resources) == 2
    snapshot: Any = (await view.inventory.describe(Kind.SNAPSHOT, ["of-a"]))["of-a"]
    await runtimes_of_snapshots(view, [snapshot], PageArguments(3, None))
    account.sandbox.advance(61)
    calls(account)
    (page,) = await runtimes_of_snapshots(account.request(), [snapshot], PageArguments(3, None))
    assert isinstance(page, Connection)
    assert (names(page), page.total_count) == (["runs-a"], 1)
    assert calls(account) == {"ListEndpoints": 1, "DescribeEndpoint": 1}


async def test_a_filter_describes_what_passes_it(account: AccountView) -> None:
    await jobs_of(account)
    account.sandbox.advance(AUTHORITY + 1)
    calls(account)
    result = await jobs_of(account, needs=PAGE_ALONE, name_contains="x0")
    assert names(result) == ["x08", "x06", "x04"]
    assert calls(account)["DescribeTransformJob"] == 3


async def test_rows_that_do_not_pass_a_filter_are_never_described(account: AccountView) -> None:
    result = await jobs_of(account, name_contains="x0")
    assert (names(result), result.total_count, result.complete_as_of is not None) == (["x08", "x06", "x04"], 5, True)
    assert calls(account)["DescribeTransformJob"] == 10


async def filtered(account: AccountView, kind: Kind, filter: ResourceFilter, first: int = 3) -> Connection[Any]:
    """The page of a list that a filter narrows down."""
    query = ResourceListQuery((kind,), filter, NEWEST_FIRST, PageArguments(first, None))
    return await list_page(account.request(), query, 1000)


async def test_a_list_with_the_filter_of_a_link_is_read_off_the_index(account: AccountView) -> None:
    jobs_of_a = JobFilter(model_name="a")
    page = await filtered(account, Kind.TRANSFORM_JOB, jobs_of_a)
    assert (names(page), page.total_count) == (ODD[:3], 6)
    assert calls(account) == {"DescribeModel": 1, "ListTransformJobs": 1, "DescribeTransformJob": 12}
    account.sandbox.advance(AUTHORITY + 1)
    page = await filtered(account, Kind.TRANSFORM_JOB, jobs_of_a)
    # Neither what is counted nor what does not belong is described again.
    assert (names(page), page.total_count) == (ODD[:3], None)
    assert calls(account) == {"DescribeModel": 1, "ListTransformJobs": 1, "DescribeTransformJob": 4}
    behind = PageArguments(3, page.page_info.end_cursor)
    query = ResourceListQuery((Kind.TRANSFORM_JOB,), jobs_of_a, NEWEST_FIRST, behind)
    page = await list_page(account.request(), query, 1000)
    assert (names(page), page.page_info.has_next_page) == (ODD[3:], False)


@pytest.mark.parametrize(
    ("kind", "filter", "expected"),
    [
        (Kind.SNAPSHOT, SnapshotFilter(model_name="a"), ["of-a"]),
        (Kind.RUNTIME, RuntimeFilter(snapshot_name="of-b"), ["runs-b"]),
        (Kind.RUNTIME, RuntimeFilter(snapshot_name="of-b", model_name="a"), []),
        (Kind.TRANSFORM_JOB, JobFilter(model_name="gone"), []),
    ],
)
async def test_lists_with_other_filters_of_links(
    account: AccountView, kind: Kind, filter: ResourceFilter, expected: list[str]
) -> None:
    result = await filtered(account, kind, filter)
    assert (names(result), result.total_count) == (expected, len(expected))


async def test_a_filtered_list_behind_the_bound_goes_on_row_by_row(sandbox: Sandbox, loader: Any) -> None:
    """A page that ends at the bound says where to go on."""
    populate(sandbox)
    async with account_view(sandbox, loader, scan_bound=4) as account:
        query = ResourceListQuery(
            (Kind.TRANSFORM_JOB,), JobFilter(model_name="a"), NEWEST_FIRST, PageArguments(3, None)
        )
        page = await list_page(account.request(), query, 4)
        assert (names(page), page.page_info.has_next_page) == (["x10", "x08"], True)
        query = replace(query, page=PageArguments(3, page.page_info.end_cursor))
        assert names(await list_page(account.request(), query, 4)) == ["x06", "x04"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1.0, 7.0, 400.0, 895.0, 905.0, 1000.0])),
        st.tuples(st.just("look"), st.integers(1, 7)),
        st.tuples(st.just("glance"), st.integers(1, 7)),
        st.tuples(st.just("refuse"), st.integers(0, 11)),
        st.tuples(st.just("refuse all"), st.just(0)),
        st.tuples(st.just("permit"), st.just(0)),
        st.tuples(st.just("make"), st.integers(12, 20)),
    ),
    min_size=3,
    max_size=14,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_away_no_more_is_shown_than_was_seen_in_time(
    sandbox: Sandbox, loader: Any, steps: list[Any]
) -> None:
    asyncio.run(live_through(sandbox, loader, steps))


async def live_through(sandbox: Sandbox, loader: Any, steps: list[Any]) -> None:
    sandbox.reset()
    populate(sandbox)
    async with account_view(sandbox, loader) as account:
        for step, value in [*steps, ("look", 3)]:
            if step == "wait":
                sandbox.advance(value)
            elif step == "refuse":
                sandbox.faults.refuse("DescribeTransformJob", name=f"x{value:02}")
            elif step == "refuse all":
                sandbox.faults.refuse("DescribeTransformJob")
            elif step == "permit":
                sandbox.faults.clear()
            elif step == "make":
                if not any(job.startswith(f"x{value}") for job in made(sandbox)):
                    make_transform_job(sandbox, f"x{value}", "a")
            else:
                await look(account, value, PAGE_ALONE if step == "glance" else PageNeeds())


def made(sandbox: Sandbox) -> set[str]:
    page = sandbox.call("ListTransformJobs", "123456789012", "eu-west-1", MaxResults=100)
    return {row["TransformJobName"] for row in page["TransformJobSummaries"]}


async def look(account: AccountView, first: int, needs: PageNeeds) -> None:
    result = await jobs_of(account, first, needs)
    now = sandbox_now(account.sandbox)

    def was_seen(name: str) -> bool:
        at = account.calls.described.get(name)
        return at is not None and now - at <= timedelta(seconds=AUTHORITY)

    assert all(was_seen(name) for name in names(result))
    assert len(result.nodes) <= first
    if needs != PageNeeds():
        return
    seen = [name for name in made(account.sandbox) if was_seen(name)]
    own = [name for name in seen if int(name[1:]) >= 12 or int(name[1:]) % 2 == 0]
    # What is counted, or said to come next, was seen in time too.
    assert result.total_count is None or len(result.nodes) <= result.total_count <= len(own)
    assert not result.page_info.has_next_page or len(own) > len(result.nodes)
