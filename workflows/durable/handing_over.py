"""Hand durable work to a process that has access to what this one lacks."""

import logging
from collections.abc import Collection

from registry.errors import RegistryError
from workflows.durable.errors import DurableError
from workflows.durable.executor import Executor
from workflows.durable.fleet import Fleet

_log = logging.getLogger("sagegraph.durable")


async def hand_over_work(fleet: Fleet, executor: Executor, work_id: str, subjects: Collection[str]) -> bool:
    """Give work to the oldest process that may have access to what it needs; False if there is none.

    Args:
        fleet: The processes that share the database, which are looked at anew.
        executor: The one that has the work in hand.
        work_id: The id of the work.
        subjects: What this process has no access to; see access.py.
    """
    try:
        await fleet.refresh()
        others = fleet.others_with_access(subjects)
        moved = bool(others) and await executor.give(work_id, others[0].executor)
    except (RegistryError, DurableError) as error:
        _log.warning("The work %s cannot be handed over: %s", work_id, error)
        return False
    if moved:
        fleet.handed_over += 1
        _log.warning("The work %s is handed to the process %s, which may do it.", work_id, others[0].name)
    return moved
