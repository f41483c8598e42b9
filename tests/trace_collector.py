"""A collector of traces: takes OTLP over HTTP, and keeps the spans."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class KeptSpan:
    """A span as it was sent."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: int
    failed: bool
    facts: Mapping[str, Any]


class TraceCollector:
    """What a gateway has sent, in the order in which spans ended."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[KeptSpan] = []
        self.process: Mapping[str, Any] = {}
        self.bodies: list[bytes] = []
        self.paths: list[str] = []

    def named(self, name: str) -> list[KeptSpan]:
        return [span for span in self.spans if span.name == name]

    def only(self, name: str) -> KeptSpan:
        (span,) = self.named(name)
        return span

    def take(self, body: bytes) -> None:
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.process = _facts(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += map(_kept, scope.spans)


def _facts(attributes: Any) -> Mapping[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


def _kept(span: Any) -> KeptSpan:
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return KeptSpan(span.name, *ids, span.kind, span.status.code == 2, _facts(span.attributes))


@contextmanager
def collecting() -> Iterator[TraceCollector]:
    """A collector that listens while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.paths.append(self.path)
            collector.take(decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = TraceCollector(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
