"""Tell whether a deployment that updates an endpoint keeps the weights and instance counts of its variants."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; it is true for existing deployments."""
    op.add_column(
        "deployments",
        sa.Column("retain_variant_properties", sa.Boolean, nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("deployments", "retain_variant_properties")
