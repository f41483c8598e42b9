"""The services that moto answers: IAM, S3, CloudWatch and Auto Scaling, called as by moto's own server."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.datastructures import Headers

from sandbox.percentiles import add_percentiles
from sandbox.requests import IncomingRequest
from sandbox.responses import HttpResponse

SERVICES = frozenset({"iam", "s3", "monitoring", "application-autoscaling"})
"""The moto services that this project calls; CloudWatch signs as ``monitoring``."""

_HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "date", "server"})


class MotoServices:
    """Moto's WSGI application on threads of its own, so that a slow answer does not hold up other requests.

    Args:
        threads: The number of threads.
    """

    def __init__(self, threads: int = 8) -> None:
        add_percentiles()
        self._app = DomainDispatcherApplication(create_backend_app)
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="sandbox-moto")

    def close(self) -> None:
        """End the threads."""
        self.threads.shutdown(wait=True, cancel_futures=True)

    def answer(self, request: IncomingRequest, host: str) -> HttpResponse:
        """Moto's answer to a request; runs on the caller's thread.

        `host` is ``name:port`` of the header Host, by which moto may tell the service.
        """
        status_line: list[str] = []
        headers: list[tuple[str, str]] = []

        def start_response(status: str, result: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
            status_line.append(status)
            headers.extend(result)
            return io.BytesIO().write

        parts = self._app(_environ(request, host), start_response)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        stored = [
            (k.lower().encode("latin-1"), v.encode("latin-1"))
            for k, v in Headers(headers)
            if k.lower() not in _HOP_BY_HOP
        ]
        return HttpResponse(int(status_line[0].split()[0]), body, stored)


def _environ(request: IncomingRequest, host: str) -> dict[str, Any]:
    name, _, port = host.partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": request.raw_path + (f"?{request.query}" if request.query else ""),
        "SERVER_NAME": name,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for key, value in request.headers.items():
        if key == "content-type":
            environ["CONTENT_TYPE"] = value
        elif key not in ("content-length", "transfer-encoding", "expect"):
            environ[f"HTTP_{key.upper().replace('-', '_')}"] = value
    return environ
