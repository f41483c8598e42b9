"""Collect garbage so that the event loop waits little: young objects often, all of them seldom."""

import asyncio
import ctypes
import gc
import logging
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Final

YOUNG_OBJECTS: Final = 5_000
MIDDLE_COLLECTIONS: Final = 0
"""So many new objects are looked through, once more with as many others each second time, in a millisecond; objects
that outlive both are left alone. A large answer has fewer, and is gone before they are looked at."""

GROWTH_BLOCKS: Final = 300_000
LOOKS: Final = 10
MOST_BLOCKS: Final = 3_000_000
"""All objects are looked through once so many blocks of memory (a million are some 100 MB) have come to the fewest
since the last time, and have stayed for so many looks; at once if there are ten times as many."""

WHOLE_EACH: Final = 30
"""Of so many such collections, one looks through frozen objects too, of which closed scopes leave some behind."""

LOOK_SECONDS: Final = 1.0
"""The time between two looks at the blocks in use."""

TRIM_LOOKS: Final = 30
"""Free memory is given back to the system after so many looks: answers and readings leave a third of their peak."""

_NEVER: Final = 2**30

_log = logging.getLogger("sagegraph.garbage")


class GarbageCollector:
    """Decides when all objects are looked through for cycles that nothing refers to.

    Answers leave few: nearly all memory is free as soon as its last reference goes. Python would look through all of
    it whenever so many objects have been made, which holds the loop for 100 ms with a few large answers under way.

    Args:
        blocks: Gives the number of blocks of memory in use, in microseconds.
        trim: Gives free memory back to the system, in a thread.
    """

    def __init__(
        self, blocks: Callable[[], int] = sys.getallocatedblocks, trim: Callable[[], object] | None = None
    ) -> None:
        self._blocks = blocks
        self._trim = trim or _system_trim()
        self._looks: deque[int] = deque(maxlen=LOOKS)
        self._lowest = 0
        self._count = 0

    def start(self) -> None:
        """Freeze the objects that live as long as the process; Python then collects young objects, and `look` all."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS, MIDDLE_COLLECTIONS, _NEVER)
        self._lowest = self._blocks()

    def look(self) -> bool:
        """Collect if memory has grown, and freeze the rest: objects that outlived a collection cost no time again.

        Returns:
            True if it has collected.
        """
        self._looks.append(self._blocks())
        self._lowest = min(self._lowest, self._looks[-1])
        if not self._has_grown():
            return False
        begun = time.perf_counter()
        self._count += 1
        if self._count % WHOLE_EACH == 0:
            gc.unfreeze()
        freed = gc.collect()
        gc.freeze()
        self._lowest = self._blocks()
        self._looks.clear()
        details = {"seconds": round(time.perf_counter() - begun, 3), "freed": freed, "frozen": gc.get_freeze_count()}
        _log.info("Garbage was collected because memory had grown.", extra=details)
        return True

    def _has_grown(self) -> bool:
        """Tell whether memory has grown for good: the objects of work under way come and go."""
        at_least = min(self._looks) if len(self._looks) == LOOKS else 0
        return at_least >= self._lowest + GROWTH_BLOCKS or self._looks[-1] >= self._lowest + MOST_BLOCKS

    async def run(self) -> None:
        """Look once a second, for as long as it runs."""
        for number in count(1):
            await asyncio.sleep(LOOK_SECONDS)
            self.look()
            if number % TRIM_LOOKS == 0:
                await asyncio.to_thread(self._trim)


def _system_trim() -> Callable[[], object]:
    """The malloc_trim of glibc, which runs without the interpreter's lock; nothing if the system has none."""
    function = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return (lambda: None) if function is None else partial(function, 0)
