"""Start the process: build in order the parts that requests and durable work share, and close them in reverse."""

import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from auth.credentials.signing import new_data_loader
from auth.credentials.store import CredentialStore
from auth.policy import Policy
from aws.client.operations import SAGEMAKER_OPERATIONS
from aws.client.rate_limit import RateLimiters
from aws.client.service_models import LeanLoader
from aws.inventory.inventory import InventoryConfig
from aws.scopes import ScopePool
from concurrency.call_observer import UNOBSERVED, CallObserver
from gateway.context import RequestFactory
from gateway.entered_credentials import EnteredScopes
from gateway.group_scopes import GroupScopes
from gateway.live_processes import track_live_processes
from gateway.observability.exposition import MetricSources
from gateway.observability.metrics import Metrics
from gateway.scope_opener import ScopeDeps
from gateway.settings.fingerprint import settings_fingerprint
from gateway.settings.settings import Settings
from gateway.settled_facts import SettledFacts
from gateway.subscriptions.hub import SubscriptionHub
from gateway.version import VERSION
from gateway.warming import Warmer
from registry.change_feed import ChangeFeed
from registry.database import Database
from resolvers.caller_limits import CallerLimiter
from resolvers.job_link_cache import JobLinkCache
from resolvers.mutations.abandoned import INTERVAL_SECONDS, AbandonedMutations
from resolvers.services import Services
from schema.build import GatewaySchema
from workflows.approvals.backend import BackendDeps
from workflows.approvals.service import Approvals, open_backend
from workflows.deployments.decisions import DeploymentDecider
from workflows.deployments.deps import DeploymentDeps, DeploymentIntervals
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.scheduler import WorkScheduler
from workflows.durable.engine import Engine
from workflows.durable.fleet import ProcessInfo
from workflows.imports import runs
from workflows.imports.default_snapshot import DefaultSnapshots
from workflows.imports.plan import ImportPlanner
from workflows.imports.runner import IMPORT_WORKFLOW as IMPORT
from workflows.imports.runner import ImportRunner
from workflows.notifications.delivery import WebhookDeliverer, WebhookTimings
from workflows.notifications.sender import WebhookSender
from workflows.notifications.webhooks import webhooks_of
from workflows.retention import serve_retention

_log = logging.getLogger("sagegraph.server")


@dataclass(frozen=True, slots=True)
class Process:
    """A process that is ready.

    Attributes:
        request_factory: Opens requests.
        engine: Durable work.
        approvals: Reads decisions about deployments.
        feed: Hears of records that other processes change.
    """

    request_factory: RequestFactory
    engine: Engine
    approvals: Approvals
    feed: ChangeFeed

    def metric_sources(self, hub: SubscriptionHub | None = None, schema: GatewaySchema | None = None) -> MetricSources:
        """Give the parts that metrics show; hub and schema are those of a process that serves, None in a worker."""
        deps, database = self.request_factory.scope_deps, self.request_factory.services.database
        return MetricSources(deps.scopes, deps.rate_limiters, database, self.engine, hub, schema)


