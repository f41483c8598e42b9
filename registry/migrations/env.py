"""Alembic's entry point: runs a migration on the connection and transaction of registry/schema_versions.py."""

from alembic import context

from registry.deployment_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The caller has begun the transaction; changes of tables belong to it with SQLite, too.
    transactional_ddl=True,
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
