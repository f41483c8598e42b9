"""The wheel in an empty environment: the locked requirements and nothing of the project's, and the demo runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.locked_environments import locked_environment

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def test_the_demo_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    programs = locked_environment(ROOT / "requirements" / "demo.lock", Path(sys.prefix) / "foreign" / "wheel")
    into = ["--python", str(programs / "python"), "--no-deps", "--reinstall", "--offline"]
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--quiet", *into, str(wheel)], check=True)
    demo = [str(programs / "sagegraph"), "demo", "--once", "--port", "0", "--speed", "50"]
    done = subprocess.run(demo, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "DEPLOYED" in done.stdout
    assert list(tmp_path.iterdir()) == []
