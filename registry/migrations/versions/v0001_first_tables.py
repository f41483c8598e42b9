"""The first tables: imports, assets, notes on snapshots, audit, leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEY = sa.String(32)
_MOMENT = sa.DateTime(timezone=True)
_TABLES = (
    "registrations",
    "elements",
    "import_runs",
    "import_changes",
    "assets",
    "uploads",
    "snapshot_notes",
    "audit_events",
    "leases",
)

_REFUSE_ON_SQLITE = """
CREATE TRIGGER audit_events_refuse_{change} BEFORE {change} ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events are only ever added to'); END
"""
_REFUSAL_ON_POSTGRES = """
CREATE FUNCTION refuse_to_change_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_events are only ever added to' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
# TRUNCATE passes by the triggers of rows, so the trigger is the statement's.
_REFUSE_ON_POSTGRES = """
CREATE TRIGGER audit_events_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_events()
"""


def upgrade() -> None:
    """Create the tables."""
    _registrations()
    _elements()
    _import_runs()
    _import_changes()
    _assets()
    _uploads()
    _snapshot_notes()
    _audit_events()
    _leases()


def downgrade() -> None:
    """Drop the tables, with all rows."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_change_audit_events()")


def _registration_key() -> sa.Column[str]:
    return sa.Column("registration_key", _KEY, sa.ForeignKey("registrations.key", ondelete="CASCADE"), nullable=False)


def _registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("key", _KEY, primary_key=True),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("account_id", sa.String(12), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("model_name", sa.String(63), nullable=False),
        sa.Column("model_arn", sa.Text, nullable=False),
        sa.Column("model_created_at", _MOMENT, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("custom_metadata", sa.JSON, nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", _MOMENT, nullable=False),
        sa.Column("last_synced_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("group_name", "model_arn", "model_created_at"),
    )
    op.create_index(None, "registrations", ["group_name", "imported_at", "key"])
    op.create_index(None, "registrations", ["imported_at", "key"])
    op.create_index(None, "registrations", ["account_id", "region", "model_name"])


def _elements() -> None:
    op.create_table(
        "elements",
        sa.Column("key", _KEY, primary_key=True),
        _registration_key(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("arn", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("match", sa.String(30)),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("vanished_at", _MOMENT),
        sa.Column("stored", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("registration_key", "kind", "arn", "created_at"),
    )
    op.create_index(None, "elements", ["registration_key", "created_at", "key"])


def _import_runs() -> None:
    op.create_table(
        "import_runs",
        sa.Column("key", _KEY, primary_key=True),
        sa.Column("active_key", sa.Text, unique=True),
        sa.Column("registration_key", _KEY, sa.ForeignKey("registrations.key", ondelete="SET NULL")),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("account_id", sa.String(12), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("model_name", sa.String(63), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("wishes", sa.JSON, nullable=False),
        sa.Column("problems", sa.JSON, nullable=False),
    )
    op.create_index(None, "import_runs", ["group_name", "started_at"])
    op.create_index(None, "import_runs", ["registration_key"])


def _import_changes() -> None:
    op.create_table(
        "import_changes",
        sa.Column("run_key", _KEY, sa.ForeignKey("import_runs.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("arn", sa.Text, nullable=False),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("match", sa.String(30)),
    )


def _assets() -> None:
    op.create_table(
        "assets",
        sa.Column("key", _KEY, primary_key=True),
        _registration_key(),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("s3_uri", sa.Text),
        sa.Column("content", sa.Text),
        sa.Column("content_type", sa.Text),
        sa.Column("size_bytes", sa.BigInteger),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("registration_key", "role", "name"),
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("key", _KEY, primary_key=True),
        _registration_key(),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("s3_uri", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.create_index(None, "uploads", ["registration_key"])


def _snapshot_notes() -> None:
    op.create_table(
        "snapshot_notes",
        sa.Column("group_name", sa.Text, primary_key=True),
        sa.Column("account_id", sa.String(12), primary_key=True),
        sa.Column("region", sa.Text, primary_key=True),
        sa.Column("snapshot_name", sa.String(63), primary_key=True),
        sa.Column("snapshot_created_at", _MOMENT, primary_key=True),
        sa.Column("custom_metadata", sa.JSON, nullable=False),
        sa.Column("created_by_import", sa.Boolean, nullable=False),
    )


def _audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("key", _KEY, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text),
        sa.Column("role_arn", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("detail", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("aws_request_ids", sa.JSON, nullable=False),
    )
    op.create_index(None, "audit_events", ["at", "key"])
    op.create_index(None, "audit_events", ["group_name", "at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSAL_ON_POSTGRES)
        op.execute(_REFUSE_ON_POSTGRES)
    else:
        op.execute(_REFUSE_ON_SQLITE.format(change="UPDATE"))
        op.execute(_REFUSE_ON_SQLITE.format(change="DELETE"))


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
    )
