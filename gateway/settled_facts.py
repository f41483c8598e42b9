"""Keep links of resources that cannot change any more outside the process, for the next one and for other replicas."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from weakref import WeakSet

from aws.inventory.inventory import Inventory
from aws.inventory.link_index import LinkFact, link_fact
from aws.kinds.catalog import AnyResource, is_settled
from aws.kinds.descriptor import Link, LinkType, Revision
from aws.kinds.kind import Kind
from concurrency.single_flight import SingleFlight
from registry import settled_facts
from registry.database import Database
from registry.errors import RegistryError
from registry.settled_facts import BATCH, SettledFact, SettledScope

KEPT_KINDS: Final = frozenset({Kind.TRAINING_JOB, Kind.TRANSFORM_JOB, Kind.MODEL, Kind.SNAPSHOT})
"""Kinds with resources that cannot change any more; a runtime always can."""

MAX_PENDING: Final = 50_000
"""Facts that wait to be written; beyond them the oldest are not kept, which costs the next process a call each."""

GATHER_SECONDS: Final = 0.5
"""The time for which facts are gathered before they are written, and between two batches: others write in between."""

PATIENCE_SECONDS: Final = 1.0
"""Seconds that a request waits for the stored facts of its scope."""

IDLE_SCOPES: Final = timedelta(days=30)
"""The time after which the facts of a scope that nobody uses are deleted."""

_log = logging.getLogger("sagegraph.settled_facts")

Pending = tuple[SettledScope, Kind, str]


class SettledFacts:
    """The settled facts of all scopes.

    They are read to find resources that belong together, and shown only once AWS has described them again: see
    LinkFact.
    A database that is away costs calls, and nothing else.

    Args:
        database: The registry's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: dict[Pending, LinkFact] = {}
        self._wanted = asyncio.Event()
        self._single_flight = SingleFlight()
        self._hydrated: WeakSet[Inventory] = WeakSet()
        # Held by each statement in the background: one that is cancelled would leave its connection's thread behind.
        self._writing = asyncio.Lock()

    def recorder(self, scope: SettledScope) -> Callable[[AnyResource], None]:
        """Give the function that notes each resource that a description in this scope has brought."""

        def record(resource: AnyResource) -> None:
            if resource.kind not in KEPT_KINDS or not is_settled(resource):
                return
            self._pending[scope, resource.kind, resource.name] = link_fact(resource, resource.as_of)
            if len(self._pending) > MAX_PENDING:
                del self._pending[next(iter(self._pending))]
            self._wanted.set()

        return record

    def knows(self, inventory: Inventory) -> bool:
        """Tell whether an inventory has been given the facts of its scope."""
        return inventory in self._hydrated

    async def hydrate(self, scope: SettledScope, inventory: Inventory) -> None:
        """Load the stored facts of a scope into its inventory, once; concurrent callers wait for that.

        Nobody waits longer than `PATIENCE_SECONDS` for a database that hangs: AWS is asked then, and knows all of it.
        """
        if inventory in self._hydrated:
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._single_flight.do(inventory, partial(self._read, scope, inventory))
        except TimeoutError:
            _log.warning("Settled facts were not read within %g seconds, so AWS is asked again.", PATIENCE_SECONDS)
            self._hydrated.add(inventory)

    async def _read(self, scope: SettledScope, inventory: Inventory) -> None:
        try:
            async with self._database.reading() as connection:
                async for facts in settled_facts.of_scope(connection, scope):
                    for fact in facts:
                        _hydrate_one(inventory, fact)
        except (RegistryError, LookupError, ValueError, TypeError) as error:
            _log.warning("Settled facts could not be read, so AWS is asked again: %s", error)
        self._hydrated.add(inventory)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Write facts in the background until the block ends, and then the rest."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            async with self._writing:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self._write_pending()
            await self._single_flight.close()

    async def _keep(self) -> None:
        pruned = False
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await asyncio.sleep(GATHER_SECONDS)
            await self._write_pending(pause=GATHER_SECONDS / 10)
            if not pruned:
                await self._prune()
            pruned = True

    async def _write_pending(self, pause: float = 0.0) -> None:
        try:
            while self._pending:
                async with self._writing, self._database.writing() as connection:
                    scope, facts = self._take_batch()
                    await settled_facts.save(connection, scope, facts, _now())
                await asyncio.sleep(pause)
        except RegistryError as error:
            _log.warning("Settled facts could not be saved: %s", error)

    def _take_batch(self) -> tuple[SettledScope, list[SettledFact]]:
        """Take the facts of one scope that have waited longest."""
        scope = next(iter(self._pending))[0]
        keys = [key for key in self._pending if key[0] == scope][:BATCH]
        return scope, [_stored(key[1], self._pending.pop(key)) for key in keys]

    async def _prune(self) -> None:
        with suppress(RegistryError):
            async with self._writing, self._database.writing() as connection:
                await settled_facts.prune(connection, _now() - IDLE_SCOPES)


def _stored(kind: Kind, fact: LinkFact) -> SettledFact:
    links = [(link.type.value, link.key) for link in fact.links]
    revision = fact.revision
    return SettledFact(
        kind.name, fact.name, fact.creation_time, revision.status, revision.last_modified_time, links, fact.at
    )


def _hydrate_one(inventory: Inventory, fact: SettledFact) -> None:
    """Give an inventory one fact. Raises ValueError for a kind or link that this version does not know."""
    links = tuple(Link(LinkType(type_), key) for type_, key in fact.links)
    revision = Revision(fact.status, fact.modified_at)
    known = LinkFact(fact.name, fact.created_at, revision, links, fact.described_at)
    inventory.hydrate(Kind[fact.kind], (known,))


def _now() -> datetime:
    return datetime.now(UTC)
