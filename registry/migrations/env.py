"""Alembic's entry point: runs a migration on the connection and transaction of registry/schema_versions.py."""

from alembic import context

from registry.deployment_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The transaction is there already; with SQLite, too, it holds the changes of tables.
    transactional_ddl=True,
    # SQLite changes a table by making another one of it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
