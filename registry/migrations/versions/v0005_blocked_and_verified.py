"""The cause of a BLOCKED deployment, the author of its snapshot, and the assets that it was verified with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add columns and a table; they are empty for existing deployments."""
    op.add_column("deployments", sa.Column("blocked_by", sa.String(20)))
    op.add_column("deployments", sa.Column("snapshot_author", sa.Text))
    op.add_column("assets", sa.Column("fingerprint", sa.Text))
    op.create_table(
        "deployment_assets",
        sa.Column(
            "deployment_key", sa.String(32), sa.ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("registration_key", sa.String(32), primary_key=True),
        sa.Column("role", sa.String(30), primary_key=True),
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("s3_uri", sa.Text),
        sa.Column("fingerprint", sa.Text),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deployment_assets")
    op.drop_column("assets", "fingerprint")
    op.drop_column("deployments", "snapshot_author")
    op.drop_column("deployments", "blocked_by")
