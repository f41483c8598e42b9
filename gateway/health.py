"""Health routes: liveness, and readiness to answer."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.http_errors import json_response
from gateway.readiness import Readiness
from gateway.version import VERSION


async def livez(_request: Request) -> Response:
    """200 as long as the event loop turns, with the version."""
    return json_response({"status": "ok", "version": VERSION})


async def readyz(request: Request) -> Response:
    """Answer a request with 200 once the lifespan has made everything, else 503; `degraded` if a part is away."""
    readiness: Readiness | None = getattr(request.state, "readiness", None)
    if readiness is None:
        return json_response({"status": "starting"}, 503)
    report = await readiness.report()
    return json_response(report.body, report.status)


def health_routes() -> list[BaseRoute]:
    """Give the routes of probes, which gateways and workers have."""
    return [Route("/livez", livez), Route("/readyz", readyz)]
