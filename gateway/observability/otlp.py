"""Traces by OpenTelemetry, sent to a collector over OTLP and HTTP. Imported only if the settings name a collector."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import SpanKind, StatusCode, use_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from concurrency.tracing import Attributes, Span, current_tracer
from gateway.version import VERSION

EXPORT_SECONDS: Final = 5.0
"""Seconds that a collector may take for a batch; spans that it does not take in time are lost."""

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class _ShownSpan:
    """A span of OpenTelemetry's."""

    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def set(self, name: str, value: str | int) -> None:
        """Add a fact."""
        self._span.set_attribute(name, value)

    def rename(self, name: str) -> None:
        """Change the name to a better one."""
        self._span.update_name(name)

    def fail(self, code: str) -> None:
        """Show that it failed."""
        self._span.set_attribute("error.type", code)
        self._span.set_status(StatusCode.ERROR)

    @property
    def trace_id(self) -> str:
        """The id of its trace, in hexadecimal digits."""
        return f"{self._span.get_span_context().trace_id:032x}"


class OtlpTracer:
    """Makes OpenTelemetry's spans.

    Args:
        provider: Sends them.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("sagegraph", VERSION)

    @contextmanager
    def span(self, name: str, attributes: Attributes, *, remote: bool = False) -> Iterator[Span]:
        """Show the block as a span below the present one.

        Args:
            name: The span's name.
            attributes: The facts that it begins with.
            remote: True for a call to another system.
        """
        kind = SpanKind.CLIENT if remote else SpanKind.INTERNAL
        with self._shown(self._tracer.start_span(name, kind=kind, attributes=attributes)) as shown:
            yield shown

    @contextmanager
    def new_trace(self, name: str, attributes: Attributes) -> Iterator[Span]:
        """Show the block as the first span, of this name and with these attributes, of a trace of its own."""
        begun = self._tracer.start_span(name, context=Context(), kind=SpanKind.INTERNAL, attributes=attributes)
        with self._traced(begun) as shown:
            yield shown

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str]) -> Iterator[_ShownSpan]:
        """Show the block as a request's span, in the trace that `traceparent` among its headers names, if any."""
        context = _PROPAGATOR.extract(headers, Context())
        with self._traced(self._tracer.start_span(name, context=context, kind=SpanKind.SERVER)) as shown:
            yield shown

    @contextmanager
    def _traced(self, begun: OtelSpan) -> Iterator[_ShownSpan]:
        token = current_tracer.set(self if begun.is_recording() else None)
        try:
            with self._shown(begun) as shown:
                yield shown
        finally:
            current_tracer.reset(token)

    @contextmanager
    def _shown(self, begun: OtelSpan) -> Iterator[_ShownSpan]:
        shown = _ShownSpan(begun)
        with use_span(begun, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield shown
            except BaseException as error:
                # Messages may repeat a client's text.
                shown.fail(getattr(error, "code", None) or type(error).__name__)
                raise


@asynccontextmanager
async def sending_traces(endpoint: str) -> AsyncIterator[OtlpTracer]:
    """Send spans to a collector while the block runs, and the rest at its end.

    Args:
        endpoint: The collector's address; `/v1/traces` is added to one without a path.
    """
    instance = f"{socket.gethostname()}:{os.getpid()}"
    facts = {"service.name": "sagegraph", "service.version": VERSION, "service.instance.id": instance}
    provider = TracerProvider(resource=Resource.create(facts), shutdown_on_exit=False)
    address = endpoint if urlsplit(endpoint).path.strip("/") else f"{endpoint.rstrip('/')}/v1/traces"
    exporter = OTLPSpanExporter(endpoint=address, timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield OtlpTracer(provider)
    finally:
        await asyncio.to_thread(provider.shutdown)
