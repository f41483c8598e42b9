"""The exposition of metrics: the process's counters, its present state, and the counts in the database."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, ProcessCollector, generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder

from aws.client.rate_limit import RateLimiters
from aws.scopes import ScopePool
from gateway.observability import process_state
from gateway.observability.families import gauge, gauges
from gateway.observability.metrics import Metrics
from gateway.observability.siblings import Siblings
from gateway.observability.stored_state import StoredState, StoredStateReader
from gateway.subscriptions.hub import SubscriptionHub
from registry.database import Database
from schema.build import GatewaySchema
from workflows.durable.engine import Engine


@dataclass(frozen=True, slots=True)
class MetricSources:
    """The parts of a process whose state metrics show.

    Attributes:
        scopes: Open scopes.
        rate_limiters: The rate limiters.
        database: The registry.
        engine: Durable work.
        hub: Subscriptions; None in a process that serves none.
        schema: The schema; None in a process that serves none.
    """

    scopes: ScopePool
    rate_limiters: RateLimiters
    database: Database
    engine: Engine
    hub: SubscriptionHub | None = None
    schema: GatewaySchema | None = None


class Exposition:
    """Writes the metrics of a process as text.

    Args:
        metrics: The counters.
        sources: The parts that are looked at for each scrape.
        siblings: The other processes of the same socket; None if there are none.
    """

    def __init__(self, metrics: Metrics, sources: MetricSources, siblings: Siblings | None = None) -> None:
        self._siblings = siblings
        self._metrics = metrics
        self._sources = sources
        self._stored = StoredStateReader(sources.database, sources.engine.rows)
        ProcessCollector(registry=metrics.registry)

    async def render(self, accept: str = "") -> tuple[bytes, str]:
        """Give the text and its media type: OpenMetrics for clients that accept it, else Prometheus's own.

        AWS is not asked; the database is, see `StoredStateReader`. A thread writes the text, as that takes long.

        Args:
            accept: The value of the Accept header.
        """
        if self._siblings is not None:
            return await self._siblings.collect(await self.render_own()), CONTENT_TYPE_PLAIN_0_0_4
        encode, media_type = choose_encoder(accept)
        return await asyncio.to_thread(encode, await self._families()), media_type

    async def render_own(self) -> bytes:
        """Give the metrics of this process alone, in Prometheus's own format."""
        return await asyncio.to_thread(generate_latest, await self._families())

    async def _families(self) -> "_Families":
        stored = await self._stored.read()
        families = list(chain(self._process_families(), _stored_families(stored, self._metrics)))
        return _Families(self._metrics, families)

    async def aclose(self) -> None:
        """End a reading of the database that is still under way."""
        await self._stored.aclose()

    def _process_families(self) -> Iterator[Metric]:
        sources = self._sources
        yield gauge("requests_in_progress", "HTTP requests under way", self._metrics.requests_in_progress)
        yield from process_state.build_metrics(sources.engine.process_id)
        yield from process_state.scope_metrics(sources.scopes)
        yield from process_state.limiter_metrics(sources.rate_limiters)
        yield from process_state.database_metrics(sources.database)
        yield from process_state.loop_metrics(sources.engine)
        yield from process_state.fleet_metrics(sources.engine)
        if sources.hub is not None:
            yield from process_state.subscription_metrics(sources.hub)
        if sources.schema is not None:
            yield from process_state.document_metrics(sources.schema)


class _Families:
    """A registry for the encoder: the counters, and the families of this scrape."""

    def __init__(self, metrics: Metrics, families: list[Metric]) -> None:
        self._metrics = metrics
        self._families = families

    def collect(self) -> Iterator[Metric]:
        for family in self._metrics.registry.collect():
            # The times of creation would double the series, and say little.
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
        yield from self._families


def _stored_families(state: StoredState, metrics: Metrics) -> Iterator[Metric]:
    yield gauge("database_up", "1 if the database answered within a second", state.available)
    now = time.time()
    counts, ages = _work_by_label(state, metrics, now)
    labels = "kind state group"
    yield gauges("work", "Open work in the registry, of all processes", labels, counts.items())
    yield gauges(
        "work_oldest_seconds",
        "Age of the work that has been in its state the longest",
        labels,
        ages.items(),
    )
    flows = [([one.name, one.status, one.version], one) for one in state.workflows]
    labels = "workflow status work_version"
    yield gauges(
        "workflows",
        "Open workflows, and those that were given up, of all processes",
        labels,
        ((key, one.count) for key, one in flows),
    )
    yield gauges(
        "workflow_oldest_seconds",
        "Age of the oldest of these workflows",
        labels,
        ((key, max(0.0, now - one.oldest)) for key, one in flows),
    )
    yield gauges(
        "loop_holder",
        "1 for the process that holds a loop's lease",
        "loop process",
        (([name.removeprefix("loop/"), holder], 1) for name, holder in state.holders),
    )


def _work_by_label(
    state: StoredState, metrics: Metrics, now: float
) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], float]]:
    """The numbers and greatest ages of open work; groups without a label of their own are added up."""
    counts: dict[tuple[str, ...], int] = {}
    ages: dict[tuple[str, ...], float] = {}
    for one in state.work:
        labels = (one.kind, one.state, metrics.group_label(one.group))
        counts[labels] = counts.get(labels, 0) + one.count
        ages[labels] = max(ages.get(labels, 0.0), now - one.oldest.timestamp())
    return counts, ages
