"""A real nginx in front of gateways, for tests that `make slow` runs; `apt-get install nginx` brings it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket
from typing import Final

from tests.processes.starting import ROOT

PATIENCE: Final = 20.0
_PROGRAM: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

CONFIG: Final = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
{text}
}}
"""
"""What any nginx of a test has; its files are in a folder of the test's."""

SERVER: Final = """  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  upstream sagegraph {{
{servers}
    keepalive 32;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://sagegraph;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
{more}
    }}
  }}
"""
"""As docs/operations.md shows it: requests of a gateway that does not listen go to the next one."""


def free_port() -> int:
    """Give a port of this machine that is free now."""
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@asynccontextmanager
async def running_nginx(
    folder: Path, ports: Sequence[int], more: str = "", options: str = "max_fails=0"
) -> AsyncIterator[str]:
    """Run nginx before the gateways at these ports while the block runs; gives its address.

    Args:
        folder: Where it keeps its files.
        ports: The ports of the gateways.
        more: Further lines of its `location`.
        options: Options of each server. By default nginx leaves out a server for ten seconds that it could not reach.
    """
    port = free_port()
    servers = "\n".join(f"    server 127.0.0.1:{number} {options};" for number in ports)
    text = SERVER.format(port=port, servers=servers, more=more)
    async with nginx_of(folder, text, port) as url:
        yield url


@asynccontextmanager
async def nginx_of(folder: Path, text: str, port: int) -> AsyncIterator[str]:
    """Run nginx with this text in its `http` block, which listens at this port, while the block runs."""
    assert _PROGRAM is not None, "There is no nginx; run `apt-get install nginx`."
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, text=text), encoding="utf-8")
    command = (_PROGRAM, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        await _until_open(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _until_open(port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
