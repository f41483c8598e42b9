"""workflows.deployments.package_gate: only approved versions are deployed, looked at again at each stage."""

from collections.abc import Mapping
from typing import Any

import pytest

from registry import awaited_packages
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import BlockCause, DecisionOutcome, DeploymentState
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import NotedWork, deps_on
from tests.workflows.deployments.deployment_rows import NOW, approve, reload
from tests.workflows.deployments.registry_models import ARN, PLACE, make_version, set_status, verified
from workflows.deployments.blocked import recheck_all_blocked
from workflows.deployments.decisions import decide
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.package_gate import UnapprovedPackageError, recheck_awaiting, resume_awaiting
from workflows.deployments.verify import VerifyPhase
from workflows.durable.errors import StepFailedError

GATE: Mapping[str, Any] = {"deployments": {"requiredAssets": ["DOCUMENTATION"], "requireApprovedPackage": True}}
BLOCKED, WAITING = DeploymentState.BLOCKED, DeploymentState.AWAITING_APPROVAL


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def awaited(database: Database) -> dict[str, frozenset[str]]:
    """The versions that each deployment waits for."""
    async with database.reading() as connection:
        return {row.key: arns for row, arns in (await awaited_packages.waiting(connection)).items()}


def endpoints(sandbox: Sandbox) -> list[Any]:
    return list(sandbox.call("ListEndpoints", *PLACE)["Endpoints"])


@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
async def test_what_is_not_approved_is_held_up(sandbox: Sandbox, database: Database, status: str) -> None:
    make_version(sandbox)
    set_status(sandbox, status)
    async with deps_on(sandbox, database, **GATE) as (deps, noted):
        row = await verified(sandbox, database, deps)
        assert (row.state, row.blocked_by) == (BLOCKED, BlockCause.REFUSED)
        assert row.reason is not None
        assert all(word in row.reason for word in ("`scorers/1`", "`churn`", "updateModelPackage"))
        assert await awaited(database) == {row.key: frozenset({ARN})}
        # No asset heals it, and what is not approved goes on waiting.
        await recheck_all_blocked(deps)
        await recheck_awaiting(deps)
        assert await reload(database, row.key) == row
        assert noted.started == []


async def test_without_the_gate_nothing_is_asked(sandbox: Sandbox, database: Database) -> None:
    make_version(sandbox)
    async with deps_on(sandbox, database) as (deps, _):
        row = await verified(sandbox, database, deps)
    assert row.state is WAITING
    assert sandbox.calls.count("DescribeModelPackage") == 0


@pytest.mark.parametrize("package", ["alone", None])
async def test_a_model_without_versions_passes(sandbox: Sandbox, database: Database, package: str | None) -> None:
    with building(sandbox) as made:
        if package is not None:
            made.call_at("CreateModelPackage", ModelPackageName=package)
        more: dict[str, Any] = {} if package is None else {"PrimaryContainer": {"ModelPackageName": package}}
        made.model("churn", **more)
        made.snapshot("churn-1", "churn")
    async with deps_on(sandbox, database, **GATE) as (deps, _):
        assert (await verified(sandbox, database, deps)).state is WAITING


async def test_a_version_that_is_gone_or_refused_is_not_approved(sandbox: Sandbox, database: Database) -> None:
    make_version(sandbox)
    sandbox.faults.fail(
        "DescribeModelPackage", status=400, code="ValidationException", message="ModelPackage x does not exist."
    )
    async with deps_on(sandbox, database, **GATE) as (deps, _):
        row = await verified(sandbox, database, deps)
        assert row.state is BLOCKED
        sandbox.faults.clear()
        sandbox.faults.refuse("DescribeModelPackage")
        # Whether it is approved cannot be told, and is asked again.
        await recheck_awaiting(deps)
        assert await reload(database, row.key) == row
        sandbox.faults.clear()
        set_status(sandbox, "Approved")
        await recheck_awaiting(deps)
        assert (await reload(database, row.key)).state is DeploymentState.VERIFYING


