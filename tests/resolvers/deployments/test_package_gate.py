"""deploySnapshot and approveDeployment where only approved versions of the model registry are deployed."""

from collections.abc import AsyncIterator

import pytest

from auth.permissions import Permission
from registry import tables
from registry.enums import DeploymentState
from resolvers.deployments.actions import DeploySnapshot, approve_deployment, deploy_snapshot, reject_deployment
from resolvers.errors import UserErrorCode, UserFaultError
from sandbox.server import Sandbox
from tests.registry.factories import row_counts
from tests.resolvers.deployments.act_on import act_on, conflict_message
from tests.resolvers.harness import MutationHarness, open_harness
from tests.workflows.deployments.registry_models import make_version, set_status, verified


@pytest.fixture
async def gated(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[MutationHarness]:
    """A harness with the gate, and a snapshot of a version that awaits a decision."""
    make_version(sandbox)
    gate = {"requiredAssets": ["DOCUMENTATION"], "requireApprovedPackage": True}
    async with open_harness(sandbox, sqlite_url, deployments=gate) as harness:
        yield harness


async def test_what_is_not_approved_is_not_begun(gated: MutationHarness) -> None:
    async with gated.mutation(Permission.DEPLOY) as context:
        with pytest.raises(UserFaultError) as raised:
            await deploy_snapshot(context, DeploySnapshot(snapshot_name="churn-1"))
        (error,) = raised.value.errors
        assert (error.code, error.field) == (UserErrorCode.CONFLICT, ("snapshotName",))
        assert "`scorers/1`" in error.message
        assert await row_counts(gated.database, [tables.metadata.tables["deployments"]]) == [0]
        assert gated.started_work.started == []
        set_status(gated.sandbox, "Approved")
        gated.take_aws_calls()
        answer = await deploy_snapshot(context, DeploySnapshot(snapshot_name="churn-1"))
    assert answer.deployment is not None
    assert answer.deployment.state is DeploymentState.VERIFYING
    assert gated.take_aws_calls() == {"DescribeModel": 1, "DescribeModelPackage": 1}


async def test_what_is_not_approved_any_more_is_not_decided_about(gated: MutationHarness) -> None:
    set_status(gated.sandbox, "Approved")
    row = await verified(gated.sandbox, gated.database, gated.means)
    set_status(gated.sandbox, "Rejected")
    gated.started_work.started.clear()
    assert "`scorers/1`" in await conflict_message(gated, approve_deployment, row)
    assert gated.started_work.started == []
    rejected = await act_on(gated, reject_deployment, row)
    assert rejected.deployment is not None
    assert rejected.deployment.state is DeploymentState.REJECTED
