"""A server on a thread of its own, ready once it is started and ended at once."""

import socket
import threading
from typing import Self

import uvicorn

from sandbox.asgi import AsgiApp, ClosableHttpProtocol

START_SECONDS = 20.0


def server_config(app: AsgiApp) -> uvicorn.Config:
    """Configure uvicorn for an app: no lifespan, no logs, and connections that requests can close."""
    return uvicorn.Config(
        app,
        http=ClosableHttpProtocol,
        loop="uvloop",
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        timeout_keep_alive=60,
        backlog=4096,
        date_header=True,
        server_header=False,
    )


class ThreadedServer(uvicorn.Server):
    """uvicorn on a thread, which tells when it is ready and can be cut off at once; made by :meth:`start`.

    Args:
        app: The ASGI application.
    """

    def __init__(self, app: AsgiApp) -> None:
        super().__init__(server_config(app))
        self.url = ""
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def start(cls, app: AsgiApp, port: int, name: str) -> Self:
        """Serve on 127.0.0.1, ready when this returns.

        Args:
            app: The ASGI application.
            port: The port; 0 for any free one.
            name: The thread's name.

        Raises:
            OSError: The port is taken.
        """
        server = cls(app)
        listener = _listen(port)
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server._thread = threading.Thread(target=server.run, args=([listener],), name=name, daemon=True)
        server._thread.start()
        server._ready.wait(START_SECONDS)
        return server

    def stop(self) -> None:
        """Close every connection and the port, and end the thread; requests under way are cut off."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, and let :meth:`start` return."""
        await super().startup(sockets)
        self._ready.set()

    async def on_tick(self, counter: int) -> bool:
        """Tell whether to end: when :meth:`stop` was called, or as uvicorn decides."""
        return self._stopping.is_set() or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End without waiting for open connections."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        self.force_exit = True
        await super().shutdown(sockets)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener
