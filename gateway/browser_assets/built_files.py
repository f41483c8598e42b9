"""The folder that set-up bundles a page into: its script, its style, and every file that may be served."""

import json
from pathlib import Path


class BuiltFiles:
    """The built files of a page.

    They are read once, here: after a page is bundled anew the gateway is started again. A folder that is missing or not
    whole is no error; `available` is then False.

    Args:
        folder: The folder, with the files and a `manifest.json`.

    Attributes:
        folder: The folder.
        files: The names of the files that may be served; each carries the hash of its content.
        script: The name of the page's script; empty if there is none.
        style: The name of the page's style sheet; empty if there is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        manifest = _manifest(folder)
        self.files: frozenset[str] = frozenset(manifest["files"]) if manifest else frozenset()
        self.script = str(manifest["script"]) if manifest else ""
        self.style = str(manifest["style"]) if manifest else ""

    @property
    def available(self) -> bool:
        """Tell whether the files are there; if not, `missing_reason` says why."""
        return bool(self.files)

    def missing_reason(self) -> str:
        """Give the reason why they are not there, as set-up has left it."""
        try:
            return (self.folder / ".ready").read_text(encoding="utf-8").strip()
        except OSError:
            return "set-up has not fetched it yet"


def _manifest(folder: Path) -> dict[str, list[str] | str] | None:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        named = {*manifest["files"], manifest["script"], manifest["style"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = all(isinstance(name, str) and (folder / name).is_file() for name in named)
    return manifest if whole else None
