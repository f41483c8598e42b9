"""resolvers.snapshot_changes: a snapshot is made once and deleted; whoever may not changes nothing."""

from typing import Any

import pytest

from auth.permissions import Permission
from aws.naming import decode_id
from aws.writing.inputs import NewSnapshot, NewVariant
from resolvers.making import Targeted
from resolvers.snapshot_changes import create_snapshot, delete_snapshot
from tests.asking import RISK
from tests.making import building
from tests.resolvers.desks import MutationHarness, assert_refused

MAY = Permission.DEPLOY
NEW = NewSnapshot(name="new", variants=(NewVariant(model_name="churn", instance_type="ml.m5.large"),))


@pytest.fixture
def counter(desk: MutationHarness) -> MutationHarness:
    """A desk, with a snapshot in AWS."""
    with building(desk.sandbox) as things:
        things.model("churn")
        things.snapshot("old", "churn")
    desk.take_aws_calls()
    return desk


def there(desk: MutationHarness) -> list[str]:
    """The names of the snapshots in AWS."""
    found = desk.sandbox.call("ListEndpointConfigs", RISK.account, RISK.region)["EndpointConfigs"]
    return sorted(each["EndpointConfigName"] for each in found)


async def test_it_is_made_once(counter: MutationHarness) -> None:
    for created in (True, False):
        async with counter.mutation(MAY) as act:
            payload = await create_snapshot(act, Targeted(NEW))
        assert payload.snapshot is not None
        assert (payload.snapshot.name, payload.created, payload.user_errors) == ("new", created, ())
        assert act.target == "Snapshot new"
    assert there(counter) == ["new", "old"]


async def test_it_is_deleted_and_told_by_its_id(counter: MutationHarness) -> None:
    async with counter.mutation(MAY, "ann", "risk", "other") as act:
        payload = await delete_snapshot(act, Targeted("old", "other", RISK.region))
    assert payload.deleted_snapshot_id is not None
    assert decode_id(payload.deleted_snapshot_id).name == "old"
    assert (act.target, act.group, act.role_arn) == ("Snapshot old", "other", RISK.role_arn)
    assert there(counter) == []


@pytest.mark.parametrize(
    ("change", "what", "target"), [(create_snapshot, NEW, "Snapshot new"), (delete_snapshot, "old", "Snapshot old")]
)
async def test_whoever_may_not_changes_nothing(counter: MutationHarness, change: Any, what: Any, target: str) -> None:
    await assert_refused(counter, MAY, change, what, target)
    assert there(counter) == ["old"]
