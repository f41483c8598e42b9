"""Changes of records: watchers in this process are called once a transaction is committed."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL: Final = "sagegraph_changes"
"""The PostgreSQL channel of the notifications of all processes."""

ANY: Final = ""
"""The key that stands for any record of a type, for watchers of the whole type."""

_NOTED: Final = "sagegraph.changes"
_AUDITED: Final = "sagegraph.audited"

RecordType = Literal["Deployment", "ImportRun", "Registration"]
"""The types of records that can be watched, by their names in ids."""


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
    """Note in a transaction that the record `key` changes; watchers are called once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(CHANNEL, f"{type_name}:{key}")))
    else:
        connection.info.setdefault(_NOTED, []).append(RecordChange(type_name, key))


async def send_probe(connection: AsyncConnection, probe: str) -> None:
    """Send a notification of the text `probe` that announces no change; its sender listens for it."""
    await connection.execute(select(func.pg_notify(CHANNEL, probe)))


def take_noted(connection: AsyncConnection) -> list[RecordChange]:
    """Return the changes that are noted on a connection to SQLite, and clear them."""
    noted: list[RecordChange] = connection.info.pop(_NOTED, [])
    return noted


def note_audited(connection: AsyncConnection, action: str, outcome: str) -> None:
    """Note in a transaction that an event was audited; it counts once the transaction is committed."""
    connection.info.setdefault(_AUDITED, []).append((action, outcome))


def take_audited(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Return the action and outcome of each event that is noted on a connection, and clear them."""
    audited: list[tuple[str, str]] = connection.info.pop(_AUDITED, [])
    return audited


def parse_notification(payload: str) -> RecordChange | None:
    """Give the change in the `payload` of a notification; None for a probe, or a type of another version."""
    name, _, key = payload.partition(":")
    return next((RecordChange(type_name, key) for type_name in get_args(RecordType) if type_name == name), None)


OnChange = Callable[[str], None]
"""Called with the key of a record that has changed; ANY if the key is not known."""


class RecordChanges:
    """The watchers of records in this process.

    Attributes:
        on_first: Called when a watcher comes while there is no other.
    """

    def __init__(self) -> None:
        self._watchers: dict[tuple[str, str | None], dict[object, OnChange]] = defaultdict(dict)
        self.on_first: Callable[[], None] = lambda: None

    def __bool__(self) -> bool:
        """Tell whether there is a watcher."""
        return bool(self._watchers)

    def watch(self, type_name: RecordType, key: str | None, on_change: OnChange) -> Callable[[], None]:
        """Watch a record; returns a function that stops watching.

        Args:
            type_name: The type of the record.
            key: The key of the record; None watches every record of the type.
            on_change: Called for each change.
        """
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
        """Call the watchers of these changes."""
        for change in changes:
            for place in ((change.type_name, change.key), (change.type_name, None)):
                for on_change in list(self._watchers.get(place, {}).values()):
                    on_change(change.key)

    def announce_watched(self) -> None:
        """Call each watcher of one record: it may have changed, unnoticed, since the watch began."""
        for (_type_name, key), watchers in list(self._watchers.items()):
            if key is not None:
                for on_change in list(watchers.values()):
                    on_change(key)
