"""Version of this gateway, as its releases are numbered; between two releases, the next one with `.dev0`."""

from typing import Final

VERSION: Final = "0.3.0.dev0"
