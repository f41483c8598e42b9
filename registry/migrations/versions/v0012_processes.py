"""Keep the processes behind the leases, with digests of their settings and their access faults."""

import sqlalchemy as sa
from alembic import op

from registry.column_types import KEY, Document, Moment

revision = "0012"
down_revision = "0011"
# Earlier gateways write neither table, so later ones know nothing of their processes.
compatible_since = "0008"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "processes",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("executor", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("settings", Document, nullable=False),
        sa.Column("has_lock", sa.Boolean, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
    )
    op.create_index("ix_processes_executor", "processes", ["executor"])
    op.create_table(
        "access_faults",
        sa.Column("process", KEY, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
    )


def downgrade() -> None:
    """Drop them; processes write their rows at their start."""
    op.drop_table("access_faults")
    op.drop_index("ix_processes_executor", "processes")
    op.drop_table("processes")
