"""Column types that both databases share: times with a zone, JSON, keys."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator

Document = JSON()
"""Any JSON value. PostgreSQL keeps it as text, too, not as JSONB: no statement searches inside, and JSONB would change
the order of an object's keys and the form of large numbers, unlike SQLite."""

NullableDocument = JSON(none_as_null=True)
"""Any JSON value, with None as SQL's NULL instead of JSON's null."""

KEY = String(32)
"""The key of a row: 32 hexadecimal digits, see registry/ids.py."""


def to_json(value: object) -> str:
    """A JSON value as text, without spaces. Raises ValueError for NaN and infinities, which JSON does not have."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


class Moment(TypeDecorator[datetime]):
    """A time with its zone. SQLite keeps no zones, so its columns hold UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Give `value` in the form of the database. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be kept; give it one.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the stored `value` in UTC."""
        if value is None:
            return None
        known: datetime = value
        return known.replace(tzinfo=UTC) if known.tzinfo is None else known.astimezone(UTC)
