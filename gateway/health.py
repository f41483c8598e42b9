"""Whether the process lives, and whether it is ready to answer."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


async def livez(_request: Request) -> Response:
    """200 as long as the event loop turns."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """200 once the lifespan has made everything, 503 before and after.

    AWS is not asked: a gateway without AWS still answers, and says which part is missing.
    """
    ready = getattr(request.state, "door", None) is not None
    return JSONResponse({"status": "ok" if ready else "starting"}, status_code=200 if ready else 503)
