"""A folder of built files as set-up leaves it, small and made by hand, so that no test needs npm."""

import gzip
import json
from pathlib import Path

import pytest

FILES = {
    "explorer-AAAA1111.js": b"export {};\n",
    "explorer-BBBB2222.css": b"body { margin: 0 }\n",
    "codicon-CCCC3333.ttf": b"\x00\x01\x00\x00",
}


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """An assets folder that is whole, with a file beside it that must never be served."""
    (tmp_path / "secret.js").write_text("secret")
    folder = tmp_path / "assets"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
    manifest = {"script": "explorer-AAAA1111.js", "style": "explorer-BBBB2222.css", "files": sorted(FILES)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / ".ready").write_text("built\n")
    return folder
