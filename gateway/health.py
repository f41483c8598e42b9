"""Health routes: liveness, and readiness to answer."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.http_errors import json_response
from registry.errors import RegistryError
from workflows.durable.engine import Engine
from workflows.durable.errors import DurableError


async def livez(_request: Request) -> Response:
    """200 as long as the event loop turns."""
    return json_response({"status": "ok"})


async def readyz(request: Request) -> Response:
    """200 once the lifespan has made everything, else 503; `degraded` while the database does not answer or write.

    AWS is not asked: a gateway without AWS still answers, and says which part is missing. A gateway without its
    database still answers questions about AWS. Durable work that waits for another version of the gateway is named: it
    makes nobody unready, but somebody should look at it.
    """
    engine: Engine | None = getattr(request.state, "engine", None)
    if engine is None:
        return json_response({"status": "starting"}, 503)
    try:
        if engine.registry_fault is not None:
            return _degraded(engine.registry_fault)
        workflows = await engine.unfinished_elsewhere()
    except RegistryError as error:
        return _degraded(error)
    except DurableError as error:
        return json_response({"status": "not ready", "reason": str(error)}, 503)
    body: dict[str, Any] = {"status": "ok"}
    if workflows:
        body["unfinishedWorkOfOtherVersions"] = [
            {"version": work.version, "name": work.name, "count": work.count} for work in workflows
        ]
    return json_response(body)


def _degraded(fault: RegistryError) -> Response:
    return json_response({"status": "degraded", "reason": str(fault)})
