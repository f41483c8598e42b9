"""The code of the release before this one, kept in the repository, so that a checkout without history has it, too.

`python -m tests.upgrades.previous_release COMMIT` keeps another one, once it is released: the code of its commit, as
`VERSION.tar.xz` beside this file.
"""

import io
import lzma
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = Path(__file__).parent
FOLDERS: Final = ("auth", "aws", "concurrency", "gateway", "registry", "resolvers", "schema", "workflows")
"""Where the code of a gateway is."""


def archive() -> Path:
    """The only archive that is kept; its name is the release's version."""
    (kept,) = FOLDER.glob("*.tar.xz")
    return kept


def unpack(folder: Path) -> Path:
    """Unpack the release into a folder, from which `python -m gateway` runs, and give the folder."""
    with tarfile.open(archive()) as file:
        file.extractall(folder, filter="data")
    return folder


def git(*arguments: str) -> bytes:
    """Run git in the repository and give what it prints. Raises CalledProcessError."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def keep(commit: str) -> Path:
    """Keep the release that a commit is, in the place of the one before, and give its archive."""
    listed = git("ls-tree", "-r", "--name-only", commit, *FOLDERS).decode().splitlines()
    data = git("archive", commit, *(name for name in listed if name.endswith(".py")))
    with tarfile.open(fileobj=io.BytesIO(data)) as file:
        source = file.extractfile("gateway/version.py")
        assert source is not None
        version = source.read().decode().rpartition("VERSION: Final = ")[2].strip().strip('"')
    for old in FOLDER.glob("*.tar.xz"):
        old.unlink()
    path = FOLDER / f"{version}.tar.xz"
    path.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{keep(sys.argv[1]).relative_to(ROOT)}\n")
