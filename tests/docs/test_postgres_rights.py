"""docs/operations.md: with the rights that it names, one user makes the tables and another one serves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from registry import audit
from registry.audit import AuditCriteria, NewAuditEvent
from registry.database import Database
from registry.enums import AuditOutcome
from registry.schema_versions import upgrade
from tests.databases import temporary_url
from tests.docs.fences import fences
from tests.registry import factories
from workflows.durable.dbos_tables import migrate_dbos

OWNER_RIGHTS, SERVING_RIGHTS, _ = fences("docs/operations.md", "sql")


@contextmanager
def users(address: str, *names: str) -> Iterator[None]:
    """Users of the server while the block runs, with what they own."""
    with psycopg.connect(address, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("CREATE USER {} PASSWORD 'word'").format(sql.Identifier(name)))
        try:
            yield
        finally:
            for name in names:
                connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
                connection.execute(sql.SQL("DROP USER {}").format(sql.Identifier(name)))


async def test_the_rights_are_enough(postgres_server: str) -> None:
    with temporary_url(postgres_server) as url:
        database = make_url(url).database
        owner, serving = f"owner_{database}", f"serving_{database}"
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

        def grant(address: str, text: str) -> None:
            named = re.sub(r"\bDATABASE sagegraph\b", f"DATABASE {database}", text).replace("sagegraph_serve", serving)
            with psycopg.connect(address) as connection:
                connection.execute(re.sub(r"\bTO sagegraph\b", f"TO {owner}", named).encode())

        def of(user: str, driver: str) -> str:
            known = make_url(url).set(drivername=driver, username=user, password="word")
            return known.render_as_string(hide_password=False)

        with users(plain, owner, serving):
            grant(plain, OWNER_RIGHTS.text)
            await upgrade(of(owner, "postgresql+psycopg"))
            await migrate_dbos(of(owner, "postgresql+psycopg"))
            grant(of(owner, "postgresql"), SERVING_RIGHTS.text)
            async with Database(of(serving, "postgresql+psycopg")) as opened:
                async with opened.writing() as connection:
                    event = NewAuditEvent(at=factories.NOON, actor="ann", action="any", outcome=AuditOutcome.SUCCEEDED)
                    await audit.append(connection, event)
                async with opened.reading() as connection:
                    page = await audit.page(connection, AuditCriteria(groups=None), 10)
            assert [record.action for record in page.records] == ["any"]
            denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
            with psycopg.connect(of(serving, "postgresql")) as plain_connection, denied:
                plain_connection.execute("CREATE TABLE public.mine (id int)")
