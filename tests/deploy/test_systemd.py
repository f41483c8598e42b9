"""deploy/systemd/sagegraph.service: the commands that it runs are the gateway's, and it waits for their end."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.__main__ import parser
from gateway.settings.settings import Settings

UNIT = Path(__file__).parents[2] / "deploy" / "systemd" / "sagegraph.service"
LINES = [
    line.partition("=") for line in UNIT.read_text(encoding="utf-8").splitlines() if "=" in line and line[0] != "#"
]
VALUES = {name: value for name, _, value in LINES}


def test_what_it_runs() -> None:
    commands = [VALUES[name].split() for name in ("ExecStartPre", "ExecStart")]
    assert [command[:3] for command in commands] == [["/opt/sagegraph/.venv/bin/python", "-m", "gateway"]] * 2
    parsed = [parser().parse_args(command[3:]) for command in commands]
    assert [(one.command, one.config) for one in parsed] == [
        ("migrate", "/etc/sagegraph/sagegraph.yaml"),
        ("serve", "/etc/sagegraph/sagegraph.yaml"),
    ]
    assert VALUES["WorkingDirectory"] == "/opt/sagegraph"


def test_it_waits_for_the_end() -> None:
    settings = Settings()
    assert int(VALUES["TimeoutStopSec"]) > settings.server.drain_seconds + settings.limits.seconds + 2


def test_only_the_supervising_process_is_told_to_end() -> None:
    assert VALUES["KillMode"] == "mixed"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd here")
def test_systemd_knows_its_keys(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/sagegraph/.venv/bin/python", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "sagegraph.service" in line] == []
