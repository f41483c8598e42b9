"""resolvers.deployments.pages: lists of deployments and outcomes, each owner's own, as far as the caller may see."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from auth.errors import ForbiddenError, UnauthenticatedError
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import RuntimeStatus
from registry import deployment_tables, deployments, import_runs, test_results
from registry.deployment_orders import DeploymentOrderField
from registry.enums import DeploymentState
from registry.ids import encode_own_id, new_key
from registry.test_results import NewTestResult
from resolvers.deployments.pages import (
    DeploymentOrder,
    DeploymentQuery,
    deployments_of_import_runs,
    deployments_of_registrations,
    deployments_of_runtimes,
    deployments_of_snapshots,
    get_deployment,
    list_deployments,
)
from resolvers.deployments.pages import (
    test_results_of_snapshots as results_of_snapshots,
)
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.filters import Direction
from resolvers.views.resource_view import Viewed
from tests.registry.factories import (
    NOON,
    create_registration,
    key_in_id,
    minutes_after_noon,
    new_run,
    start_deployment,
    transitioned,
)
from tests.resolvers.harness import MutationHarness
from tests.schema.snapshot_row import SNAPSHOT_ROW

ALL = DeploymentQuery()
FIRST = PageArguments(2, None)
VIEW: Any = SimpleNamespace(group="risk")
ROW = replace(SNAPSHOT_ROW, name="churn-1", region="eu-west-1", creation_time=NOON)
CHURN = Viewed(ROW, VIEW)
RUNTIME = Runtime(
    scope="scope",
    name="churn-live",
    arn="arn:aws:sagemaker:eu-west-1:111111111111:endpoint/churn-live",
    account_id="111111111111",
    region="eu-west-1",
    creation_time=NOON,
    as_of=NOON,
    status=RuntimeStatus.IN_SERVICE,
    raw_status="InService",
    last_modified_time=None,
)
PLACES = [("churn-live", "eu-west-1"), ("churn-live", "us-east-2"), ("other", "eu-west-1")]
ELSEWHERE = [
    Viewed(replace(ROW, name="churn-2"), VIEW),
    Viewed(replace(ROW, region="us-east-2"), VIEW),
    Viewed(replace(ROW, account_id="222222222222"), VIEW),
    # Deleted, and made again under its name.
    Viewed(replace(ROW, creation_time=minutes_after_noon(1)), VIEW),
]
NO_ID = "`filter.registrationId` is not the id of a registration; take it from `Registration.id`."


async def several(harness: MutationHarness, count: int = 3, snapshot: str = "churn-1", **changed: Any) -> list[str]:
    """The keys of deployments of a snapshot, each started a minute after the one before; all have ended."""
    result = []
    for number in range(count):
        deployment = await start_deployment(
            harness.database, snapshot, **{"started_at": minutes_after_noon(number), **changed}
        )
        await transitioned(harness.database, deployment, DeploymentState.FAILED)
        result.append(deployment.key)
    return result


async def results(harness: MutationHarness, keys: Sequence[str]) -> None:
    """An outcome of each deployment, each a minute after the one before; its job is named by its number."""
    async with harness.database.writing() as connection:
        for number, deployment in enumerate(keys):
            outcome = NewTestResult(
                deployment_key=deployment,
                attempt=1,
                model_name="churn",
                at=minutes_after_noon(number),
                passed=True,
                job_name=f"job-{number}",
                output_s3_uri=None,
                checks=(),
            )
            await test_results.insert_once(connection, outcome)


def read(connection: Connection[Any] | BadInputError) -> tuple[list[str], bool, int | None]:
    """The keys of a page's nodes, or the jobs of outcomes; whether there is more; and how many there are in all."""
    assert isinstance(connection, Connection)
    nodes = [getattr(node, "job_name", None) or key_in_id(node.id, "Deployment") for node in connection.nodes]
    return nodes, connection.page_info.has_next_page, connection.total_count


