"""A database of PostgreSQL's for each test: emptied after the last one, as a copy takes thirty times as long."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

import psycopg
from psycopg import Connection, sql
from sqlalchemy import make_url

_OWN: Final = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'"
_TABLES: Final = f"""
    SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND {_OWN} ORDER BY 1"""
# Tables, indexes and sequences with their columns and grants; triggers; functions; settings of the database.
_LAYOUT: Final = f"""
    SELECT md5(string_agg(part, ';' ORDER BY part)) FROM (
    SELECT concat_ws(' ', n.nspname, c.relname, c.relkind, c.relacl, a.attname, a.atttypid, a.attnotnull) AS part
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid WHERE {_OWN}
    UNION ALL SELECT concat_ws(' ', tgname, tgrelid::regclass, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', conname, conrelid::regclass, contype, convalidated)
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE {_OWN}
    UNION ALL SELECT p.proname || p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OWN}
    UNION ALL SELECT concat_ws(' ', datallowconn, datconnlimit, s.setrole, s.setconfig)
    FROM pg_database d LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE d.datname = current_database()
    ) layout"""
_OTHERS_ENDED: Final = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_SEQUENCES_BEGUN: Final = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences"""


@contextmanager
def temporary_database(server: str, template: str = "template1") -> Iterator[str]:
    """A database while the block runs; whoever is still connected to it afterwards is thrown out."""
    name = f"sagegraph_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield name
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class CleanPostgres:
    """Copies of a template, one at a time; a test's copy goes on to the next one if only its rows were changed."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        with self._connected(template) as connection:
            tables = [name for (name,) in connection.execute(_TABLES)]
            self._filled = [name for name in tables if _rows(connection, name)]
            self._layout = self._look(connection)
        self._emptied = "; ".join(f"DELETE FROM {name}" for name in tables if name not in self._filled)

    def names(self) -> Generator[str]:
        """Names of empty databases, without end; one is in use until the next is asked for."""
        while True:
            with temporary_database(self._server, self._template) as name:
                yield name
                while self._empty(name):
                    yield name

    def _empty(self, name: str) -> bool:
        """Empty a database; False if it is no longer laid out as its template."""
        try:
            with self._connected(name) as connection:
                connection.execute(_OTHERS_ENDED)
                if self._look(connection) != self._layout:
                    return False
                # Some tables refuse to lose rows, and some rows to lose those that they refer to.
                connection.execute("SET session_replication_role = replica")
                connection.execute(self._emptied.encode())
                connection.execute(_SEQUENCES_BEGUN)
        except psycopg.Error:
            return False
        return True

    def _look(self, connection: Connection[Any]) -> list[Any]:
        return [connection.execute(_LAYOUT).fetchall(), *(_rows(connection, name) for name in self._filled)]

    def _connected(self, name: str) -> Connection[Any]:
        address = make_url(self._server).set(database=name).render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)


def _rows(connection: Connection[Any], table: str) -> list[Any]:
    return connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()