async def test_a_refused_version_fails_the_step(sandbox: Sandbox, database: Database) -> None:
    make_version(sandbox)
    sandbox.faults.refuse("DescribeModelPackage")
    async with deps_on(sandbox, database, **GATE) as (deps, _):
        with pytest.raises(StepFailedError) as raised:
            await verified(sandbox, database, deps)
    assert raised.value.kind == "REFUSED"


async def held_up(sandbox: Sandbox, database: Database, deps: DeploymentDeps, noted: NotedWork) -> DeploymentRow:
    """A deployment that waits for its version."""
    make_version(sandbox)
    row = await verified(sandbox, database, deps)
    assert row.state is BLOCKED
    noted.started.clear()
    return row


async def test_an_approval_in_sagemaker_lets_it_go_on(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, **GATE) as (deps, noted):
        row = await held_up(sandbox, database, deps, noted)
        set_status(sandbox, "Approved")
        sandbox.calls.clear()
        await recheck_awaiting(deps)
        assert noted.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]
        assert sandbox.calls.count("DescribeModelPackage") == 1
        await VerifyPhase(deps).verify(row.key, 2)
        assert (await reload(database, row.key)).state is WAITING
        assert await awaited(database) == {}


async def test_an_approval_here_lets_it_go_on_at_once(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, **GATE) as (deps, noted):
        row = await held_up(sandbox, database, deps, noted)
        await resume_awaiting(deps, ARN.replace("/1", "/2"))
        assert noted.started == []
        await resume_awaiting(deps, ARN)
        assert noted.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]


async def test_a_gate_that_is_taken_away_lets_it_go_on_without_a_call(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, **GATE) as (deps, noted):
        row = await held_up(sandbox, database, deps, noted)
    async with deps_on(sandbox, database) as (deps, noted):
        sandbox.calls.clear()
        await recheck_awaiting(deps)
        assert noted.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]
    assert sandbox.calls.by_operation() == {}


async def awaiting_decision(sandbox: Sandbox, database: Database, deps: DeploymentDeps) -> DeploymentRow:
    """A deployment of an approved version that waits for its decision."""
    make_version(sandbox)
    set_status(sandbox, "Approved")
    row = await verified(sandbox, database, deps)
    assert row.state is WAITING
    return row


async def test_an_approval_of_what_is_not_approved_any_more_decides_nothing(
    sandbox: Sandbox, database: Database
) -> None:
    async with deps_on(sandbox, database, **GATE) as (deps, noted):
        row = await awaiting_decision(sandbox, database, deps)
        set_status(sandbox, "Rejected")
        noted.started.clear()
        with pytest.raises(UnapprovedPackageError):
            await decide(deps, row.key, DecisionOutcome.APPROVED, "eve", NOW, None)
        assert (await reload(database, row.key), noted.started) == (row, [])
        # A rejection needs no approved version.
        await decide(deps, row.key, DecisionOutcome.REJECTED, "eve", NOW, None)
        assert (await reload(database, row.key)).state is DeploymentState.REJECTED


async def test_what_was_rejected_after_the_approval_is_not_launched(sandbox: Sandbox, database: Database) -> None:
    """It is held up, and begins again with the first step once the version is approved."""
    async with deps_on(sandbox, database, **GATE) as (deps, noted):
        row = await awaiting_decision(sandbox, database, deps)
        await approve(database, row)
        set_status(sandbox, "Rejected")
        await LaunchPhase(deps).launch(row.key, 1)
        seen = await reload(database, row.key)
        assert (seen.state, endpoints(sandbox)) == (BLOCKED, [])
        set_status(sandbox, "Approved")
        noted.started.clear()
        await recheck_awaiting(deps)
        assert noted.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]


async def test_an_approved_version_is_launched(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, **GATE) as (deps, _):
        row = await awaiting_decision(sandbox, database, deps)
        assert (await decide(deps, row.key, DecisionOutcome.APPROVED, "eve", NOW, None)).value == "DONE"
        await LaunchPhase(deps).launch(row.key, 1)
    (endpoint,) = endpoints(sandbox)
    assert endpoint["EndpointName"].startswith("churn-1-")
    assert RISK.account in endpoint["EndpointArn"]
