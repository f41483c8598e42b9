"""A folder in memory for the databases of tests, each of which is written and thrown away within a second."""

import shutil
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
# More than all tests together have at a time.
_ENOUGH: Final = 4 * 1024**3


def quick_folder() -> str | None:
    """Linux's folder in memory, if there is one with room enough; None leaves the choice to the system."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ENOUGH:
        return None
    return str(_MEMORY)
