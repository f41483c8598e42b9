"""registry.schema_versions: from nothing to the newest tables and back, in both databases, with data in them."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from gateway.version import VERSION
from registry import audit, registrations, schema_versions, tickets
from registry.addresses import parse_url
from registry.audit import AuditCriteria, NewAuditEvent
from registry.database import Database
from registry.deployment_tables import metadata
from registry.engines import migrating_engine
from registry.enums import AuditOutcome
from registry.errors import RegistryError, SchemaAheadError, SchemaBehindError
from registry.registrations import RegistrationCriteria
from tests.registry import factories
from tests.registry.later_tables import later_tables
from tests.workflows.approvals.jira.pending_deployments import pending_deployment, ticket_of

NEWEST = "0016"


async def tables(url: str) -> set[str]:
    engine = migrating_engine(parse_url(url))
    async with engine.connect() as connection:
        result = set(await connection.run_sync(lambda known: inspect(known).get_table_names()))
    await engine.dispose()
    return result


def test_the_newest() -> None:
    assert schema_versions.latest_version() == NEWEST


async def test_up_and_down_and_up_again(empty_url: str) -> None:
    assert (await schema_versions.current_version(empty_url), await schema_versions.is_behind(empty_url)) == (
        None,
        True,
    )
    await schema_versions.upgrade(empty_url)
    assert (await schema_versions.current_version(empty_url), await schema_versions.is_behind(empty_url)) == (
        NEWEST,
        False,
    )
    assert await tables(empty_url) == {*metadata.tables, "alembic_version"}
    await schema_versions.downgrade(empty_url, "base")
    assert (await schema_versions.current_version(empty_url), await schema_versions.is_behind(empty_url)) == (
        None,
        True,
    )
    assert await tables(empty_url) == {"alembic_version"}
    await schema_versions.upgrade(empty_url)
    assert await tables(empty_url) == {*metadata.tables, "alembic_version"}


async def test_the_migrations_make_what_the_tables_say(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    engine = migrating_engine(parse_url(database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_what_is_kept_is_there_after_another_migration(database_url: str) -> None:
    async with Database(database_url) as database:
        made = await factories.create_registration(database)
    await schema_versions.upgrade(database_url)
    async with Database(database_url) as database, database.reading() as connection:
        page = await registrations.page(connection, RegistrationCriteria(groups=None), factories.REQUIRED, 10)
        assert page.records == (made,)


async def test_data_and_audit_stand_in_no_way_of_going_down(database_url: str) -> None:
    async with Database(database_url) as database:
        await factories.create_registration(database)
        async with database.writing() as connection:
            event = NewAuditEvent(at=factories.NOON, actor="ann", action="importModel", outcome=AuditOutcome.SUCCEEDED)
            await audit.append(connection, event)
    await schema_versions.downgrade(database_url, "base")
    await schema_versions.upgrade(database_url)
    async with Database(database_url) as database, database.reading() as connection:
        assert await registrations.count(connection, RegistrationCriteria(groups=None)) == 0
        assert await audit.count(connection, AuditCriteria(groups=None)) == 0


async def test_tickets_are_kept_where_a_column_of_theirs_goes_and_comes(database_url: str) -> None:
    async with Database(database_url) as database:
        deployment = await pending_deployment(database)
        before = await ticket_of(database, deployment)
        async with database.writing() as connection:
            for seen, at in ((None, factories.NOON), (factories.NOON, factories.minutes_after_noon(1))):
                assert await tickets.mark_sent(connection, before.number, seen, at)
    await schema_versions.downgrade(database_url, "0003")
    await schema_versions.upgrade(database_url)
    async with Database(database_url) as database:
        assert await ticket_of(database, deployment) == replace(before, sent_at=factories.minutes_after_noon(1))


async def test_several_migrate_at_once(empty_url: str) -> None:
    await asyncio.gather(*(schema_versions.upgrade(empty_url) for _ in range(4)))
    assert await tables(empty_url) == {*metadata.tables, "alembic_version"}


async def test_a_database_without_tables_is_not_opened(empty_url: str) -> None:
    with pytest.raises(SchemaBehindError, match=r"has no tables yet; run `python -m gateway migrate --config FILE` "):
        async with Database(empty_url):
            pass


async def test_a_database_that_is_behind(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_versions, "latest_version", lambda: "9999")
    assert await schema_versions.is_behind(database_url)
    remedy = f"has the tables of version {NEWEST}, but this gateway works with 9999; run `python -m gateway migrate"
    with pytest.raises(SchemaBehindError, match=remedy):
        async with Database(database_url):
            pass


async def test_a_database_of_a_later_gateway_is_left_alone(database_url: str) -> None:
    async with Database(database_url) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    words = "has the tables of version 9999, which this gateway does not know"
    with pytest.raises(SchemaAheadError, match=words):
        async with Database(database_url):
            pass
    with pytest.raises(SchemaAheadError, match=words):
        await schema_versions.upgrade(database_url)
    with pytest.raises(SchemaAheadError, match=words):
        await schema_versions.downgrade(database_url, "base")
    assert not await schema_versions.is_behind(database_url)
    assert await schema_versions.current_version(database_url) == "9999"
    assert await tables(database_url) == {*metadata.tables, "alembic_version"}


async def test_later_tables_that_are_compatible_are_served(database_url: str) -> None:
    await later_tables(database_url, "9999", NEWEST)
    async with Database(database_url) as database:
        made = await factories.create_registration(database)
    await schema_versions.upgrade(database_url)
    assert await schema_versions.current_version(database_url) == "9999"
    with pytest.raises(SchemaAheadError):
        await schema_versions.downgrade(database_url, NEWEST)
    async with Database(database_url) as database, database.reading() as connection:
        page = await registrations.page(connection, RegistrationCriteria(groups=None), factories.REQUIRED, 10)
        assert page.records == (made,)


@pytest.mark.parametrize("recorded", [("9999", "9998"), ("9998", NEWEST)])
async def test_later_tables_that_are_not_compatible(database_url: str, recorded: tuple[str, str]) -> None:
    await later_tables(database_url, *recorded, revision="9999")
    with pytest.raises(SchemaAheadError):
        async with Database(database_url):
            pass
    with pytest.raises(SchemaAheadError):
        await schema_versions.upgrade(database_url)
    assert await schema_versions.current_version(database_url) == "9999"


def test_the_newest_tables_serve_the_last_release_too() -> None:
    """A release expands the tables, and contracts those that the release before it no longer needs."""
    released = max(tables for release, tables in schema_versions.TABLES_OF_RELEASES.items() if release != VERSION)
    scripts = ScriptDirectory(str(schema_versions.MIGRATIONS))
    since = {
        script.revision: script.module.compatible_since
        for script in scripts.walk_revisions()
        if script.revision >= "0008"
    }
    assert {revision: oldest for revision, oldest in since.items() if not "0008" <= oldest <= revision} == {}
    assert since[NEWEST] <= released


async def test_a_version_that_is_none(database_url: str) -> None:
    with pytest.raises(RegistryError, match="cannot be changed"):
        await schema_versions.downgrade(database_url, "nothing")
    assert await schema_versions.current_version(database_url) == NEWEST


async def test_it_works_from_any_folder_and_makes_those_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await schema_versions.upgrade("sqlite+aiosqlite:///var/deep/registry.db")
    assert sorted(os.listdir(tmp_path / "var" / "deep")) == ["registry.db"]


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RegistryError, match=r"The folder of the registry\'s file \(SQLite\) cannot be made: "):
        await schema_versions.upgrade(f"sqlite+aiosqlite:///{tmp_path}/file/registry.db")
