"""Cross-origin reading: the origins of the settings, and nobody else."""

from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from gateway.settings.identity import IdentitySettings
from gateway.settings.server import CorsSettings

_CLIENT_HEADERS: Final = ("Cache-Control", "Content-Type", "traceparent", "tracestate", "X-Request-Id")

PREFLIGHT_SECONDS: Final = 600
"""The time for which a browser may keep the answer to a preflight request."""


def cors_middleware(cors: CorsSettings, identity: IdentitySettings) -> list[Middleware]:
    """Give the middleware that lets pages of the allowed origins read answers; none if there are no such origins.

    The identity headers of a proxy are not among the headers that a page may send: it would forge them.

    Args:
        cors: The origins, and whether their pages may send cookies.
        identity: The names of the headers that name a caller.
    """
    if not cors.allowed_origins:
        return []
    token = [identity.jwt.header] if identity.jwt is not None else []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=cors.allowed_origins,
            allow_credentials=cors.allow_credentials,
            allow_methods=("GET", "POST"),
            allow_headers=(*_CLIENT_HEADERS, identity.acting_group, *token),
            expose_headers=("Retry-After", "X-Request-Id"),
            max_age=PREFLIGHT_SECONDS,
        )
    ]
