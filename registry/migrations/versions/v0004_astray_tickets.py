"""When a ticket may have been filed without anybody's knowing, so that it is looked for once more."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds it; of the tickets that are there it is not known."""
    op.add_column("tickets", sa.Column("astray_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drops it."""
    op.drop_column("tickets", "astray_at")
