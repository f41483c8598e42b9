"""Runs the application under uvicorn, with the socket's own peer address and without a word about the server."""

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from gateway.connection import Connection


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """A server that is ready to run. Ports of 0 are chosen when it starts.

    uvicorn's proxy headers stay off: with them, whoever may set X-Forwarded-For chooses the peer address that identity
    is judged by.
    """
    return _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=Connection,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="none",
            timeout_graceful_shutdown=10,
        )
    )


def address(running: uvicorn.Server) -> str:
    """Where a started server listens, as a URL."""
    host, port = running.servers[0].sockets[0].getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _Server(uvicorn.Server):
    """A server whose end by a signal is no failure.

    uvicorn raises the signal again once it has shut down, which ends the process with a status that says it was killed:
    a supervisor would take an orderly stop for a crash.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listens for signals while it serves, and is done with them afterwards."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()
