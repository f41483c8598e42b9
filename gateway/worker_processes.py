"""Serve with several processes on one socket; uvicorn starts them, replaces those that end, and ends them in order."""

import logging
import os
import signal
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from gateway.app import create_app
from gateway.http_protocol import limited_protocol
from gateway.logging_setup import configure_logging
from gateway.observability.siblings import Siblings
from gateway.server import DrainingConfig, server_options, socket_url, warm_up
from gateway.settings.settings import Settings, load

START_SECONDS: Final = 60
"""Seconds within which a process must answer its supervisor, from its start on: it imports for some three seconds on
a quiet machine, and longer on a busy one."""

PARENT_LOOK_SECONDS: Final = 1.0
"""The time between two looks for the supervising process."""

_log = logging.getLogger("sagegraph.server")


def serve_with_workers(config: Path, settings: Settings, listener: socket.socket) -> int:
    """Serve until stopped, with `server.workers` processes; gives the exit status of the command.

    Each process reads the settings file itself, so that no secret crosses from one to the other.

    Args:
        config: The settings file.
        settings: Its settings, as they were read before.
        listener: The socket that all of them serve.
    """
    with TemporaryDirectory(prefix="sagegraph-") as folder:
        supervisor = _Supervisor(_WorkerConfig(config, settings, Path(folder)), [listener])
        _log.info("The gateway listens at %s", socket_url(listener))
        supervisor.run()
    return 1 if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes) else 0


class _Supervisor(Multiprocess):
    """The supervisor of the processes that serve."""

    def terminate_all(self) -> None:
        """Tell them to end, and let go of the socket: once the last one has closed it, nobody can connect."""
        super().terminate_all()
        for listener in self.sockets:
            listener.close()


class _WorkerConfig(DrainingConfig):
    """The configuration of each process; it is pickled for a new interpreter, so it holds nothing that cannot be."""

    def __init__(self, config: Path, settings: Settings, folder: Path) -> None:
        app, server = partial(_create_worker_app, config, folder), settings.server
        self._log_level = settings.observability.level
        options = server_options(server, settings.limits.seconds) | {"timeout_worker_healthcheck": START_SECONDS}
        super().__init__(app, factory=True, workers=server.workers, **options)
        self._server_settings = server
        self.drain_seconds = server.drain_seconds
        self._supervisor = os.getpid()

    def load(self) -> None:
        """Choose the protocol, whose class is made in each process, and end with the process that has started it."""
        self.http = limited_protocol(self._server_settings)
        threading.Thread(target=_end_with_parent, args=(self._supervisor,), daemon=True).start()
        super().load()

    def configure_logging(self) -> None:
        """Log as the command does."""
        configure_logging(human_readable=sys.stderr.isatty(), level=self._log_level)


def _end_with_parent(parent: int) -> None:
    """End this process in order once the one that has started it is gone, which would otherwise be nobody's to end.

    It may be gone before this begins: a process imports for seconds.
    """
    while os.getppid() == parent:
        time.sleep(PARENT_LOOK_SECONDS)
    _log.error("The process that supervises this one is gone; it ends.")
    os.kill(os.getpid(), signal.SIGTERM)


def _create_worker_app(config: Path, folder: Path) -> Starlette:
    app = create_app(load(config, os.environ))
    app.state.siblings = Siblings(folder)
    warm_up(app)
    return app
