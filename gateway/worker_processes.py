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
from typing import Final, cast

from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from gateway.app import create_app
from gateway.http_protocol import limited_protocol
from gateway.logging_setup import configure_logging
from gateway.observability.siblings import Siblings
from gateway.server import DrainingConfig, GracefulServer, server_options, socket_url, warm_up
from gateway.settings.settings import Settings, load

START_SECONDS: Final = 60
"""Seconds within which a process must answer its supervisor, from its start on: it imports for some three seconds on
a quiet machine, and longer on a busy one."""

PARENT_LOOK_SECONDS: Final = 1.0
"""The time between two looks for the supervising process."""

JOIN_SECONDS: Final = 0.5
"""The time between two looks of the ending supervisor for further signals."""

_log = logging.getLogger("sagegraph.server")


def serve_with_workers(config: Path, settings: Settings, listener: socket.socket) -> int:
    """Serve until stopped, with `server.workers` processes.

    Each process reads the settings file itself, so that no secret crosses from one to the other.

    Args:
        config: The settings file.
        settings: Its settings, as they were read before.
        listener: The socket that all of them serve.

    Returns:
        The exit status of the command: 1 if a process could not start.
    """
    with TemporaryDirectory(prefix="sagegraph-") as folder:
        supervisor = _Supervisor(_WorkerConfig(config, settings, Path(folder)), [listener])
        _log.info("The gateway listens at %s", socket_url(listener))
        supervisor.run()
    return 1 if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes) else 0


class WorkerProcess(Process):
    """A process that serves, and loses no connection at its end."""

    @property
    def server(self) -> GracefulServer:
        """The server, made in the process that runs it."""
        if self._server is None:
            self._server = GracefulServer(self.config)
        return cast(GracefulServer, self._server)


class _Supervisor(Multiprocess):
    """The supervisor of the processes that serve.

    uvicorn's own would start processes with uvicorn's own server, which drops the connections that wait for it when it
    closes. It begins further ones by further signals; those are ignored here.
    """

    handle_hup = handle_ttin = handle_ttou = None  # type: ignore[assignment]

    def init_processes(self) -> None:
        """Start them."""
        self.processes.extend(self._begin() for _ in range(self.processes_num))

    def keep_subprocess_alive(self) -> None:
        """Replace a process that has ended or hangs; give up if one cannot start, as the next could not either."""
        for index, process in enumerate(self.processes):
            if self.should_exit.is_set() or process.is_alive(timeout=self.config.timeout_worker_healthcheck):
                continue
            process.kill()
            process.join()
            if process.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
            if not self.should_exit.is_set():
                _log.error("A process of the gateway (pid %s) ended or hung; a new one replaces it.", process.pid)
                self.processes[index] = self._begin()

    def terminate_all(self) -> None:
        """Tell them to end, and let go of the socket: once the last one has closed it, nobody can connect."""
        super().terminate_all()
        _log.info("Ending the gateway's processes; a second SIGTERM skips `server.drainSeconds`.")
        for listener in self.sockets:
            listener.close()

    def join_all(self) -> None:
        """Wait until they have ended; a second SIGTERM is passed on as SIGINT, which skips the rest of their drain."""
        self.signal_queue.clear()
        for process in self.processes:
            while process.exitcode is None:
                process.process.join(JOIN_SECONDS)
                if signal.SIGTERM in self.signal_queue:
                    self.signal_queue.clear()
                    self._interrupt_all()

    def _interrupt_all(self) -> None:
        for process in self.processes:
            if process.exitcode is None and process.pid is not None:
                os.kill(process.pid, signal.SIGINT)

    def _begin(self) -> Process:
        process = WorkerProcess(self.config, self.sockets)
        process.start()
        return process


class _WorkerConfig(DrainingConfig):
    """The configuration of each process; it is pickled for a new interpreter, so all its parts can be."""

    repeat_skips = False

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
    """End this process in order once its parent is gone, as no other process would end it.

    The parent may be gone before this begins: a process imports for seconds.
    """
    while os.getppid() == parent:
        time.sleep(PARENT_LOOK_SECONDS)
    _log.error("The supervisor of this process is gone, so this process ends.")
    os.kill(os.getpid(), signal.SIGTERM)


def _create_worker_app(config: Path, folder: Path) -> Starlette:
    app = create_app(load(config, os.environ))
    app.state.siblings = Siblings(folder)
    warm_up(app)
    return app
