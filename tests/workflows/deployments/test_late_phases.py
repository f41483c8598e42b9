"""Phases that run late, twice, or when the world has changed: each leaves what it should, and no more."""

from datetime import UTC, datetime, timedelta

import pytest

from registry import deployment_lists, deployment_steps, deployments, tickets
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, DeploymentState, DeploymentStepName, ElementKind, TicketKind
from registry.tickets import FiledTicket
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS, call_counts, create_model
from tests.gateway_client import RISK
from tests.sagemaker_builder import variant
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    approve,
    cancel,
    launching_deployment,
    new_deployment_row,
    queued_cleanups,
    register,
    reload,
    verified_deployment,
)
from workflows.approvals.backend import ApprovalRequest
from workflows.approvals.builtin import BuiltinApprovals
from workflows.deployments.advance import schedule_all, schedule_next
from workflows.deployments.compare import ComparePhase
from workflows.deployments.finish_launch import RUNTIME_GONE, FinishLaunchPhase
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.poller import DeploymentPoller
from workflows.deployments.rehearse import RehearsePhase
from workflows.deployments.resource_names import job_name, runtime_name
from workflows.deployments.ticket_filer import TicketFiler
from workflows.deployments.transitions import fail_attempt
from workflows.deployments.verify import VerifyPhase
from workflows.deployments.waiting_reasons import note_retry
from workflows.durable.errors import StepFailedError


async def test_a_launch_of_a_snapshot_that_was_made_again_is_void(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        more = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **more)
        await LaunchPhase(deps).launch(deployment.key, 1)
        failed = await reload(database, deployment.key)
        assert failed.state is DeploymentState.FAILED
        assert "made anew under its name, after approval was requested" in (failed.reason or "")
    assert call_counts(sandbox, "CreateEndpoint") == [0]


@pytest.mark.parametrize(
    ("there", "text"), [(False, "A new endpoint `live` would run it."), (True, "`live`, which runs `churn-1` now.")]
)
async def test_whoever_decides_is_told_of_the_endpoint_that_was_asked_for(
    sandbox: Sandbox, database: Database, *, there: bool, text: str
) -> None:
    create_model(sandbox)
    if there:
        sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-1")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    async with deps_on(sandbox, database) as (deps, _):
        row = await new_deployment_row(database, runtime_wish="live")
        await VerifyPhase(deps).verify(row.key, 1)
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, row.key)
    assert deployment is not None
    details = {step.name: step.detail for step in deployment.steps}
    assert details[DeploymentStepName.APPROVE] == text


