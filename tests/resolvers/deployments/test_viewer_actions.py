"""resolvers.deployments.viewer_actions: what is shown as possible is possible, and the filter finds just that."""

import asyncio
from typing import Any

import pytest

from auth.caller import GATEWAY_SUBJECT, Caller
from registry import deployments
from registry.enums import DeploymentState, DeploymentTrigger
from registry.ids import encode_own_id
from resolvers.deployments.action_rules import DeploymentAction
from resolvers.deployments.pages import DeploymentQuery, get_deployment, list_deployments
from resolvers.deployments.viewer_actions import viewer_actions, viewer_denials
from resolvers.lists.connections import Connection, PageArguments
from tests.registry.factories import create_registration_key, start_deployment, transitioned
from tests.registry.test_pages import statements
from tests.resolvers.harness import MutationHarness, open_harness

APPROVE, REJECT, CANCEL, RETRY = DeploymentAction
STATES = {
    "verifying": (),
    "blocked": (DeploymentState.BLOCKED,),
    "waiting": (DeploymentState.AWAITING_APPROVAL,),
    "failed": (DeploymentState.FAILED,),
    "superseded": (DeploymentState.FAILED,),
    "deployed": (DeploymentState.DEPLOYED,),
}
ANN, BEN = Caller("ann", ("risk",)), Caller("ben", ("risk",))
EVE, READER, STRANGER = Caller("eve", ("mlops",)), Caller("ben", ("reader",)), Caller("ben", ("other",))
CHANGES = {
    "verifying": [CANCEL],
    "blocked": [CANCEL, RETRY],
    "waiting": [CANCEL],
    "failed": [RETRY],
    "superseded": [],
    "deployed": [],
    "rival": [CANCEL],
}
EVERYTHING = {**CHANGES, "waiting": [APPROVE, REJECT, CANCEL]}
NOTHING: dict[str, list[DeploymentAction]] = {name: [] for name in CHANGES}


async def one_of_each(harness: MutationHarness) -> dict[str, str]:
    """The ids of deployments of the group risk, each started by ann, by what they are like."""
    ids = {}
    for name, states in STATES.items():
        row = await start_deployment(harness.database, f"snapshot-{name}", started_by="ann")
        ids[name] = encode_own_id("Deployment", (await transitioned(harness.database, row, *states)).key)
    rival = await start_deployment(harness.database, "snapshot-superseded", started_by="ann")
    return {**ids, "rival": encode_own_id("Deployment", rival.key)}


async def shown(harness: MutationHarness, caller: Caller, ids: dict[str, str]) -> dict[str, list[DeploymentAction]]:
    """The actions that the caller is shown on each; those that they do not see have none."""
    async with harness.request_factory.request(caller, "request-1") as request:
        result: Any = {name: await get_deployment(request, one) for name, one in ids.items()}
        seen = {name: deployment for name, deployment in result.items() if deployment is not None}
        actions = await viewer_actions(request, list(seen.values()))
    return {name: [] for name in ids} | {name: list(of) for name, of in zip(seen, actions, strict=True)}


async def listed(harness: MutationHarness, caller: Caller, action: DeploymentAction, **more: Any) -> set[str]:
    """The ids that the filter lets through."""
    async with harness.request_factory.request(caller, "request-1") as request:
        query = DeploymentQuery(viewer_can=action, **more)
        connection = await list_deployments(request, PageArguments(50, None), query)
    assert isinstance(connection, Connection)
    assert connection.total_count == len(connection.nodes)
    return {node.id for node in connection.nodes}


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (ANN, CHANGES),
        (Caller("ANN", ("risk",)), CHANGES),
        (Caller("ann", ("mlops",)), CHANGES),
        (BEN, EVERYTHING),
        (EVE, EVERYTHING),
        (Caller("eve", ("mlops", "reader"), "reader"), EVERYTHING),
        (READER, NOTHING),
        (STRANGER, NOTHING),
    ],
)
async def test_actions_are_those_of_state_permission_and_four_eyes(
    harness: MutationHarness, caller: Caller, expected: dict[str, list[DeploymentAction]]
) -> None:
    ids = await one_of_each(harness)
    assert await shown(harness, caller, ids) == expected
    for action in DeploymentAction:
        possible = {ids[name] for name, actions in expected.items() if action in actions}
        assert await listed(harness, caller, action) == possible


