"""Keep the package versions that deployments wait for, and the decisions that the model registry has yet to get."""

import sqlalchemy as sa
from alembic import op

from registry.column_types import KEY, Moment

revision = "0013"
down_revision = "0012"
# Earlier gateways write neither table, and treat a deployment that waits for a version as one that AWS refuses.
compatible_since = "0008"

_DECISIONS = "action = 'updateModelPackage'"


def upgrade() -> None:
    """Add the tables, and an index of the audit."""
    op.create_table(
        "approval_write_backs",
        _deployment(),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", Moment, nullable=False),
        sa.Column("comment", sa.Text),
    )
    op.create_table(
        "awaited_packages",
        _deployment(),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("arn", sa.Text, primary_key=True),
    )
    op.create_index(
        "ix_audit_events_decisions",
        "audit_events",
        ["target", "at"],
        sqlite_where=sa.text(_DECISIONS),
        postgresql_where=sa.text(_DECISIONS),
    )


def downgrade() -> None:
    """Drop them; deployments that wait for a version then wait for retryDeployment."""
    op.drop_index("ix_audit_events_decisions", "audit_events")
    op.drop_table("awaited_packages")
    op.drop_table("approval_write_backs")


def _deployment() -> sa.Column[str]:
    key = sa.ForeignKey("deployments.key", ondelete="CASCADE")
    return sa.Column("deployment_key", KEY, key, primary_key=True)
