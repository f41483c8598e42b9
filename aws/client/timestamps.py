"""Moments in AWS's answers, which are numbers or texts of several forms."""

from datetime import UTC, datetime, timedelta

from botocore.utils import parse_timestamp

_EPOCH = datetime.fromtimestamp(0, UTC)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def parse_moment(value: object) -> datetime | None:
    """Parse a moment into UTC, from seconds since 1970, ISO 8601 or RFC 822; None if it cannot be read.

    A moment before the year 1 or after the year 9999 becomes the first or last one that `datetime` has. botocore would
    raise for these and for unreadable ones, and the whole answer would be lost over one row.
    """
    try:
        if isinstance(value, int | float):
            return _from_seconds(value)
        if isinstance(value, str):
            return _from_text(value)
    except (ValueError, OverflowError, RuntimeError, OSError):
        pass
    return None


def _from_seconds(seconds: float) -> datetime:
    """Raises ValueError for NaN."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _LAST if seconds > 0 else _FIRST


def _from_text(text: str) -> datetime:
    try:
        return _from_seconds(float(text))
    except ValueError:
        moment: datetime = parse_timestamp(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
