"""workflows.deployments.write_back: a decision is told to the model registry once, and stands if it cannot be."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws.client.errors import UnavailableError
from registry import approval_write_backs, deployment_steps
from registry.database import Database
from registry.deployment_records import DeploymentDecision
from registry.deployment_rows import DeploymentRow
from registry.enums import AuditOutcome, DecisionOutcome, DeploymentStepName
from registry.records import AuditEvent
from sandbox.server import Sandbox
from tests.deployments import deployment_events
from tests.sagemaker_builder import building
from tests.workflows.deployments.conftest import Begin
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.registry_models import (
    ARN,
    PLACE,
    make_version,
    session,
    set_status,
    status_of,
    verified,
)
from tests.workflows.deployments.test_processes import until
from tests.workflows.durable.dbos_state import end_leases
from workflows.deployments.advance import schedule_all
from workflows.deployments.decisions import DecisionResult, decide
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.write_back import ApprovalWriteBack, decision_words

TELLING: Mapping[str, Any] = {"deployments": {"requiredAssets": ["DOCUMENTATION"], "writeBackApproval": True}}
APPROVED, REJECTED = DecisionOutcome.APPROVED, DecisionOutcome.REJECTED
WORDS = "Fine. (eve decided about a deployment of churn-1)"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def decided(
    sandbox: Sandbox, database: Database, deps: DeploymentDeps, outcome: DecisionOutcome = APPROVED
) -> DeploymentRow:
    """A deployment that eve has decided about just now."""
    row = await verified(sandbox, database, deps)
    now = datetime.now(UTC)
    assert await decide(deps, row.key, outcome, "eve", now, "Fine.") is DecisionResult.DONE
    sandbox.calls.clear()
    return row


async def detail_of(database: Database, row: DeploymentRow) -> str | None:
    """What there is to say of the approval."""
    async with database.reading() as connection:
        steps = (await deployment_steps.of_deployments(connection, [row.key]))[row.key]
    (step,) = [step for step in steps if step.name == DeploymentStepName.APPROVE.value]
    text: str | None = step.detail
    return text


async def queued(database: Database) -> Sequence[Any]:
    async with database.reading() as connection:
        return await approval_write_backs.pending(connection)


async def told(database_url: str) -> list[AuditEvent]:
    """What the audit says of telling decisions."""
    return [event for event in await deployment_events(database_url) if event.action == "deployment.write-back"]


@pytest.mark.parametrize(("outcome", "status"), [(APPROVED, "Approved"), (REJECTED, "Rejected")])
async def test_a_decision_is_told_once(
    sandbox: Sandbox, database: Database, database_url: str, outcome: DecisionOutcome, status: str
) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, noted):
        row = await decided(sandbox, database, deps, outcome)
        work = (f"deploy/{row.key}/1/write-back", (row.key, 1))
        assert work in noted.started
        for _ in range(2):
            await ApprovalWriteBack(deps).write(row.key, 1)
    assert status_of(sandbox) == (status, WORDS)
    assert sandbox.calls.count("UpdateModelPackage") == 1
    assert await queued(database) == []
    (event,) = await told(database_url)
    assert (event.actor, event.outcome, len(event.aws_request_ids)) == ("eve", AuditOutcome.SUCCEEDED, 1)
    assert "`scorers/1`" in (await detail_of(database, row) or "")


async def test_a_sweep_begins_what_nobody_has_begun(sandbox: Sandbox, database: Database) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, noted):
        row = await decided(sandbox, database, deps, REJECTED)
        noted.started.clear()
        await schedule_all(deps)
        assert noted.started == [(f"deploy/{row.key}/1/write-back", (row.key, 1))]
        await ApprovalWriteBack(deps).write(row.key, 1)
        noted.started.clear()
        await schedule_all(deps)
        assert noted.started == []


async def test_without_the_setting_nothing_is_told(sandbox: Sandbox, database: Database) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database) as (deps, noted):
        row = await decided(sandbox, database, deps)
        assert not any("write-back" in work for work, _ in noted.started)
        await ApprovalWriteBack(deps).write(row.key, 1)
    assert status_of(sandbox) == ("PendingManualApproval", None)
    assert await queued(database) == []


async def test_a_death_after_the_write_tells_it_no_second_time(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    """What was written is found, and noted then."""
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        sandbox.call(
            "UpdateModelPackage",
            *PLACE,
            ModelPackageArn=ARN,
            ModelApprovalStatus="Approved",
            ApprovalDescription=WORDS,
        )
        await ApprovalWriteBack(deps).write(row.key, 1)
    assert sandbox.calls.count("UpdateModelPackage") == 0
    assert [event.outcome for event in await told(database_url)] == [AuditOutcome.SUCCEEDED]


async def test_a_refusal_leaves_the_decision_and_is_said(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        sandbox.faults.refuse("UpdateModelPackage")
        await ApprovalWriteBack(deps).write(row.key, 1)
        await assert_stands(sandbox, database, database_url, row)


async def assert_stands(
    sandbox: Sandbox, database: Database, database_url: str, row: DeploymentRow, status: str = "PendingManualApproval"
) -> None:
    """Sees that nothing was written, that the decision stands, and that this is said."""
    assert status_of(sandbox)[0] == status
    assert await queued(database) == []
    assert [event.outcome for event in await told(database_url)] == [AuditOutcome.REFUSED]
    assert (await detail_of(database, row) or "").startswith("The decision stands, and ")
    async with database.reading() as connection:
        assert await approval_write_backs.pending(connection, row.key) == []


async def test_an_outage_is_tried_again(sandbox: Sandbox, database: Database) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        sandbox.faults.fail("UpdateModelPackage", status=503)
        with pytest.raises(UnavailableError):
            await ApprovalWriteBack(deps).write(row.key, 1)
        assert len(await queued(database)) == 1
        sandbox.faults.clear()
        await ApprovalWriteBack(deps).write(row.key, 1)
    assert status_of(sandbox) == ("Approved", WORDS)


async def test_who_made_the_version_does_not_approve_it_through_a_deployment(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    make_version(sandbox, session("eve"))
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        await ApprovalWriteBack(deps).write(row.key, 1)
        await assert_stands(sandbox, database, database_url, row)
    assert sandbox.calls.count("UpdateModelPackage") == 0


async def test_a_later_decision_in_sagemaker_stands(sandbox: Sandbox, database: Database, database_url: str) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        sandbox.advance(60)
        set_status(sandbox, "Rejected")
        await ApprovalWriteBack(deps).write(row.key, 1)
        await assert_stands(sandbox, database, database_url, row, "Rejected")


async def test_a_model_that_was_made_again_is_not_what_was_decided_about(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        sandbox.call("DeleteModel", *PLACE, ModelName="churn")
        sandbox.advance(60)
        with building(sandbox) as made:
            made.model("churn", PrimaryContainer={"ModelPackageName": ARN})
        await ApprovalWriteBack(deps).write(row.key, 1)
        await assert_stands(sandbox, database, database_url, row)


async def test_a_role_that_is_gone_is_noted(sandbox: Sandbox, database: Database, database_url: str) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        for _ in range(2):
            await ApprovalWriteBack(deps).note_failure(row.key, 1, "The role is gone.")
        await assert_stands(sandbox, database, database_url, row)


async def test_a_model_without_versions_has_nothing_to_tell(
    sandbox: Sandbox, database: Database, database_url: str
) -> None:
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps)
        await ApprovalWriteBack(deps).write(row.key, 1)
    assert (await queued(database), await told(database_url), await detail_of(database, row)) == ([], [], None)


def test_words_fit_sagemaker() -> None:
    now = datetime.now(UTC) - timedelta(days=1)
    words = decision_words(DeploymentDecision(APPROVED, "eve", now, "two\nlines\t" + "x" * 2000), "churn-1")
    assert (len(words), words[:11], words[-1]) == (1024, "two lines x", "…")
    assert decision_words(DeploymentDecision(APPROVED, "eve", now, None), "s") == "eve decided about a deployment of s."


@pytest.mark.crash
async def test_a_killed_process_leaves_the_telling_to_another(
    sandbox: Sandbox, database: Database, database_url: str, begin: Begin
) -> None:
    """It dies once SageMaker has the decision, and before that is noted."""
    make_version(sandbox)
    async with deps_on(sandbox, database, **TELLING) as (deps, _):
        row = await decided(sandbox, database, deps, REJECTED)
    first = await begin("UpdateModelPackage answered", lease=2, use=TELLING)
    assert await first.died() == "UpdateModelPackage answered"
    assert (len(await queued(database)), status_of(sandbox)) == (1, ("Rejected", WORDS))
    await end_leases(database_url)
    second = await begin(use=TELLING)

    async def is_told() -> bool:
        return not await queued(database)

    await until(is_told)
    await second.kill()
    assert sandbox.calls.count("UpdateModelPackage") == 1
    assert [event.outcome for event in await told(database_url)] == [AuditOutcome.SUCCEEDED]
    assert "`scorers/1`" in (await detail_of(database, row) or "")
