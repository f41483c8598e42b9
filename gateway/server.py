"""Runs the application under uvicorn, with the socket's own peer address and without a word about the server."""

import gc
import logging
import math
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette

from gateway.http_protocol import limited_protocol
from gateway.settings.server import ServerSettings
from gateway.socket_protocol import MAX_MESSAGE_BYTES, PING_SECONDS, SocketProtocol

_log = logging.getLogger("sagegraph.server")


def bind_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there, for a server to run with; a port of 0 is any free one.

    Raises:
        OSError: Nobody can listen there: the port is taken or not allowed, or the host has no such address.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # A gateway that starts again must not wait until the connections of the one before it are forgotten.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def create_server(
    app: Starlette, host: str, port: int, seconds: float = 30, settings: ServerSettings | None = None
) -> uvicorn.Server:
    """Give a server that is ready to run, with a socket or without. Ports of 0 are chosen when it starts.

    Told to end, it takes no more requests and lets those that it has come to theirs: no request lasts longer than its
    `seconds` (`limits.seconds`), and two more are for saying so.

    uvicorn's proxy headers stay off: with them, a sender of X-Forwarded-For chooses the peer address that identity
    is judged by.

    Args:
        app: The application.
        host: The address to bind, unless it runs with a socket.
        port: The port, likewise.
        seconds: The longest time of a request.
        settings: Bounds of heads, connections and keep-alive; None means the defaults.
    """
    bounds = settings or ServerSettings()
    protocol = limited_protocol(bounds)
    return _GracefulServer(uvicorn.Config(app, host=host, port=port, http=protocol, **server_options(bounds, seconds)))


def server_options(settings: ServerSettings, seconds: float) -> dict[str, Any]:
    """Give uvicorn's options that every server of the gateway has; `seconds` is the longest time of a request."""
    return {
        "timeout_keep_alive": settings.keep_alive_seconds,
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "lifespan": "on",
        "ws": SocketProtocol,
        "ws_max_size": MAX_MESSAGE_BYTES,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PING_SECONDS,
        # A compressor takes as much memory for each connection as everything else.
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": math.ceil(seconds) + 2,
    }


def warm_up(app: Starlette) -> None:
    """Put together what the first client would wait for, and what garbage collections need not look through.

    What lives as long as the process took 100 ms of each full collection. Such a collection begins after 700,000 new
    objects, not after 70,000: it holds the loop for 20 ms and more, and finds little, as documents leave no cycles.
    """
    app.state.warm_up()
    gc.freeze()
    gc.set_threshold(700, 10, 100)


def server_url(running: uvicorn.Server) -> str:
    """Give the URL of a started server."""
    return socket_url(running.servers[0].sockets[0])


def socket_url(listener: Any) -> str:
    """Give the URL of a socket that listens."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _GracefulServer(uvicorn.Server):
    """A server that tells where it is, and whose end by a signal is no failure.

    uvicorn raises the signal again once it has shut down, which ends the process with a status that says it was killed:
    a supervisor would take an orderly stop for a crash.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says where: of a socket that was there before, uvicorn itself says nothing."""
        await super().startup(sockets)
        if sockets and self.started:
            _log.info("The gateway listens at %s", server_url(self))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listens for signals while it serves, and is done with them afterwards."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()
