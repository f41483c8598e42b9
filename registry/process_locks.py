"""Locks beside SQLite's file that tell whether a process of this machine lives: the kernel releases them at its end.

All processes that share an SQLite file are on one machine. Each locks one byte of a file beside it, at an offset made
of its id. If that byte is free, the process is gone. This works across containers, too, where process ids mean nothing.
"""

import fcntl
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from registry.addresses import parse_url, sqlite_file


class ProcessLocks:
    """The locks of the processes that share a database, while the block runs; with PostgreSQL there are none.

    A process makes one object: a second one that closed the file would release the locks of the first.

    Args:
        url: The registry's address.
    """

    def __init__(self, url: str) -> None:
        file = sqlite_file(parse_url(url))
        self._path: Path | None = None if file is None else file.with_name(f"{file.stem}-alive.lock")
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            # In a folder that cannot be written there are no locks.
            with suppress(OSError):
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def hold(self, process_id: str) -> bool:
        """Lock the byte of the process `process_id` until this process ends; False if there are no locks."""
        return self._try(process_id)

    def is_gone(self, process_id: str) -> bool:
        """Tell whether the process `process_id`, which held its lock, is gone; False if that is not known.

        For the asking process itself the answer is True: a process's own lock does not block it.
        """
        if not self._try(process_id):
            return False
        if self._descriptor is not None:
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, _place(process_id))
        return True

    def _try(self, process_id: str) -> bool:
        if self._descriptor is None:
            return False
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(process_id))
        except OSError:
            return False
        return True


def _place(process_id: str) -> int:
    """The offset in the file: 62 bits, so that two processes hardly ever share one. The file itself stays empty."""
    return int.from_bytes(hashlib.sha256(process_id.encode()).digest()[:8]) >> 2
