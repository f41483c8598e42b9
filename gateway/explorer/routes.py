"""Serves the explorer's built files under /graphql/assets/, and nothing else from the disk."""

from pathlib import PurePath
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.explorer.page import Explorer

# Written out, as the machine's own table of types differs from one to the next.
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf"}

_HEADERS: Final = {
    # A file's name carries the hash of its content, so what it holds never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


def routes(explorer: Explorer) -> list[BaseRoute]:
    """The routes for the explorer's files; none where its assets are missing."""

    # Not async: Starlette then looks at the disk in a thread, off the serving loop.
    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in explorer.files:
            raise HTTPException(404)
        return _file(explorer, name, gzip=_takes_gzip(request))

    return [Route("/graphql/assets/{name}", asset, methods=["GET"])] if explorer.available else []


def _file(explorer: Explorer, name: str, *, gzip: bool) -> Response:
    path = explorer.assets / (f"{name}.gz" if gzip else name)
    if not path.is_file():
        raise HTTPException(404)
    encoding = {"Content-Encoding": "gzip"} if gzip else {}
    return FileResponse(path, media_type=_TYPES[PurePath(name).suffix], headers={**_HEADERS, **encoding})


def _takes_gzip(request: Request) -> bool:
    accepted = request.headers.get("Accept-Encoding", "").lower().split(",")
    return any(coding.partition(";")[0].strip() == "gzip" and "q=0" not in coding for coding in accepted)
