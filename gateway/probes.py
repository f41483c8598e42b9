"""Probes of a process that serves no GraphQL: `/livez` and `/readyz` on a port of their own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from gateway.health import health_routes
from gateway.http_errors import route_error_response
from gateway.server import bind_socket, socket_url


class Probes:
    """The probes' server while it runs.

    Attributes:
        url: Its address.

    Args:
        server: The server.
        url: Its address.
    """

    def __init__(self, server: uvicorn.Server, url: str) -> None:
        self._server = server
        self.url = url

    def show(self, **state: Any) -> None:
        """Let the routes see these values as the state of their requests, by their names there."""
        self._server.lifespan.state.update(state)


class _QuietServer(uvicorn.Server):
    """A server that leaves signals to its process, and has `serving` set once it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set `serving`."""
        await super().startup(sockets)
        self.serving.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving_probes(host: str, port: int, routes: Sequence[BaseRoute] = ()) -> AsyncIterator[Probes]:
    """Serve probes while the block runs; before `Probes.show` they answer `starting`.

    Args:
        host: The address to bind.
        port: The port; 0 takes a free one.
        routes: Further routes.

    Raises:
        OSError: The port cannot be listened at.
    """
    app = Starlette(routes=[*health_routes(), *routes], exception_handlers={HTTPException: route_error_response})
    options: dict[str, Any] = {"proxy_headers": False, "server_header": False, "access_log": False, "log_config": None}
    server = _QuietServer(uvicorn.Config(app, **options, lifespan="on", ws="none", timeout_graceful_shutdown=1))
    with bind_socket(host, port) as listener:
        task = asyncio.create_task(server.serve([listener]))
        try:
            await server.serving.wait()
            yield Probes(server, socket_url(listener))
        finally:
            server.should_exit = True
            await task
