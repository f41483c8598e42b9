"""The wheel, built once."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    options = ["--wheel", "--no-build-isolation", "--offline", "--python", sys.executable, "--out-dir", str(folder)]
    built = subprocess.run(
        [sys.executable, "-m", "uv", "build", "--quiet", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    (result,) = folder.glob("*.whl")
    return result
