"""registry.deployment_lists: deployments as people see them, and pages of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from registry import deployment_lists, deployment_steps, deployments, registrations, test_results, tickets
from registry.database import Database
from registry.deployment_lists import DeploymentCriteria
from registry.deployment_records import Deployment
from registry.deployment_records import TestCheck as Check
from registry.deployment_rows import DeploymentRow, SnapshotKey
from registry.enums import DeploymentState, DeploymentStepName, StepState, TicketKind
from registry.ids import encode_own_id, new_key
from registry.pages import FirstPage
from registry.test_results import NewTestResult, ResultCriteria
from tests.registry.factories import (
    NOON,
    create_registration_key,
    minutes_after_noon,
    reload_deployment,
    start_deployment,
    transitioned,
)
from tests.registry.test_pages import statements

VERIFY, REHEARSE = DeploymentStepName.VERIFY, DeploymentStepName.REHEARSE


async def shown(database: Database, deployment: DeploymentRow) -> Deployment:
    async with database.reading() as connection:
        result = await deployment_lists.by_key(connection, deployment.key)
    assert result is not None
    return result


def states(deployment: Deployment) -> list[tuple[str, str]]:
    return [(step.name.value, step.state.value) for step in deployment.steps]


async def test_steps_are_those_of_the_present_attempt_in_their_order(database: Database) -> None:
    deployment = await start_deployment(database)
    assert states(await shown(database, deployment)) == [(name.value, "PENDING") for name in DeploymentStepName]
    async with database.writing() as connection:
        await deployment_steps.begin(connection, deployment, VERIFY, minutes_after_noon(1))
        await deployment_steps.begin(connection, deployment, VERIFY, minutes_after_noon(2))
        await deployment_steps.end(connection, deployment, VERIFY, StepState.DONE, minutes_after_noon(3))
        for model in ("fraud", "churn"):
            await deployment_steps.begin(
                connection, deployment, REHEARSE, minutes_after_noon(4), model_name=model, job_name=f"job-{model}"
            )
        assert await deployment_steps.rehearsal_jobs(connection, deployment) == {
            "churn": "job-churn",
            "fraud": "job-fraud",
        }
        await deployment_steps.end_running(connection, deployment, StepState.FAILED, minutes_after_noon(5), "No")
    verify, churn, fraud, *_ = (await shown(database, deployment)).steps
    assert (verify.state, verify.started_at, verify.ended_at) == (
        StepState.DONE,
        minutes_after_noon(1),
        minutes_after_noon(3),
    )
    assert [(step.job_name, step.state, step.detail) for step in (churn, fraud)] == [
        ("job-churn", StepState.FAILED, "No"),
        ("job-fraud", StepState.FAILED, "No"),
    ]
    failed = await transitioned(database, deployment, DeploymentState.FAILED)
    assert states(await shown(database, failed))[3:] == [(name, "SKIPPED") for name in ("APPROVE", "LAUNCH", "NOTIFY")]
    async with database.writing() as connection:
        await deployments.begin_next_attempt(connection, failed, minutes_after_noon(6))
    assert states(await shown(database, deployment)) == [(name.value, "PENDING") for name in DeploymentStepName]


async def test_registrations_stay_when_they_are_removed(database: Database) -> None:
    deployment, registration = await start_deployment(database), await create_registration_key(database)
    async with database.writing() as connection:
        await deployments.replace_registrations(connection, deployment.key, [(registration, "churn")])
        assert await registrations.remove(connection, registration)
    ids = (await shown(database, deployment)).registration_ids
    assert ids == (encode_own_id("Registration", registration),)


async def test_tickets_are_shown_once_they_are_filed(database: Database) -> None:
    deployment = await start_deployment(database)
    async with database.writing() as connection:
        for _ in range(2):
            await tickets.create(connection, deployment.key, 1, TicketKind.APPROVAL, minutes_after_noon(1))
        await tickets.create(connection, deployment.key, 1, TicketKind.NOTIFICATION, minutes_after_noon(1))
        first, second = await tickets.unfiled_tickets(connection)
        assert (await shown_in(connection, deployment)).tickets == ()
        assert await tickets.mark_filed(
            connection, first.number, tickets.FiledTicket("SG-1", None, "Open"), minutes_after_noon(2)
        )
        assert not await tickets.mark_filed(
            connection, first.number, tickets.FiledTicket("SG-2", None, "Open"), minutes_after_noon(2)
        )
        assert await tickets.count_attempt(connection, second.number, 0)
        assert not await tickets.count_attempt(connection, second.number, 0)
        assert [row.tries for row in await tickets.unfiled_tickets(connection)] == [1]
        assert [row.key for row in await tickets.open_approvals(connection)] == ["SG-1"]
        await tickets.close(connection, deployment.key, 1, TicketKind.APPROVAL, "Approved", minutes_after_noon(3))
        assert await tickets.open_approvals(connection) == ()
    (ticket,) = (await shown(database, deployment)).tickets
    assert (ticket.key, ticket.status, ticket.kind) == ("SG-1", "Approved", TicketKind.APPROVAL)


async def shown_in(connection: Any, deployment: DeploymentRow) -> Deployment:
    result = await deployment_lists.by_key(connection, deployment.key)
    assert result is not None
    return result


def result(deployment: DeploymentRow, model: str, *, passed: bool, minutes: int = 1) -> NewTestResult:
    return NewTestResult(
        deployment_key=deployment.key,
        attempt=deployment.attempt,
        model_name=model,
        at=minutes_after_noon(minutes),
        passed=passed,
        job_name=f"job-{model}",
        output_s3_uri="s3://bucket/out/",
        checks=[Check("rows", passed, "2", "2")],
    )


async def test_the_result_is_the_one_that_tells(database: Database) -> None:
    """One that has not passed, before those that have; of the present attempt alone."""
    deployment = await start_deployment(database)
    async with database.writing() as connection:
        for minutes, (model, passed) in enumerate((("a", True), ("b", False), ("c", True)), 1):
            first = result(deployment, model, passed=passed, minutes=minutes)
            await test_results.insert_once(connection, first)
            await test_results.insert_once(connection, replace(first, passed=not passed))
    test_result = (await shown(database, deployment)).test_result
    assert test_result is not None
    assert (test_result.job_name, test_result.passed, test_result.checks[0].name) == ("job-b", False, "rows")
    failed = await transitioned(database, deployment, DeploymentState.FAILED)
    async with database.writing() as connection:
        await deployments.begin_next_attempt(connection, failed, minutes_after_noon(6))
    assert (await shown(database, deployment)).test_result is None
    wanted = test_results.ResultCriteria(
        None, deployment.account_id, deployment.region, "churn-1", deployment.snapshot_created_at
    )
    async with database.reading() as connection:
        page = await test_results.page(connection, wanted, 2)
        assert [record.job_name for record in page.records] == ["job-c", "job-b"]
        rest = await test_results.page(connection, wanted, 2, page.positions[-1])
        assert ([item.job_name for item in rest.records], rest.has_more) == (["job-a"], False)
        assert await test_results.count(connection, wanted) == 3


LISTED: list[tuple[DeploymentCriteria, list[str]]] = [
    (DeploymentCriteria(groups=None), ["c", "b", "a"]),
    (DeploymentCriteria(groups=frozenset({"risk"})), ["b", "a"]),
    (DeploymentCriteria(groups=frozenset()), []),
    (DeploymentCriteria(groups=None, states=(DeploymentState.FAILED,)), ["b"]),
    (DeploymentCriteria(groups=None, states=()), []),
    (DeploymentCriteria(groups=None, snapshot_name="a"), ["a"]),
    (DeploymentCriteria(groups=None, import_run_key="0" * 32), ["c"]),
    (DeploymentCriteria(groups=None, snapshot_created_at=minutes_after_noon(9)), ["c"]),
    (DeploymentCriteria(groups=None, region="us-east-2"), []),
]


async def test_which_are_listed(database: Database) -> None:
    await start_deployment(database, "a", started_at=minutes_after_noon(1))
    await transitioned(
        database, await start_deployment(database, "b", started_at=minutes_after_noon(2)), DeploymentState.FAILED
    )
    more = {"group": "marketing", "import_run_key": "0" * 32, "snapshot_created_at": minutes_after_noon(9)}
    await start_deployment(database, "c", started_at=minutes_after_noon(3), **more)
    async with database.reading() as connection:
        for wanted, names in LISTED:
            page = await deployment_lists.page(connection, wanted, 10)
            assert [record.snapshot_name for record in page.records] == names, wanted
            assert await deployment_lists.count(connection, wanted) == len(names), wanted


async def test_what_is_shown_is_what_stands(database: Database) -> None:
    deployment = await transitioned(database, await start_deployment(database), DeploymentState.FAILED)
    result = await shown(database, deployment)
    assert (result.state, result.ended_at) == (DeploymentState.FAILED, deployment.since)
    assert (await reload_deployment(database, deployment)).id == result.id


HERE: SnapshotKey = ("111111111111", "eu-west-1", "churn-1", NOON)
ELSEWHERE: list[SnapshotKey] = [
    ("222222222222", "eu-west-1", "churn-1", NOON),
    ("111111111111", "us-east-1", "churn-1", NOON),
    ("111111111111", "eu-west-1", "churn-2", NOON),
    ("111111111111", "eu-west-1", "churn-1", NOON + timedelta(microseconds=1)),
]
_STATEMENTS = 6
"""One for the deployments, and one each for their steps, tickets, results and registrations."""


async def several(database: Database, owner: SnapshotKey = HERE, **changed: object) -> list[DeploymentRow]:
    """Three deployments of a snapshot, one after the other."""
    account, region, name, created = owner
    where = {"account_id": account, "region": region, "snapshot_created_at": created, **changed}
    deployments: list[DeploymentRow] = []
    for number in range(3):
        deployment = await start_deployment(database, name, **where, started_at=minutes_after_noon(number))
        deployments.append(await transitioned(database, deployment, DeploymentState.CANCELLED))
    return deployments


async def alone(database: Database, wanted: DeploymentCriteria, first: int) -> FirstPage[Deployment]:
    async with database.reading() as connection:
        page = await deployment_lists.page(connection, wanted, first)
        return FirstPage(page, await deployment_lists.count(connection, wanted))


def of_snapshot(owner: SnapshotKey, groups: list[str] | None) -> DeploymentCriteria:
    account, region, name, created = owner
    return DeploymentCriteria(
        groups=groups, account_id=account, region=region, snapshot_name=name, snapshot_created_at=created
    )


async def test_of_snapshots(database: Database) -> None:
    """Names are reused, in other places and later; those of groups that may not be seen are not counted."""
    await several(database)
    await several(database, group="marketing")
    for owner in ELSEWHERE:
        await several(database, owner)
    owners = [HERE, *ELSEWHERE, ("111111111111", "eu-west-1", "none", NOON)]
    every_groups: list[list[str] | None] = [None, ["risk"], ["marketing"], []]
    for groups in every_groups:
        with statements() as sent:
            async with database.reading() as connection:
                pages = await deployment_lists.first_pages_of_snapshots(connection, groups, owners, 2)
        assert pages == {owner: await alone(database, of_snapshot(owner, groups), 2) for owner in owners}, groups
        assert len(sent) == (1 if groups == [] else _STATEMENTS), groups
        assert pages[HERE].total == (6 if groups is None else 3 * len(groups)), groups


async def test_of_registrations(database: Database) -> None:
    """One deployment may be of several registrations, and of one that is gone."""
    churn, fraud, idle = [await create_registration_key(database, name) for name in ("churn", "fraud", "idle")]
    courses = await several(database)
    async with database.writing() as connection:
        await deployments.replace_registrations(connection, courses[0].key, [(churn, "churn"), (fraud, "fraud")])
        for deployment in courses[1:]:
            await deployments.replace_registrations(connection, deployment.key, [(churn, "churn")])
    with statements() as sent:
        async with database.reading() as connection:
            pages = await deployment_lists.first_pages_of_registrations(connection, [churn, fraud, idle], 2)
    for key in (churn, fraud, idle):
        assert pages[key] == await alone(database, DeploymentCriteria(groups=None, registration_key=key), 2)
    assert [pages[key].total for key in (churn, fraud, idle)] == [3, 1, 0]
    assert len(sent) == _STATEMENTS


async def test_of_runs(database: Database) -> None:
    one, two = new_key(), new_key()
    await several(database, import_run_key=one)
    await several(database, ELSEWHERE[0])
    async with database.reading() as connection:
        pages = await deployment_lists.first_pages_of_import_runs(connection, [one, two], 100)
    assert pages[one] == await alone(database, DeploymentCriteria(groups=None, import_run_key=one), 100)
    assert [pages[key].total for key in (one, two)] == [3, 0]


async def test_results_of_snapshots(database: Database) -> None:
    owners = [HERE, ELSEWHERE[2], ELSEWHERE[3]]
    for owner in owners[:2]:
        for deployment in await several(database, owner):
            outcome = NewTestResult(
                deployment_key=deployment.key,
                attempt=1,
                model_name="churn",
                at=minutes_after_noon(len(deployment.key)),
                passed=True,
                job_name="job",
                output_s3_uri=None,
                checks=[],
            )
            async with database.writing() as connection:
                await test_results.insert_once(connection, outcome)
    totals: list[tuple[list[str] | None, list[int]]] = [
        (None, [3, 3, 0]),
        (["risk"], [3, 3, 0]),
        (["marketing"], [0] * 3),
    ]
    for groups, total in totals:
        async with database.reading() as connection:
            with statements() as sent:
                pages = await test_results.first_pages(connection, groups, owners, 2)
            for owner in owners:
                wanted = ResultCriteria(groups, *owner)
                page = await test_results.page(connection, wanted, 2)
                assert pages[owner] == FirstPage(page, await test_results.count(connection, wanted)), groups
        assert ([pages[owner].total for owner in owners], len(sent)) == (total, 1), groups
