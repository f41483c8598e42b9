"""resolvers.job_link_cache: read once while nothing changes, and anew once anything has, wherever."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from registry import job_links
from registry.change_feed import ChangeFeed
from registry.database import Database
from registry.enums import ElementKind
from registry.job_links import LinkOwner
from resolvers import job_link_cache
from resolvers.job_link_cache import JobLinkCache, LinksOfGroup
from tests.databases import on_both_databases
from tests.registry.factories import create_registration_key
from tests.registry.test_job_links import OWNER, link, new, save
from tests.registry.test_pages import statements

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The same database, as another process has it open."""
    async with Database(database_url) as database:
        yield database


@pytest.fixture
async def cache(database: Database) -> AsyncIterator[JobLinkCache]:
    async with JobLinkCache(database).running() as running:
        yield running


def names(links: LinksOfGroup | None) -> list[str]:
    assert links is not None
    return [item.name for item in links.of_model("churn")]


def test_links_are_found_by_model_and_by_job() -> None:
    first, second = link(), link(model="fraud")
    evaluation = link("evaluation", kind=ElementKind.PROCESSING_JOB)
    links = LinksOfGroup([first, second, evaluation])
    assert links.of_model("churn") == [first, evaluation]
    assert links.of_job(ElementKind.TRAINING_JOB, "repacked") == [first, second]
    assert (links.of_model("x"), links.of_job(ElementKind.TUNING_JOB, "repacked")) == ((), ())


@on_both_databases
async def test_a_warm_question_reads_nothing(database: Database, cache: JobLinkCache) -> None:
    await save(database, new(await create_registration_key(database)))
    with statements() as asked:
        for _ in range(3):
            assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]
        assert len(asked) == 1
        await asyncio.gather(*(cache.of_group(OWNER, datetime.now(UTC) - timedelta(hours=1)) for _ in range(5)))
        assert len(asked) == 1
        # What is not as new as it must be is read once by all who ask at once.
        await asyncio.gather(*(cache.of_group(OWNER, datetime.now(UTC) + timedelta(hours=1)) for _ in range(5)))
        assert len(asked) == 2


async def test_each_group_has_its_own(database: Database, cache: JobLinkCache) -> None:
    other = LinkOwner("other", OWNER.account_id, OWNER.region)
    await save(database, new(await create_registration_key(database)))
    await save(database, new(await create_registration_key(database, group="other"), "theirs"), other)
    for _ in range(2):
        assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]
        assert names(await cache.of_group(other, LONG_AGO)) == ["theirs"]


@on_both_databases
async def test_a_change_of_another_process_is_seen(database: Database, other: Database, cache: JobLinkCache) -> None:
    registration = await create_registration_key(other)
    async with ChangeFeed(database).running() as feed:
        assert names(await cache.of_group(OWNER, LONG_AGO)) == []
        heard = asyncio.Event()
        database.changes.watch("Registration", registration, lambda _key: heard.set())
        await feed.ready(60)
        # As the feed begins, those who watch one record are told that it may have changed.
        heard.clear()
        await save(other, new(registration))
        if database.is_postgres:
            # SQLite's file tells of it at once; what PostgreSQL notifies of comes within a moment.
            await asyncio.wait_for(heard.wait(), 10)
        assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]


@on_both_databases
async def test_what_is_read_while_something_changes_is_not_kept(database: Database, cache: JobLinkCache) -> None:
    registration = await create_registration_key(database)
    reading = asyncio.ensure_future(cache.of_group(OWNER, LONG_AGO))
    await asyncio.sleep(0)
    cache.forget()
    assert names(await reading) == []
    with statements() as asked:
        await save(database, new(registration))
        asked.clear()
        assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]
        assert len(asked) == 1


async def test_a_registry_that_fails_is_asked_once(sqlite_url: str) -> None:
    async with Database(sqlite_url) as database, JobLinkCache(database).running() as cache:
        await save(database, new(await create_registration_key(database)))
        fresh = LinkOwner("fresh", OWNER.account_id, OWNER.region)
        assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]
        async with database.writing() as connection:
            await connection.exec_driver_sql("ALTER TABLE job_links RENAME TO away")
        cache.forget()
        with statements() as asked:
            for _ in range(3):
                assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]
                # Of a group whose links were never read, it is not known whether there are any.
                assert await cache.of_group(fresh, LONG_AGO) is None
            assert len(asked) == 2


