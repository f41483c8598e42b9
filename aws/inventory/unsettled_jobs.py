"""Unsettled jobs, which a reading of newer rows asks for again."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from aws.inventory.listings import PAGE_SIZE, creation_key
from aws.kinds.catalog import AnyResource, is_unsettled_job


def with_unsettled(rows: Sequence[AnyResource], since: datetime) -> tuple[datetime, Sequence[str]]:
    """Give the time from which to list, and the unsettled jobs to describe instead, whichever costs fewer calls.

    Args:
        rows: The known rows, newest first.
        since: The time from which new rows must be listed.
    """
    unsettled = [row for row in rows if is_unsettled_job(row) and creation_key(row)[0] < since]
    if not unsettled:
        return since, ()
    oldest = creation_key(unsettled[-1])[0]
    pages = math.ceil(sum(creation_key(row)[0] >= oldest for row in rows) / PAGE_SIZE)
    if pages <= 1 + len(unsettled):
        return oldest - timedelta(seconds=1), ()
    return since, [row.name for row in unsettled]