async def test_a_launch_of_a_group_that_may_not_deploy_any_more(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
    async with database.writing() as connection:
        await tickets.mark_filed(connection, 1, FiledTicket("SG-1", None, "Open"), deployment.since)
    without = [*DEPLOYMENT_PERMISSIONS[:1], {"group": "risk", "allow": ["READ"]}]
    async with deps_on(sandbox, database, permissions=without) as (deps, noted):
        await LaunchPhase(deps).launch(deployment.key, 1)
        # Whoever approved is told that it is held up.
        await schedule_next(deps, deployment.key)
        assert noted.started == [(f"deploy/{deployment.key}/1/tell-held-up", (deployment.key, 1))]
        blocked = await reload(database, deployment.key)
        assert (blocked.state, blocked.attempt) == (DeploymentState.BLOCKED, 1)
        assert (blocked.reason or "").startswith("The group `risk` does not have the permission DEPLOY")
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_a_launch_that_runs_twice_makes_one_endpoint(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
        for _ in range(2):
            await LaunchPhase(deps).launch(deployment.key, 1)
        assert (await reload(database, deployment.key)).runtime_name == runtime_name(deployment)
    assert len(sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]) == 1


async def test_a_late_launch_leaves_its_endpoint_to_be_deleted(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
        await cancel(database, deployment)
        await LaunchPhase(deps).launch(deployment.key, 1)
        assert await queued_cleanups(database) == [(ElementKind.RUNTIME, runtime_name(deployment))]
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_a_late_launch_of_one_that_is_held_up_leaves_its_endpoint_to_be_deleted(
    sandbox: Sandbox, database: Database
) -> None:
    """Held up by another process, whose settings give the group no DEPLOY any more; and looked for in vain since."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
        await _put_into(database, deployment, DeploymentState.BLOCKED)
        await LaunchPhase(deps).launch(deployment.key, 1)
        assert await queued_cleanups(database) == [(ElementKind.RUNTIME, runtime_name(deployment))]
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_a_rehearsal_that_has_begun_waits_for_nothing_any_more(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        await note_retry(deps, deployment.key, 1, RuntimeError("Away."))
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        assert (await reload(database, deployment.key)).reason is None


async def test_a_late_rehearsal_leaves_its_job_to_be_stopped(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        async with database.reading() as connection:
            assert await deployment_steps.rehearsal_jobs(connection, deployment) == {
                "churn": job_name(deployment, "churn")
            }
        await cancel(database, deployment)
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        assert await queued_cleanups(database) == [(ElementKind.TRANSFORM_JOB, job_name(deployment, "churn"))]
        # Phases of what is over do nothing.
        for phase in (VerifyPhase(deps).verify, ComparePhase(deps).compare):
            await phase(deployment.key, 1)
        await FinishLaunchPhase(deps).finish(deployment.key, 1, "InService", "churn-1", None)
        assert (await reload(database, deployment.key)).state is DeploymentState.CANCELLED
    assert len(sandbox.call("ListTransformJobs", RISK.account, RISK.region)["TransformJobSummaries"]) == 1


async def test_what_takes_too_long_has_failed(sandbox: Sandbox, database: Database) -> None:
    """Also where its work has been lost for good."""
    async with deps_on(sandbox, database) as (deps, _):
        late = datetime.now(UTC) - timedelta(hours=4)
        courses = [await new_deployment_row(database, f"churn-{number}", started_at=late) for number in range(2)]
        async with database.writing() as connection:
            await deployments.transition(connection, courses[1], DeploymentState.LAUNCHING, late)
        fresh = await new_deployment_row(database, "churn-2")
        await DeploymentPoller(deps).turn()
        rows = [await reload(database, deployment.key) for deployment in (*courses, fresh)]
        assert [row.state.value for row in rows] == ["FAILED", "FAILED", "VERIFYING"]
        assert rows[1].reason == "The endpoint has not come up in time."


@pytest.mark.parametrize(
    ("status", "snapshot", "reason", "text"),
    [
        ("Failed", None, "No capacity.", "is Failed. AWS says: No capacity."),
        ("InService", "churn-0", None, "has not come to `churn-1`; it runs `churn-0`."),
        (RUNTIME_GONE, None, None, "Somebody deleted the endpoint"),
    ],
)
async def test_how_a_launch_fails(
    sandbox: Sandbox, database: Database, status: str, snapshot: str | None, reason: str | None, text: str
) -> None:
    """What it has begun is put away, also where AWS does not show it at this moment."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await launching_deployment(sandbox, database, deps)
        await FinishLaunchPhase(deps).finish(deployment.key, 1, status, snapshot, reason)
        failed = await reload(database, deployment.key)
        assert failed.state is DeploymentState.FAILED
        assert text in (failed.reason or "")
        assert await queued_cleanups(database) == [(ElementKind.RUNTIME, runtime_name(deployment))]
        async with database.reading() as connection:
            rows = await tickets.of_attempt(connection, deployment.key, 1)
            assert [ticket.kind for ticket in rows] == [TicketKind.APPROVAL, TicketKind.NOTIFICATION]


@pytest.mark.parametrize(
    ("state", "kind", "to"),
    [
        (DeploymentState.VERIFYING, "REFUSED", DeploymentState.BLOCKED),
        (DeploymentState.VERIFYING, "ValueError", DeploymentState.FAILED),
        (DeploymentState.REHEARSING, "REFUSED", DeploymentState.FAILED),
        (DeploymentState.LAUNCHING, "CHANGED", DeploymentState.FAILED),
    ],
)
async def test_what_becomes_of_a_phase_that_fails(
    sandbox: Sandbox, database: Database, state: DeploymentState, kind: str, to: DeploymentState
) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await new_deployment_row(database)
        await _put_into(database, deployment, state)
        await fail_attempt(deps, deployment.key, 1, kind, "No.")
        row = await reload(database, deployment.key)
        assert (row.state, row.reason) == (to, "No.")
        # Said again, or of another attempt, it changes nothing.
        await fail_attempt(deps, deployment.key, 1, kind, "Again.")
        await fail_attempt(deps, deployment.key, 2, kind, "Again.")
        if to is DeploymentState.FAILED:
            assert await reload(database, deployment.key) == row


async def _put_into(database: Database, deployment: DeploymentRow, state: DeploymentState) -> None:
    if state is not deployment.state:
        async with database.writing() as connection:
            assert await deployments.transition(connection, deployment, state, deployment.since)


async def test_a_role_that_is_refused_fails_the_phase_with_words(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        create_model(sandbox)
        deployment = await new_deployment_row(database)
        sandbox.faults.refuse("DescribeEndpointConfig")
        with pytest.raises(StepFailedError) as raised:
            await VerifyPhase(deps).verify(deployment.key, 1)
        assert raised.value.kind == "REFUSED"
        assert "DescribeEndpointConfig" in raised.value.message


async def test_what_a_sweep_begins(sandbox: Sandbox, database: Database) -> None:
    """What works is begun under the ids that it has had; what waits for somebody is not looked at."""
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await verified_deployment(sandbox, database, deps)
        other = await new_deployment_row(database, "churn-2")
        await schedule_all(deps)
        assert noted.started == [
            (f"deploy/{other.key}/1/verify", (other.key, 1)),
            ("ticket/1/0", (1, 0)),
        ]
        await approve(database, deployment)
        noted.started.clear()
        await schedule_next(deps, deployment.key)
        assert [work_id for work_id, _ in noted.started] == [f"deploy/{deployment.key}/1/launch"]


class UnreachableApprovals(BuiltinApprovals):
    """Where tickets are kept cannot be reached."""

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        raise ConnectionError


async def test_a_ticket_that_cannot_be_filed_is_tried_again_as_another_work(
    sandbox: Sandbox, database: Database
) -> None:
    async with deps_on(sandbox, database, UnreachableApprovals()) as (deps, noted):
        await verified_deployment(sandbox, database, deps)
        with pytest.raises(ConnectionError):
            await TicketFiler(deps).file(1, 0)
        await TicketFiler(deps).note_failure(1, 0, "Away")
        await schedule_all(deps)
        assert noted.started == [("ticket/1/1", (1, 1))]
    async with deps_on(sandbox, database) as (deps, _):
        # The work of the earlier try is late by now.
        await TicketFiler(deps).file(1, 0)
        async with database.reading() as connection:
            assert [ticket.number for ticket in await tickets.unfiled_tickets(connection)] == [1]
        await TicketFiler(deps).file(1, 1)
        async with database.reading() as connection:
            assert await tickets.unfiled_tickets(connection) == ()


async def test_a_ticket_that_cannot_be_filed_for_long_is_tried_less_often(
    sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deps_on(sandbox, database, UnreachableApprovals()) as (deps, noted):
        await verified_deployment(sandbox, database, deps)
        for tries in range(11):
            await schedule_all(deps)
            assert noted.started[-1] == (f"ticket/1/{tries}", (1, tries))
            await TicketFiler(deps).note_failure(1, tries, "Away")
        noted.started.clear()
        await schedule_all(deps)
        assert noted.started == []
        monkeypatch.setattr("workflows.deployments.advance._RETRY_INTERVAL", timedelta(0))
        await schedule_all(deps)
        assert noted.started == [("ticket/1/11", (1, 11))]
