"""resolvers.deployments.pages: lists of deployments, of what the caller may see, narrowed and ordered."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from auth.errors import ForbiddenError, UnauthenticatedError
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from registry import deployment_tables, deployments
from registry.deployment_orders import DeploymentOrderField
from registry.enums import DeploymentState
from registry.ids import encode_own_id, new_key
from resolvers.deployments.pages import (
    DeploymentOrder,
    DeploymentQuery,
    deployments_of_runtimes,
    get_deployment,
    list_deployments,
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
    start_deployment,
    transitioned,
)
from tests.resolvers.deployments.made_deployments import FIRST, VIEW, read, several
from tests.resolvers.harness import MutationHarness

ALL = DeploymentQuery()
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
