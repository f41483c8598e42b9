"""registry.deployment_pages: the deployments of many registrations, snapshots and imports are what each has alone."""

from datetime import timedelta

import pytest

from registry import deployment_lists, deployment_pages, deployments, test_results
from registry.courses import DeploymentRow
from registry.database import Database
from registry.deployment_lists import DeploymentCriteria
from registry.first_pages import FirstPage
from registry.ids import new_key
from registry.records import Deployment
from registry.snapshot_owners import SnapshotKey
from registry.test_results import NewTestResult, ResultCriteria
from registry.words import DeploymentState
from tests.registry.deploying import start_deployment, transitioned
from tests.registry.making import NOON, create_registration_key, minutes_after_noon
from tests.registry.test_first_pages import statements

HERE: SnapshotKey = ("111111111111", "eu-west-1", "churn-1", NOON)
ELSEWHERE: list[SnapshotKey] = [
    ("222222222222", "eu-west-1", "churn-1", NOON),
    ("111111111111", "us-east-1", "churn-1", NOON),
    ("111111111111", "eu-west-1", "churn-2", NOON),
    ("111111111111", "eu-west-1", "churn-1", NOON + timedelta(microseconds=1)),
]
_STATEMENTS = 5
"""One for the deployments, and one each for their steps, tickets, results and registrations."""


async def several(database: Database, owner: SnapshotKey = HERE, **changed: object) -> list[DeploymentRow]:
    """Three deployments of a snapshot, one after the other."""
    account, region, name, created = owner
    where = {"account_id": account, "region": region, "snapshot_created_at": created, **changed}
    found: list[DeploymentRow] = []
    for number in range(3):
        course = await start_deployment(database, name, **where, started_at=minutes_after_noon(number))
        found.append(await transitioned(database, course, DeploymentState.CANCELLED))
    return found


async def alone(database: Database, wanted: DeploymentCriteria, first: int) -> FirstPage[Deployment]:
    async with database.reading() as connection:
        page = await deployment_lists.page(connection, wanted, first)
        return FirstPage(page, await deployment_lists.count(connection, wanted))


def of_snapshot(owner: SnapshotKey, groups: list[str] | None) -> DeploymentCriteria:
    account, region, name, created = owner
    return DeploymentCriteria(
        groups=groups, account_id=account, region=region, snapshot_name=name, snapshot_created_at=created
    )


@pytest.mark.parametrize("groups", [None, ["risk"], ["marketing"], []])
async def test_of_snapshots(database: Database, groups: list[str] | None) -> None:
    """Names are reused, in other places and later; those of groups that may not be seen are not counted."""
    await several(database)
    await several(database, group="marketing")
    for owner in ELSEWHERE:
        await several(database, owner)
    owners = [HERE, *ELSEWHERE, ("111111111111", "eu-west-1", "none", NOON)]
    with statements() as sent:
        async with database.reading() as connection:
            found = await deployment_pages.first_pages_of_snapshots(connection, groups, owners, 2)
    assert found == {owner: await alone(database, of_snapshot(owner, groups), 2) for owner in owners}
    assert len(sent) == (1 if groups == [] else _STATEMENTS)
    assert found[HERE].total == (6 if groups is None else 3 * len(groups))


async def test_of_registrations(database: Database) -> None:
    """One deployment may be of several registrations, and of one that is gone."""
    churn, fraud, idle = [await create_registration_key(database, name) for name in ("churn", "fraud", "idle")]
    courses = await several(database)
    async with database.writing() as connection:
        await deployments.replace_registrations(connection, courses[0].key, [(churn, "churn"), (fraud, "fraud")])
        for course in courses[1:]:
            await deployments.replace_registrations(connection, course.key, [(churn, "churn")])
    with statements() as sent:
        async with database.reading() as connection:
            found = await deployment_pages.first_pages_of_registrations(connection, [churn, fraud, idle], 2)
    for key in (churn, fraud, idle):
        assert found[key] == await alone(database, DeploymentCriteria(groups=None, registration_key=key), 2)
    assert [found[key].total for key in (churn, fraud, idle)] == [3, 1, 0]
    assert len(sent) == _STATEMENTS


async def test_of_runs(database: Database) -> None:
    one, two = new_key(), new_key()
    await several(database, import_run_key=one)
    await several(database, ELSEWHERE[0])
    async with database.reading() as connection:
        found = await deployment_pages.first_pages_of_import_runs(connection, [one, two], 100)
    assert found[one] == await alone(database, DeploymentCriteria(groups=None, import_run_key=one), 100)
    assert [found[key].total for key in (one, two)] == [3, 0]


@pytest.mark.parametrize("groups", [None, ["risk"], ["marketing"]])
async def test_results_of_snapshots(database: Database, groups: list[str] | None) -> None:
    owners = [HERE, ELSEWHERE[2], ELSEWHERE[3]]
    for owner in owners[:2]:
        for course in await several(database, owner):
            outcome = NewTestResult(
                deployment_key=course.key, attempt=1, model_name="churn", at=minutes_after_noon(len(course.key)), passed=True,
                job_name="job", output_s3_uri=None, checks=[],
            )  # fmt: skip
            async with database.writing() as connection:
                await test_results.insert_once(connection, outcome)
    async with database.reading() as connection:
        with statements() as sent:
            found = await test_results.first_pages(connection, groups, owners, 2)
        for owner in owners:
            wanted = ResultCriteria(groups, *owner)
            page = await test_results.page(connection, wanted, 2)
            assert found[owner] == FirstPage(page, await test_results.count(connection, wanted))
    assert [found[owner].total for owner in owners] == ([0, 0, 0] if groups == ["marketing"] else [3, 3, 0])
    assert len(sent) == 1
