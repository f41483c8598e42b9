"""Keep links of resources that cannot change any more, by scope, for the next process and the other replicas."""

import sqlalchemy as sa
from alembic import op

from registry.column_types import Document, Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "settled_scopes",
        sa.Column("scope_key", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(12), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("principal_arn", sa.Text, nullable=False),
        sa.Column("used_at", Moment, nullable=False),
    )
    op.create_table(
        "settled_facts",
        sa.Column("scope_key", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("created_at", Moment),
        sa.Column("status", sa.Text),
        sa.Column("modified_at", Moment),
        sa.Column("links", Document, nullable=False),
        sa.Column("described_at", Moment, nullable=False),
    )


def downgrade() -> None:
    """Drop them; their facts are read from AWS again."""
    op.drop_table("settled_facts")
    op.drop_table("settled_scopes")
