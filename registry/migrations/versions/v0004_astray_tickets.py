"""The time since which a ticket may have been filed unnoticed, so that it is looked for once more."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; it is null for existing tickets."""
    op.add_column("tickets", sa.Column("astray_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("tickets", "astray_at")
