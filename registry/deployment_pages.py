"""The first pages of the deployments of many registrations, snapshots or imports at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Select, select

from registry.database import Connection
from registry.deployment_lists import DEPLOYMENT_ORDER, load_deployments
from registry.deployment_tables import deployment_registrations, deployments
from registry.first_pages import FirstPage, KeyedLists, ListKey, first_pages_from_rows, first_rows_by_list
from registry.pages import VisibleGroups, in_groups
from registry.records import Deployment
from registry.snapshot_owners import SNAPSHOT_KEY_COLUMNS, SnapshotKey, has_snapshot_name_of
from registry.statements import chunks

_COLUMNS = deployments.c


async def first_pages_of_registrations(
    connection: Connection, keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    """The last started deployments of the snapshots of each registration, by its key."""
    link = deployment_registrations.c
    which = select(deployments).join(deployment_registrations)
    return await _first_pages_by_key(connection, which, link.registration_key, keys, first)


async def first_pages_of_import_runs(
    connection: Connection, keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    """The last started deployments of each import, by the key of its run."""
    return await _first_pages_by_key(connection, select(deployments), _COLUMNS.import_run_key, keys, first)


async def first_pages_of_snapshots(
    connection: Connection, groups: VisibleGroups, snapshots: Collection[SnapshotKey], first: int
) -> Mapping[SnapshotKey, FirstPage[Deployment]]:
    """The last started deployments of each snapshot, among those of these groups."""
    found: dict[Any, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(snapshots))):
        which = select(deployments).where(has_snapshot_name_of(part), in_groups(_COLUMNS.group_name, groups))
        found |= await _first_pages(connection, which, SNAPSHOT_KEY_COLUMNS, part, first)
    return found


async def _first_pages_by_key(
    connection: Connection, which: Select[Any], owner: Column[str], keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    found: dict[str, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(keys))):
        owners = [(key,) for key in part]
        pages = await _first_pages(connection, which.where(owner.in_(part)), (owner,), owners, first)
        found |= {key: page for (key,), page in pages.items()}
    return found


async def _first_pages(
    connection: Connection, which: Select[Any], owner: Sequence[Column[Any]], owners: Collection[ListKey], first: int
) -> Mapping[ListKey, FirstPage[Deployment]]:
    lists = KeyedLists(select(deployments), which, owner, DEPLOYMENT_ORDER)
    found = await first_rows_by_list(connection, lists, first)
    rows = {row.key: row for theirs, _ in found.values() for row in theirs}
    known = dict(zip(rows, await load_deployments(connection, list(rows.values())), strict=True))
    return first_pages_from_rows(found, owners, lambda row: known[row.key], DEPLOYMENT_ORDER, first)
