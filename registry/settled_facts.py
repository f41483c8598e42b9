"""Settled facts: links, times and states of resources that cannot change any more, kept by scope."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, tuple_

from registry.database import Connection
from registry.tables import settled_facts, settled_scopes
from registry.upserts import insert

BATCH: Final = 500
"""The most facts that one statement reads or writes."""

MAX_FACTS: Final = 200_000
"""The most facts of one scope; beyond them, those described longest ago are deleted."""

_FACTS, _SCOPES = settled_facts.c, settled_scopes.c


@dataclass(frozen=True, slots=True)
class SettledScope:
    """A scope by the identity that AWS sees: facts that another principal has read are never used.

    Attributes:
        account_id: The AWS account.
        region: The AWS region.
        principal_arn: The user's ARN, or the role's without the session's name.
        unique_id: The unique id of the user or role.
    """

    account_id: str
    region: str
    principal_arn: str
    unique_id: str

    @property
    def key(self) -> str:
        """The key of its rows: a digest of its parts, none of which is secret."""
        parts = (self.account_id, self.region, self.principal_arn, self.unique_id)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SettledFact:
    """The facts in the description of a resource that cannot change any more.

    Attributes:
        kind: The word for its kind.
        name: Its name.
        created_at: Its creation time, because names are reused; None if the kind has none.
        status: Its status; None for kinds without one.
        modified_at: Its last modification; None for kinds without one.
        links: The type and key of each of its links.
        described_at: The time of the describe call.
    """

    kind: str
    name: str
    created_at: datetime | None
    status: str | None
    modified_at: datetime | None
    links: Sequence[tuple[str, str]]
    described_at: datetime


async def save(connection: Connection, scope: SettledScope, facts: Sequence[SettledFact], at: datetime) -> None:
    """Keep at most BATCH facts of a scope in place of older ones, and record that the scope is used `at` that time."""
    place = {"account_id": scope.account_id, "region": scope.region, "principal_arn": scope.principal_arn}
    used = insert(connection, settled_scopes).values(scope_key=scope.key, used_at=at, **place)
    await connection.execute(used.on_conflict_do_update(index_elements=["scope_key"], set_={"used_at": at}))
    if facts:
        written = insert(connection, settled_facts)
        changed = {column.name: written.excluded[column.name] for column in settled_facts.c if not column.primary_key}
        keys = ["scope_key", "kind", "name"]
        rows = [_row(scope.key, fact) for fact in facts]
        await connection.execute(written.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def _row(scope_key: str, fact: SettledFact) -> dict[str, Any]:
    return {
        "scope_key": scope_key,
        "kind": fact.kind,
        "name": fact.name,
        "created_at": fact.created_at,
        "status": fact.status,
        "modified_at": fact.modified_at,
        "links": [list(link) for link in fact.links],
        "described_at": fact.described_at,
    }


async def of_scope(connection: Connection, scope: SettledScope) -> AsyncIterator[Sequence[SettledFact]]:
    """Yield the facts of a scope, at most BATCH at a time."""
    after: tuple[str, str] | None = None
    while True:
        wanted = select(settled_facts).where(_FACTS.scope_key == scope.key)
        if after is not None:
            wanted = wanted.where(tuple_(_FACTS.kind, _FACTS.name) > after)
        rows = (await connection.execute(wanted.order_by(_FACTS.kind, _FACTS.name).limit(BATCH))).all()
        if rows:
            yield [_fact(row) for row in rows]
        if len(rows) < BATCH:
            return
        after = rows[-1].kind, rows[-1].name


def _fact(row: Any) -> SettledFact:
    links = [(str(type_), str(key)) for type_, key in row.links]
    return SettledFact(row.kind, row.name, row.created_at, row.status, row.modified_at, links, row.described_at)


async def prune(connection: Connection, unused_since: datetime) -> int:
    """Delete scopes `unused_since` a time with their facts, and facts beyond MAX_FACTS; returns the number of facts."""
    idle = select(_SCOPES.scope_key).where(_SCOPES.used_at < unused_since)
    gone = await connection.execute(delete(settled_facts).where(_FACTS.scope_key.in_(idle)))
    await connection.execute(delete(settled_scopes).where(_SCOPES.used_at < unused_since))
    counted = select(_FACTS.scope_key, func.count()).group_by(_FACTS.scope_key).having(func.count() > MAX_FACTS)
    deleted = gone.rowcount
    for scope_key, _ in (await connection.execute(counted)).all():
        deleted += await _prune_scope(connection, scope_key)
    return deleted


async def _prune_scope(connection: Connection, scope_key: str) -> int:
    own = _FACTS.scope_key == scope_key
    newest = select(_FACTS.described_at).where(own).order_by(_FACTS.described_at.desc()).offset(MAX_FACTS).limit(1)
    bound = (await connection.execute(newest)).scalar_one_or_none()
    if bound is None:
        return 0
    return (await connection.execute(delete(settled_facts).where(own, _FACTS.described_at <= bound))).rowcount
