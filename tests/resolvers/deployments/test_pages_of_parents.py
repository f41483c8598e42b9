"""resolvers.deployments.pages: the deployments of registrations, snapshots and runs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from auth.errors import ForbiddenError
from aws.kinds.snapshots import Snapshot
from registry import deployments, import_runs, test_results
from registry.test_results import NewTestResult
from resolvers.deployments.pages import (
    deployments_of_import_runs,
    deployments_of_registrations,
    deployments_of_snapshots,
)
from resolvers.deployments.pages import (
    test_results_of_snapshots as results_of_snapshots,
)
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.views.resource_view import Viewed
from tests.registry.factories import (
    NOON,
    create_registration,
    key_in_id,
    minutes_after_noon,
    new_run,
)
from tests.resolvers.deployments.made_deployments import FIRST, VIEW, read, several
from tests.resolvers.harness import MutationHarness
from tests.schema.snapshot_row import SNAPSHOT_ROW

ROW = replace(SNAPSHOT_ROW, name="churn-1", region="eu-west-1", creation_time=NOON)
CHURN = Viewed(ROW, VIEW)
ELSEWHERE = [
    Viewed(replace(ROW, name="churn-2"), VIEW),
    Viewed(replace(ROW, region="us-east-2"), VIEW),
    Viewed(replace(ROW, account_id="222222222222"), VIEW),
    # Deleted, and made again under its name.
    Viewed(replace(ROW, creation_time=minutes_after_noon(1)), VIEW),
]


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
