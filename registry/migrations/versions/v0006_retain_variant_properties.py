"""Tell whether a deployment that updates an endpoint keeps the weights and instance counts of its variants."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds it; the deployments that are there keep them, too."""
    op.add_column(
        "deployments",
        sa.Column("retain_variant_properties", sa.Boolean, nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """Drops it."""
    op.drop_column("deployments", "retain_variant_properties")
