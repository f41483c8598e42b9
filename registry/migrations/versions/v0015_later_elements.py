"""Keep elements of kinds that earlier gateways do not know, and changes of them, in tables that those do not read."""

import sqlalchemy as sa
from alembic import op

from registry.column_types import KEY, Document, Moment

revision = "0015"
down_revision = "0014"
# Gateways of 0.2.0 would fail at a kind that they do not know; they read neither table.
compatible_since = "0008"


def upgrade() -> None:
    """Add the tables."""
    registration = sa.ForeignKey("registrations.key", ondelete="CASCADE")
    op.create_table(
        "later_elements",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("registration_key", KEY, registration, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("arn", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("match", sa.String(30)),
        sa.Column("first_seen_at", Moment, nullable=False),
        sa.Column("last_seen_at", Moment, nullable=False),
        sa.Column("vanished_at", Moment),
        sa.Column("stored", Document, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("registration_key", "kind", "arn", "created_at"),
    )
    op.create_index(None, "later_elements", ["registration_key", "created_at", "key"])
    op.create_index(None, "later_elements", ["vanished_at"])
    op.create_table(
        "later_import_changes",
        sa.Column("run_key", KEY, sa.ForeignKey("import_runs.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("arn", sa.Text, nullable=False),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("match", sa.String(30)),
    )


def downgrade() -> None:
    """Drop them; the next sync of a later gateway finds such elements again."""
    op.drop_table("later_import_changes")
    op.drop_table("later_elements")
