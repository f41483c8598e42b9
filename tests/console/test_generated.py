"""What is generated of the console's documents is that of the present schema, and its types hold."""

import subprocess
from pathlib import Path

import pytest

from tests.console.conftest import SECONDS
from tests.node_packages import install_packages

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"


@pytest.fixture(scope="session")
def console_packages() -> Path:
    """The console's folder, with its packages beside it."""
    install_packages(CONSOLE)
    return CONSOLE


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, check=False, timeout=SECONDS, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_documents_are_typed_by_the_present_schema(node_packages: Path, console_packages: Path) -> None:
    generated = sorted((CONSOLE / "src" / "graphql").iterdir())
    before = {path.name: path.read_text() for path in generated}
    run(console_packages, "npm", "run", "--silent", "types")
    after = {path.name: path.read_text() for path in sorted((CONSOLE / "src" / "graphql").iterdir())}
    assert after == before, "Run: cd console && npm run types"


def test_the_types_hold(console_packages: Path) -> None:
    run(console_packages, "npm", "run", "--silent", "check")
