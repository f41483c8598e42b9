"""DBOS's own pauses, which settings do not reach, as short as tests want them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partialmethod

import pytest
from dbos._dbos import DBOSRegistry

# A second by default: so long does work wait that is taken up again.
_QUEUE_INTERVAL = 0.1
# The end of DBOS waits for a thread that sleeps so long.
_LISTEN_INTERVAL = 0.02


@contextmanager
def quick_dbos() -> Iterator[None]:
    """DBOS takes up what waits ten times a second, and ends at once, while the block runs."""
    register = partialmethod(DBOSRegistry._register_internal_queue, polling_interval_sec=_QUEUE_INTERVAL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DBOSRegistry, "_register_internal_queue", register)
        patch.setattr("workflows.durable.dbos_internals.QUEUE_SECONDS", _QUEUE_INTERVAL)
        patch.setattr("workflows.durable.executor._LISTEN_INTERVAL", _LISTEN_INTERVAL)
        yield
