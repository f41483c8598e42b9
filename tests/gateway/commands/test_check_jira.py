"""gateway.commands.check: what it finds out about Jira, where Jira approves."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.commands.check import run
from sandbox.estate import Estate
from sandbox.jira.accounts import GATEWAY
from sandbox.jira.server import JiraServer, running
from sandbox.server import Sandbox
from tests.gateway_client import settings_mapping


async def checked(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], jira: JiraServer, **changes: Any
) -> tuple[int, list[str]]:
    """The exit status, and the lines of the report that are about Jira."""
    block = {"url": jira.url, "user": GATEWAY.email, "token": GATEWAY.token, "project": "MLOPS"}
    blocks = {"deployments": {"approval": "jira"}, "jira": block, **changes}
    path = tmp_path / "settings.yaml"
    path.write_text(yaml.safe_dump(settings_mapping(sandbox.url, **blocks)), encoding="utf-8")
    status = await asyncio.to_thread(run, argparse.Namespace(config=str(path)))
    text = capsys.readouterr()
    assert GATEWAY.token not in text.out + text.err
    return status, [line for line in text.out.splitlines() if "jira" in line]


@pytest.mark.parametrize("cloud", [True, False])
async def test_jira_is_asked_and_nothing_is_filed(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, capsys: pytest.CaptureFixture[str], cloud: bool
) -> None:
    async with running(cloud=cloud) as jira:
        result = await checked(tmp_path, sandbox, capsys, jira)
        assert result == (0, ["ok     jira: works, in project `MLOPS`"])
        assert jira.asked("POST") == []
        jira.project.statuses.pop()
        status, lines = await checked(tmp_path, sandbox, capsys, jira)
    assert status == 1
    assert lines == [
        "FAULT  jira: jira.rejected has `Rejected`, which the workflow of `Task` has not: To Do, In Review, Done"
    ]


async def test_a_jira_that_is_away(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    away = JiraServer(cloud=True)
    away.url = "http://127.0.0.1:9"
    status, (line,) = await checked(tmp_path, sandbox, capsys, away)
    assert status == 1
    assert line.startswith("FAULT  jira: Jira cannot be reached")


async def test_a_jira_that_approves_nothing_is_not_asked(
    tmp_path: Path, sandbox: Sandbox, estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(cloud=True) as jira:
        result = await checked(tmp_path, sandbox, capsys, jira, deployments={"approval": "builtin"})
        assert result == (0, [])
        assert jira.calls == []
