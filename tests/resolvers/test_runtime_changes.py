"""resolvers.runtime_changes: a runtime is made once, moved and deleted; whoever may not changes nothing."""

from typing import Any

import pytest

from auth.permissions import Permission
from aws.statuses import RuntimeStatus
from aws.writing.inputs import NewRuntime
from resolvers.making import Targeted
from resolvers.runtime_changes import UpdateRuntime, create_runtime, delete_runtime, update_runtime
from tests.asking import RISK
from tests.making import building
from tests.resolvers.desks import MutationHarness, assert_refused

MAY = Permission.DEPLOY_WITHOUT_APPROVAL
NEW, MOVE = NewRuntime(name="new", snapshot_name="churn-1"), UpdateRuntime("live", "churn-2")


@pytest.fixture
def counter(desk: MutationHarness) -> MutationHarness:
    """A desk, with two snapshots in AWS and a runtime in service of the first."""
    with building(desk.sandbox) as things:
        things.model("churn")
        things.snapshot("churn-1", "churn")
        things.snapshot("churn-2", "churn")
        things.runtime("live", "churn-1")
    desk.take_aws_calls()
    return desk


def writes(desk: MutationHarness) -> dict[str, int]:
    """What has been changed in AWS since it was last told of."""
    return {
        name: count
        for name, count in desk.take_aws_calls().items()
        if not name.startswith(("Describe", "List", "Search"))
    }


async def test_it_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as act:
            payload = await create_runtime(act, Targeted(NEW))
        assert payload.runtime is not None
        assert (payload.runtime.name, payload.runtime.status) == ("new", RuntimeStatus.CREATING)
        assert (payload.created, payload.user_errors, act.target) == (created, (), "Runtime new")
    names = [
        each["EndpointName"] for each in counter.sandbox.call("ListEndpoints", RISK.account, RISK.region)["Endpoints"]
    ]
    assert sorted(names) == ["live", "new"]


async def test_it_is_moved_and_shown_on_its_way(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as act:
        payload = await update_runtime(act, Targeted(MOVE, "other", RISK.region))
    assert payload.runtime is not None
    assert (payload.runtime.status, payload.user_errors) == (RuntimeStatus.UPDATING, ())
    assert (act.target, act.group, act.role_arn) == ("Runtime live", "other", RISK.role_arn)
    assert writes(counter) == {"UpdateEndpoint": 1}
    counter.sandbox.advance(600)
    found = counter.sandbox.call("DescribeEndpoint", RISK.account, RISK.region, EndpointName="live")
    assert found["EndpointConfigName"] == "churn-2"


async def test_it_is_deleted_and_shown_as_it_goes(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as act:
        payload = await delete_runtime(act, Targeted("live", "other", RISK.region))
    assert payload.runtime is not None
    assert (payload.runtime.name, payload.runtime.status) == ("live", RuntimeStatus.DELETING)
    assert (act.target, act.group, act.role_arn) == ("Runtime live", "other", RISK.role_arn)
    assert writes(counter) == {"DeleteEndpoint": 1}


@pytest.mark.parametrize(
    ("change", "what", "target"),
    [
        (create_runtime, NEW, "Runtime new"),
        (update_runtime, MOVE, "Runtime live"),
        (delete_runtime, "live", "Runtime live"),
    ],
)
async def test_whoever_may_not_changes_nothing(counter: MutationHarness, change: Any, what: Any, target: str) -> None:
    await assert_refused(counter, MAY, change, what, target)
