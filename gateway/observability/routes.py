"""`/metrics`: for scrapers of the process itself, and not for clients that a proxy lets in."""

import hmac
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.http_errors import error_response
from gateway.observability.exposition import Exposition
from gateway.settings.settings import Settings

_PROXY_HEADERS: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


class MetricsRoute:
    """Answers `GET /metrics`.

    Without a token, a request that a proxy has passed on is refused: a proxy that forwards every path shows nobody how
    the gateway does.

    Args:
        settings: The settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._token: SecretStr | None = settings.observability.metrics_token
        self._proxied = (*_PROXY_HEADERS, settings.identity.user.lower())

    async def answer(self, request: Request) -> Response:
        """Answer a request with the metrics in Prometheus's text format, or in OpenMetrics."""
        exposition: Exposition | None = getattr(request.state, "exposition", None)
        request_id = request.scope.get("request_id")
        if exposition is None:
            return error_response(503, "The gateway is starting; ask again.", "UPSTREAM_UNAVAILABLE", request_id)
        if (refusal := self._refusal(request.headers)) is not None:
            status, message, code = refusal
            headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
            return error_response(status, message, code, request_id, headers)
        text, media_type = await exposition.render(request.headers.get("accept", ""))
        return Response(text, headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    def _refusal(self, headers: Mapping[str, str]) -> tuple[int, str, str] | None:
        if self._token is not None:
            sent = headers.get("authorization", "").encode("latin-1", "replace")
            if hmac.compare_digest(sent, f"Bearer {self._token.get_secret_value()}".encode()):
                return None
            return 401, "Metrics need the bearer token of `observability.metricsToken`.", "UNAUTHENTICATED"
        if any(name in headers for name in self._proxied):
            message = (
                "Metrics are not shown through a proxy; ask the gateway itself, or set `observability.metricsToken`."
            )
            return 403, message, "FORBIDDEN"
        return None


def metrics_routes(settings: Settings) -> list[Route]:
    """Give the route of metrics, unless the settings turn them off."""
    return [Route("/metrics", MetricsRoute(settings).answer, methods=["GET"])] if settings.observability.metrics else []
