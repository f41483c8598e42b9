"""Keep links by hand between imported models and jobs."""

import sqlalchemy as sa
from alembic import op

from registry.column_types import KEY, Moment

revision = "0016"
down_revision = "0015"
# Earlier gateways neither read nor write the table; a registration that they remove takes its links with it.
compatible_since = "0008"


def upgrade() -> None:
    """Add the table."""
    owner = sa.ForeignKey("registrations.key", ondelete="CASCADE")
    op.create_table(
        "job_links",
        sa.Column("registration_key", KEY, owner, primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(63), primary_key=True),
        sa.Column("job_created_at", Moment, nullable=False),
        sa.Column("linked_by", sa.Text, nullable=False),
        sa.Column("linked_at", Moment, nullable=False),
        sa.Column("comment", sa.Text),
    )


def downgrade() -> None:
    """Drop it, and the links with it."""
    op.drop_table("job_links")
