"""DBOS's own pauses, which settings do not reach, as short as tests want them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# The end of DBOS waits for a thread that sleeps so long.
_LISTEN_INTERVAL = 0.02


@contextmanager
def quick_dbos() -> Iterator[None]:
    """DBOS ends at once, while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workflows.durable.executor._LISTEN_INTERVAL", _LISTEN_INTERVAL)
        yield
