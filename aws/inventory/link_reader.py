"""Reads of an inventory's links for one request."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence

from aws.client.call_stats import CallStats, current_call_stats
from aws.inventory.describe_cache import Described
from aws.inventory.horizon import Horizon
from aws.inventory.inventory import Inventory
from aws.inventory.known_pages import KnownPages, PageQuestion
from aws.inventory.link_queries import LinkedQuery, LinkedRows, LinkSource
from aws.inventory.link_sources import KnownLinks, LiveLinks
from aws.inventory.link_view import IndexView, coverage_of
from aws.inventory.link_walk import LinkWalk
from aws.inventory.list_views import ListView
from aws.inventory.pages_of_version import ShownPages
from aws.inventory.scans import Scan
from aws.inventory.search import ArtifactQuery
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import LinkType
from aws.kinds.kind import Kind


class LinkReader:
    """Reads the links of an inventory for one request.

    Args:
        inventory: The scope's inventory.
        horizon: The oldest reads that are fresh enough.
        listing: Gives the request's view of a kind's list.
        describe: Describes rows, and goes on after the request's deadline.
        searched: Gives the training jobs with some marks by Search; None if their list has to be read.
    """

    def __init__(
        self,
        inventory: Inventory,
        horizon: Horizon,
        listing: Callable[[Kind], ListView],
        describe: Callable[[Iterable[AnyResource]], Awaitable[Mapping[str, Described]]],
        searched: Callable[[ArtifactQuery], Awaitable[Scan | None]],
    ) -> None:
        self._inventory = inventory
        self._horizon = horizon
        self._listing = listing
        self._describe = describe
        self._searched = searched

    async def read(self, query: LinkedQuery) -> LinkedRows:
        """Give the rows of each page of a query. Raises AWSError; see LinkWalk."""
        for kind in query.kinds:
            self._inventory.links[kind].index_folders(link for page in query.pages for link in page.links)
        sources = await asyncio.gather(*(self._source(kind, query.marks) for kind in query.kinds))
        walk = LinkWalk(sources, self._inventory.config.scan_bound, query.passes)
        if query.whole:
            # It goes on after the request's deadline, for the next request.
            key = "learn", query.kinds, query.marks, query.passes, self._horizon
            await self._inventory.single_flight.do(key, walk.learn)
        pages = await walk.find(query.pages)
        return LinkedRows(pages, walk.coverage())

    async def known(self, question: PageQuestion, parents: Sequence[Hashable]) -> KnownPages | None:
        """Give the page of each parent, if this needs no call but those that refresh the lists; else None.

        If Search may find training jobs, a page depends on the rest of the request, and none is cached.

        Raises:
            AWSError: A list could not be read.
        """
        jobs, since = Kind.TRAINING_JOB, self._horizon.deletion
        if jobs in question.kinds and self._inventory.search.is_allowed(jobs, since):
            return None
        sources = [self._live(kind) for kind in question.kinds]
        lists = [self._inventory.lists[kind] for kind in question.kinds]
        if all(rows.is_fresh(self._horizon) for rows in lists):
            # No refresh waits, so no task is needed.
            for source in sources:
                await source.refresh()
        else:
            await asyncio.gather(*(source.refresh() for source in sources))
        if not all(rows.is_fresh(self._horizon) for rows in lists):
            return None
        return self._known_now(question, parents, sources)

    def _known_now(
        self, question: PageQuestion, parents: Sequence[Hashable], sources: Sequence[LiveLinks]
    ) -> KnownPages | None:
        bound, cache = self._inventory.config.scan_bound, self._inventory.pages
        views = [IndexView(source, bound, question.passes) for source in sources]
        kept = cache.pages_of(question, views)
        shown = kept.shown.get(tuple(parents))
        if shown is None:
            if new := cache.unkept(question, parents, views):
                for kind in question.kinds:
                    self._inventory.links[kind].index_folders(link for parent in new for link in question.links(parent))
                if not all(view.is_current for view in views):
                    views = [IndexView(source, bound, question.passes) for source in sources]
            shown = cache.put_together(question, parents, views)
            kept = cache.pages_of(question, views)
        if shown is None or not cache.hold(kept, shown, views, self._horizon):
            return None
        if (stats := current_call_stats.get()) is not None:
            _count(stats, shown)
        return KnownPages(shown.pages, coverage_of(views))

    def knows(self, kind: Kind, count: int) -> bool:
        """Tell whether the list of `kind` is fresh, and the links of its newest `count` rows are known."""
        if not self._inventory.lists[kind].is_fresh(self._horizon):
            return False
        index, bound = self._inventory.links[kind], self._inventory.config.scan_bound
        version = index.current()
        is_read = version.rows.complete_as_of is not None or len(version.rows.rows) >= min(count, bound)
        if is_read and not version.unknown and not index.expired_refusals(version, self._horizon.deletion):
            return True
        view = IndexView(self._live(kind), min(count, bound))
        return not view.can_extend and next(view.unknown(), None) is None

    async def learn(self, kind: Kind, count: int) -> None:
        """Describe rows of `kind` until the links of the newest `count` are known. Raises AWSError."""
        await LinkWalk([await self._source(kind, None)], self._inventory.config.scan_bound).learn(count)

    def are_authoritative(self, rows: Iterable[AnyResource]) -> bool:
        """Tell whether the links of all these rows were described within the authority age."""
        since, links = self._horizon.authority, self._inventory.links
        return all(
            row.as_of >= since if row.detail is not None else links[row.kind].is_authoritative(row.name, since)
            for row in rows
        )

    def counts(self, kind: Kind, type: LinkType) -> Mapping[str, int]:
        """Give the number of known rows of a kind under each key of a `type` of link."""
        version = self._inventory.links[kind].current()
        return {link.key: len(version.places(link)) for link in version.links if link.type is type}

    async def _source(self, kind: Kind, marks: ArtifactQuery | None) -> LinkSource:
        if kind is Kind.TRAINING_JOB and marks is not None and (scan := await self._searched(marks)) is not None:
            return KnownLinks(kind, scan)
        return self._live(kind)

    def _live(self, kind: Kind) -> LiveLinks:
        inventory = self._inventory
        return LiveLinks(
            inventory.lists[kind], inventory.links[kind], self._horizon, self._listing(kind), self._describe
        )


def _count(stats: CallStats, shown: ShownPages) -> None:
    """Add the descriptions in pages to a request's statistics: each once, and the oldest of them."""
    stats.cached += shown.described
    if shown.as_of is not None:
        stats.note_read_at(shown.as_of)
