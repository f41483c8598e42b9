"""What tells the lists of one snapshot from those of another: names are given again, creation times are not."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement

from registry.deployment_tables import deployments

_COLUMNS = deployments.c

SnapshotKey = tuple[str, str, str, datetime]
"""A snapshot: its account, region and name, and when it was created."""
SNAPSHOT_KEY_COLUMNS: Final = (
    _COLUMNS.account_id,
    _COLUMNS.region,
    _COLUMNS.snapshot_name,
    _COLUMNS.snapshot_created_at,
)
"""The same in a deployment's row."""


def has_snapshot_name_of(snapshots: Collection[SnapshotKey]) -> ColumnElement[bool]:
    """That a deployment is of one of these snapshots, or of another one of such a name, whose list nobody takes."""
    return _COLUMNS.snapshot_name.in_({name for _, _, name, _ in snapshots})
