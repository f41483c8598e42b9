"""Cache of one kind's descriptions, each kept while nothing can have changed it."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from aws.client.call_stats import current_call_stats
from aws.client.errors import (
    TRANSIENT_ERRORS,
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    LateError,
    NotFoundError,
)
from aws.inventory.horizon import Horizon, Validity
from aws.inventory.weights import ENTRY_BYTES, ROW_FRAME_BYTES, weigh
from aws.kinds.catalog import API_NAMES, KINDS, AnyResource, is_settled
from aws.kinds.kind import Kind
from concurrency.single_flight import SingleFlight

# The result for one name: the resource with its detail, None if it is gone, or the error of the read.
Described = AnyResource | AWSError | None


class RowSource(Protocol):
    """The rows of a kind, in the form that a describe cache needs."""

    def fresh_rows(self, horizon: Horizon, /) -> Mapping[str, AnyResource]:
        """Give the rows by name if the list is fresh at the horizon; else none."""

    def lacks(self, name: str, horizon: Horizon, /) -> bool:
        """Tell whether the list is fresh and complete at the horizon, and has no row of `name`."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A result, and the time of its call."""

    result: Described
    at: datetime


class DescribeCache:
    """The descriptions of one kind in one scope.

    Args:
        kind: The kind.
        flights: Shares calls under way.
        describe: Describes one name; raises AWSError.
        rows: The kind's list, whose rows show changes.
        on_denied: Called when AWS refuses the role a resource that it has read before.
        now: Gives the time.
        on_result: Called with each result that is kept: the name, the result, and the time of its call.

    Attributes:
        version: A number that grows with each change of the entries.
        bytes: The memory of the entries.
        hits: The number of names that were known.
        misses: The number of names that needed a call.
    """

    def __init__(
        self,
        kind: Kind,
        flights: SingleFlight,
        describe: Callable[[str], Coroutine[Any, Any, AnyResource]],
        rows: RowSource,
        on_denied: Callable[[], None],
        now: Callable[[], datetime],
        on_result: Callable[[str, Described, datetime], None] = lambda _name, _what, _at: None,
    ) -> None:
        self._kind = kind
        self._flights = flights
        self._describe = describe
        self._rows = rows
        self._on_denied = on_denied
        self._now = now
        self._on_result = on_result
        self._entries: dict[str, _Entry] = {}
        self._failures: dict[str, tuple[AWSError, datetime]] = {}
        self.version = 0
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """The number of descriptions kept."""
        return len(self._entries)

    def clear(self) -> None:
        """Drop everything."""
        self._entries.clear()
        self.bytes = 0
        self._failures.clear()
        self.version += 1

    def peek(self, name: str) -> tuple[Described, datetime] | None:
        """Give the result for a name, of any age, and the time of its call; None if there is none."""
        kept = self._entries.get(name)
        return None if kept is None else (kept.result, kept.at)

    def standing(self, row: AnyResource) -> tuple[AnyResource, Validity] | None:
        """Give the description that agrees with a row of the fresh list, and the horizons at which it is valid.

        None if they disagree, or the result is no description. The answer holds until the row or the result changes.
        """
        kept = self._entries.get(row.name)
        result = None if kept is None else kept.result
        if kept is None or isinstance(result, AWSError | None) or (row.as_of > kept.at and differs(row, result)):
            return None
        kind = KINDS[result.kind]
        if kind.volatile and is_settled(result):
            return result, Validity(kept.at, runtime=kept.at)
        if kind.volatile or kind.changes_unseen(result):
            return result, Validity(kept.at, fresh=kept.at)
        return result, Validity(kept.at)

    def put(self, resource: AnyResource, key: str | None = None) -> None:
        """Keep a described resource from Search or a write, by `key` (None: its name), unless a newer one is kept."""
        key = resource.name if key is None else key
        kept = self._entries.get(key)
        if kept is None or kept.at < resource.as_of:
            self._store(key, resource, resource.as_of)

    def mark_deleted(self, name: str) -> None:
        """Record that the resource of this name is gone."""
        self._store(name, None, self._now())

    def missing(self, names: Iterable[str], horizon: Horizon) -> list[str]:
        """Select the names that need a call at a horizon."""
        rows = self._rows.fresh_rows(horizon)
        return [name for name in dict.fromkeys(names) if not self._is_known(name, horizon, rows.get(name))]

    async def get_many(
        self, names: Iterable[str], horizon: Horizon, until: float | None = None
    ) -> Mapping[str, Described]:
        """Give the result for each name; those that may have changed are described, all at once.

        Args:
            names: The names.
            horizon: The oldest reads that are fresh enough.
            until: The event loop's time at which pending names get a LateError; their calls go on. None waits for all.
        """
        wanted = list(dict.fromkeys(names))
        missing = self.missing(wanted, horizon)
        self.hits += (hits := len(wanted) - len(missing))
        self.misses += len(missing)
        if (stats := current_call_stats.get()) is not None:
            stats.cached += hits
        late: Collection[str] = ()
        while missing and not late:
            late = await wait_until({name: self._fetch_until_valid(name, horizon) for name in missing}, until)
            # A refusal drops all entries, also new ones; none of them may be shown as gone.
            missing = self.missing(wanted, horizon)
        if not missing and not self._failures:
            return {name: kept.result if (kept := self._entries.get(name)) else None for name in wanted}
        unknown = frozenset(missing)
        return {name: self._late_error(name) if name in unknown else self._answer(name, horizon) for name in wanted}

    def _late_error(self, name: str) -> LateError:
        operation = API_NAMES[self._kind].describe_operation
        return LateError(f"The request's time was up before AWS had described `{name}`.", operation=operation)

    async def refetch(self, names: Iterable[str]) -> Mapping[str, Described]:
        """Describe each name by a new call; give the resource, None if it is gone, or the error."""
        wanted = list(dict.fromkeys(names))
        await asyncio.gather(*(self._flights.do((self._kind, name), partial(self._read, name)) for name in wanted))
        return {name: self._entries[name].result for name in wanted if name in self._entries}

    async def _fetch_until_valid(self, name: str, horizon: Horizon) -> None:
        """Fetch until the result is valid: a joined call may have begun before this request."""
        while not self._is_known(name, horizon, self._rows.fresh_rows(horizon).get(name)):
            await self._flights.do((self._kind, name), partial(self._read, name))

    async def _read(self, name: str) -> None:
        at = self._now()
        try:
            resource = await self._describe(name)
            # AWS was called after both moments; one shared object weighs less than two.
            at = resource.as_of if at < resource.as_of <= self._now() else at
            result: Described = resource
        except NotFoundError:
            result = None
        except TRANSIENT_ERRORS as error:
            self._failures[name] = error, at
            return
        except AWSError as error:
            if isinstance(error, AccessDeniedError) and self._was_readable(name):
                self._on_denied()
            result = error
        self._store(name, result, at)

    def _store(self, name: str, result: Described, at: datetime) -> None:
        self._failures.pop(name, None)
        former = self._entries.get(name)
        self.bytes += _bytes_of(result) - (_bytes_of(former.result) if former else 0)
        self._entries[name] = _Entry(result, at)
        self.version += 1
        self._on_result(name, result, at)

    def _was_readable(self, name: str) -> bool:
        kept = self._entries.get(name)
        return kept is not None and not isinstance(kept.result, AWSError | None)

    def _answer(self, name: str, horizon: Horizon) -> Described:
        failed, kept = self._failures.get(name), self._entries.get(name)
        row = self._rows.fresh_rows(horizon).get(name)
        if failed is None or (kept is not None and self._is_valid(name, kept, horizon, row)):
            return kept.result if kept is not None else None
        expired = isinstance(failed[0], CredentialsRejectedError)
        if expired or kept is None or kept.at < horizon.last_known or isinstance(kept.result, AWSError):
            return failed[0]
        if (stats := current_call_stats.get()) is not None:
            stats.stale = True
        return kept.result

    def _is_known(self, name: str, horizon: Horizon, row: AnyResource | None) -> bool:
        """Tell whether no call is needed: the result is valid, or this request has already failed to read it."""
        failed, kept = self._failures.get(name), self._entries.get(name)
        if failed is not None and failed[1] >= horizon.started:
            return True
        return kept is not None and self._is_valid(name, kept, horizon, row)

    def _is_valid(self, name: str, kept: _Entry, horizon: Horizon, row: AnyResource | None) -> bool:
        if kept.at < horizon.authority or (row is not None and row.as_of > kept.at and differs(row, kept.result)):
            return False
        if kept.at >= horizon.fresh:
            return True
        if kept.result is None:
            return row is None and self._rows.lacks(name, horizon)
        if isinstance(kept.result, AWSError):
            return kept.at >= horizon.deletion
        return _outlives_fresh_age(kept.result, kept.at, row, horizon)


