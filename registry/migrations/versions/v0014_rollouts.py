"""Keep the rollout of a deployment, and protect such a deployment from gateways that do not know rollouts."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.column_types import Moment

revision = "0014"
down_revision = "0013"
# Earlier gateways read deployments with a rollout, and the trigger below ignores their changes: to them the row is not
# as expected, which ends their work. Later gateways take it up.
compatible_since = "0008"

# A gateway that knows the column `revision` counts each change of a row. One that does not know it would launch without
# the rollout, so it cannot change such a row. A migration that copies the table must create the trigger again.
_UNCOUNTED = "OLD.rollout IS NOT NULL AND NEW.revision = OLD.revision"
_SQLITE = f"""
    CREATE TRIGGER keep_rollouts BEFORE UPDATE ON deployments FOR EACH ROW WHEN {_UNCOUNTED}
    BEGIN SELECT RAISE(IGNORE); END
"""
_POSTGRESQL = (
    "CREATE FUNCTION keep_rollouts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    f"CREATE TRIGGER keep_rollouts BEFORE UPDATE ON deployments FOR EACH ROW WHEN ({_UNCOUNTED}) "
    "EXECUTE FUNCTION keep_rollouts()",
)
_REASON = "The gateway went back to a release that knows no rollouts; nothing was launched without this one's."


def upgrade() -> None:
    """Add the columns and the trigger."""
    op.add_column("deployments", sa.Column("rollout", sa.JSON))
    op.add_column("deployments", sa.Column("runtime_modified_at", Moment))
    op.add_column("deployments", sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0")))
    for statement in [_SQLITE] if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop them; a deployment with a rollout that is under way fails, since earlier gateways would launch without."""
    op.execute(_failing_statement())
    op.execute("DROP TRIGGER keep_rollouts" if _is_sqlite() else "DROP TRIGGER keep_rollouts ON deployments")
    if not _is_sqlite():
        op.execute("DROP FUNCTION keep_rollouts()")
    for name in ("revision", "runtime_modified_at", "rollout"):
        op.drop_column("deployments", name)


def _failing_statement() -> sa.Update:
    names = ("state", "reason", "active_key", "rollout", "revision")
    table = sa.table("deployments", *map(sa.column, names), sa.column("ended_at", Moment))
    columns = table.c
    return (
        sa.update(table)
        .where(columns.rollout.is_not(None), columns.ended_at.is_(None))
        .values(
            state="FAILED",
            reason=_REASON,
            active_key=None,
            ended_at=datetime.now(UTC),
            revision=columns.revision + sa.literal_column("1"),
        )
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
