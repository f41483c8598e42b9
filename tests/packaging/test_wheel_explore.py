"""The wheel in an environment of what serving needs: `sagegraph explore` answers about the account of ambient keys."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from benchmarks.locked_environments import locked_environment
from sandbox.estate import Estate
from sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
QUERY = {"query": "{ me { subject } models(first: 1) { totalCount } }"}
pytestmark = pytest.mark.slow


def test_one_explores_ones_own_account_from_the_wheel(
    wheel: Path, tmp_path: Path, sandbox: Sandbox, estate: Estate
) -> None:
    programs = locked_environment(ROOT / "requirements" / "run.lock", Path(sys.prefix) / "foreign" / "wheel-run")
    into = ["--python", str(programs / "python"), "--no-deps", "--reinstall", "--offline"]
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--quiet", *into, str(wheel)], check=True)
    ambient = {
        "AWS_ENDPOINT_URL": sandbox.url,
        "AWS_ACCESS_KEY_ID": estate.access_key_id,
        "AWS_SECRET_ACCESS_KEY": estate.secret_access_key,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "PYTHONUNBUFFERED": "1",
    }
    explore = [str(programs / "sagegraph"), "explore", "--region", "us-east-2", "--port", "0"]
    environment = {**os.environ, **ambient}
    with subprocess.Popen(explore, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Ctrl-C"):
            lines.append(process.stdout.readline())
            assert lines[-1], "".join(lines)
        (url,) = re.findall(r"GraphiQL is at (http://127\.0\.0\.1:\d+)/graphql", "".join(lines))
        assert f"{url}/mcp" in "".join(lines)
        answer = httpx.post(f"{url}/graphql", json=QUERY, timeout=30).json()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert answer["data"]["me"] == {"subject": "explore"}
    assert "errors" not in answer
    assert list(tmp_path.iterdir()) == []