async def test_who_started_an_earlier_attempt_at_the_snapshot_does_not_decide(harness: MutationHarness) -> None:
    """Every way of bringing a deployment about counts, see workflows.deployments.four_eyes."""
    earlier = await start_deployment(harness.database, "snapshot-waiting", started_by="ben")
    await transitioned(harness.database, earlier, DeploymentState.FAILED)
    ids = await one_of_each(harness)
    assert (await shown(harness, BEN, ids))["waiting"] == [CANCEL]
    assert await listed(harness, BEN, APPROVE) == set()
    assert await listed(harness, EVE, APPROVE) == {ids["waiting"]}


async def test_a_filter_narrows_with_the_others(harness: MutationHarness) -> None:
    ids = await one_of_each(harness)
    assert await listed(harness, BEN, RETRY, states=(DeploymentState.FAILED,)) == {ids["failed"]}
    assert await listed(harness, BEN, APPROVE, states=(DeploymentState.FAILED,)) == set()
    assert await listed(harness, BEN, CANCEL, snapshot_name="snapshot-blocked") == {ids["blocked"]}


async def test_with_self_approval_who_started_it_decides(sandbox: Any, sqlite_url: str) -> None:
    async with open_harness(sandbox, sqlite_url, deployments={"selfApproval": True}) as harness:
        ids = await one_of_each(harness)
        assert await shown(harness, ANN, ids) == EVERYTHING
        assert await listed(harness, ANN, APPROVE) == {ids["waiting"]}


async def test_where_another_system_approves_nobody_does_here(sandbox: Any, sqlite_url: str) -> None:
    jira = {"url": "https://jira.example.com", "user": "u", "token": "t" * 20, "project": "MLOPS", "approved": ["Done"]}
    async with open_harness(sandbox, sqlite_url, deployments={"approval": "jira"}, jira=jira) as harness:
        ids = await one_of_each(harness)
        assert await shown(harness, EVE, ids) == CHANGES
        assert await listed(harness, EVE, REJECT) == set()


@pytest.mark.parametrize("count", [1, 8])
async def test_many_take_as_many_statements_as_one(harness: MutationHarness, count: int) -> None:
    """By four eyes three, whoever brought them about, for both fields together and for the filter."""
    registration = await create_registration_key(harness.database, imported_by="ben")
    failed = await start_deployment(harness.database, "snapshot-0", started_by="amy")
    await transitioned(harness.database, failed, DeploymentState.FAILED)
    rows = []
    for number in range(count):
        row = await start_deployment(
            harness.database, f"snapshot-{number}", started_by=GATEWAY_SUBJECT, trigger=DeploymentTrigger.NEW_SNAPSHOT
        )
        rows.append(await transitioned(harness.database, row, DeploymentState.AWAITING_APPROVAL))
    for row in rows:
        async with harness.database.writing() as connection:
            await deployments.replace_registrations(connection, row.key, [(registration, "churn")])
    for caller, expected in ((ANN, [APPROVE, REJECT, CANCEL]), (BEN, [CANCEL])):
        async with harness.request_factory.request(caller, "request-1") as request:
            seen: Any = [await get_deployment(request, encode_own_id("Deployment", row.key)) for row in rows]
            with statements() as sent:
                actions, denials = await asyncio.gather(viewer_actions(request, seen), viewer_denials(request, seen))
            assert list(map(list, actions)) == [expected] * count
            assert [{*expected, *(denial.action for denial in denied)} for denied in denials] == [
                set(DeploymentAction)
            ] * count
        assert [statement.split("FROM ")[1].split()[0] for statement in sent] == [
            "deployments",
            "deployments",
            "deployment_registrations",
            "registrations",
        ]
    amy = Caller("amy", ("risk",))
    assert len(await listed(harness, amy, APPROVE)) == count - 1
