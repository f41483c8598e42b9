"""PgBouncer in front of a PostgreSQL, or a proxy of the tests if this machine has none; both can fall silent."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from sqlalchemy import URL, make_url

from tests.live.database_proxy import DatabaseProxy, database_behind_proxy

_PROGRAM: Final = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_PATIENCE: Final = 20.0
_CONFIG: Final = """[databases]
* = host={host}
[pgbouncer]
unix_socket_dir = {folder}
unix_socket_mode = 0777
listen_port = 5432
listen_addr =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 40
max_client_conn = 400
logfile = {folder}/pgbouncer.log
"""


class Pooler(Protocol):
    """Everything that a fleet knows of its database.

    Attributes:
        url: The address by which it is reached.
    """

    url: str

    def silence(self) -> None:
        """Let connections stand, and answer nothing."""

    def restore(self) -> None:
        """Answer again."""


class _PgBouncer:
    def __init__(self, url: str, process: asyncio.subprocess.Process) -> None:
        self.url = url
        self._process = process

    def silence(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def restore(self) -> None:
        self._process.send_signal(signal.SIGCONT)


class _Proxy:
    def __init__(self, proxy: DatabaseProxy) -> None:
        self.url = proxy.url
        self._proxy = proxy

    def silence(self) -> None:
        self._proxy.answers.clear()

    def restore(self) -> None:
        self._proxy.answers.set()


@asynccontextmanager
async def pooling(url: str) -> AsyncIterator[Pooler]:
    """Reach the database of this address, which has a socket in a folder, through a pooler while the block runs."""
    # A folder that the pooler, too, may enter, which may run as another user than this process; pytest's is none.
    with TemporaryDirectory(prefix="sagegraph-pooler-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _let_everybody_in(folder)
        if _PROGRAM is None:
            async with database_behind_proxy(url, folder) as proxy:
                yield _Proxy(proxy)
        else:
            async with _running_pgbouncer(_PROGRAM, make_url(url), folder) as pooler:
                yield pooler


@asynccontextmanager
async def _running_pgbouncer(program: str, known: URL, folder: Path) -> AsyncIterator[_PgBouncer]:
    config, host = folder / "pgbouncer.ini", str(known.query["host"])
    config.write_text(_CONFIG.format(host=host, folder=folder), encoding="utf-8")
    (folder / "users").write_text(f'"{known.username}" ""\n', encoding="utf-8")
    process = await asyncio.create_subprocess_exec(program, "-q", *_as_user(host), str(config))
    try:
        await _until_open(str(folder / ".s.PGSQL.5432"))
        yield _PgBouncer(_through(known, folder), process)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.kill()
        await process.wait()


def _through(known: URL, folder: Path) -> str:
    return known.set(query={"host": str(folder)}).render_as_string(hide_password=False)


def _let_everybody_in(folder: Path) -> None:
    """Let the pooler into it, which may run as another user than this process."""
    folder.chmod(0o777)


def _as_user(folder: str) -> tuple[str, ...]:
    """PgBouncer does not run as root; PostgreSQL's user may enter the folder of PostgreSQL's socket."""
    return ("-u", Path(folder).owner()) if os.getuid() == 0 else ()


async def _until_open(path: str) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_unix_connection(path)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
