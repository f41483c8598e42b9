"""The tables of the registry. The migrations in registry/migrations create them; a test compares the two."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    select,
    text,
    union_all,
)

from registry.column_types import KEY, Document, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A group owns its import. A model that is deleted and made again under its name is another, by its creation time.
registrations = Table(
    "registrations",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("group_name", Text, nullable=False),
    Column("account_id", String(12), nullable=False),
    Column("region", Text, nullable=False),
    Column("model_name", String(63), nullable=False),
    Column("model_arn", Text, nullable=False),
    Column("model_created_at", Moment, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("description", Text),
    Column("custom_metadata", Document, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("last_synced_at", Moment, nullable=False),
    UniqueConstraint("group_name", "model_arn", "model_created_at"),
    Index(None, "group_name", "imported_at", "key"),
    Index(None, "imported_at", "key"),
    Index(None, "account_id", "region", "model_name"),
)


def _elements(name: str, name_length: int) -> Table:
    return Table(
        name,
        metadata,
        Column("key", KEY, primary_key=True),
        Column("registration_key", KEY, ForeignKey("registrations.key", ondelete="CASCADE"), nullable=False),
        Column("kind", String(20), nullable=False),
        Column("name", String(name_length), nullable=False),
        Column("arn", Text, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("match", String(30)),
        Column("first_seen_at", Moment, nullable=False),
        Column("last_seen_at", Moment, nullable=False),
        Column("vanished_at", Moment),
        Column("stored", Document, nullable=False),
        Column("digest", String(64), nullable=False),
        UniqueConstraint("registration_key", "kind", "arn", "created_at"),
        Index(None, "registration_key", "created_at", "key"),
        Index(None, "vanished_at"),
    )


# One row for each resource that an import or a sync saw; `stored` is its last copy, and `digest` the copy's digest.
# Kinds that gateways of 0.2.0 do not know have a separate table (`registry.enums.LATER_ELEMENT_KINDS`): the name of
# an execution contains that of its pipeline, and a version in another account has its ARN as name.
elements = _elements("elements", 63)
later_elements = _elements("later_elements", 400)
every_element = union_all(select(elements), select(later_elements)).subquery("every_element")

# `active_key` names the model and group while the run is under way, so that there is one run at a time for them.
import_runs = Table(
    "import_runs",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("active_key", Text, unique=True),
    Column("registration_key", KEY, ForeignKey("registrations.key", ondelete="SET NULL")),
    Column("group_name", Text, nullable=False),
    Column("account_id", String(12), nullable=False),
    Column("region", Text, nullable=False),
    Column("model_name", String(63), nullable=False),
    Column("state", String(10), nullable=False),
    Column("phase", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("started_by", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("wishes", Document, nullable=False),
    Column("problems", Document, nullable=False),
    Index(None, "group_name", "started_at"),
    Index("ix_import_runs_started_at", "started_at"),
    Index(None, "registration_key"),
)


def _import_changes(name: str, name_length: int) -> Table:
    return Table(
        name,
        metadata,
        Column("run_key", KEY, ForeignKey("import_runs.key", ondelete="CASCADE"), primary_key=True),
        Column("ordinal", Integer, primary_key=True),
        Column("kind", String(20), nullable=False),
        Column("name", String(name_length), nullable=False),
        Column("arn", Text, nullable=False),
        Column("change", String(10), nullable=False),
        Column("match", String(30)),
    )


# Changes of later kinds are in a separate table, too.
import_changes = _import_changes("import_changes", 63)
later_import_changes = _import_changes("later_import_changes", 400)
every_import_change = union_all(select(import_changes), select(later_import_changes)).subquery("every_import_change")

assets = Table(
    "assets",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("registration_key", KEY, ForeignKey("registrations.key", ondelete="CASCADE"), nullable=False),
    Column("role", String(30), nullable=False),
    Column("name", Text, nullable=False),
    Column("s3_uri", Text),
    Column("content", Text),
    Column("content_type", Text),
    Column("size_bytes", BigInteger),
    Column("added_by", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("fingerprint", Text),
    UniqueConstraint("registration_key", "role", "name"),
)

# Presigned uploads that were given to somebody: the asset that they are for, and the address that the gateway chose.
uploads = Table(
    "uploads",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("registration_key", KEY, ForeignKey("registrations.key", ondelete="CASCADE"), nullable=False),
    Column("role", String(30), nullable=False),
    Column("name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("s3_uri", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "registration_key"),
)

# Notes of a group on a snapshot; the snapshot itself is in SageMaker.
snapshot_notes = Table(
    "snapshot_notes",
    metadata,
    Column("group_name", Text, primary_key=True),
    Column("account_id", String(12), primary_key=True),
    Column("region", Text, primary_key=True),
    Column("snapshot_name", String(63), primary_key=True),
    Column("snapshot_created_at", Moment, primary_key=True),
    Column("custom_metadata", Document, nullable=False),
    Column("created_by_import", Boolean, nullable=False),
)

# Rows are only ever added, until `retention` deletes them; triggers refuse to change a row, or to delete one of the
# last 30 days (see the migrations).
audit_events = Table(
    "audit_events",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("group_name", Text),
    Column("role_arn", Text),
    Column("action", Text, nullable=False),
    Column("target", Text),
    Column("outcome", String(10), nullable=False),
    Column("detail", Text),
    Column("request_id", Text),
    Column("aws_request_ids", Document, nullable=False),
    Index(None, "at", "key"),
    Index(None, "group_name", "at"),
    # Each decision about a model package version is looked up here for its author.
    Index(
        "ix_audit_events_decisions",
        "target",
        "at",
        sqlite_where=text("action = 'updateModelPackage'"),
        postgresql_where=text("action = 'updateModelPackage'"),
    ),
)

# A change that is about to begin: inserted before it, and deleted with the event that tells its outcome.
audit_intents = Table(
    "audit_intents",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("group_name", Text),
    Column("action", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("lease", Text, nullable=False),
)

# The right of one process at a time: `fence` grows with each new holder, so that a late holder is recognized.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("fence", BigInteger, nullable=False),
)

# The processes behind the leases: `executor/<executor>` is the lease of its life, and `id` holds the leases of loops.
# `settings` has a digest of each block of its settings, without secrets.
processes = Table(
    "processes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("executor", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("settings", Document, nullable=False),
    Column("has_lock", Boolean, nullable=False),
    Column("started_at", Moment, nullable=False),
    Index(None, "executor"),
)

# Services that a process could not reach at its last try: the AWS of a group, or the approval backend.
access_faults = Table(
    "access_faults",
    metadata,
    Column("process", KEY, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
)

# Scopes whose settled facts are kept; an unused scope is deleted with its facts.
settled_scopes = Table(
    "settled_scopes",
    metadata,
    Column("scope_key", String(64), primary_key=True),
    Column("account_id", String(12), nullable=False),
    Column("region", Text, nullable=False),
    Column("principal_arn", Text, nullable=False),
    Column("used_at", Moment, nullable=False),
)

# Links, times and states of resources that cannot change any more, from describe calls of one principal.
settled_facts = Table(
    "settled_facts",
    metadata,
    Column("scope_key", String(64), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("created_at", Moment),
    Column("status", Text),
    Column("modified_at", Moment),
    Column("links", Document, nullable=False),
    Column("described_at", Moment, nullable=False),
)

# One row, which each migration writes: the version of the tables, and the oldest version whose gateways work with them.
schema_compatibility = Table(
    "schema_compatibility",
    metadata,
    Column("version", String(32), primary_key=True),
    Column("compatible_since", String(32), nullable=False),
)

# Deliveries of webhooks: a row for each event and webhook, deleted once it is delivered or given up.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("webhook", String(64), nullable=False),
    Column("event", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Index(None, "webhook", "due_at"),
)
