"""Runs the application under uvicorn, with the socket's own peer address and without a word about the server."""

import asyncio
import logging
import math
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from auth import lookalikes
from gateway.draining import Drain, drain_on_sigterm
from gateway.garbage import GarbageCollector
from gateway.http_protocol import limited_protocol
from gateway.settings.server import ServerSettings
from gateway.socket_protocol import MAX_MESSAGE_BYTES, PING_SECONDS, SocketProtocol

HEAD_GRACE_SECONDS: Final = 0.5
"""Seconds that the heads of connections which were just taken have to arrive before the server closes them."""

_log = logging.getLogger("sagegraph.server")


def bind_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at a host and port, for a server to run with; a port of 0 is any free one.

    Raises:
        OSError: The port is taken or not allowed, or the host has no such address.
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

    Ended by SIGTERM, it serves for `server.drainSeconds`. Then it takes no more requests and waits until those under
    way
    are answered: no request lasts longer than its `seconds` (`limits.seconds`), and an error takes two more at most.

    uvicorn's proxy headers stay off: with them, a sender of X-Forwarded-For chooses the peer address that identity
    is judged by.

    Args:
        app: The application.
        host: The address to bind, unless the server runs with a socket.
        port: The port to bind, unless the server runs with a socket.
        seconds: The longest time of a request.
        settings: Bounds of heads, connections and keep-alive; None means the defaults.
    """
    bounds = settings or ServerSettings()
    protocol = limited_protocol(bounds)
    options = server_options(bounds, seconds)
    config = DrainingConfig(app, host=host, port=port, http=protocol, **options)
    config.drain_seconds = bounds.drain_seconds
    return GracefulServer(config)


def server_options(settings: ServerSettings, seconds: float) -> dict[str, Any]:
    """Give uvicorn's options that every server of the gateway has.

    Args:
        settings: The bounds of connections.
        seconds: The longest time of a request.
    """
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
    """Build the parts of an application that its first client would wait for, and begin to collect its garbage."""
    app.state.warm_up()
    lookalikes.prepare()
    app.state.garbage = GarbageCollector()
    app.state.garbage.start()


async def wait_until_started(running: uvicorn.Server, serving: "asyncio.Task[None]") -> bool:
    """Wait until a running server listens; False if it could not start.

    Args:
        running: The server.
        serving: The task that runs it.
    """
    while not running.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells of its start by a flag alone.
        await asyncio.sleep(0.02)
    return running.started


def server_url(running: uvicorn.Server) -> str:
    """Give the URL of a running server, by its first socket."""
    return socket_url(running.servers[0].sockets[0])


def socket_url(listener: Any) -> str:
    """Give the URL of a listener, a socket that is bound."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class DrainingConfig(uvicorn.Config):
    """A configuration whose server serves on for a while after SIGTERM, if its application has a drain.

    Attributes:
        drain_seconds: The seconds for which it serves on.
        repeat_skips: True if a second SIGTERM skips the rest of them.
    """

    drain_seconds: float = 0
    repeat_skips: bool = True

    def load(self) -> None:
        """Load the application; the server has its handlers of signals by now."""
        super().load()
        drain: Drain | None = getattr(getattr(self.loaded_app, "state", None), "drain", None)
        if drain is not None:
            drain_on_sigterm(drain, self.drain_seconds, repeat_skips=self.repeat_skips)


class GracefulServer(uvicorn.Server):
    """A server that logs its address, loses no connection at its end, and whose end by a signal is no failure.

    uvicorn raises the signal again once it has shut down, which ends the process with a status that says it was killed:
    a supervisor would take an orderly stop for a crash.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and log the address: for sockets that were bound before, uvicorn itself logs none."""
        await super().startup(sockets)
        if sockets and self.started:
            _log.info("The gateway listens at %s", server_url(self))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept the connections that wait at the sockets, else reset; wait for heads under way; then close."""
        spares = [listener.dup() for listener in sockets or ()]
        for server in self.servers:
            server.close()
        for spare in spares:
            with spare:
                await self._accept_waiting(spare)
        until = time.monotonic() + HEAD_GRACE_SECONDS
        headless = getattr(self.config.http_protocol_class, "headless", None)
        while headless and time.monotonic() < until:  # noqa: ASYNC110 - Connections tell nobody of their heads.
            await asyncio.sleep(0.01)
        await super().shutdown(sockets)

    async def _accept_waiting(self, listener: socket.socket) -> None:
        listener.setblocking(False)
        accepted: list[socket.socket] = []
        with suppress(BlockingIOError):
            while True:
                accepted.append(listener.accept()[0])
        # Closed before anything is awaited: further clients are refused, and go elsewhere.
        listener.close()
        for connection in accepted:
            await asyncio.get_running_loop().connect_accepted_socket(self._new_protocol, connection)

    def _new_protocol(self) -> asyncio.Protocol:
        make: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = make(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen for signals while it serves, and forget them afterwards."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()
