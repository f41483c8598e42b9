"""A process that has the application imported and forks others: `python -m tests.processes.fork_server SOCKET`.

It is given the number of an open socket that listens. Whoever connects sends one line of JSON (`Order`) and, with it,
the three streams of the new process. The answers are lines, too: the number of the process, and how it ended. Whoever
hangs up has it killed; and all are killed when the standard input of this process ends.

A fork is told from `python -m MODULE …` by nothing but its parent: it has the order's environment and streams, the
signals of a new interpreter, and it ends as an interpreter ends. This process has one thread and no event loop.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import warnings
from dataclasses import dataclass
from typing import Final

from tests.worked_out import worked_out_once

MODULES: Final = (
    "gateway.__main__",
    "gateway.app",
    "gateway.commands.check",
    "gateway.commands.database_check",
    "gateway.commands.demo",
    "gateway.commands.migrate",
    "gateway.commands.sandbox",
    "gateway.commands.serve",
    "gateway.commands.worker",
    "gateway.bootstrap",
    "tests.live.jira_worker",
    "tests.live.crashing_gateway",
    "tests.registry.lock_holder",
    "tests.upgrades.migrated_gateway",
    "tests.workflows.deployments.worker",
    "tests.workflows.durable.migrating",
    "tests.workflows.durable.worker",
)
"""What is imported before the first fork: each module that is ever run, and what commands import when they run."""
_LARGEST: Final = 65_536


@dataclass(frozen=True, slots=True)
class Order:
    """A process to start.

    Attributes:
        module: What runs, as `python -m` runs it.
        arguments: The arguments behind it.
        environment: The whole environment.
    """

    module: str
    arguments: list[str]
    environment: dict[str, str]


class ForkServer:
    """Takes orders from a socket that listens, forks, and tells how forks ended."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._forks: dict[int, socket.socket] = {}

    def serve(self) -> Order | None:
        """Serves until standard input ends; in each fork, it returns what to run there."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno())
        while True:
            watched: list[int | socket.socket] = [0, self._listener, self._woken, *self._forks.values()]
            for ready in select.select(watched, (), ())[0]:
                if isinstance(ready, int):
                    self._end()
                    return None
                if ready is self._listener:
                    order = self._take()
                    if order is not None:
                        return order
                elif ready is self._woken:
                    self._woken.recv(_LARGEST)
                    self._bury()
                else:
                    self._kill(ready)

    def _take(self) -> Order | None:
        """Takes an order and forks; what comes back is an order in the fork alone."""
        connection, _ = self._listener.accept()
        data, streams, _, _ = socket.recv_fds(connection, _LARGEST, 3)
        while not data.endswith(b"\n"):
            data += connection.recv(_LARGEST)
        pid = os.fork()
        if pid:
            for stream in streams:
                os.close(stream)
            self._forks[pid] = connection
            connection.sendall(b"%d\n" % pid)
            return None
        self._leave(connection)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        return Order(**json.loads(data))

    def _leave(self, connection: socket.socket) -> None:
        """Lets go, in a fork, of what is the server's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for item in (connection, self._listener, self._woken, self._wake, *self._forks.values()):
            item.close()

    def _bury(self) -> None:
        """Tells of each fork that has ended."""
        for pid, connection in list(self._forks.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._forks[pid]
                with connection:
                    _tell(connection, b"%d\n" % os.waitstatus_to_exitcode(status))

    def _kill(self, connection: socket.socket) -> None:
        """Kills the fork whose master has hung up."""
        for pid, known in self._forks.items():
            if known is connection and not connection.recv(_LARGEST):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                del self._forks[pid]
                connection.close()
                return

    def _end(self) -> None:
        for pid, connection in self._forks.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            connection.close()
        self._listener.close()


def _tell(connection: socket.socket, line: bytes) -> None:
    try:
        connection.sendall(line)
    except OSError:
        # Nobody listens any more.
        return


def become(order: Order) -> None:
    """Makes of a fork what `python -m` would have started, and runs it."""
    os.environ.clear()
    os.environ.update(order.environment)
    for action in filter(None, order.environment.get("PYTHONWARNINGS", "").split(",")):
        # Only actions by themselves, such as `default`, are asked for here.
        warnings.simplefilter(action)  # type: ignore[arg-type]  # It says itself what it does not know.
    if order.environment.get("PYTHONUNBUFFERED"):
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(write_through=True)  # type: ignore[union-attr]  # These are an interpreter's own.
    sys.argv = [order.module, *order.arguments]
    # What runs is made anew, as `__main__`.
    package = hasattr(sys.modules.get(order.module), "__path__")
    sys.modules.pop(f"{order.module}.__main__" if package else order.module, None)
    runpy.run_module(order.module, run_name="__main__", alter_sys=True)


def main() -> None:
    for name in MODULES:
        importlib.import_module(name)
    server = ForkServer(socket.socket(fileno=int(sys.argv[1])))
    # As in the tests themselves, which may share what is in AWS with a fork.
    with worked_out_once() as work_out:
        work_out()
        # Forks share what is there now with this process for as long as nobody writes to it.
        gc.collect()
        gc.freeze()
        order = server.serve()
        if order is not None:
            become(order)


if __name__ == "__main__":
    main()
