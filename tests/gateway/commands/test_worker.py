"""gateway.commands.worker: it works until it is told to stop, and starts nothing without its file and its tables."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.server import Sandbox
from tests.gateway.commands.command_processes import command, ended_by, finished, until
from tests.gateway_client import settings_mapping

pytestmark = pytest.mark.crash


@pytest.fixture
def config(tmp_path: Path, sandbox: Sandbox, sqlite_url: str) -> Path:
    path = tmp_path / "settings.yaml"
    rewrite(path, settings_mapping(sandbox.url, database={"url": sqlite_url}))
    return path


def rewrite(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(settings))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_works_until_it_is_told_to_stop(config: Path, number: signal.Signals) -> None:
    async with command("worker", "--config", str(config)) as process:
        await until(process.stderr, "The worker has started.")
        status, text = await ended_by(process, number)
    events = [json.loads(line)["event"] for line in text.splitlines()]
    assert (status, events[-1]) == (0, "The worker has ended.")


async def test_a_wrong_file_starts_nothing(config: Path) -> None:
    rewrite(config, {"limits": {"dept": 5}})
    status, text, complained = await finished("worker", "--config", str(config))
    assert (status, text, "limits.dept" in complained) == (1, "", True)


async def test_a_database_without_tables_starts_nothing(config: Path, tmp_path: Path) -> None:
    missing = tmp_path / "var" / "registry.db"
    rewrite(config, {"database": {"url": f"sqlite+aiosqlite:///{missing}"}})
    remedy = "run `python -m gateway migrate --config FILE` first."
    complaint = f"The registry (SQLite) has no tables yet; {remedy}\n"
    assert await finished("worker", "--config", str(config)) == (1, "", complaint)
    assert not missing.parent.exists()
