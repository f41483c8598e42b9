"""Links by hand between imported models and the jobs that made or tested them; each group has its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, not_, select

from registry.changes import note_change
from registry.database import Connection
from registry.enums import ElementKind
from registry.link_tables import job_links
from registry.queries import count_rows, lock_registrations
from registry.storable_text import is_storable
from registry.tables import registrations
from registry.upserts import insert

MAX_LINKS: Final = 100
"""The most links of one registration: a page of them describes each job that no list call has shown yet."""

MAX_LINKS_OF_GROUP: Final = 2_000
"""The most links of a group in one region, which are read together; concurrent calls may exceed it by a few."""

_COLUMNS, _OWN = job_links.c, registrations.c


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """The owner of links.

    Attributes:
        group: The group.
        account_id: The AWS account of the linked models and jobs.
        region: Their AWS region.
    """

    group: str
    account_id: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLink:
    """A link between a job and a model.

    Attributes:
        kind: The job's kind.
        name: The job's name.
        job_created_at: The job's creation time; a job made again under its name is another.
        linked_by: The person who made the link.
        model_name: The model's name.
        model_created_at: The model's creation time; a model made again under its name is another.
    """

    kind: ElementKind
    name: str
    job_created_at: datetime
    linked_by: str
    model_name: str
    model_created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJobLink:
    """A link to keep.

    Attributes:
        registration_key: The key of the model's registration.
        kind: The job's kind.
        name: The job's name.
        job_created_at: The job's creation time.
        linked_by: The person who makes the link.
        linked_at: The present time.
        comment: The person's comment; None without one.
    """

    registration_key: str
    kind: ElementKind
    name: str
    job_created_at: datetime
    linked_by: str
    linked_at: datetime
    comment: str | None = None


async def of_group(connection: Connection, owner: LinkOwner) -> Sequence[JobLink]:
    """Give every link of the owner's registrations, in the order of their jobs' names."""
    shown = (_COLUMNS.kind, _COLUMNS.name, _COLUMNS.job_created_at, _COLUMNS.linked_by)
    statement = (
        select(*shown, _OWN.model_name, _OWN.model_created_at)
        .join_from(job_links, registrations, _OWN.key == _COLUMNS.registration_key)
        .where(_is_owner(owner))
        .order_by(_COLUMNS.name, _COLUMNS.registration_key)
    )
    rows = await connection.execute(statement)
    # A later release may have linked jobs of kinds that this one does not know.
    known = [row for row in rows if row.kind in ElementKind.__members__]
    return [JobLink(**{**row._asdict(), "kind": ElementKind[row.kind]}) for row in known]


async def save(connection: Connection, owner: LinkOwner, link: NewJobLink) -> bool:
    """Keep a link; False if the registration, or its group, has reached the bound of others.

    A link that exists stays as it was made, but for its comment. A link of an earlier job of this name is replaced.

    Raises:
        RegistryConflictError: The registration was removed; raised at the end of the transaction at the latest.
    """
    await lock_registrations(connection, [link.registration_key])
    values = {
        "registration_key": link.registration_key,
        "kind": link.kind.name,
        "name": link.name,
        "job_created_at": link.job_created_at,
        "linked_by": link.linked_by,
        "linked_at": link.linked_at,
        "comment": link.comment,
    }
    same = _is_link(link.registration_key, link.kind, link.name)
    if not await _has_room(connection, owner, link.registration_key, same):
        return False
    key = [_COLUMNS.registration_key, _COLUMNS.kind, _COLUMNS.name]
    written = insert(connection, job_links).values(values)
    is_another_job = _COLUMNS.job_created_at != link.job_created_at
    await connection.execute(written.on_conflict_do_update(index_elements=key, set_=values, where=is_another_job))
    if link.comment is not None:
        await connection.execute(job_links.update().where(same).values(comment=link.comment))
    await note_change(connection, "Registration", link.registration_key)
    return True


async def _has_room(connection: Connection, owner: LinkOwner, registration_key: str, same: ColumnElement[bool]) -> bool:
    own = and_(_COLUMNS.registration_key == registration_key, not_(same))
    if await count_rows(connection, job_links, own) >= MAX_LINKS:
        return False
    of_owner = select(_OWN.key).where(_is_owner(owner))
    every = and_(_COLUMNS.registration_key.in_(of_owner), not_(same))
    return await count_rows(connection, job_links, every) < MAX_LINKS_OF_GROUP


async def remove(connection: Connection, registration_key: str, kind: ElementKind, name: str) -> bool:
    """Remove the link of a job, by its kind and name; False if the registration has none."""
    # No job has such a name, and a database answers a query for it with an error.
    if not is_storable(name):
        return False
    await note_change(connection, "Registration", registration_key)
    result = await connection.execute(delete(job_links).where(_is_link(registration_key, kind, name)))
    return result.rowcount > 0


def _is_owner(owner: LinkOwner) -> ColumnElement[bool]:
    return and_(_OWN.group_name == owner.group, _OWN.account_id == owner.account_id, _OWN.region == owner.region)


def _is_link(registration_key: str, kind: ElementKind, name: str) -> ColumnElement[bool]:
    return and_(_COLUMNS.registration_key == registration_key, _COLUMNS.kind == kind.name, _COLUMNS.name == name)
