"""Keep with the tables the oldest version whose gateways work with them, for gateways that do not know the version."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
# Gateways of this version of the tables, and later ones, may serve with the tables that this migration leaves.
compatible_since = "0008"


def upgrade() -> None:
    """Add the table; its one row is written after each migration."""
    op.create_table(
        "schema_compatibility",
        sa.Column("version", sa.String(32), primary_key=True),
        sa.Column("compatible_since", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("schema_compatibility")
