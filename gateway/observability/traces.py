"""Traces, if the settings name a collector and the extra `traces` is installed."""

import importlib
import importlib.util
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Final, Protocol

from starlette.datastructures import Headers
from starlette.types import Scope

from concurrency.tracing import Span, Tracer
from gateway.settings.observability import ObservabilitySettings

_TRACED: Final = frozenset({"/graphql", "/mcp"})
_UNTRACED: Final = nullcontext()


class RequestSpan(Span, Protocol):
    """The span of a request under way."""

    @property
    def trace_id(self) -> str:
        """The id of its trace, in hexadecimal digits."""

    def rename(self, name: str) -> None:
        """Change the name to a better one."""

    def fail(self, code: str) -> None:
        """Show that the request failed, with the code of its error."""


class RequestTracer(Tracer, Protocol):
    """Makes spans, those of requests among them; see gateway/observability/otlp.py."""

    def request(self, name: str, headers: Mapping[str, str]) -> AbstractContextManager[RequestSpan]:
        """Show the block as a request's span, in the trace that its headers name, if any."""


def traces_fault(settings: ObservabilitySettings) -> str | None:
    """Give the fault that stops the start: the settings name a collector, and the extra `traces` is not installed.

    None if the settings name none, or it is installed.
    """
    if settings.otlp_endpoint is None or importlib.util.find_spec("opentelemetry") is not None:
        return None
    return "observability.otlpEndpoint needs the extra `traces`; install `sagegraph[traces]`, or take the key out."


@asynccontextmanager
async def open_tracer(settings: ObservabilitySettings) -> AsyncIterator[RequestTracer | None]:
    """Give the tracer while the block runs; None if the settings name no collector."""
    if settings.otlp_endpoint is None:
        yield None
        return
    # Without a collector nothing of OpenTelemetry is loaded, which takes a quarter of a second and ten megabytes.
    otlp = importlib.import_module("gateway.observability.otlp")
    async with otlp.sending_traces(settings.otlp_endpoint) as tracer:
        yield tracer


def request_span(scope: Scope) -> AbstractContextManager[None]:
    """Show the operation of an ASGI scope as a span, which is left in the scope; an hours-long event stream is none."""
    tracer: RequestTracer | None = scope.get("state", {}).get("tracer")
    if tracer is None or scope["path"] not in _TRACED or scope["method"] != "POST":
        return _UNTRACED
    headers = Headers(scope=scope)
    streamed = scope["path"] == "/graphql" and "text/event-stream" in headers.get("accept", "")
    return _UNTRACED if streamed else _shown(tracer, scope, headers)


@contextmanager
def _shown(tracer: RequestTracer, scope: Scope, headers: Mapping[str, str]) -> Iterator[None]:
    with tracer.request("GraphQL", headers) as span:
        scope["span"] = span
        yield
