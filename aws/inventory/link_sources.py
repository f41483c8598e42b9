"""Sources of a walk over links: the index of a scope, or described resources."""

import heapq
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.horizon import Horizon
from aws.inventory.link_index import NO_KEYS, IndexVersion, Keys, LinkIndex
from aws.inventory.list_cache import EVERY_ROW, ListCache
from aws.inventory.list_views import ListView
from aws.inventory.listings import creation_key
from aws.inventory.row_store import NO_ROWS, ListRows
from aws.inventory.scans import Scan
from aws.inventory.sharded_map import ShardedMap
from aws.inventory.sorted_sequence import SortKey
from aws.kinds.catalog import AnyResource, links
from aws.kinds.descriptor import Link
from aws.kinds.kind import Kind

DescribeRows = Callable[[Iterable[AnyResource]], Awaitable[Mapping[str, Described]]]
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class LiveLinks:
    """The links of a kind in a scope, for one request; see aws.inventory.link_queries.LinkSource.

    Args:
        list_cache: The kind's list.
        index: The kind's index.
        horizon: The oldest reads that are fresh enough.
        view: The request's view of the list.
        describe: Describes rows.
    """

    looks_back = True
    extends = True

    def __init__(
        self, list_cache: ListCache, index: LinkIndex, horizon: Horizon, view: ListView, describe: DescribeRows
    ) -> None:
        self.kind: Kind = list_cache.kind
        self._list_cache = list_cache
        self._index = index
        self._horizon = horizon
        self._view = view
        self._describe = describe

    @property
    def newest(self) -> SortKey | None:
        """The position of the newest row that the request sees; None for a list out of order: any page may have it."""
        rows = self._view.rows
        return creation_key(rows[0]) if rows and not self._list_cache.rows().disordered else None

    def version(self) -> IndexVersion:
        """Give the present index."""
        return self._index.current()

    def unknown(self, version: IndexVersion) -> Iterable[SortKey]:
        """Give the positions of rows that were not described, or whose refusal has expired."""
        expired = self._index.expired_refusals(version, self._horizon.deletion)
        return heapq.merge(version.unknown, expired, reverse=True) if expired else version.unknown

    async def refresh(self) -> None:
        """Make the list fresh. Raises AWSError."""
        await self._view.ensure(1)
        rows = await self._list_cache.ensure(self._horizon, 1)
        if rows.disordered and rows.complete_as_of is None:
            # The newest row may be on any page.
            await self._list_cache.ensure(self._horizon, EVERY_ROW)

    async def extend(self, count: int) -> None:
        """Read the list on until it has `count` rows, or is complete. Raises AWSError."""
        await self._list_cache.ensure(self._horizon, count)

    async def describe(self, rows: Sequence[AnyResource]) -> None:
        """Describe rows; the index learns their links. Raises AWSError, except for refused rows."""
        for result in (await self._describe(rows)).values():
            if isinstance(result, AWSError) and not isinstance(result, AccessDeniedError):
                raise result


class KnownLinks:
    """Resources that have been described already; see aws.inventory.link_queries.LinkSource.

    Args:
        kind: Their kind.
        scan: The resources, and the extent of the scan.
    """

    newest = None
    extends = False

    def __init__(self, kind: Kind, scan: Scan) -> None:
        self.kind = kind
        self.looks_back = scan.looked_back_to is not None
        self._version = _version_of(scan)

    def version(self) -> IndexVersion:
        """Give the index of the resources."""
        return self._version

    def unknown(self, version: IndexVersion) -> Iterable[SortKey]:
        """Give nothing: all links are known."""
        return version.unknown

    async def refresh(self) -> None:
        """Do nothing."""

    async def extend(self, count: int) -> None:
        """Do nothing."""

    async def describe(self, rows: Sequence[AnyResource]) -> None:
        """Do nothing."""


def _version_of(scan: Scan) -> IndexVersion:
    by_link: dict[Link, list[SortKey]] = defaultdict(list)
    for resource in scan.resources:
        for link in links(resource):
            by_link[link].append(creation_key(resource))
    rows = ListRows(NO_ROWS.changed((), scan.resources), scan.complete_as_of, scan.complete_as_of, 0)
    refused = NO_KEYS.changed((), ((_EARLIEST, name) for name in scan.refused))
    known: dict[Link, SortKey | Keys | None] = {link: NO_KEYS.changed((), keys) for link, keys in by_link.items()}
    return IndexVersion(rows, NO_KEYS, refused, ShardedMap[Link, SortKey | Keys]().changed(known))
