"""Changes of records: told to those in this process who wait for them, once a transaction is committed."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL: Final = "sagegraph_changes"
"""PostgreSQL's channel, by which every process hears of changes."""

ANY: Final = ""
"""Stands for the key of any record of a type, for those who watch every one of them."""

_NOTED: Final = "sagegraph.changes"
_AUDITED: Final = "sagegraph.audited"

RecordType = Literal["Deployment", "ImportRun", "Registration"]
"""The types of records that are watched, by their names in ids."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that has changed.

    Attributes:
        type_name: The record's type.
        key: The key of its row.
    """

    type_name: RecordType
    key: str


async def note_change(connection: AsyncConnection, type_name: RecordType, key: str) -> None:
    """Note in a transaction that a record changes; it is told of once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(CHANNEL, f"{type_name}:{key}")))
    else:
        connection.info.setdefault(_NOTED, []).append(RecordChange(type_name, key))


async def send_probe(connection: AsyncConnection, probe: str) -> None:
    """Send a notification in a transaction that tells of no change, to be heard by who has sent it."""
    await connection.execute(select(func.pg_notify(CHANNEL, probe)))


def take_noted(connection: AsyncConnection) -> list[RecordChange]:
    """Return the changes noted on a connection to SQLite, and clear them."""
    noted: list[RecordChange] = connection.info.pop(_NOTED, [])
    return noted


def note_audited(connection: AsyncConnection, action: str, outcome: str) -> None:
    """Note in a transaction that an event is audited; it counts once the transaction is committed."""
    connection.info.setdefault(_AUDITED, []).append((action, outcome))


def take_audited(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Return the action and outcome of each event noted on a connection, and clear them."""
    audited: list[tuple[str, str]] = connection.info.pop(_AUDITED, [])
    return audited


def parse_notification(payload: str) -> RecordChange | None:
    """Give the change that a notification tells of; None for one of another version."""
    name, _, key = payload.partition(":")
    return next((RecordChange(type_name, key) for type_name in get_args(RecordType) if type_name == name), None)


OnChange = Callable[[str], None]
"""Called with the key of a record that has changed."""


class RecordChanges:
    """Those in this process who wait for changes of records."""

    def __init__(self) -> None:
        self._watchers: dict[tuple[str, str | None], dict[object, OnChange]] = defaultdict(dict)
        self.on_first: Callable[[], None] = lambda: None

    def __bool__(self) -> bool:
        """Tell whether anybody waits."""
        return bool(self._watchers)

    def watch(self, type_name: RecordType, key: str | None, on_change: OnChange) -> Callable[[], None]:
        """Watch a record, or every record of a type if the key is None; returns the function that stops watching."""
        place, token = (type_name, key), object()
        first = not self._watchers
        self._watchers[place][token] = on_change
        if first:
            self.on_first()

        def remove() -> None:
            watchers = self._watchers.get(place, {})
            watchers.pop(token, None)
            if not watchers:
                self._watchers.pop(place, None)

        return remove

    def announce(self, changes: Iterable[RecordChange]) -> None:
        """Tell of these changes."""
        for change in changes:
            for place in ((change.type_name, change.key), (change.type_name, None)):
                for on_change in list(self._watchers.get(place, {}).values()):
                    on_change(change.key)

    def announce_watched(self) -> None:
        """Tell those who watch one record that it may have changed, unheard, since they began."""
        for (_type_name, key), watchers in list(self._watchers.items()):
            if key is not None:
                for on_change in list(watchers.values()):
                    on_change(key)
