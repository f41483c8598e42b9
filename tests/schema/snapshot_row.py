"""A snapshot as a listing shows it, for tests that ask AWS nothing."""

from datetime import UTC, datetime

from aws.kinds import snapshots as aws_snapshots

READ_AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)

SNAPSHOT_ROW = aws_snapshots.Snapshot(
    scope="scope",
    name="churn-3",
    arn="arn:aws:sagemaker:us-east-2:111111111111:endpoint-config/churn-3",
    account_id="111111111111",
    region="us-east-2",
    creation_time=READ_AT,
    as_of=READ_AT,
)
