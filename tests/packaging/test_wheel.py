"""The wheel: what is in it, and that its command runs from it alone, where the project's folders are not."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from gateway.version import VERSION

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which finds what it requires among the packages of the tests' own."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    installing = ["pip", "install", "--quiet", "--no-deps", "--offline", "--python", str(home / "bin" / "python")]
    subprocess.run([sys.executable, "-m", "uv", *installing, str(wheel)], check=True)
    (packages,) = home.glob("lib/*/site-packages")
    (packages / "required.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin"


def test_what_is_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    built = [
        *(ROOT / "gateway" / "explorer" / "assets").iterdir(),
        *(ROOT / "gateway" / "console" / "assets").iterdir(),
    ]
    assert {str(path.relative_to(ROOT)) for path in built} <= set(names)
    documents = {path.name for path in (ROOT / "gateway" / "mcp" / "documents").iterdir()}
    assert {f"gateway/mcp/documents/{name}" for name in documents} <= set(names)
    folders = {name.split("/")[0] for name in names}
    sources = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks", "website"}
    assert folders - {f"sagegraph-{VERSION}.dist-info"} == sources
    assert f"sagegraph-{VERSION}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_its_command_runs_elsewhere(environment: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = [str(environment / "sagegraph"), *arguments]
        return subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    assert run("--version").stdout == f"sagegraph {VERSION}\n"
    schema = run("schema")
    assert schema.stdout == (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    config = tmp_path / "sagegraph.yaml"
    config.write_text("database: {url: 'sqlite+aiosqlite:///var/here.db'}")
    migrated = run("migrate", "--config", str(config))
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert (tmp_path / "var" / "here.db").exists()
