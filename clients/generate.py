"""Generate the clients from the schema: `make clients`. `--check` changes nothing, and fails if they are behind."""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.locked_environments import locked_environment

ROOT: Final = Path(__file__).parents[1]
CLIENTS: Final = ROOT / "clients"
GENERATED: Final = (Path("python") / "sagegraph_client", Path("typescript") / "src" / "gql")
"""The folders that the generators write, below `clients/`."""
_LEFT_OUT: Final = shutil.ignore_patterns("node_modules", "dist", "__pycache__")
_SECONDS: Final = 300


def generate(clients: Path) -> None:
    """Generate both clients in a copy of `clients/`.

    Args:
        clients: The copy; a copy of `schema/` must be beside it.

    Raises:
        subprocess.CalledProcessError: A generator failed; it has written the reason to the standard error.
    """
    python = locked_environment(CLIENTS / "python" / "codegen.lock", Path(sys.prefix) / "foreign" / "codegen")
    folder = clients / "python"
    _run([str(python / "ariadne-codegen")], folder, PYTHONPATH=".", PYTHONDONTWRITEBYTECODE="1")
    packages = installed_packages()
    (clients / "typescript" / "node_modules").symlink_to(packages)
    _run([str(packages / ".bin" / "graphql-codegen"), "--silent", "--config", "codegen.mjs"], clients / "typescript")


def installed_packages() -> Path:
    """Give the folder of packages of the TypeScript client, after installing them if they differ from its lock.

    Raises:
        subprocess.CalledProcessError: The installation failed.
    """
    folder = CLIENTS / "typescript"
    mark, lock = folder / "node_modules" / ".ready", folder / "package-lock.json"
    if not mark.is_file() or mark.read_bytes() != lock.read_bytes():
        _run(["npm", "ci", "--loglevel=error"], folder)
        shutil.copyfile(lock, mark)
    return folder / "node_modules"


def check_types() -> None:
    """Check the types of the TypeScript client; raises subprocess.CalledProcessError if its compiler finds an error."""
    _run([str(installed_packages() / ".bin" / "tsc"), "--noEmit"], CLIENTS / "typescript")


def behind() -> list[str]:
    """Give the paths below `clients/` of the generated files that differ from the present output of the generators."""
    with TemporaryDirectory(prefix="sagegraph-clients-") as place:
        _generate_in(Path(place))
        return [
            str(folder / name)
            for folder in GENERATED
            for name in _differing(CLIENTS / folder, Path(place) / "clients" / folder)
        ]


def write() -> None:
    """Replace the committed files by the output of the generators."""
    with TemporaryDirectory(prefix="sagegraph-clients-") as place:
        _generate_in(Path(place))
        for folder in GENERATED:
            shutil.rmtree(CLIENTS / folder, ignore_errors=True)
            shutil.copytree(Path(place) / "clients" / folder, CLIENTS / folder)


def _generate_in(place: Path) -> None:
    """Generate in copies without the committed files, so that a file which no generator writes any more is gone."""
    shutil.copytree(CLIENTS, place / "clients", ignore=_LEFT_OUT)
    (place / "schema").mkdir()
    shutil.copyfile(ROOT / "schema" / "schema.graphql", place / "schema" / "schema.graphql")
    for folder in GENERATED:
        shutil.rmtree(place / "clients" / folder, ignore_errors=True)
    generate(place / "clients")


def _differing(committed: Path, made: Path) -> list[str]:
    names = {path.name for folder in (committed, made) for path in folder.glob("*") if path.is_file()}
    _, mismatch, errors = filecmp.cmpfiles(committed, made, sorted(names), shallow=False)
    return sorted([*mismatch, *errors])


def _run(command: list[str], folder: Path, **environment: str) -> None:
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, check=True, timeout=_SECONDS)


def main() -> int:
    """Generate, or with `--check` compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if the code is behind the schema")
    if not parser.parse_args().check:
        write()
        return 0
    files = behind()
    for name in files:
        print(f"clients/{name} is behind the schema; run: make clients", file=sys.stderr)
    return 1 if files else 0


if __name__ == "__main__":
    sys.exit(main())
