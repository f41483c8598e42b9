"""What tests of the registry share: each that takes a database runs on SQLite and on PostgreSQL."""

from tests.databases import each_database_url

__all__ = ["each_database_url"]
