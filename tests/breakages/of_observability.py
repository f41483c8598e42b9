"""Break `gateway/observability/`: metrics, traces, and the line of a request."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="observability-metrics-are-shown-through-a-proxy",
        file="gateway/observability/routes.py",
        old="if any(name in headers for name in self._proxied):",
        new="if all(name in headers for name in self._proxied):",
        tests=("tests/gateway/observability/test_routes.py",),
    ),
    Breakage(
        id="observability-labels-grow-without-end",
        file="gateway/observability/documents.py",
        old="if len(self._labels) >= self._max_labels:",
        new="if len(self._labels) < 0:",
        tests=("tests/gateway/observability/test_documents.py",),
    ),
    Breakage(
        id="observability-a-refused-document-is-named",
        file="gateway/observability/request_line.py",
        old="return names.digest(sent.query), None",
        new="return names.name(sent.query), None",
        tests=("tests/gateway/observability/test_request_line.py",),
    ),
    Breakage(
        id="observability-each-scrape-asks-the-database",
        file="gateway/observability/stored_state.py",
        old="self._clock() + KEPT_SECONDS",
        new="self._clock() - KEPT_SECONDS",
        tests=("tests/gateway/observability/test_stored_state.py",),
    ),
    Breakage(
        id="observability-a-clients-id-may-be-anything",
        file="gateway/observability/correlation.py",
        old="if len(sent) == 1 and _REQUEST_ID.fullmatch(sent[0]) else None",
        new="if len(sent) == 1 and sent[0].isascii() else None",
        tests=("tests/gateway/observability/test_correlation.py",),
    ),
    Breakage(
        id="observability-spans-tell-messages",
        file="gateway/observability/otlp.py",
        old='getattr(error, "code", None) or type(error).__name__',
        new="str(error)",
        tests=("tests/gateway/observability/test_otlp.py",),
    ),
)