def _bytes_of(described: Described) -> int:
    """The bytes of a result; texts such as its name and ARN are shared with the row, and count there."""
    return (
        ENTRY_BYTES
        + ROW_FRAME_BYTES
        + weigh(None if described is None or isinstance(described, AWSError) else described.detail)
    )


async def wait_until(searches: Mapping[str, Coroutine[Any, Any, None]], until: float | None) -> Collection[str]:
    """Wait until all searches have ended, or the event loop's time `until`; give the names of those under way.

    The searches wait for calls in tasks of their own, which go on. The first failure is raised.
    """
    if not searches:
        return ()
    tasks = {asyncio.ensure_future(search): name for name, search in searches.items()}
    patience = None if until is None else max(0.0, until - asyncio.get_running_loop().time())
    try:
        done, pending = await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
    for task in done:
        task.result()
    return {tasks[task] for task in pending}


def differs(row: AnyResource, result: Described) -> bool:
    """Tell whether a row of a list shows another resource or state than a description."""
    if result is None:
        return True
    if isinstance(result, AWSError):
        return False
    if row.creation_time != result.creation_time:
        return True
    shown, known = KINDS[row.kind].revision(row), KINDS[result.kind].revision(result)
    return shown.status != known.status or (
        None is not shown.last_modified_time != known.last_modified_time is not None
    )


def _outlives_fresh_age(result: AnyResource, at: datetime, row: AnyResource | None, horizon: Horizon) -> bool:
    """Tell whether a description is valid beyond the fresh age; `row` is the fresh row that agrees, if any."""
    kind = KINDS[result.kind]
    if kind.volatile:
        return row is not None and is_settled(result) and at >= horizon.runtime
    if kind.changes_unseen(result):
        return False
    return row is not None or (is_settled(result) and at >= horizon.deletion)
