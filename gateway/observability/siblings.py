"""Metrics of several processes on one socket: the scraped one asks the others, and labels each process's samples.

A scrape reaches any one process of `server.workers`. Each therefore listens at a Unix socket in a folder of its
supervisor's, and answers every connection with its metrics.
"""

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 2.0
"""Seconds that another process may take; its metrics are left out of this scrape then."""

_log = logging.getLogger("sagegraph.metrics")

Render = Callable[[], Awaitable[bytes]]
"""Gives the metrics of this process, in Prometheus's text format."""


class Siblings:
    """The processes of one socket.

    Args:
        folder: The folder of their Unix sockets, which nobody else may read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    @asynccontextmanager
    async def answering(self, render: Render) -> AsyncIterator[None]:
        """Answer the others while the block runs, under the lowest number that is free.

        Args:
            render: Gives this process's metrics.
        """

        async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                writer.write(await render())
                await writer.drain()
            writer.close()

        with self._numbered() as self._number:
            path = self._path(self._number)
            path.unlink(missing_ok=True)
            server = await asyncio.start_unix_server(answer, path)
            try:
                yield
            finally:
                server.close()
                await server.wait_closed()
                path.unlink(missing_ok=True)

    async def collect(self, own: bytes) -> bytes:
        """Give the metrics of all processes, each sample with the label `worker`.

        Args:
            own: The metrics of this process, in Prometheus's text format.
        """
        numbers = [number for number in self._numbers() if number != self._number]
        texts = await asyncio.gather(*(self._ask(number) for number in numbers))
        others = {number: text for number, text in zip(numbers, texts, strict=True) if text is not None}
        return await asyncio.to_thread(merge, {self._number: own, **others})

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*.sock"))

    async def _ask(self, number: int) -> bytes | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                reader, writer = await asyncio.open_unix_connection(self._path(number))
                try:
                    return await reader.read()
                finally:
                    writer.close()
        except (OSError, TimeoutError) as error:
            _log.warning("The process %d on this socket does not answer with its metrics: %r", number, error)
            return None

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.sock"

    @contextmanager
    def _numbered(self) -> Iterator[int]:
        """Take the lowest number that no living process has; a lock ends with its process, however that ends."""
        for number in count():
            lock = os.open(self._folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            try:
                yield number
            finally:
                os.close(lock)
            return


def merge(texts: Mapping[int, bytes]) -> bytes:
    """Join texts in Prometheus's format, each by its process's number: each family once, with the label `worker`."""
    families: dict[str, list[str]] = {}
    for number, text in sorted(texts.items()):
        for head, samples in _families(text.decode()):
            lines = families.setdefault(head, [])
            lines.extend(_labelled(sample, number) for sample in samples)
    parts = (part for head, samples in families.items() for part in (head, *samples))
    return ("\n".join(parts) + "\n").encode()


def _families(text: str) -> Iterator[tuple[str, Iterable[str]]]:
    """The families of a text: the lines of help and type, and the samples."""
    head: list[str] = []
    samples: list[str] = []
    for line in text.splitlines():
        if line.startswith("#") and samples:
            yield "\n".join(head), samples
            head, samples = [], []
        (head if line.startswith("#") else samples).append(line)
        if line.startswith("# HELP") and len(head) > 1:
            # The family before this one has no sample.
            yield "\n".join(head[:-1]), samples
            head = [line]
    if head:
        yield "\n".join(head), samples


def _labelled(sample: str, number: int) -> str:
    brace, space = sample.find("{"), sample.find(" ")
    if 0 <= brace < space:
        return f'{sample[: brace + 1]}worker="{number}",{sample[brace + 1 :]}'
    return f'{sample[:space]}{{worker="{number}"}}{sample[space:]}'
