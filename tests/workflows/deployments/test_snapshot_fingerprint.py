"""workflows.deployments.snapshot_fingerprint: any change of a snapshot's description changes it; nothing else does."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from aws.client.errors import UnavailableError
from aws.kinds.resource import DataCapture
from aws.kinds.snapshots import Snapshot, SnapshotDetail
from aws.kinds.variants import Variant
from registry.deployment_rows import DeploymentRow
from sandbox.server import Sandbox
from tests.deployments import create_model
from tests.registry.factories import NOON, minutes_after_noon
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW
from tests.workflows.imports.group_scope import scope_on
from tests.workflows.imports.test_stored_copies import RESOURCES, VARIANT
from workflows.deployments.snapshot_fingerprint import describe_snapshot, fingerprint_of, matches_deployment

SNAPSHOT = next(resource for resource in RESOURCES if isinstance(resource, Snapshot))
DETAIL = cast(SnapshotDetail, SNAPSHOT.detail)


@pytest.mark.parametrize(
    "other",
    [
        replace(SNAPSHOT, creation_time=NOON + timedelta(seconds=1)),
        replace(SNAPSHOT, detail=replace(DETAIL, variants=(replace(VARIANT, model_name="other"),))),
        replace(SNAPSHOT, detail=replace(DETAIL, variants=(replace(VARIANT, initial_weight=0.25),))),
        replace(SNAPSHOT, detail=replace(DETAIL, variants=(VARIANT, replace(VARIANT, name="v2")))),
        replace(SNAPSHOT, detail=replace(DETAIL, shadow_variants=(VARIANT,))),
        replace(SNAPSHOT, detail=replace(DETAIL, data_capture=DataCapture(True, 50, "s3://bucket/"))),
        replace(SNAPSHOT, detail=replace(DETAIL, kms_key_id="key")),
    ],
)
def test_another_description_is_another_snapshot(other: Snapshot) -> None:
    assert not matches_deployment(_about(SNAPSHOT), other)
    assert matches_deployment(_about(other), other)


def test_who_read_it_and_when_makes_no_other_one() -> None:
    read = replace(
        SNAPSHOT, scope="other", as_of=minutes_after_noon(30), detail=replace(DETAIL, variants=(_read_by("other"),))
    )
    assert fingerprint_of(read) == fingerprint_of(SNAPSHOT)


async def test_it_is_the_one_that_aws_describes_now(sandbox: Sandbox) -> None:
    """None where there is none; what could not be read is not gone."""
    create_model(sandbox)
    async with scope_on(sandbox) as scope:
        snapshot = await describe_snapshot(scope.reader, "churn-1")
        assert snapshot is not None
        assert snapshot.name == "churn-1"
        assert await describe_snapshot(scope.reader, "churn-2") is None
        sandbox.calls.clear()
        sandbox.faults.fail("DescribeEndpointConfig", status=503)
        with pytest.raises(UnavailableError):
            await describe_snapshot(scope.reader, "churn-1")
    assert sandbox.calls.count("DescribeEndpointConfig") >= 1


def _about(snapshot: Snapshot) -> DeploymentRow:
    identity = fingerprint_of(snapshot)
    return replace(DEPLOYMENT_ROW, snapshot_created_at=identity.created_at, snapshot_digest=identity.digest)


def _read_by(scope: str) -> Variant:
    pools = tuple(replace(pool, scope=scope) for pool in VARIANT.instance_pools)
    return replace(VARIANT, scope=scope, instance_pools=pools)
