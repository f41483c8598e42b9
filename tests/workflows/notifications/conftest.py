"""What tests of notifications share: both databases."""

from tests.databases import each_database_url

__all__ = ["each_database_url"]
