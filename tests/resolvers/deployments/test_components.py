"""deploySnapshot and inference components: what would serve nothing, or leave components behind, is not begun."""

from typing import Any

import pytest

from auth.permissions import Permission
from aws.write.errors import WriteConflictError
from registry import tables
from resolvers.deployments.actions import DeploySnapshot, deploy_snapshot
from resolvers.errors import UserErrorCode, UserFaultError
from tests.deployments import create_model
from tests.registry.factories import row_counts
from tests.resolvers.harness import MutationHarness
from tests.sagemaker_builder import building


@pytest.fixture
def hosting(harness: MutationHarness) -> MutationHarness:
    """A harness, with a snapshot of a model, and an endpoint that serves the model through a component."""
    create_model(harness.sandbox)
    with building(harness.sandbox) as made:
        made.component_host("host")
        made.component("component", "host", "churn")
    return harness


async def begin(harness: MutationHarness, **wanted: Any) -> None:
    async with harness.mutation(Permission.DEPLOY) as context:
        await deploy_snapshot(context, DeploySnapshot(**wanted))


async def assert_not_begun(harness: MutationHarness) -> None:
    assert await row_counts(harness.database, [tables.metadata.tables["deployments"]]) == [0]
    assert harness.started_work.started == []


async def test_a_snapshot_for_components_is_refused(hosting: MutationHarness) -> None:
    with pytest.raises(UserFaultError) as raised:
        await begin(hosting, snapshot_name="host-config")
    (error,) = raised.value.errors
    assert (error.code, error.field) == (UserErrorCode.INVALID, ("snapshotName",))
    await assert_not_begun(hosting)


async def test_an_endpoint_that_hosts_components_keeps_them(hosting: MutationHarness) -> None:
    with pytest.raises(WriteConflictError) as raised:
        await begin(hosting, snapshot_name="churn-1", runtime_name="host")
    (fault,) = raised.value.faults
    assert (fault.field, "`component`" in fault.message) == (("runtimeName",), True)
    await assert_not_begun(hosting)