async def start_process(
    settings: Settings,
    stack: AsyncExitStack,
    intervals: DeploymentIntervals | None = None,
    metrics: Metrics | None = None,
) -> Process:
    """Build everything that lives as long as the process; the stack closes it.

    Args:
        settings: The settings.
        stack: Closes it.
        intervals: How often deployments are looked after; None for the usual.
        metrics: Counts calls to AWS and steps of durable work; None for counters that nobody sees.

    Raises:
        registry.errors.RegistryError: The database is behind, or away.
        workflows.durable.errors.DurableError: Durable work cannot begin.
    """
    _log.info("SageGraph %s is starting", VERSION, extra={"version": VERSION})
    url, metrics = settings.database.address(), metrics or Metrics()
    database, deliverer = await _open_registry(settings, stack, metrics)
    scope_deps = await _kept_scope_deps(settings, stack, metrics, database)
    await stack.enter_async_context(Warmer(scope_deps, settings.sagemaker.warm).running())
    defaults = DefaultSnapshots(database, scope_deps.policy, settings.imports.default_instance_type)
    info = ProcessInfo(settings=settings_fingerprint(settings))
    groups = GroupScopes(scope_deps, info.access)
    deps = BackendDeps(database, groups, info.access)
    approval = settings.deployments.approval.value
    backend = await stack.enter_async_context(open_backend(approval, settings.approval_config, deps))
    rules, scheduler, pace = settings.deployments, WorkScheduler(), intervals or DeploymentIntervals()
    lifecycle = Lifecycle(DeploymentDeps(database, scope_deps.policy, groups, rules, scheduler, backend, pace, metrics))
    importing = ImportRunner(database, groups, defaults, lifecycle.starter)
    bodies = {IMPORT: importing.run, **lifecycle.workflows, **deliverer.workflows}
    engine = await stack.enter_async_context(Engine(url, database, bodies, observer=metrics, info=info))
    runs.watch_runs(engine, database)
    await stack.enter_async_context(track_live_processes(database, scope_deps.rate_limiters))
    lifecycle.serve(engine)
    engine.every("forgotten-acts", INTERVAL_SECONDS, AbandonedMutations(database).run_once)
    deliverer.serve(engine)
    serve_retention(engine, database, groups, settings.retention)
    approvals = Approvals(backend, DeploymentDecider(lifecycle.deps))
    await approvals.serve(engine, stack)
    services = Services(
        settings=settings,
        database=database,
        engine=engine,
        importing=importing,
        lifecycle=lifecycle,
        planning=ImportPlanner(database, scope_deps.policy, defaults),
        open_entered=EnteredScopes(scope_deps).open,
        job_links=await stack.enter_async_context(JobLinkCache(database).running()),
    )
    request_factory = RequestFactory(scope_deps, settings.limits, services, CallerLimiter(settings.limits.callers))
    stack.push_async_callback(request_factory.close)
    feed = await stack.enter_async_context(ChangeFeed(database).running())
    return Process(request_factory, engine, approvals, feed)


async def _open_registry(
    settings: Settings, stack: AsyncExitStack, metrics: Metrics
) -> tuple[Database, WebhookDeliverer]:
    """Open the database, which keeps the events for webhooks, and give the part that delivers them."""
    webhooks, timings = webhooks_of(settings.notifications.webhooks), WebhookTimings()
    wanted = {webhook.id: webhook.filter for webhook in webhooks}
    opened = Database(settings.database.address(), settings.database.pool_size, wanted)
    database = await stack.enter_async_context(opened)
    sender = await stack.enter_async_context(WebhookSender(timings.timeout, f"SageGraph/{VERSION}"))
    return database, WebhookDeliverer(database, webhooks, sender, timings, metrics.on_delivery)


async def _kept_scope_deps(
    settings: Settings, stack: AsyncExitStack, observer: CallObserver, database: Database
) -> ScopeDeps:
    """Give the dependencies of scopes, whose settled facts are kept in the database."""
    settled_facts = SettledFacts(database)
    await stack.enter_async_context(settled_facts.kept())
    return replace(await _scope_deps(settings, stack, observer), settled_facts=settled_facts)


async def _scope_deps(settings: Settings, stack: AsyncExitStack, observer: CallObserver = UNOBSERVED) -> ScopeDeps:
    loader, endpoint_url = LeanLoader(new_data_loader(), {"sagemaker": SAGEMAKER_OPERATIONS}), settings.aws.endpoint_url
    store = CredentialStore(settings.entries(), endpoint_url=endpoint_url, data_loader=loader, observer=observer)
    await stack.enter_async_context(store)
    scopes = ScopePool(settings.limits.scopes, settings.sagemaker.memory)
    stack.push_async_callback(scopes.close)
    return ScopeDeps(
        policy=Policy(settings.entries(), settings.permissions),
        store=store,
        scopes=scopes,
        endpoint_url=endpoint_url,
        data_loader=loader,
        rate_limiters=RateLimiters(),
        inventory_config=_inventory_config(settings),
        observer=observer,
    )


def _inventory_config(settings: Settings) -> InventoryConfig:
    return InventoryConfig(settings.sagemaker, settings.limits.scan, settings.sagemaker.search)
