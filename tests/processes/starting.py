"""Starts processes of the tests: `python -m MODULE …` within milliseconds, as forks of one that has it imported."""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio import StreamReader, StreamReaderProtocol, StreamWriter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PIPE: Final = subprocess.PIPE
ADDRESS: Final = "SAGEGRAPH_TEST_FORK_SERVER"
_LOCK: Final = Lock()


class _Line(asyncio.Protocol):
    """What the fork server says of a process."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.pid: asyncio.Future[int] = loop.create_future()
        self.status: asyncio.Future[int] = loop.create_future()
        self._said = b""

    def data_received(self, data: bytes) -> None:
        self._said += data
        if not self.pid.done() and b"\n" in data:
            self.pid.set_result(int(self._said.split()[0]))

    def connection_lost(self, _error: Exception | None) -> None:
        """Tells the status only now, when nothing is open any more."""
        try:
            self.status.set_result(int(self._said.split()[1]))
        except IndexError:
            self.status.cancel()
            self.pid.cancel()


class Process:
    """A process that runs; to be used as one of `asyncio.subprocess`.

    Attributes:
        pid: Its number.
        stdin: Where to write to it, if that was asked for.
        stdout: What it says, if that was asked for.
        stderr: What it says on standard error, if that was asked for.
    """

    def __init__(self, line: _Line, streams: Mapping[str, StreamReader], stdin: StreamWriter | None) -> None:
        self.pid = line.pid.result()
        self.stdin = stdin
        self.stdout = streams.get("stdout")
        self.stderr = streams.get("stderr")
        self._line = line

    @property
    def returncode(self) -> int | None:
        """How it has ended; None while it has not."""
        return self._line.status.result() if self._line.status.done() else None

    async def wait(self) -> int:
        """How it ends, once it has."""
        return await asyncio.shield(self._line.status)

    async def communicate(self) -> tuple[bytes, bytes]:
        """The rest of what it says on standard output and standard error, once it has ended."""
        data, complained, _ = await asyncio.gather(_rest(self.stdout), _rest(self.stderr), self.wait())
        if self.stdin is not None:
            self.stdin.close()
            with suppress(ConnectionError):
                await self.stdin.wait_closed()
        return data, complained

    def send_signal(self, number: signal.Signals) -> None:
        """Sends it a signal, if it is still there."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kills it, if it is still there."""
        self.send_signal(signal.SIGKILL)


async def start(
    module: str,
    *arguments: str,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Starts `python -m MODULE …`; its streams are pipes or this process's own, and so is its environment."""
    own: dict[str, int] = {}
    other: list[int] = []
    for number, (name, wanted) in enumerate({"stdin": stdin, "stdout": stdout, "stderr": stderr}.items()):
        if wanted == PIPE:
            read, write = os.pipe()
            own[name], value = (write, read) if name == "stdin" else (read, write)
            other.append(value)
        else:
            other.append(os.dup(number))
    try:
        line = await _order(module, arguments, {**os.environ, **(environment or {})}, other)
    finally:
        for item in other:
            os.close(item)
    writer = await _writer(own.pop("stdin")) if "stdin" in own else None
    return Process(line, {name: await _reader(number) for name, number in own.items()}, writer)


async def _order(module: str, arguments: tuple[str, ...], environment: Mapping[str, str], streams: list[int]) -> _Line:
    """Sends an order, and waits until the process is there."""
    order = {"module": module, "arguments": arguments, "environment": environment}
    data = f"{json.dumps(order)}\n".encode()
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(await asyncio.to_thread(start_fork_server))
    sent = socket.send_fds(connection, [data], streams)
    connection.sendall(data[sent:])
    _, line = await asyncio.get_running_loop().create_unix_connection(_Line, sock=connection)
    await line.pid
    return line


async def _reader(number: int) -> StreamReader:
    reader = StreamReader()
    pipe = os.fdopen(number, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: StreamReaderProtocol(reader), pipe)
    return reader


async def _writer(number: int) -> StreamWriter:
    loop = asyncio.get_running_loop()
    pipe = os.fdopen(number, "wb", buffering=0)
    transport, protocol = await loop.connect_write_pipe(lambda: StreamReaderProtocol(StreamReader()), pipe)
    return StreamWriter(transport, protocol, None, loop)


async def _rest(stream: StreamReader | None) -> bytes:
    return b"" if stream is None else await stream.read()


def start_fork_server() -> str:
    """Start the fork server of this session, unless it has one, and give its address: the session's workers share it.

    It takes orders from now on, though it answers only once it has imported the application.
    """
    with _LOCK:
        if known := os.environ.get(ADDRESS):
            return known
        folder = TemporaryDirectory(prefix="sagegraph-forks-")
        address = str(Path(folder.name) / "socket")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen(64)
            server = subprocess.Popen(
                [sys.executable, "-m", "tests.processes.fork_server", str(listener.fileno())],
                stdin=PIPE,
                pass_fds=[listener.fileno()],
                cwd=ROOT,
                # Ctrl-C is for the tests: the server ends with its standard input.
                start_new_session=True,
            )
        atexit.register(_end, server, folder)
        os.environ[ADDRESS] = address
        return address


def _end(server: subprocess.Popen[bytes], folder: TemporaryDirectory[str]) -> None:
    server.communicate()
    folder.cleanup()
