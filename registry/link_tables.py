"""The table of links by hand; see tables.py."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from registry.column_types import KEY, Moment
from registry.tables import metadata

# An importer of `metadata` from here has the tables of tables.py in it, too.
__all__ = ["job_links", "metadata"]

# Jobs that people have linked to an imported model. A job made again under its name is another.
job_links = Table(
    "job_links",
    metadata,
    Column("registration_key", KEY, ForeignKey("registrations.key", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("name", String(63), primary_key=True),
    Column("job_created_at", Moment, nullable=False),
    Column("linked_by", Text, nullable=False),
    Column("linked_at", Moment, nullable=False),
    Column("comment", Text),
)
