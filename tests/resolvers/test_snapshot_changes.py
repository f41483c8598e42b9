"""resolvers.snapshot_changes: a snapshot is made once and deleted; whoever may not changes nothing."""

from typing import Any

import pytest

from auth.permissions import Permission
from aws.naming import decode_id
from aws.writing.inputs import NewSnapshot, NewVariant
from resolvers.making import Asked
from resolvers.snapshot_changes import create_snapshot, delete_snapshot
from tests.asking import RISK
from tests.making import making
from tests.resolvers.desks import Desk, refuses

MAY = Permission.DEPLOY
NEW = NewSnapshot(name="new", variants=(NewVariant(model_name="churn", instance_type="ml.m5.large"),))


@pytest.fixture
def counter(desk: Desk) -> Desk:
    """A desk, with a snapshot in AWS."""
    with making(desk.sandbox) as things:
        things.model("churn")
        things.snapshot("old", "churn")
    desk.asked()
    return desk


def there(desk: Desk) -> list[str]:
    """The names of the snapshots in AWS."""
    found = desk.sandbox.call("ListEndpointConfigs", RISK.account, RISK.region)["EndpointConfigs"]
    return sorted(each["EndpointConfigName"] for each in found)


async def test_it_is_made_once(counter: Desk) -> None:
    for created in (True, False):
        async with counter.act(MAY) as act:
            payload = await create_snapshot(act, Asked(NEW))
        assert payload.snapshot is not None
        assert (payload.snapshot.name, payload.created, payload.user_errors) == ("new", created, ())
        assert act.target == "Snapshot new"
    assert there(counter) == ["new", "old"]


async def test_it_is_deleted_and_told_by_its_id(counter: Desk) -> None:
    async with counter.act(MAY, "ann", "risk", "other") as act:
        payload = await delete_snapshot(act, Asked("old", "other", RISK.region))
    assert payload.deleted_snapshot_id is not None
    assert decode_id(payload.deleted_snapshot_id).name == "old"
    assert (act.target, act.group, act.role_arn) == ("Snapshot old", "other", RISK.role_arn)
    assert there(counter) == []


@pytest.mark.parametrize(
    ("change", "what", "target"), [(create_snapshot, NEW, "Snapshot new"), (delete_snapshot, "old", "Snapshot old")]
)
async def test_whoever_may_not_changes_nothing(counter: Desk, change: Any, what: Any, target: str) -> None:
    await refuses(counter, MAY, change, what, target)
    assert there(counter) == ["old"]
