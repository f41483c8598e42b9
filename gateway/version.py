"""Version of this gateway, as its releases are numbered (pyproject.toml has the same)."""

from typing import Final

VERSION: Final = "0.2.0"