async def test_a_registry_that_hangs_keeps_nobody_waiting(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    released = asyncio.Event()
    of_group = job_links.of_group

    async def hanging(*arguments: object) -> object:
        await released.wait()
        return await of_group(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(job_link_cache, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(job_links, "of_group", hanging)
    async with JobLinkCache(database).running() as cache:
        await save(database, new(await create_registration_key(database)))
        assert await cache.of_group(OWNER, LONG_AGO) is None
        assert await cache.of_group(OWNER, LONG_AGO) is None
        released.set()
        monkeypatch.undo()
        assert names(await cache.of_group(OWNER, datetime.now(UTC))) == ["repacked"]


async def test_a_change_during_a_wait_in_vain_is_seen_by_the_next_question(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with JobLinkCache(database).running() as cache:
        assert names(await cache.of_group(OWNER, LONG_AGO)) == []
        begun = asyncio.Event()

        async def hanging(*_: object) -> object:
            begun.set()
            return await asyncio.Event().wait()

        with monkeypatch.context() as slow:
            slow.setattr(job_link_cache, "PATIENCE_SECONDS", 0.05)
            slow.setattr(job_links, "of_group", hanging)
            waiting = asyncio.ensure_future(cache.of_group(OWNER, datetime.now(UTC)))
            await begun.wait()
            await save(database, new(await create_registration_key(database)))
            cache.forget()
            assert names(await waiting) == []
        assert names(await cache.of_group(OWNER, LONG_AGO)) == ["repacked"]


async def test_few_groups_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_link_cache, "MAX_OWNERS", 2)
    owners = [LinkOwner(group, OWNER.account_id, OWNER.region) for group in "abc"]
    async with JobLinkCache(database).running() as cache:
        with statements() as asked:
            for owner in (*owners, owners[2], owners[1], owners[0]):
                await cache.of_group(owner, LONG_AGO)
            assert len(asked) == 4


async def test_few_links_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_link_cache, "MAX_KEPT_LINKS", 3)
    owners = [LinkOwner(group, OWNER.account_id, OWNER.region) for group in "abc"]
    for owner in owners:
        key = await create_registration_key(database, group=owner.group)
        for name in ("first", "second"):
            await save(database, new(key, name), owner)
    async with JobLinkCache(database).running() as cache:
        with statements() as asked:
            for owner in (owners[0], owners[0], owners[1], owners[1], owners[0]):
                assert names(await cache.of_group(owner, LONG_AGO)) == ["first", "second"]
            assert len(asked) == 3
        cache.forget()
        # One owner's links are counted once, however often they are read.
        with statements() as asked:
            for _ in range(3):
                await cache.of_group(owners[0], datetime.now(UTC))
            await cache.of_group(owners[0], LONG_AGO)
            assert len(asked) == 3
        # More links than are kept are told all the same, each time anew.
        await save(database, new(await create_registration_key(database, "m", group="c"), "third"), owners[2])
        monkeypatch.setattr(job_link_cache, "MAX_KEPT_LINKS", 1)
        with statements() as asked:
            for _ in range(2):
                assert names(await cache.of_group(owners[2], LONG_AGO))[:2] == ["first", "second"]
            assert len(asked) == 2


async def test_a_change_that_nobody_tells_of_is_seen_after_the_fresh_age(postgres_url: str) -> None:
    """Without a feed no notification comes: the bound is the moment that the question asks for."""
    async with (
        Database(postgres_url) as database,
        Database(postgres_url) as replica,
        JobLinkCache(database).running() as cache,
    ):
        begun = datetime.now(UTC)
        assert names(await cache.of_group(OWNER, begun)) == []
        await save(replica, new(await create_registration_key(replica)))
        assert names(await cache.of_group(OWNER, begun)) == []
        assert names(await cache.of_group(OWNER, datetime.now(UTC))) == ["repacked"]
