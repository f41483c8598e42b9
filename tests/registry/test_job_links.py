"""registry.job_links: a group's own, each there once, bounded, and gone with its registration."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, select

from registry import job_links, named_resources, registrations
from registry.database import Database
from registry.enums import ElementKind
from registry.errors import RegistryConflictError
from registry.ids import new_key
from registry.job_links import MAX_LINKS, MAX_LINKS_OF_GROUP, JobLink, LinkOwner, NewJobLink
from registry.link_tables import job_links as table
from registry.named_resources import ResourceName
from tests.registry.factories import NOON, create_registration_key, minutes_after_noon, row_counts

OWNER = LinkOwner("risk", "111111111111", "eu-west-1")
TRAINING = ElementKind.TRAINING_JOB


def new(registration: str, name: str = "repacked", **changed: Any) -> NewJobLink:
    return NewJobLink(
        **{
            "registration_key": registration,
            "kind": TRAINING,
            "name": name,
            "job_created_at": NOON,
            "linked_by": "ann",
            "linked_at": NOON,
            **changed,
        }
    )


def link(name: str = "repacked", model: str = "churn", **changed: Any) -> JobLink:
    return JobLink(
        **{
            "kind": TRAINING,
            "name": name,
            "job_created_at": NOON,
            "linked_by": "ann",
            "model_name": model,
            "model_created_at": NOON,
            **changed,
        }
    )


async def save(database: Database, made: NewJobLink, owner: LinkOwner = OWNER) -> bool:
    async with database.writing() as connection:
        return await job_links.save(connection, owner, made)


async def remove(database: Database, registration: str, name: str, kind: ElementKind = TRAINING) -> bool:
    async with database.writing() as connection:
        return await job_links.remove(connection, registration, kind, name)


async def of_group(database: Database, owner: LinkOwner = OWNER) -> list[JobLink]:
    async with database.reading() as connection:
        return list(await job_links.of_group(connection, owner))


async def comments(database: Database) -> list[str | None]:
    async with database.reading() as connection:
        return list((await connection.execute(select(table.c.comment).order_by(table.c.name))).scalars())


async def fill(database: Database, registration: str, count: int) -> None:
    values = {"registration_key": registration, "kind": TRAINING.name, "job_created_at": NOON, "linked_at": NOON}
    rows = [{**values, "name": f"job-{number:04}", "linked_by": "ann"} for number in range(count)]
    async with database.writing() as connection:
        await connection.execute(insert(table), rows)


async def test_a_link_is_read_with_its_model_until_it_is_removed(database: Database) -> None:
    registration = await create_registration_key(database)
    assert await of_group(database) == []
    assert await save(database, new(registration))
    assert await save(database, new(registration, "evaluation", kind=ElementKind.PROCESSING_JOB, linked_by="bob"))
    evaluation = link("evaluation", kind=ElementKind.PROCESSING_JOB, linked_by="bob")
    assert await of_group(database) == [evaluation, link()]
    assert not await remove(database, registration, "evaluation")
    assert await remove(database, registration, "repacked")
    assert not await remove(database, registration, "repacked")
    assert await of_group(database) == [evaluation]


@pytest.mark.parametrize("changed", [{"group": "other"}, {"account_id": "222222222222"}, {"region": "us-east-2"}])
async def test_links_of_others_are_not_read(database: Database, changed: dict[str, str]) -> None:
    await save(database, new(await create_registration_key(database)))
    other = await create_registration_key(database, model_arn="arn:of:another", **changed)
    owner = LinkOwner(**{"group": "risk", "account_id": "111111111111", "region": "eu-west-1", **changed})
    assert await of_group(database, owner) == []
    await save(database, new(other, "theirs"), owner)
    assert await of_group(database, owner) == [link("theirs")]
    assert await of_group(database) == [link()]


async def test_a_second_time_it_stays_as_it_was_made_but_for_its_comment(database: Database) -> None:
    registration = await create_registration_key(database)
    assert await save(database, new(registration, comment="repacked"))
    assert await save(database, new(registration, linked_by="bob", linked_at=minutes_after_noon(1)))
    assert (await of_group(database), await comments(database)) == ([link()], ["repacked"])
    assert await save(database, new(registration, linked_by="bob", comment="copied"))
    assert (await of_group(database), await comments(database)) == ([link()], ["copied"])


async def test_a_link_of_another_job_of_the_name_gives_way(database: Database) -> None:
    registration = await create_registration_key(database)
    await save(database, new(registration, comment="repacked"))
    later = minutes_after_noon(5)
    await save(database, new(registration, linked_by="bob", job_created_at=later))
    assert await of_group(database) == [link(linked_by="bob", job_created_at=later)]
    assert await comments(database) == [None]


async def test_of_many_at_once_one_is_kept(database: Database) -> None:
    registration = await create_registration_key(database)
    assert await asyncio.gather(*(save(database, new(registration)) for _ in range(8))) == [True] * 8
    assert await of_group(database) == [link()]


async def test_a_registration_has_so_many_at_most(database: Database) -> None:
    registration, other = [await create_registration_key(database, name) for name in ("churn", "fraud")]
    await fill(database, registration, MAX_LINKS - 1)
    made = await asyncio.gather(*(save(database, new(registration, f"more-{number}")) for number in range(3)))
    assert sorted(made) == [False, False, True]
    # One that is there already takes no room, and other registrations have their own.
    assert await save(database, new(registration, "job-0000", comment="again"))
    assert await save(database, new(other))
    assert await remove(database, registration, "job-0001")
    assert await save(database, new(registration, "last"))
    assert await row_counts(database, [table]) == [MAX_LINKS + 1]


async def test_a_group_has_so_many_at_most_in_a_region(database: Database) -> None:
    count = MAX_LINKS_OF_GROUP // MAX_LINKS
    for number in range(count):
        await fill(database, await create_registration_key(database, f"model-{number}"), MAX_LINKS)
    one_more = await create_registration_key(database, "one-more")
    other = await create_registration_key(database, "one-more", group="other")
    assert not await save(database, new(one_more))
    assert await save(database, new(other), LinkOwner("other", "111111111111", "eu-west-1"))
    assert await row_counts(database, [table]) == [MAX_LINKS_OF_GROUP + 1]


async def test_without_a_registration_there_is_none(database: Database) -> None:
    registration = await create_registration_key(database)
    await save(database, new(registration))
    async with database.writing() as connection:
        assert await registrations.remove(connection, registration)
    assert await row_counts(database, [table]) == [0]
    for gone in (registration, new_key()):
        with pytest.raises(RegistryConflictError):
            await save(database, new(gone))


async def test_names_that_nothing_has(database: Database) -> None:
    registration = await create_registration_key(database)
    assert not await remove(database, registration, "no\x00name")


async def test_kinds_of_later_releases_are_passed_over(database: Database) -> None:
    registration = await create_registration_key(database)
    await save(database, new(registration))
    async with database.writing() as connection:
        values = {"registration_key": registration, "name": "x", "job_created_at": NOON, "linked_at": NOON}
        await connection.execute(insert(table).values(**values, kind="LATER_JOB", linked_by="ann"))
    assert await of_group(database) == [link()]


async def test_a_link_names_its_job(database: Database) -> None:
    await save(database, new(await create_registration_key(database)))

    async def named(**changed: Any) -> bool:
        of_owner = {"group": "risk", "account_id": "111111111111", "region": "eu-west-1"}
        async with database.reading() as connection:
            resource = ResourceName(**{**of_owner, "kind": TRAINING, "name": "repacked", **changed})
            return await named_resources.is_named(connection, resource)

    assert await named()
    others = ({"name": "x"}, {"kind": ElementKind.PROCESSING_JOB}, {"group": "other"}, {"region": "us-east-2"})
    assert [await named(**other) for other in others] == [False] * 4


async def test_changes_are_told_of(database: Database) -> None:
    registration = await create_registration_key(database)
    told: list[str] = []
    database.changes.watch("Registration", None, told.append)
    await save(database, new(registration))
    await remove(database, registration, "repacked")
    async with database.writing() as connection:
        await registrations.remove(connection, registration)
    # PostgreSQL notifies, also of what this process has changed itself: see test_change_feed.py.
    assert told == ([] if database.is_postgres else [registration] * 3)
