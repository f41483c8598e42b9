"""Statements that both databases know and SQLAlchemy spells for each of them, and lists too long for one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from registry.database import Connection

Item = TypeVar("Item")

# A database takes some ten thousand parameters in a statement; a thousand are as quick.
_CHUNK = 1000


def insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that can say what happens where there is such a row already."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in parts that a statement can take."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
