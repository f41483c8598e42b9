"""The documents of the front ends in tests/javascript/screens, as graphql-codegen and Relay's compiler write them."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.node_packages import FOLDER, make_once

SCREENS: Final = FOLDER / "screens"
GENERATED: Final = SCREENS / "generated"
SCHEMA: Final = Path(__file__).parents[1] / "schema" / "schema.graphql"
_SECONDS: Final = 120


@pytest.fixture(scope="session")
def front_end_documents(node_packages: Path) -> Path:
    """The folder of the front ends, in which `generated/` holds both compilers' output for the printed schema.

    It is written again when the schema, an operation, a compiler's settings or a package has changed.
    """
    written = [
        *SCREENS.glob("operations/*"),
        *SCREENS.glob("relay/*"),
        *SCREENS.glob("*.json"),
        SCREENS / "codegen.mjs",
    ]
    make_once(GENERATED, [SCHEMA, node_packages / "package-lock.json", *sorted(written)], _generate)
    return SCREENS


def _generate() -> None:
    shutil.rmtree(GENERATED, ignore_errors=True)
    manifests = GENERATED / "manifests"
    for folder in (GENERATED / "relay", manifests):
        folder.mkdir(parents=True)
    # Relay's compiler writes CommonJS, beside scripts that are modules; it adds to a manifest that is there.
    (GENERATED / "package.json").write_text('{"type": "commonjs"}')
    (manifests / "relay.json").write_text("{}")
    _run("graphql-codegen", "--silent", "--config", "codegen.mjs")
    _run("relay-compiler", "relay.config.json")
    _run("esbuild", "generated/codegen/graphql.ts", "--format=esm", "--outfile=generated/documents.mjs")
    shutil.copy(GENERATED / "codegen" / "persisted-documents.json", manifests / "codegen.json")


def _run(program: str, *arguments: str) -> None:
    command = [str(FOLDER / "node_modules" / ".bin" / program), *arguments]
    done = subprocess.run(command, cwd=SCREENS, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
