"""Allow the deletion of audit events after a month, and index records that ended long ago."""

from alembic import op

revision = "0009"
down_revision = "0008"
# Gateways of 0.2.0 delete nothing, and write their rows as before.
compatible_since = "0008"

_DAYS = 30
_ONLY_ADDED = "audit_events are only ever added to"
_TOO_YOUNG = f"audit_events are kept for {_DAYS} days at least"
_REFUSE_DELETION_ON_SQLITE = "CREATE TRIGGER audit_events_refuse_DELETE BEFORE DELETE ON audit_events {when}\
 BEGIN SELECT RAISE(ABORT, '{words}'); END"
_YOUNG_ON_SQLITE = f"WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{_DAYS} days')"
_KEEP_YOUNG_ON_POSTGRES = f"""
CREATE FUNCTION keep_young_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.at > clock_timestamp() - interval '{_DAYS} days' THEN
    RAISE EXCEPTION '{_TOO_YOUNG}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$
"""
_REFUSE_ON_POSTGRES = """
CREATE TRIGGER audit_events_refuse BEFORE UPDATE {deletion} OR TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_events()
"""
_REFUSE_YOUNG_ON_POSTGRES = """
CREATE TRIGGER audit_events_keep_young BEFORE DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION keep_young_audit_events()
"""


def upgrade() -> None:
    """Replace the triggers that refuse a deletion, and add the indexes."""
    if _is_postgres():
        op.execute("DROP TRIGGER audit_events_refuse ON audit_events")
        op.execute(_REFUSE_ON_POSTGRES.format(deletion=""))
        op.execute(_KEEP_YOUNG_ON_POSTGRES)
        op.execute(_REFUSE_YOUNG_ON_POSTGRES)
    else:
        op.execute("DROP TRIGGER audit_events_refuse_DELETE")
        op.execute(_REFUSE_DELETION_ON_SQLITE.format(when=_YOUNG_ON_SQLITE, words=_TOO_YOUNG))
    op.create_index("ix_import_runs_started_at", "import_runs", ["started_at"])
    op.create_index(
        "ix_deployments_account_id_region_runtime_name", "deployments", ["account_id", "region", "runtime_name"]
    )


def downgrade() -> None:
    """Refuse every deletion again."""
    op.drop_index("ix_deployments_account_id_region_runtime_name", "deployments")
    op.drop_index("ix_import_runs_started_at", "import_runs")
    if _is_postgres():
        op.execute("DROP TRIGGER audit_events_keep_young ON audit_events")
        op.execute("DROP FUNCTION keep_young_audit_events()")
        op.execute("DROP TRIGGER audit_events_refuse ON audit_events")
        op.execute(_REFUSE_ON_POSTGRES.format(deletion="OR DELETE"))
    else:
        op.execute("DROP TRIGGER audit_events_refuse_DELETE")
        op.execute(_REFUSE_DELETION_ON_SQLITE.format(when="", words=_ONLY_ADDED))


def _is_postgres() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
