"""Column types that both databases share: times with a zone, JSON, keys."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator

Document = JSON()
"""Any JSON value. PostgreSQL keeps it as text too, not as JSONB: nothing is looked for inside, and JSONB would give an
object's keys back in another order, and large numbers in another form, than SQLite does."""

NullableDocument = JSON(none_as_null=True)
"""The same, with None as SQL's NULL instead of JSON's."""

KEY = String(32)
"""The key of a row: 32 hexadecimal digits, see registry/ids.py."""


def to_json(value: object) -> str:
    """A JSON value as text, without spaces. Raises ValueError for NaN and infinities, which are none."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


class Moment(TypeDecorator[datetime]):
    """A time with its zone. SQLite keeps no zones, so there it is kept as UTC and given back as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """The time as the database keeps it. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be kept; give it one.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        if value is None:
            return None
        known: datetime = value
        return known.replace(tzinfo=UTC) if known.tzinfo is None else known.astimezone(UTC)
