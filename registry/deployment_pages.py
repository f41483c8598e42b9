"""The first pages of the deployments of many registrations, snapshots or imports at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Select, select

from registry.database import Connection
from registry.deployment_lists import ORDER, records
from registry.deployment_tables import deployment_registrations, deployments
from registry.first_pages import FirstPage, Lists, Owner, first_rows, pages_of_lists
from registry.pages import Groups, owned
from registry.records import Deployment
from registry.snapshot_owners import OF_SNAPSHOT, SnapshotOwner, of_any
from registry.statements import chunks

_COLUMNS = deployments.c


async def of_registrations(
    connection: Connection, keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    """The last started deployments of the snapshots of each registration, by its key."""
    link = deployment_registrations.c
    which = select(deployments).join(deployment_registrations)
    return await _by_key(connection, which, link.registration_key, keys, first)


async def of_runs(connection: Connection, keys: Collection[str], first: int) -> Mapping[str, FirstPage[Deployment]]:
    """The last started deployments of each import, by the key of its run."""
    return await _by_key(connection, select(deployments), _COLUMNS.import_run_key, keys, first)


async def of_snapshots(
    connection: Connection, groups: Groups, snapshots: Collection[SnapshotOwner], first: int
) -> Mapping[SnapshotOwner, FirstPage[Deployment]]:
    """The last started deployments of each snapshot, among those of these groups."""
    found: dict[Any, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(snapshots))):
        which = select(deployments).where(of_any(part), owned(_COLUMNS.group_name, groups))
        found |= await _pages(connection, which, OF_SNAPSHOT, part, first)
    return found


async def _by_key(
    connection: Connection, which: Select[Any], owner: Column[str], keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    found: dict[str, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(keys))):
        owners = [(key,) for key in part]
        pages = await _pages(connection, which.where(owner.in_(part)), (owner,), owners, first)
        found |= {key: page for (key,), page in pages.items()}
    return found


async def _pages(
    connection: Connection, which: Select[Any], owner: Sequence[Column[Any]], owners: Collection[Owner], first: int
) -> Mapping[Owner, FirstPage[Deployment]]:
    lists = Lists(select(deployments), which, owner, ORDER)
    found = await first_rows(connection, lists, first)
    rows = {row.key: row for theirs, _ in found.values() for row in theirs}
    known = dict(zip(rows, await records(connection, list(rows.values())), strict=True))
    return pages_of_lists(found, owners, lambda row: known[row.key], ORDER, first)
