"""Fetches GraphiQL from npm and bundles it into assets/; where that cannot be done, leaves a mark that says why.

The gateway runs without GraphiQL, so a machine without npm or without a network is no failure: the page at /graphql
then says what is missing. Run by `make setup`, as a script, hence the standard library alone.
"""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
READY = ".ready"
BUILT = "built\n"
TIMEOUT_SECONDS = 300


class FetchError(Exception):
    """npm or the bundler did not do its work; the message is one line that says which and why."""


def main() -> None:
    """Fetch and bundle the explorer, and say in one line how that went."""
    npm = shutil.which("npm")
    if npm:
        print("Fetching GraphiQL from npm (about half a minute) …", flush=True)
    mark = install(HERE, npm)
    if mark != BUILT:
        print(f"GraphiQL is left out, the gateway works without it: {mark.strip()}. Later: make explorer")


def install(folder: Path, npm: str | None) -> str:
    """Fill folder/assets, and give what its .ready now holds: BUILT, or the one line that says why it is empty.

    Takes the folder of package.json and the npm to run, None where the machine has none.
    """
    assets = folder / "assets"
    shutil.rmtree(assets, ignore_errors=True)
    assets.mkdir()
    try:
        _fetch(folder, npm)
        mark = BUILT
    except FetchError as error:
        shutil.rmtree(assets)
        assets.mkdir()
        mark = f"{error}\n"
    finally:
        # The bundle stands alone; what it was made from is 30 times its size.
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
    (assets / READY).write_text(mark, encoding="utf-8")
    return mark


def _fetch(folder: Path, npm: str | None) -> None:
    if npm is None:
        raise FetchError("npm was not found; it comes with Node.js 20 or newer")
    _run(folder, "npm ci", [npm, "ci", "--loglevel=error"])
    _run(folder, "npm run build", [npm, "run", "--silent", "build"])
    if not (folder / "assets" / "manifest.json").is_file():
        raise FetchError("npm run build left no manifest")


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
    main()
