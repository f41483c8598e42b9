"""registry.deployment_rows: which deployments may be of some snapshots, and which snapshot each one is of."""

import pytest
from sqlalchemy import select

from registry.database import Database
from registry.deployment_rows import SNAPSHOT_KEY_COLUMNS, SnapshotKey, has_snapshot_name_of
from registry.deployment_tables import deployments
from registry.enums import DeploymentState
from tests.registry.factories import NOON, minutes_after_noon, start_deployment, transitioned

CHURN: SnapshotKey = ("111111111111", "eu-west-1", "churn-1", NOON)
OTHER: SnapshotKey = ("111111111111", "eu-west-1", "other-1", NOON)
ELSEWHERE: SnapshotKey = ("222222222222", "us-east-1", "churn-1", minutes_after_noon(1))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [([CHURN], {CHURN, ELSEWHERE}), ([OTHER], {OTHER}), ([CHURN, OTHER], {CHURN, OTHER, ELSEWHERE}), ([], set())],
)
async def test_those_of_a_name_are_found_and_told_apart(
    database: Database, asked: list[SnapshotKey], expected: set[SnapshotKey]
) -> None:
    """The name alone narrows what is read; the rest of the owner then tells its list from those of others."""
    for account, region, name, created in (CHURN, OTHER, ELSEWHERE):
        deployment = await start_deployment(
            database, name, account_id=account, region=region, snapshot_created_at=created
        )
        await transitioned(database, deployment, DeploymentState.FAILED)
    async with database.reading() as connection:
        rows = await connection.execute(
            select(*SNAPSHOT_KEY_COLUMNS).select_from(deployments).where(has_snapshot_name_of(asked))
        )
        assert {tuple(row) for row in rows} == expected
