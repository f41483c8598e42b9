"""Cache of links by hand: a warm question reads none of them from the registry."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from concurrency.single_flight import SingleFlight
from registry import job_links
from registry.database import Database
from registry.enums import ElementKind
from registry.errors import RegistryError
from registry.job_links import JobLink, LinkOwner

MAX_OWNERS: Final = 1_000
"""The most groups and regions whose links are kept; those that were read first give way."""

MAX_KEPT_LINKS: Final = 50_000
"""The most links that are kept, about 35 MB; the groups and regions that were read first give way."""

PATIENCE_SECONDS: Final = 1.0
"""Seconds that a question waits for the registry, which is not asked again within the fresh age."""

_log = logging.getLogger("sagegraph.job_links")


class LinksOfGroup:
    """The links of a group in one account and region, by model and by job.

    Args:
        links: All of them.
    """

    def __init__(self, links: Sequence[JobLink]) -> None:
        self._count = len(links)
        self._by_model: Mapping[str, list[JobLink]] = defaultdict(list)
        self._by_job: Mapping[tuple[ElementKind, str], list[JobLink]] = defaultdict(list)
        for link in links:
            self._by_model[link.model_name].append(link)
            self._by_job[link.kind, link.name].append(link)

    def __len__(self) -> int:
        """The number of links."""
        return self._count

    def of_model(self, name: str) -> Sequence[JobLink]:
        """The links of the models that have or had this name."""
        return self._by_model.get(name, ())

    def of_job(self, kind: ElementKind, name: str) -> Sequence[JobLink]:
        """The links of the jobs of a kind that have or had this name, in no order that matters."""
        return self._by_job.get((kind, name), ())


NO_LINKS: Final = LinksOfGroup(())


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading of a group's links.

    Attributes:
        links: The links; None if they could not be read, and none were read before.
        at: The moment before the reading; None once something has changed.
        file_version: The version of SQLite's file before the reading.
    """

    links: LinksOfGroup | None
    at: datetime | None
    file_version: Hashable

    @property
    def count(self) -> int:
        """The number of links that it keeps."""
        return 0 if self.links is None else len(self.links)


class JobLinkCache:
    """The links of groups, each group's apart from any other's.

    A change by this process is seen at once. One by another process is seen at once on SQLite, whose file has other
    times, and on PostgreSQL once its notification has come. If that is late or lost, it is seen by the first question
    after the fresh age (`sagemaker.freshSeconds`), which reads the links again.

    Args:
        database: The registry.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reads: dict[LinkOwner, _Read] = {}
        self._link_count = 0
        self._changes = 0
        self._is_listening = False
        self._single_flight = SingleFlight()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["JobLinkCache"]:
        """Serve questions while the block runs."""
        try:
            yield self
        finally:
            await self._single_flight.close()

    async def of_group(self, owner: LinkOwner, since: datetime) -> LinksOfGroup | None:
        """Give the links of an owner, a group in an account and region, as they were at the moment `since` or later.

        While the registry does not answer, the links that were read last; None if none were.
        """
        known = self._reads.get(owner)
        if known is None or not self._is_current(known, since):
            self._listen()
            known = await self._refreshed(owner)
        return known.links

    def _is_current(self, read: _Read, since: datetime) -> bool:
        return read.at is not None and read.at >= since and read.file_version == self._database.file_version()

    def forget(self) -> None:
        """Read links again: some have changed."""
        self._changes += 1
        self._reads = {owner: replace(read, at=None) for owner, read in self._reads.items()}

    def _listen(self) -> None:
        """Hear of the changes of other processes, from the first question on; SQLite's file tells of them itself."""
        if not self._is_listening and self._database.is_postgres:
            self._database.changes.watch("Registration", None, lambda _key: self.forget())
        self._is_listening = True

    async def _refreshed(self, owner: LinkOwner) -> _Read:
        at, version, changes = datetime.now(UTC), self._database.file_version(), self._changes
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._single_flight.do((owner, changes), partial(self._read, owner, changes))
        except TimeoutError:
            _log.warning("Links by hand were not read within %g seconds.", PATIENCE_SECONDS)
        except RegistryError as error:
            _log.warning("Links by hand could not be read: %s", error)
        last = self._reads.get(owner)
        links = None if last is None else last.links
        # Links that have changed during the wait are asked for again by the next question.
        return self._keep(owner, _Read(links, at if changes == self._changes else None, version))

    async def _read(self, owner: LinkOwner, changes: int) -> _Read:
        at, version = datetime.now(UTC), self._database.file_version()
        async with self._database.reading() as connection:
            links = await job_links.of_group(connection, owner)
        read = _Read(LinksOfGroup(links) if links else NO_LINKS, at, version)
        # A link that has changed during the reading may be missing, so the next question reads again.
        return self._keep(owner, read) if changes == self._changes else read

    def _keep(self, owner: LinkOwner, read: _Read) -> _Read:
        self._drop(owner)
        self._reads[owner] = read
        self._link_count += read.count
        while len(self._reads) > MAX_OWNERS or self._link_count > MAX_KEPT_LINKS:
            self._drop(next(iter(self._reads)))
        return read

    def _drop(self, owner: LinkOwner) -> None:
        former = self._reads.pop(owner, None)
        self._link_count -= 0 if former is None else former.count