async def listed(harness: MutationHarness, *groups: str, which: DeploymentQuery = ALL) -> list[str]:
    """The keys of the deployments that somebody of these groups sees, all in one page."""
    async with harness.request("ann", *groups) as request:
        result, more, total = read(await list_deployments(request, PageArguments(50, None), which))
    assert (more, total) == (False, len(result))
    return result


async def test_a_page_is_of_what_the_caller_may_see(harness: MutationHarness) -> None:
    own, other = await several(harness), await several(harness, 1, group="other", started_at=minutes_after_noon(9))
    await several(harness, 1, group="stranger")
    assert await listed(harness, "risk") == own[::-1]
    assert await listed(harness, "mlops") == own[::-1]
    assert await listed(harness, "risk", "other") == other + own[::-1]
    with pytest.raises(ForbiddenError, match="needs the permission READ"):
        await listed(harness, "stranger")
    async with harness.request(None) as request:
        with pytest.raises(UnauthenticatedError):
            await list_deployments(request, FIRST, ALL)


async def test_a_list_is_narrowed(harness: MutationHarness) -> None:
    registration = await create_registration(harness.database, group="risk")
    one, two = await several(harness, 1), await several(harness, 1, "churn-2")
    blocked = (
        await transitioned(
            harness.database, await start_deployment(harness.database, "churn-3"), DeploymentState.BLOCKED
        )
    ).key
    async with harness.database.writing() as connection:
        await deployments.replace_registrations(connection, two[0], [(key_in_id(registration.id), "churn")])
    for which, expected in (
        (DeploymentQuery(states=(DeploymentState.BLOCKED, DeploymentState.DEPLOYED)), [blocked]),
        (DeploymentQuery(states=()), []),
        (DeploymentQuery(snapshot_name="churn-1"), one),
        (DeploymentQuery(registration_id=registration.id), two),
        (DeploymentQuery(registration_id=registration.id, snapshot_name="churn-1"), []),
        (DeploymentQuery(registration_id=encode_own_id("Registration", new_key())), []),
        (DeploymentQuery(started_by="nobody"), []),
        (DeploymentQuery(runtime_name="nothing"), []),
        (DeploymentQuery(started_before=NOON), []),
        (DeploymentQuery(started_after=minutes_after_noon(60)), []),
        (DeploymentQuery(snapshot_name="churn-1", started_by="ann", group="risk"), one),
        (DeploymentQuery(snapshot_name="churn-1", started_before=minutes_after_noon(1)), one),
    ):
        assert await listed(harness, "risk", which=which) == expected


async def test_the_deployments_of_one_group_of_several(harness: MutationHarness) -> None:
    own, other = await several(harness), await several(harness, 1, "churn-2", group="other")
    assert await listed(harness, "risk", "other", which=DeploymentQuery(group="other")) == other
    assert await listed(harness, "mlops", which=DeploymentQuery(group="risk")) == own[::-1]
    with pytest.raises(ForbiddenError):
        await listed(harness, "risk", which=DeploymentQuery(group="other"))


async def test_the_deployments_that_launched_a_runtime(harness: MutationHarness) -> None:
    """Each runtime's own, of groups that the caller sees; a name elsewhere is another runtime."""
    keys = await several(harness)
    foreign = await several(harness, 1, "churn-2", group="stranger")
    async with harness.database.writing() as connection:
        for key in (keys[0], keys[2], foreign[0]):
            statement = update(deployment_tables.deployments).where(deployment_tables.deployments.c.key == key)
            await connection.execute(statement.values(runtime_name="churn-live"))
    runtimes = [Viewed(replace(RUNTIME, name=name, region=region), VIEW) for name, region in PLACES]
    async with harness.request("ann", "risk") as request:
        pages = await deployments_of_runtimes(request, runtimes, PageArguments(1, None))
        assert [read(page) for page in pages] == [([keys[2]], True, 2), ([], False, 0), ([], False, 0)]
        (first, *_) = pages
        assert isinstance(first, Connection)
        behind = PageArguments(1, first.page_info.end_cursor)
        own, *others = await deployments_of_runtimes(request, runtimes, behind)
        assert read(own) == ([keys[0]], False, 2)
        assert [type(other) for other in others] == [BadInputError, BadInputError]


