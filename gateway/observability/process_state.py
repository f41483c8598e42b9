"""The state of this process at a scrape: caches, scopes, the rate limiter, pools, loops, subscriptions, documents."""

import platform
from collections import Counter
from collections.abc import Iterator, Mapping

from prometheus_client.core import Metric

from aws.client.rate_limit import RateLimiters
from aws.scopes import ScopePool
from gateway.observability.families import counter, counters, gauge, gauges
from gateway.subscriptions.hub import SubscriptionHub
from gateway.version import VERSION
from registry.database import Database
from schema.build import GatewaySchema
from workflows.durable.access import describe_subject
from workflows.durable.context import APPLICATION_VERSION
from workflows.durable.engine import Engine

MAX_LIMITERS = 500


def build_metrics(process_id: str) -> Iterator[Metric]:
    """Give the version, and the id under which this process holds leases."""
    build = [VERSION, platform.python_version(), process_id, APPLICATION_VERSION]
    yield gauges(
        "build_info",
        "This process: its version, the id by which it holds leases, and the version of durable work that it runs",
        "version python process work_version",
        [(build, 1)],
    )


def scope_metrics(scopes: ScopePool) -> Iterator[Metric]:
    """Give the metrics of scopes and of their inventories."""
    yield gauge("scopes", "Open scopes (account, region, role)", len(scopes))
    yield gauge("scopes_in_use", "Scopes that a request or subscription uses", scopes.in_use)
    yield counter("scope_evictions", "Scopes closed for want of room", scopes.evicted)
    yield gauge("inventory_bytes", "Bytes of all that is known of AWS", scopes.bytes)
    states = sorted(scopes.cache_states().items())
    yield counters("cache_hits", "Values that were known", "cache", (([name], one.hits) for name, one in states))
    yield counters(
        "cache_misses", "Values that AWS was asked for", "cache", (([name], one.misses) for name, one in states)
    )
    yield gauges("cache_entries", "Values kept", "cache", (([name], one.entries) for name, one in states))
    yield gauges("cache_bytes", "Bytes of values kept", "cache", (([name], one.bytes) for name, one in states))


def limiter_metrics(limiters: RateLimiters) -> Iterator[Metric]:
    """Give the metrics of the rate limiter, of operations that AWS has throttled."""
    yield gauge("live_processes", "Processes that share the accounts' rates", limiters.share)
    throttled = [(key, one) for key, one in limiters if one.throttled][:MAX_LIMITERS]
    labels = "account region operation"
    yield counters(
        "aws_throttled", "Calls that AWS throttled", labels, ((key, one.throttled) for key, one in throttled)
    )
    yield gauges(
        "rate_limiter_rate",
        "Calls a second that are let through; absent if nothing is held back",
        labels,
        ((key, one.rate) for key, one in throttled if one.rate is not None),
    )
    yield gauges(
        "rate_limiter_waiting", "Calls that are held back now", labels, ((key, one.waiting) for key, one in throttled)
    )


def database_metrics(database: Database) -> Iterator[Metric]:
    """Give the metrics of the database's pools, and of the audit events that this process has kept."""
    pools = database.pools()
    yield gauges(
        "database_connections_in_use", "Connections in use", "pool", (([one.name], one.in_use) for one in pools)
    )
    yield gauges(
        "database_connections_max", "Connections that may be open", "pool", (([one.name], one.size) for one in pools)
    )
    yield counters(
        "audit_events", "Audit events kept by this process", "action outcome", sorted(database.audited.items())
    )


def loop_metrics(engine: Engine) -> Iterator[Metric]:
    """Give the metrics of the engine's loops, each of which runs in one process of the fleet."""
    loops = engine.loops
    yield gauges(
        "loop_leading", "1 if this process runs the loop", "loop", (([one.name], one.leading) for one in loops)
    )
    yield counters("loop_passes", "Turns that ended well", "loop", (([one.name], one.passes) for one in loops))
    yield counters("loop_failures", "Turns that failed", "loop", (([one.name], one.failures) for one in loops))
    yield gauges(
        "loop_last_success_timestamp_seconds",
        "When this process last ended a turn well, in seconds since 1970",
        "loop",
        (([one.name], one.last_success) for one in loops if one.last_success is not None),
    )


def fleet_metrics(engine: Engine) -> Iterator[Metric]:
    """Give the metrics of work that the engine leaves to other processes, and of work that it does for them."""
    fleet = engine.fleet
    subjects = [describe_subject(subject) for subject in fleet.access.faults]
    yield gauges(
        "no_access",
        "1 for what this process has no access to: the AWS of a group, or the approval backend",
        "kind name account region",
        ((_subject_labels(subject), 1) for subject in subjects),
    )
    yield counter("access_failures", "Times at which this process lost access, or never had it", fleet.access.failures)
    yield counter("work_handed_over", "Pieces of durable work handed to another process", fleet.handed_over)
    yield gauges(
        "loop_helping",
        "Subjects of a loop that this process does because its leader has no access",
        "loop",
        (([one.name], one.helping) for one in engine.loops if one.helping),
    )
    blocks = Counter(block for difference in fleet.settings_differences() for block in difference.blocks)
    yield gauges(
        "settings_differ",
        "Live processes whose settings differ from those of this one, by block",
        "block",
        (([block], count) for block, count in sorted(blocks.items())),
    )


def _subject_labels(subject: Mapping[str, str]) -> list[str]:
    if "approvals" in subject:
        return ["approvals", subject["approvals"], "", ""]
    return ["group", subject["group"], subject["accountId"], subject["region"]]


def subscription_metrics(hub: SubscriptionHub) -> Iterator[Metric]:
    """Give the metrics of the hub's connections, subscriptions and events."""
    yield gauge("subscriptions", "Subscriptions", hub.subscriptions)
    yield gauge("subscription_connections", "WebSockets and event streams with subscriptions", hub.connections)
    yield counter("subscription_events", "Events sent to subscribers", hub.events)
    yield counters(
        "subscription_errors",
        "Errors of subscriptions and their events",
        "code",
        (([code], count) for code, count in sorted(hub.errors.items())),
    )
    yield counter("subscription_connections_refused", "WebSockets and event streams above a limit", hub.refused)


def document_metrics(schema: GatewaySchema) -> Iterator[Metric]:
    """Give the metrics of the schema's documents: their cache, and how they are executed."""
    executor, cache = schema.documents.executor, schema.documents.cache
    yield gauge("documents_cached", "Parsed documents kept", len(cache))
    yield gauge("document_cache_bytes", "Bytes of parsed documents kept", cache.bytes)
    yield counter("documents_planned", "Operations that were answered level by level", executor.planned)
    yield counters(
        "documents_refused",
        "Operations that were left to graphql-core, by the reason",
        "reason",
        (([reason], count) for reason, count in sorted(executor.refused.items())),
    )
