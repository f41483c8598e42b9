"""The container's health check: `python -m gateway.container_health` probes the processes of the container's command.

It finds the ports on which the gateway's own processes listen, so that it needs neither the settings nor the command
line: `serve` and `demo` listen at their port, which a flag may change, and `worker` at that of its probes. A worker
without probes listens nowhere, and is healthy while it lives. It imports nothing but the standard library, because it
runs every few seconds.
"""

import http.client
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_ntop
from typing import Final

_PROC: Final = Path("/proc")
_LISTENS: Final = "0A"
_PATIENCE_SECONDS: Final = 2.0
_EVERY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - Nothing binds here.


def listening_addresses(processes: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Give the hosts and ports at which processes listen, in the form in which they can be connected to.

    Args:
        processes: The ids of the processes; `*` stands for every process. Those of other users are left out.
    """
    inodes = _open_sockets(process for name in processes for process in _PROC.glob(name.replace("*", "[0-9]*")))
    tables = ((_PROC / "net" / "tcp", AF_INET), (_PROC / "net" / "tcp6", AF_INET6))
    return frozenset(
        _address(fields[1], family)
        for table, family in tables
        if table.exists()
        for fields in (line.split() for line in table.read_text().splitlines()[1:])
        if fields[3] == _LISTENS and fields[9] in inodes
    )


def readiness(host: str, port: int) -> int | None:
    """Ask `/readyz` at a host and port: 200 if the process is ready or degraded, 503 if not; None without an answer.

    Any other status is that of another server, such as the laptop's AWS that the demo runs.
    """
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    return None


def main(processes: Sequence[str]) -> int:
    """Give 0 if all that has a probe is ready, else 1.

    Args:
        processes: The ids of the processes; empty for all of the container.
    """
    addresses = listening_addresses(processes or ("*",))
    probed = [status for address in addresses if (status := readiness(*address)) in {200, 503}]
    return 0 if not addresses or (probed and 503 not in probed) else 1


def _open_sockets(processes: Iterable[Path]) -> frozenset[str]:
    """The inodes of the sockets that processes have open."""
    return frozenset(
        target.removeprefix("socket:[").removesuffix("]")
        for process in processes
        for target in _open_files(process)
        if target.startswith("socket:[")
    )


def _open_files(process: Path) -> Iterator[str]:
    """The links of a process's open files; none of one that has ended, or belongs to another user."""
    with suppress(OSError):
        for file in (process / "fd").iterdir():
            with suppress(OSError):
                yield os.readlink(file)


def _address(text: str, family: int) -> tuple[str, int]:
    """Read an address as the kernel writes it: hexadecimal, in words of this machine's byte order."""
    host, _, port = text.partition(":")
    words = [bytes.fromhex(host[start : start + 8]) for start in range(0, len(host), 8)]
    name = inet_ntop(family, b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))
    return _EVERY_ADDRESS.get(name, name), int(port, 16)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