async def test_a_cursor_is_good_for_its_list_alone(harness: MutationHarness) -> None:
    keys = await several(harness)
    async with harness.request("ann", "risk") as request:
        connection = await list_deployments(request, FIRST, ALL)
        assert read(connection) == ([keys[2], keys[1]], True, 3)
        behind = PageArguments(2, connection.page_info.end_cursor)
        assert read(await list_deployments(request, behind, ALL)) == ([keys[0]], False, 3)
        with pytest.raises(BadInputError):
            await list_deployments(request, behind, DeploymentQuery(snapshot_name="churn-1"))
    async with harness.request("ann", "risk", "other") as request:
        with pytest.raises(BadInputError):
            await list_deployments(request, behind, ALL)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            {"registration_id": encode_own_id("Asset", new_key())},
            "`filter.registrationId` is not the id of a registration; take it from `Registration.id`.",
        ),
        (
            {"registration_id": ""},
            "`filter.registrationId` is not the id of a registration; take it from `Registration.id`.",
        ),
        (
            {"started_by": "a\ud800"},
            "`filter.startedBy` holds a NUL or half of a surrogate pair, and no name does; leave it out.",
        ),
        (
            {"started_after": datetime(2026, 1, 31)},
            "`filter.startedAfter` needs an offset, such as 2026-01-31T12:00:00Z.",
        ),
        (
            {"snapshot_name": "a\0"},
            "`filter.snapshotName` holds a NUL or half of a surrogate pair, and no name does; leave it out.",
        ),
    ],
)
def test_which_cannot_be_asked_for(value: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInputError) as caught:
        DeploymentQuery(**value)
    assert str(caught.value) == words


async def test_by_its_id(harness: MutationHarness) -> None:
    (deployment,) = await several(harness, 1)
    value = encode_own_id("Deployment", deployment)
    for groups, seen in ((("risk",), True), (("reader",), True), (("other",), False)):
        async with harness.request("ann", *groups) as request:
            result = await get_deployment(request, value)
        assert (result is not None and result.id == value) == seen
    async with harness.request("ann", "risk") as request:
        with pytest.raises(BadInputError, match="`id` is not the id of a deployment"):
            await get_deployment(request, encode_own_id("Registration", deployment))


async def test_of_registrations(harness: MutationHarness) -> None:
    """Behind a cursor only its own registration has a page."""
    churn, fraud, idle = [
        await create_registration(harness.database, name, group="risk") for name in ("churn", "fraud", "idle")
    ]
    keys = await several(harness)
    await several(harness, 1, "of-no-registration", started_at=minutes_after_noon(-1))
    async with harness.database.writing() as connection:
        for deployment in keys:
            await deployments.replace_registrations(
                connection, deployment, [(key_in_id(churn.id), "churn"), (key_in_id(fraud.id), "fraud")]
            )
    async with harness.request("ann", "risk") as request:
        connections = await deployments_of_registrations(request, [churn, idle, fraud], FIRST)
        assert [read(item) for item in connections] == [
            ([keys[2], keys[1]], True, 3),
            ([], False, 0),
            ([keys[2], keys[1]], True, 3),
        ]
        assert isinstance(connections[0], Connection)
        behind = PageArguments(2, connections[0].page_info.end_cursor)
        own, other = await deployments_of_registrations(request, [churn, fraud], behind)
    assert read(own) == ([keys[0]], False, 3)
    assert isinstance(other, BadInputError)


BatchOf = Callable[[Any, Sequence[Viewed[Snapshot]], PageArguments], Any]


