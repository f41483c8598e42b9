"""Keep the deliveries of webhooks until they succeed or are given up."""

import sqlalchemy as sa
from alembic import op

from registry.column_types import KEY, Moment

revision = "0010"
down_revision = "0009"
# Gateways of 0.2.0 have no webhooks.
compatible_since = "0008"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "webhook_deliveries",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("webhook", sa.String(64), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index("ix_webhook_deliveries_webhook_due_at", "webhook_deliveries", ["webhook", "due_at"])


def downgrade() -> None:
    """Drop it; events in it are never delivered."""
    op.drop_table("webhook_deliveries")
