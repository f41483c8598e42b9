"""The tables of deployments; see tables.py. A registration that is removed leaves the history of its deployments."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text, true

from registry.column_types import KEY, Document, Moment, NullableDocument
from registry.link_tables import metadata

# An importer of `metadata` from here has every table in it.
__all__ = [
    "approval_write_backs",
    "awaited_packages",
    "deployment_assets",
    "deployment_registrations",
    "deployment_steps",
    "deployments",
    "leftovers",
    "metadata",
    "test_results",
    "tickets",
    "watch_marks",
]

# `active_key` names the snapshot while the deployment is under way: the snapshot has one such deployment at a time.
# `revision` counts the changes of a row. A gateway that does not know `rollout` does not count, and a trigger
# (v0014_rollouts.py) ignores its changes of a row with a rollout: it would launch without the rollout.
deployments = Table(
    "deployments",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("active_key", Text, unique=True),
    Column("group_name", Text, nullable=False),
    Column("account_id", String(12), nullable=False),
    Column("region", Text, nullable=False),
    Column("snapshot_name", String(63), nullable=False),
    Column("snapshot_created_at", Moment, nullable=False),
    Column("snapshot_digest", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("since", Moment, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("trigger", String(20), nullable=False),
    Column("rehearse", Boolean, nullable=False),
    Column("launch", Boolean, nullable=False),
    Column("runtime_wish", String(63)),
    Column("runtime_before", String(63)),
    Column("runtime_name", String(63)),
    Column("reason", Text),
    Column("started_by", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("decision_outcome", String(10)),
    Column("decision_by", Text),
    Column("decision_at", Moment),
    Column("decision_comment", Text),
    Column("import_run_key", KEY),
    Column("blocked_by", String(20)),
    Column("snapshot_author", Text),
    Column("retain_variant_properties", Boolean, nullable=False, server_default=true()),
    Column("rollout", NullableDocument),
    Column("runtime_modified_at", Moment),
    Column("revision", Integer, nullable=False, server_default=text("0"), onupdate=text("revision + 1")),
    Index(None, "state"),
    Index(None, "group_name", "started_at", "key"),
    Index(None, "started_at", "key"),
    Index(None, "account_id", "region", "snapshot_name"),
    Index("ix_deployments_account_id_region_runtime_name", "account_id", "region", "runtime_name"),
    Index(None, "import_run_key"),
)

deployment_registrations = Table(
    "deployment_registrations",
    metadata,
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True),
    Column("registration_key", KEY, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("model_name", String(63), nullable=False),
    Index(None, "registration_key"),
)

# The versions of assets that the deployment's attempt was verified with: `fingerprint` is a digest of a text, or names
# the version of an object in S3.
deployment_assets = Table(
    "deployment_assets",
    metadata,
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True),
    Column("registration_key", KEY, primary_key=True),
    Column("role", String(30), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("s3_uri", Text),
    Column("fingerprint", Text),
)

# `model_name` is empty except for rehearsals, which have one row for each model.
deployment_steps = Table(
    "deployment_steps",
    metadata,
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("model_name", String(63), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("detail", Text),
    Column("job_name", String(63)),
)

test_results = Table(
    "test_results",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("model_name", String(63), nullable=False),
    Column("at", Moment, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("job_name", String(63)),
    Column("output_s3_uri", Text),
    Column("checks", Document, nullable=False),
    UniqueConstraint("deployment_key", "attempt", "model_name"),
    Index(None, "at", "key"),
)

# A row is written before its ticket is filed: `ticket_key` is null until then, and `tries` counts the failures.
# `sent_at` is set before the ticket is sent to another system, because the answer may be lost. `astray_at` is set if
# the ticket was not found there and was sent again or given up: the first one may appear later. The gateway's own
# tickets have their number in their key.
tickets = Table(
    "tickets",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("ticket_key", Text),
    Column("url", Text),
    Column("status", Text, nullable=False),
    Column("intended_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("astray_at", Moment),
    Column("filed_at", Moment),
    Column("closed_at", Moment),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("deployment_key", "attempt", "kind"),
    Index(None, "filed_at"),
)

# Resources that a deployment has begun in AWS, or may have, and no longer needs: a job to stop, an endpoint to delete.
leftovers = Table(
    "leftovers",
    metadata,
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("name", String(63), primary_key=True),
    Column("left_at", Moment, nullable=False),
)

# Decisions that SageMaker's model registry has yet to get, one for each attempt that was decided.
approval_write_backs = Table(
    "approval_write_backs",
    metadata,
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("outcome", String(10), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("comment", Text),
)

# The package versions whose approval a BLOCKED attempt waits for.
awaited_packages = Table(
    "awaited_packages",
    metadata,
    Column("deployment_key", KEY, ForeignKey("deployments.key", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("arn", Text, primary_key=True),
)

# The snapshots of imported models that were seen before, so that each counts as new once.
watch_marks = Table(
    "watch_marks",
    metadata,
    Column("registration_key", KEY, ForeignKey("registrations.key", ondelete="CASCADE"), primary_key=True),
    Column("snapshot_name", String(63), primary_key=True),
    Column("snapshot_created_at", Moment, primary_key=True),
    Index(None, "snapshot_created_at"),
)
