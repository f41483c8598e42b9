"""Foreign clients, each in an environment of its own, against the sandbox."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.locked_environments import locked_environment
from sandbox.server import Sandbox

REQUIREMENTS = Path(__file__).parent / "requirements"
RUN_SECONDS = 120
Run = Callable[..., str]


@pytest.fixture(scope="session")
def environment() -> Callable[[str], Path]:
    """Make the environment of one client from its lock, kept beside the tests' own; gives its folder of programs."""

    def make(client: str) -> Path:
        return locked_environment(REQUIREMENTS / f"{client}.lock", Path(sys.prefix) / "foreign" / client)

    return make


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path) -> Run:
    """Run a program against the sandbox, whose time goes ten minutes a second; gives its output."""
    sandbox.clock.run(600)
    places = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    aws = {
        "AWS_ENDPOINT_URL": sandbox.url,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_PAGER": "",
    }

    def execute(*arguments: str) -> str:
        done = subprocess.run(
            arguments, env=places | aws, cwd=tmp_path, capture_output=True, text=True, timeout=RUN_SECONDS, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return execute
