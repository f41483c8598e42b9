"""Watched resources of a scope: one poll for all watchers, and a callback for each change."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

from aws.client.call_stats import current_call_stats
from aws.client.errors import AWSError, ThrottledError, UnavailableError
from aws.inventory.describe_cache import DescribeCache, differs
from aws.inventory.horizon import Horizon
from aws.inventory.list_cache import EVERY_ROW, ListCache
from aws.kinds.catalog import KINDS, AnyResource, is_settled
from aws.kinds.kind import Kind
from concurrency.priority import Priority, current_priority

MAX_DESCRIBED_ALONE: Final = 3
"""The most watched resources of a kind that are described one by one; for more, the list is read first."""

MIN_SECONDS: Final = 0.1
"""The shortest time between two polls, whatever the settings say."""

_log = logging.getLogger("sagegraph.watches")


class Unknown(Enum):
    """The state of a resource of which nothing is cached."""

    UNKNOWN = "UNKNOWN"


Known = AnyResource | AWSError | Unknown | None
"""The newest known state: the resource, None if it is gone, the error, or UNKNOWN."""


class WatchDeps(Protocol):
    """The parts of an inventory that watches need."""

    @property
    def lists(self) -> Mapping[Kind, ListCache]:
        """The list cache of each kind."""

    @property
    def descriptions(self) -> Mapping[Kind, DescribeCache]:
        """The describe cache of each kind."""

    def run_as_gateway(self, work: Callable[[], Awaitable[object]]) -> Awaitable[None]:
        """Run background work, signed as the gateway."""

    def watch_horizon(self) -> Horizon:
        """Give the horizon of a poll that begins now."""


@dataclass(slots=True, eq=False)
class _Topic:
    """A watched resource: the newest state that its watchers have heard of, and the watchers."""

    last: Known
    watchers: dict[object, Callable[[], None]] = field(default_factory=dict)


class Watches:
    """The watched resources of one scope.

    While any of them can change, the scope is polled every `seconds`, once for all watchers. Other reads and writes of
    a watched resource also reach the watchers.

    Args:
        deps: The scope's inventory.
        seconds: The time between two polls (`sagemaker.freshSeconds`).
    """

    def __init__(self, deps: WatchDeps, seconds: float) -> None:
        self._deps = deps
        self._seconds = seconds
        self._topics: dict[tuple[Kind, str], _Topic] = {}
        self._dirty: set[tuple[Kind, str]] = set()
        self._loop_task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """The number of watched resources."""
        return len(self._topics)

    def add(self, kind: Kind, name: str, seen: Known, on_change: Callable[[], None]) -> Callable[[], None]:
        """Watch a resource; returns a function that stops watching.

        Args:
            kind: The resource's kind.
            name: The resource's name.
            seen: The state that the watcher has.
            on_change: Called after changes from that state; several changes at once may cause one call.
        """
        key, token = (kind, name), object()
        topic = self._topics.setdefault(key, _Topic(seen))
        topic.watchers[token] = on_change
        if has_changed(seen, topic.last):
            asyncio.get_running_loop().call_soon(on_change)
        elif has_changed(seen, self._newest(key)):
            self.note(kind, name)
        if self._loop_task is None:
            # The task must not inherit the context of the first watcher's request, such as its caller.
            self._loop_task = asyncio.get_running_loop().create_task(self._keep_looking(), context=Context())

        def remove() -> None:
            topic.watchers.pop(token, None)
            if not topic.watchers and self._topics.get(key) is topic:
                del self._topics[key]
            if not self._topics:
                self._stop()

        return remove

    def note(self, kind: Kind, name: str) -> None:
        """Note that the resource `name` was read or changed; without watchers this does nothing."""
        if (kind, name) not in self._topics:
            return
        if not self._dirty:
            # The caches are in the middle of a change, so the callbacks wait for the next turn of the loop.
            asyncio.get_running_loop().call_soon(self._flush)
        self._dirty.add((kind, name))

    async def look(self) -> None:
        """Poll every watched resource that can change."""
        by_kind: dict[Kind, list[str]] = defaultdict(list)
        for (kind, name), topic in self._topics.items():
            if _can_change(kind, topic.last):
                by_kind[kind].append(name)
        horizon = self._deps.watch_horizon()
        await asyncio.gather(*(self._look_at(kind, names, horizon) for kind, names in by_kind.items()))

    async def close(self) -> None:
        """End the polls, and call every watcher, whose next read fails."""
        self._stop()
        self._tell_everyone()
        self._topics.clear()

    def _stop(self) -> None:
        if self._loop_task is not None:
            self._loop_task.cancel()
            self._loop_task = None

    async def _keep_looking(self) -> None:
        current_priority.set(Priority(interactive=False))
        current_call_stats.set(None)
        while True:
            await asyncio.sleep(max(self._seconds, MIN_SECONDS))
            try:
                await self._deps.run_as_gateway(self.look)
            except (ThrottledError, UnavailableError) as error:
                _log.info("Watched resources could not be read; trying again: %s", error)
            except Exception as error:  # noqa: BLE001 - credentials may be refused, by errors that aws does not know.
                # Each watcher reads by itself, and gets the reason.
                _log.info("Watched resources could not be read: %s", error)
                self._tell_everyone()

    async def _look_at(self, kind: Kind, names: Collection[str], horizon: Horizon) -> None:
        if len(names) > MAX_DESCRIBED_ALONE:
            any_changes = KINDS[kind].volatile or KINDS[kind].relisted
            await self._deps.lists[kind].ensure(horizon, EVERY_ROW if any_changes else 1)
        await self._deps.descriptions[kind].get_many(names, horizon)
        for name in names:
            self.note(kind, name)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, set()
        for key in dirty:
            topic = self._topics.get(key)
            if topic is None:
                continue
            newest = self._newest(key)
            changed = has_changed(topic.last, newest)
            if not isinstance(newest, Unknown):
                topic.last = newest
            if changed:
                for on_change in list(topic.watchers.values()):
                    on_change()

    def _newest(self, key: tuple[Kind, str]) -> Known:
        kind, name = key
        row = self._deps.lists[kind].rows_by_name().get(name)
        kept = self._deps.descriptions[kind].peek(name)
        if kept is None:
            return Unknown.UNKNOWN if row is None else row
        result, at = kept
        return row if row is not None and row.as_of > at and differs(row, result) else result

    def _tell_everyone(self) -> None:
        for topic in list(self._topics.values()):
            for on_change in list(topic.watchers.values()):
                on_change()


def has_changed(before: Known, after: Known) -> bool:
    """Tell whether the state `after` differs from the one `before`; a row without detail changes no description."""
    if isinstance(after, Unknown) or isinstance(before, Unknown):
        return True
    if before is None or after is None:
        return before is not after
    if isinstance(before, AWSError) or isinstance(after, AWSError):
        return type(before) is not type(after)
    if differs(after, before):
        return True
    return None is not before.detail != after.detail is not None


def _can_change(kind: Kind, known: Known) -> bool:
    """Tell whether a poll can show a change: ended jobs and gone resources stay as they are."""
    if KINDS[kind].volatile or KINDS[kind].relisted or isinstance(known, AWSError | Unknown):
        return True
    return known is not None and not is_settled(known)
