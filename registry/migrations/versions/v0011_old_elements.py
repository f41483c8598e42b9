"""Index the elements that AWS no longer has, and the snapshots that were seen long ago."""

from alembic import op

revision = "0011"
down_revision = "0010"
compatible_since = "0008"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_elements_vanished_at", "elements", ["vanished_at"])
    op.create_index("ix_watch_marks_snapshot_created_at", "watch_marks", ["snapshot_created_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_watch_marks_snapshot_created_at", "watch_marks")
    op.drop_index("ix_elements_vanished_at", "elements")
