"""Fetches npm packages and bundles a page from them; if that cannot be done, leaves a mark that says why.

The gateway runs without its pages, so a machine without npm or without a network is no failure: the page is then
replaced by one that names the remedy. Run by `make setup`, as a script, hence the standard library alone.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

READY: Final = ".ready"
BUILT: Final = "built\n"
TIMEOUT_SECONDS = 300

_ROOT: Final = Path(__file__).parents[2]
# Neither goes to the place where the bundle is made: the packages are installed there from the lock.
_LEFT_OUT: Final = frozenset({"node_modules", "assets", "__pycache__"})


@dataclass(frozen=True)
class Bundle:
    """A page that is bundled.

    Attributes:
        title: Its name in sentences.
        source: The folder of its package.json.
        assets: The folder that the gateway serves it from.
    """

    title: str
    source: Path
    assets: Path


BUNDLES: Final[Mapping[str, Bundle]] = {
    "explorer": Bundle("GraphiQL", _ROOT / "gateway" / "explorer", _ROOT / "gateway" / "explorer" / "assets"),
    "console": Bundle("The console", _ROOT / "console", _ROOT / "gateway" / "console" / "assets"),
}


class FetchError(Exception):
    """npm or the bundler did not do its work; the message is one line that says which and why."""


def main(names: Sequence[str], bundles: Mapping[str, Bundle] = BUNDLES) -> None:
    """Bundle the pages of these names, and print a line about each."""
    npm = shutil.which("npm")
    for name in names:
        bundle = bundles[name]
        if npm:
            print(f"{bundle.title} is being bundled from npm packages (about half a minute) …", flush=True)
        mark = install(bundle, npm)
        if mark != BUILT:
            print(f"{bundle.title} is left out, the gateway works without it: {mark.strip()}. Later: make {name}")


def install(bundle: Bundle, npm: str | None) -> str:
    """Fill the folder of assets, and give the text of its .ready: BUILT, or one line that says why it is empty.

    Args:
        bundle: The page.
        npm: The path of npm; None if the machine has none.
    """
    shutil.rmtree(bundle.assets, ignore_errors=True)
    try:
        with TemporaryDirectory(prefix="sagegraph-bundle-") as folder:
            built = _build(bundle.source, Path(folder) / "source", npm)
            shutil.copytree(built, bundle.assets)
        mark = BUILT
    except FetchError as error:
        bundle.assets.mkdir(parents=True)
        mark = f"{error}\n"
    (bundle.assets / READY).write_text(mark, encoding="utf-8")
    return mark


def _build(source: Path, folder: Path, npm: str | None) -> Path:
    """Build a copy of the source in a folder, and give the folder of the built files; the source stays as it is."""
    if npm is None:
        raise FetchError("npm was not found; it comes with Node.js 20 or newer")
    shutil.copytree(source, folder, ignore=lambda at, names: _LEFT_OUT & {*names} if Path(at) == source else ())
    _run(folder, "npm ci", [npm, "ci", "--omit=dev", "--loglevel=error"])
    _run(folder, "npm run build", [npm, "run", "--silent", "build"])
    if not (folder / "assets" / "manifest.json").is_file():
        raise FetchError("npm run build left no manifest")
    return folder / "assets"


def _run(folder: Path, name: str, command: list[str]) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"{name} took longer than {TIMEOUT_SECONDS} seconds") from error
    except OSError as error:
        raise FetchError(f"{name} could not be started ({error.strerror})") from error
    if done.returncode:
        raise FetchError(f"{name} failed ({_first_line(done.stderr)})")


def _first_line(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line), "it gave no reason")


if __name__ == "__main__":
    main(sys.argv[1:])
