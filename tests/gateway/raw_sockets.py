"""A WebSocket by hand, for clients that no library would be: frames as they are wished, and nothing read."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

TEXT: Final = 1
CONTINUATION: Final = 0
CLOSE: Final = 8
PING: Final = 9
PATIENCE: Final = 20.0

_KEY: Final = "dGhlIHNhbXBsZSBub25jZQ=="


def frame(opcode: int, data: bytes = b"", *, last: bool = True) -> bytes:
    """A frame of a client, masked with zeros."""
    size = len(data)
    extended = struct.pack("!H", size) if 126 <= size < 65_536 else struct.pack("!Q", size) if size >= 65_536 else b""
    length = size if size < 126 else 126 if size < 65_536 else 127
    return bytes([(0x80 if last else 0) | opcode, 0x80 | length]) + extended + bytes(4) + data


class RawSocket:
    """A connection whose client takes little at a time.

    Args:
        connection: The connection, after the handshake.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()

    async def send(self, *frames: bytes) -> None:
        """Send frames. Raises TimeoutError if the server reads none, and ConnectionError if it has gone."""
        async with asyncio.timeout(PATIENCE):
            await self._loop.sock_sendall(self._connection, b"".join(frames))

    async def receive(self) -> tuple[int, bytes]:
        """The opcode and data of the next frame."""
        first, length = await self._read(2)
        if length == 126:
            (length,) = struct.unpack("!H", await self._read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self._read(8))
        return first & 0xF, await self._read(length)

    async def close_code(self) -> int:
        """The code that the server closes with."""
        while True:
            opcode, data = await self.receive()
            if opcode == CLOSE:
                (code,) = struct.unpack("!H", data[:2])
                return int(code)

    async def _read(self, size: int) -> bytes:
        data = b""
        async with asyncio.timeout(PATIENCE):
            while len(data) < size:
                piece = await self._loop.sock_recv(self._connection, size - len(data))
                if not piece:
                    raise ConnectionResetError
                data += piece
        return data


@asynccontextmanager
async def raw_socket(
    address: tuple[str, int], path: str = "/graphql", headers: Mapping[str, str] | None = None
) -> AsyncIterator[RawSocket]:
    """Open a WebSocket at this address, with a receive buffer as small as the system allows."""
    loop = asyncio.get_running_loop()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {address[0]}:{address[1]}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {_KEY}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: graphql-transport-ws",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await loop.sock_connect(connection, address)
        await loop.sock_sendall(connection, "\r\n".join([*lines, "", ""]).encode())
        head = b""
        async with asyncio.timeout(PATIENCE):
            while not head.endswith(b"\r\n\r\n"):
                head += await loop.sock_recv(connection, 1)
        assert head.startswith(b"HTTP/1.1 101 "), head
        yield RawSocket(connection)
