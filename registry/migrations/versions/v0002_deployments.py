"""The tables of deployments: their steps, tickets and results, their cleanup queue, and marks of the watch."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_KEY = sa.String(32)
_MOMENT = sa.DateTime(timezone=True)
_TABLES = (
    "deployments",
    "deployment_registrations",
    "deployment_steps",
    "test_results",
    "tickets",
    "leftovers",
    "watch_marks",
)


def upgrade() -> None:
    """Create the tables."""
    _deployments()
    _deployment_registrations()
    _deployment_steps()
    _test_results()
    _tickets()
    _leftovers()
    _watch_marks()


def downgrade() -> None:
    """Drop the tables, with all rows."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _deployment_key(*, primary_key: bool = False) -> sa.Column[str]:
    of = sa.ForeignKey("deployments.key", ondelete="CASCADE")
    return sa.Column("deployment_key", _KEY, of, primary_key=primary_key, nullable=False)


def _deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("key", _KEY, primary_key=True),
        sa.Column("active_key", sa.Text, unique=True),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("account_id", sa.String(12), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("snapshot_name", sa.String(63), nullable=False),
        sa.Column("snapshot_created_at", _MOMENT, nullable=False),
        sa.Column("snapshot_digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("trigger", sa.String(20), nullable=False),
        sa.Column("rehearse", sa.Boolean, nullable=False),
        sa.Column("launch", sa.Boolean, nullable=False),
        sa.Column("runtime_wish", sa.String(63)),
        sa.Column("runtime_before", sa.String(63)),
        sa.Column("runtime_name", sa.String(63)),
        sa.Column("reason", sa.Text),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("decision_outcome", sa.String(10)),
        sa.Column("decision_by", sa.Text),
        sa.Column("decision_at", _MOMENT),
        sa.Column("decision_comment", sa.Text),
        sa.Column("import_run_key", _KEY),
    )
    op.create_index(None, "deployments", ["state"])
    op.create_index(None, "deployments", ["group_name", "started_at", "key"])
    op.create_index(None, "deployments", ["started_at", "key"])
    op.create_index(None, "deployments", ["account_id", "region", "snapshot_name"])
    op.create_index(None, "deployments", ["import_run_key"])


def _deployment_registrations() -> None:
    op.create_table(
        "deployment_registrations",
        _deployment_key(primary_key=True),
        sa.Column("registration_key", _KEY, primary_key=True),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("model_name", sa.String(63), nullable=False),
    )
    op.create_index(None, "deployment_registrations", ["registration_key"])


def _deployment_steps() -> None:
    op.create_table(
        "deployment_steps",
        _deployment_key(primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("model_name", sa.String(63), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("detail", sa.Text),
        sa.Column("job_name", sa.String(63)),
    )


def _test_results() -> None:
    op.create_table(
        "test_results",
        sa.Column("key", _KEY, primary_key=True),
        _deployment_key(),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("model_name", sa.String(63), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("job_name", sa.String(63)),
        sa.Column("output_s3_uri", sa.Text),
        sa.Column("checks", sa.JSON, nullable=False),
        sa.UniqueConstraint("deployment_key", "attempt", "model_name"),
    )
    op.create_index(None, "test_results", ["at", "key"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("number", sa.Integer, primary_key=True),
        _deployment_key(),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ticket_key", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("intended_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.Column("filed_at", _MOMENT),
        sa.Column("closed_at", _MOMENT),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.UniqueConstraint("deployment_key", "attempt", "kind"),
    )
    op.create_index(None, "tickets", ["filed_at"])


def _leftovers() -> None:
    op.create_table(
        "leftovers",
        _deployment_key(primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(63), primary_key=True),
        sa.Column("left_at", _MOMENT, nullable=False),
    )


def _watch_marks() -> None:
    op.create_table(
        "watch_marks",
        sa.Column("registration_key", _KEY, sa.ForeignKey("registrations.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("snapshot_name", sa.String(63), primary_key=True),
        sa.Column("snapshot_created_at", _MOMENT, primary_key=True),
    )
