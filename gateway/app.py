"""Build the ASGI application; the lifespan starts the process and closes it in reverse."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, TypedDict

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from auth.middleware import Identify, IdentityMiddleware, header_identity
from auth.tokens.identity import TokenIdentity
from concurrency.background import running_beside
from gateway.bootstrap import start_process
from gateway.browser_assets.routes import asset_routes
from gateway.compression import CompressionMiddleware
from gateway.console.page import Console
from gateway.console.people import People, PeopleMiddleware
from gateway.console.routes import console_routes
from gateway.console.upload_origins import upload_origins
from gateway.context import RequestFactory
from gateway.cors import cors_middleware
from gateway.draining import Drain
from gateway.explorer.every_mutation import every_mutation
from gateway.explorer.examples import EXAMPLES, Example
from gateway.explorer.mutation_examples import MUTATION_EXAMPLES
from gateway.explorer.page import Explorer
from gateway.explorer.subscription_examples import SUBSCRIPTION_EXAMPLES
from gateway.graphql_endpoint import GraphQLEndpoint, wants_html
from gateway.graphql_shortcut import GRAPHQL_PATH, GraphQLShortcut
from gateway.health import health_routes
from gateway.host_check import HostMiddleware
from gateway.http_errors import error_response, route_error_response
from gateway.identity_provider import create_token_identity
from gateway.mcp.switch import ToolServer, mcp_endpoint
from gateway.middleware import BodyLimitMiddleware, RequestIdMiddleware
from gateway.observability.exposition import Exposition
from gateway.observability.metrics import Metrics, groups_in
from gateway.observability.routes import metrics_routes
from gateway.observability.siblings import Siblings
from gateway.observability.traces import RequestTracer, open_tracer
from gateway.readiness import Readiness
from gateway.schema_documents import schema_routes
from gateway.settings.settings import Settings
from gateway.subscriptions.hub import SubscriptionHub
from gateway.subscriptions.socket import SubscriptionSocket
from gateway.trusted_documents import TrustedDocumentFiles, trusted_document_files
from gateway.webhooks import MAX_WEBHOOK_BYTES, receive_webhook
from schema.aws_extension import AwsCallsExtension
from schema.build import GatewaySchema, build_schema
from workflows.approvals.service import Approvals
from workflows.deployments.deps import DeploymentIntervals
from workflows.durable.engine import Engine

ASSETS = Path(__file__).parent / "explorer" / "assets"
CONSOLE_ASSETS = Path(__file__).parent / "console" / "assets"


class LifespanState(TypedDict):
    """State that the lifespan leaves for requests.

    Attributes:
        request_factory: Opens requests.
        engine: Durable work.
        approvals: Reads decisions about deployments, and checks webhooks of the approval backend.
        subscriptions: The subscriptions of the process.
        metrics: The counters that requests move.
        exposition: Writes the metrics for a scrape.
        tracer: Makes spans of requests; None if the settings name no collector.
        readiness: Answers readiness probes.
        drain: Knows whether the process has been told to end.
    """

    request_factory: RequestFactory
    engine: Engine
    approvals: Approvals
    subscriptions: SubscriptionHub
    metrics: Metrics
    exposition: Exposition
    tracer: RequestTracer | None
    readiness: Readiness
    drain: Drain


def create_app(
    settings: Settings,
    *,
    examples: Sequence[Example] = (*EXAMPLES, *MUTATION_EXAMPLES, *SUBSCRIPTION_EXAMPLES),
    explorer_headers: Mapping[str, str] | None = None,
    intervals: DeploymentIntervals | None = None,
    identify: Identify | None = None,
    hosts: Collection[str] | None = None,
    people: People | None = None,
) -> Starlette:
    """Build the application for these settings.

    Args:
        settings: The settings.
        examples: GraphiQL's examples; read anew for each page, as the demo changes them.
        explorer_headers: Headers that GraphiQL shows to anyone: for the demo only.
        intervals: How often deployments are looked after; None for the usual.
        identify: Reads the caller from headers; None for the way of `settings.identity`.
        hosts: The host names that requests may be for; None for any, as a proxy in front has names of its own.
        people: The people that a browser can be at the console: for the demo only.
    """
    schema = build_schema(
        settings.limits,
        introspection=settings.introspection,
        extensions=(AwsCallsExtension,),
        only_trusted=settings.documents.mode == "only",
    )
    documents = trusted_document_files(settings.documents, schema)
    explorer = Explorer(ASSETS) if settings.explorer else None

    def listed() -> Sequence[Example]:
        return (*examples, *every_mutation(schema._schema, examples))

    endpoint = GraphQLEndpoint(schema, explorer, listed, explorer_headers, settings.server)
    tokens = create_token_identity(settings.identity)
    identify = identify or tokens or header_identity(settings.identity.header_rules())
    operations = Route(GRAPHQL_PATH, endpoint, middleware=_checked_body(settings, identify))
    routes = _routes(settings, operations, SubscriptionSocket(schema, settings, identify), identify)
    if settings.introspection:
        routes += schema_routes(schema)
    tools = mcp_endpoint(settings, schema, endpoint)
    if tools is not None:
        routes.append(Route("/mcp", tools, methods=["POST"], middleware=_checked_body(settings, identify)))
    routes += _pages(settings, explorer, people)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[LifespanState]:
        async with AsyncExitStack() as stack:
            for beside in _beside(app, tokens, documents, tools):
                await stack.enter_async_context(beside)
            yield await _start(settings, schema, stack, intervals, app)

    refuse = {HTTPException: route_error_response}
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=_middleware(settings, hosts, people, operations.app),
        exception_handlers=refuse,
    )
    # Starlette would redirect /graphql/ to an address made of the Host header, with http behind a proxy's https.
    app.router.redirect_slashes = False
    app.state.warm_up = schema.warm_up
    app.state.documents = documents
    app.state.drain = Drain()
    app.state.siblings = None
    app.state.garbage = None
    return app


def _beside(
    app: Starlette, tokens: TokenIdentity | None, documents: TrustedDocumentFiles | None, tools: ToolServer | None
) -> Iterator[AbstractAsyncContextManager[Any]]:
    """Give the blocks that run beside the process for as long as it serves."""
    if tokens is not None:
        yield tokens
    if documents is not None:
        yield documents.watched()
    if tools is not None:
        yield tools.serving()
    if app.state.garbage is not None:
        yield running_beside(app.state.garbage.run())


async def _start(
    settings: Settings,
    schema: GatewaySchema,
    stack: AsyncExitStack,
    intervals: DeploymentIntervals | None,
    app: Starlette,
) -> LifespanState:
    """Start the process on the stack, and give the state that requests find."""
    metrics = Metrics(groups_in(settings))
    metrics.tracer = tracer = await stack.enter_async_context(open_tracer(settings.observability))
    process = await start_process(settings, stack, intervals, metrics)
    if app.state.garbage is not None:
        await process.request_factory.scope_deps.load_services()
    hub = SubscriptionHub(schema, process.request_factory, settings.subscriptions, process.feed)
    stack.callback(hub.drain)
    readiness = await stack.enter_async_context(aclosing(Readiness(process.engine, app.state.drain)))
    siblings: Siblings | None = app.state.siblings if settings.observability.metrics else None
    exposition = Exposition(metrics, process.metric_sources(hub, schema), siblings)
    await stack.enter_async_context(aclosing(exposition))
    if siblings is not None:
        await stack.enter_async_context(siblings.answering(exposition.render_own))
    return {
        "request_factory": process.request_factory,
        "engine": process.engine,
        "approvals": process.approvals,
        "subscriptions": hub,
        "readiness": readiness,
        "drain": app.state.drain,
        "metrics": metrics,
        "exposition": exposition,
        "tracer": tracer,
    }


def _routes(settings: Settings, operations: Route, socket: SubscriptionSocket, identify: Identify) -> list[BaseRoute]:
    """Give the routes that every gateway has."""
    _, identity = _checked_body(settings, identify)
    webhook_body = Middleware(BodyLimitMiddleware, max_bytes=MAX_WEBHOOK_BYTES, key=None)
    return [
        operations,
        WebSocketRoute(GRAPHQL_PATH, socket, middleware=[identity]),
        *health_routes(),
        *metrics_routes(settings),
        Route("/webhooks/{backend}", receive_webhook, methods=["POST"], middleware=[webhook_body]),
    ]


def _pages(settings: Settings, explorer: Explorer | None, people: People | None) -> Iterator[BaseRoute]:
    """Give the routes of pages for browsers and of the files behind them."""
    if explorer is not None:
        yield Route("/", _to_explorer)
        yield from asset_routes(explorer.built, "/graphql/assets")
    if settings.console:
        origins = upload_origins(settings.assets.bucket, settings.aws.endpoint_url, settings.entries())
        yield from console_routes(Console(CONSOLE_ASSETS, origins), explorer=settings.explorer, people=people)


def _checked_body(settings: Settings, identify: Identify) -> list[Middleware]:
    """Give the middleware of a route that takes a caller and a body: the body's limit, and the identity."""
    body = Middleware(BodyLimitMiddleware, max_bytes=settings.limits.bytes)
    return [body, Middleware(IdentityMiddleware, identify, error_response)]


def _middleware(
    settings: Settings, hosts: Collection[str] | None, people: People | None, graphql: ASGIApp
) -> list[Middleware]:
    """Give the middleware of every request, outermost first."""
    named = [] if hosts is None else [Middleware(HostMiddleware, names=hosts)]
    chosen = [] if people is None else [Middleware(PeopleMiddleware, people)]
    cors = cors_middleware(settings.server.cors, settings.identity)
    outer = [Middleware(RequestIdMiddleware), *named, *chosen, *cors]
    compression = [Middleware(CompressionMiddleware)] if settings.server.compression else []
    return [*outer, *compression, Middleware(GraphQLShortcut, graphql)]


async def _to_explorer(request: Request) -> Response:
    """Redirect a browser to GraphiQL, by a relative address, which holds under any path prefix of a proxy."""
    if not wants_html(request):
        raise HTTPException(404)
    return RedirectResponse("graphql")
