"""The table of intents, so that a change whose process dies during it appears in the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audit_intents",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("lease", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the table, with all rows."""
    op.drop_table("audit_intents")
