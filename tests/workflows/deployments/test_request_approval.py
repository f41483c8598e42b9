"""workflows.deployments.request_approval: a rehearsal leads to a request, which describes the endpoint."""

from datetime import timedelta

import pytest

from aws.client.errors import UnavailableError
from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from registry import deployment_lists, deployments, tickets
from registry.database import Database
from registry.deployment_records import Deployment
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName, StepState
from sandbox.server import Sandbox
from tests.deployments import call_counts
from tests.gateway_client import RISK
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import new_deployment_row, reload
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.request_approval import describe_runtime, request_approval_or_complete
from workflows.deployments.rollout_plans import rollout_document
from workflows.deployments.transitions import AuditEntry

DEED = AuditEntry(action="deployment.verify", actor="ann")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


@pytest.fixture
def running(sandbox: Sandbox) -> Sandbox:
    """An endpoint `live` that runs `churn-0`."""
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    sandbox.calls.clear()
    return sandbox


async def proceeded(
    database: Database, deps: DeploymentDeps, deployment: DeploymentRow, left_out: str | None = None
) -> DeploymentRow:
    """The deployment, once its rehearsal is over."""
    async with deps.scope(deployment) as scope:
        await request_approval_or_complete(deps, scope.reader, deployment, DEED, left_out)
    return await reload(database, deployment.key)


async def steps(
    database: Database, deployment: DeploymentRow
) -> dict[DeploymentStepName, tuple[StepState, str | None]]:
    """How each step stands that was begun, and what is said of it."""
    async with database.reading() as connection:
        result: Deployment | None = await deployment_lists.by_key(connection, deployment.key)
    assert result is not None
    return {step.name: (step.state, step.detail) for step in result.steps if step.started_at is not None}


async def test_a_rehearsal_alone_is_completed(running: Sandbox, database: Database) -> None:
    """Nobody is asked, neither people nor AWS."""
    async with deps_on(running, database) as (deps, _):
        deployment = await proceeded(
            database, deps, await new_deployment_row(database, launch=False, runtime_wish="live")
        )
    assert (deployment.state, deployment.runtime_before) == (DeploymentState.COMPLETED, None)
    async with database.reading() as connection:
        assert await tickets.of_attempt(connection, deployment.key, 1) == ()
    assert call_counts(running, "DescribeEndpoint") == [0]


@pytest.mark.parametrize(
    ("options", "before", "text"),
    [
        ("live", "churn-0", "`live`, which runs `churn-0` now."),
        ("new", None, "A new endpoint `new` would run it."),
        (None, None, None),
    ],
)
async def test_what_the_endpoint_runs_is_kept_for_the_launch(
    running: Sandbox, database: Database, options: str | None, before: str | None, text: str | None
) -> None:
    async with deps_on(running, database) as (deps, _):
        deployment = await proceeded(
            database, deps, await new_deployment_row(database, runtime_wish=options), "No data."
        )
    assert (deployment.state, deployment.runtime_before) == (DeploymentState.AWAITING_APPROVAL, before)
    assert await steps(database, deployment) == {
        DeploymentStepName.REHEARSE: (StepState.SKIPPED, "No data."),
        DeploymentStepName.APPROVE: (StepState.RUNNING, text),
    }
    assert call_counts(running, "DescribeEndpoint") == [0 if options is None else 1]


@pytest.mark.parametrize(
    ("retain", "text"),
    [
        (True, "Variant `v1` keeps 4 instances, weight 0.5; the snapshot says 1 instance, weight 1."),
        (False, "Variant `v1` goes from 4 instances, weight 0.5 to 1 instance, weight 1, as the snapshot says."),
    ],
)
async def test_weights_and_counts_that_differ_are_told(
    running: Sandbox, database: Database, text: str, *, retain: bool
) -> None:
    """Both figures: those of the snapshot, and those that will run."""
    with building(running) as made:
        made.snapshot("churn-1", "churn", at=START + timedelta(days=1))
    change = {"VariantName": "v1", "DesiredInstanceCount": 4, "DesiredWeight": 0.5}
    running.call(
        "UpdateEndpointWeightsAndCapacities",
        RISK.account,
        RISK.region,
        EndpointName="live",
        DesiredWeightsAndCapacities=[change],
    )
    running.advance(600)
    async with deps_on(running, database) as (deps, _):
        row = await new_deployment_row(database, runtime_wish="live", retain_variant_properties=retain)
        row = await proceeded(database, deps, row, "No data.")
    detail = (await steps(database, row))[DeploymentStepName.APPROVE][1]
    assert detail == f"`live`, which runs `churn-0` now. {text}"


@pytest.mark.parametrize(
    ("runtime", "text"),
    [
        (
            "live",
            "`live`, which runs `churn-0` now. Canary: 10 % first, the rest after 300 s. These alarms roll it back: "
            "`errors`.",
        ),
        ("new", "A new endpoint `new` would run it, at once: there is nothing to roll it out over."),
    ],
)
async def test_the_plan_is_told_to_the_approver(running: Sandbox, database: Database, runtime: str, text: str) -> None:
    plan = Rollout(strategy=RolloutStrategy.CANARY, step=Capacity(percent=10), alarms=("errors",))
    async with deps_on(running, database) as (deps, _):
        row = await new_deployment_row(database, runtime_wish=runtime, rollout=rollout_document(plan))
        row = await proceeded(database, deps, row, "No data.")
    assert (await steps(database, row))[DeploymentStepName.APPROVE] == (StepState.RUNNING, text)


async def test_of_one_that_has_gone_on_nothing_is_noted(running: Sandbox, database: Database) -> None:
    async with deps_on(running, database) as (deps, _):
        deployment = await new_deployment_row(database, runtime_wish="live")
        async with database.writing() as connection:
            assert await deployments.transition(connection, deployment, DeploymentState.CANCELLED, deployment.since)
        cancelled = await reload(database, deployment.key)
        assert await proceeded(database, deps, deployment, "No data.") == cancelled
    assert await steps(database, deployment) == {}


async def test_an_endpoint_that_cannot_be_read_is_not_taken_for_none(running: Sandbox, database: Database) -> None:
    """A launch would create it, and not update it."""
    async with deps_on(running, database) as (deps, _):
        deployment = await new_deployment_row(database, runtime_wish="live")
        running.faults.fail("DescribeEndpoint", status=503)
        with pytest.raises(UnavailableError):
            await proceeded(database, deps, deployment)
        assert await reload(database, deployment.key) == deployment


async def test_an_endpoint_is_read_anew(running: Sandbox, database: Database) -> None:
    """What was read a moment before does not count."""
    async with deps_on(running, database) as (deps, _), deps.scope(await new_deployment_row(database)) as scope:
        runtimes = [await describe_runtime(scope.reader, "live")]
        running.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="live")
        running.advance(600)
        runtimes.append(await describe_runtime(scope.reader, "live"))
    assert [None if runtime is None else runtime.name for runtime in runtimes] == ["live", None]
    assert call_counts(running, "DescribeEndpoint") == [2]
