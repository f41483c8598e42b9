"""Serves the built files of a page under one path, and nothing else from the disk."""

from pathlib import PurePath
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.browser_assets.built_files import BuiltFiles

# Written out, as the machine's own table of types differs from one to the next.
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf"}

_HEADERS: Final = {
    # A file's name carries the hash of its content, so the content of a name never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


def asset_routes(built: BuiltFiles, path: str) -> list[BaseRoute]:
    """Give the routes of built files below a path such as `/graphql/assets`; none if the files are missing."""

    # Not async: Starlette then looks at the disk in a thread, off the serving loop.
    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in built.files:
            raise HTTPException(404)
        return _file(built, name, gzip=_takes_gzip(request))

    return [Route(f"{path}/{{name}}", asset, methods=["GET"])] if built.available else []


def _file(built: BuiltFiles, name: str, *, gzip: bool) -> Response:
    path = built.folder / (f"{name}.gz" if gzip else name)
    if not path.is_file():
        raise HTTPException(404)
    encoding = {"Content-Encoding": "gzip"} if gzip else {}
    return FileResponse(path, media_type=_TYPES[PurePath(name).suffix], headers={**_HEADERS, **encoding})


def _takes_gzip(request: Request) -> bool:
    accepted = request.headers.get("Accept-Encoding", "").lower().split(",")
    return any(coding.partition(";")[0].strip() == "gzip" and "q=0" not in coding for coding in accepted)