@pytest.mark.parametrize("batch", [deployments_of_snapshots, results_of_snapshots])
async def test_of_snapshots(harness: MutationHarness, batch: BatchOf) -> None:
    """Names are given again, in other places and later; those of groups that may not be seen are not counted."""
    keys = await several(harness)
    rest = await several(harness, 1, group="other")
    await results(harness, [*keys, *rest])
    named = keys if batch is deployments_of_snapshots else ["job-0", "job-1", "job-2"]
    async with harness.request("ann", "mlops") as request:
        result = await batch(request, [*ELSEWHERE, CHURN], FIRST)
        assert [read(item) for item in result] == [([], False, 0)] * 4 + [([named[2], named[1]], True, 3)]
        behind = PageArguments(2, result[-1].page_info.end_cursor)
        own, other = await batch(request, [CHURN, ELSEWHERE[0]], behind)
        assert read(own) == ([named[0]], False, 3)
        assert isinstance(other, BadInputError)
        # Nor is a cursor of one of its lists good for another of them.
        swapped = results_of_snapshots if batch is deployments_of_snapshots else deployments_of_snapshots
        assert isinstance((await swapped(request, [CHURN], behind))[0], BadInputError)
    async with harness.request("ann", "risk", "other") as request:
        assert read((await batch(request, [CHURN], PageArguments(10, None)))[0])[2] == 4
    async with harness.request("ann", "stranger") as request:
        with pytest.raises(ForbiddenError, match="needs the permission READ"):
            await batch(request, [CHURN], FIRST)


@pytest.mark.parametrize("batch", [deployments_of_snapshots, results_of_snapshots])
async def test_behind_a_cursor_the_same_are_seen(harness: MutationHarness, batch: BatchOf) -> None:
    """Of this snapshot, in this place, of these groups."""
    keys = await several(harness, 2)
    rest: list[str] = []
    for group, place in (
        ("other", {}),
        ("risk", {"snapshot": "churn-2"}),
        ("risk", {"region": "us-east-2"}),
        ("risk", {"account_id": "222222222222"}),
        ("risk", {"snapshot_created_at": minutes_after_noon(1)}),
    ):
        rest += await several(harness, 2, group=group, **place)
    await results(harness, [*keys, *rest])
    named = keys if batch is deployments_of_snapshots else ["job-0", "job-1"]
    async with harness.request("ann", "risk") as request:
        (result,) = await batch(request, [CHURN], PageArguments(1, None))
        assert read(result) == ([named[1]], True, 2)
        (result,) = await batch(request, [CHURN], PageArguments(5, result.page_info.end_cursor))
        assert read(result) == ([named[0]], False, 2)


async def test_of_runs(harness: MutationHarness) -> None:
    """The first started first; a run that has started none has none."""
    async with harness.database.writing() as connection:
        first, _ = await import_runs.start(connection, new_run())
        second, _ = await import_runs.start(connection, new_run(model_name="fraud"))
    keys = await several(harness, import_run_key=key_in_id(first.id, "ImportRun"))
    async with harness.request("ann", "risk") as request:
        deployments, none = await deployments_of_import_runs(request, [first, second])
    assert [key_in_id(deployment.id, "Deployment") for deployment in deployments] == keys
    assert none == ()


async def test_the_order_by_end(harness: MutationHarness) -> None:
    """One that goes on counts as ending last, whenever it started."""
    ended = await several(harness, 2)
    going_on = (await start_deployment(harness.database, "churn-9", started_at=NOON)).key
    expected = [*sorted(ended), going_on]
    for direction, keys in ((Direction.ASC, expected), (Direction.DESC, expected[::-1])):
        order, after, shown = DeploymentOrder(DeploymentOrderField.ENDED, direction), None, list[str]()
        for _ in keys:
            async with harness.request("ann", "risk") as request:
                page = await list_deployments(request, PageArguments(1, after), ALL, order)
                after, shown = page.page_info.end_cursor, shown + read(page)[0]
        assert (shown, page.page_info.has_next_page) == (keys, False)
        async with harness.request("ann", "risk") as request:
            with pytest.raises(BadInputError):
                await list_deployments(
                    request, PageArguments(1, after), ALL, replace(order, by=DeploymentOrderField.STARTED)
                )
