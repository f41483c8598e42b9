"""gateway.commands.serve: it serves the file's settings, ends in order, and starts nothing from a wrong file."""

import asyncio
import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway.commands.command_processes import SECONDS, command, ended_by, finished, is_open, until
from tests.gateway_client import identity_headers, settings_mapping
from tests.scrapes import parsed

pytestmark = pytest.mark.crash


@pytest.fixture
def config(tmp_path: Path, sandbox: Sandbox) -> Path:
    path = tmp_path / "settings.yaml"
    rewrite(path, settings_mapping(sandbox.url, server={"host": "127.0.0.1", "port": 1, "drainSeconds": 0}))
    return path


def rewrite(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(settings))


async def test_it_serves_until_it_is_told_to_stop(config: Path, sandbox: Sandbox, estate: Estate) -> None:
    async with command("serve", "--config", str(config), "--port", "0", anew=True) as process:
        lines = await until(process.stderr, "The gateway listens at ")
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+", json.loads(lines[-1])["event"])
        body = {"query": "{ models { totalCount } }"}
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{url}/graphql", json=body, headers=identity_headers("ann", ["risk"]))
            assert answer.json()["data"] == {"models": {"totalCount": 9}}
            assert (await http.get(f"{url}/readyz")).status_code == 200
        status, text = await ended_by(process, signal.SIGTERM)
    message = [json.loads(line) for line in text.splitlines()]
    assert status == 0
    assert [line["status"] for line in message if line["event"] == "request"] == [200, 200]
    assert message[-1]["event"].startswith("Finished server process")
    assert not await is_open(url)


async def test_a_wrong_file_starts_nothing(config: Path, sandbox: Sandbox) -> None:
    wrong = settings_mapping(sandbox.url, server={"port": "many"}, limits={"dept": 5})
    wrong["permissions"] = [{"group": "risk", "allow": ["REED"]}]
    rewrite(config, wrong)
    status, text, complained = await finished("serve", "--config", str(config), "--port", "0")
    assert (status, text) == (1, "")
    keys = [line.partition(": ")[0] for line in complained.splitlines()]
    assert keys == ["server.port", "permissions[0].allow[0]", "limits.dept"]
    assert sandbox.calls.count() == 0


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    status, text, complained = await finished("serve", "--config", str(tmp_path / "nothing.yaml"))
    assert (status, text) == (1, "")
    assert "cannot be read (No such file or directory); name the settings file with --config" in complained
    assert "Traceback" not in complained


async def test_a_database_without_tables_starts_nothing(config: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    missing = tmp_path / "var" / "registry.db"
    database = {"url": f"sqlite+aiosqlite:///{missing}"}
    rewrite(config, settings_mapping(sandbox.url, server={"host": "127.0.0.1", "port": 0}, database=database))
    remedy = "run `python -m gateway migrate --config FILE` first."
    complaint = f"The registry (SQLite) has no tables yet; {remedy}\n"
    assert await finished("serve", "--config", str(config)) == (1, "", complaint)
    assert not missing.parent.exists()


async def test_a_database_that_is_away_starts_nothing(config: Path, sandbox: Sandbox) -> None:
    database = {"url": "postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x"}
    rewrite(config, settings_mapping(sandbox.url, server={"host": "127.0.0.1", "port": 0}, database=database))
    status, text, complained = await finished("serve", "--config", str(config))
    assert (status, text) == (1, "")
    assert complained.startswith("The registry (PostgreSQL) does not answer: ")
    assert complained.endswith("See that the database runs, or correct `database`.\n")
    assert "what-nobody-should-see" not in complained


async def test_a_port_that_is_taken(config: Path, sandbox: Sandbox) -> None:
    taken = sandbox.url.rpartition(":")[2]
    status, text, complained = await finished("serve", "--config", str(config), "--port", taken)
    sentence = "Address already in use. Change server.port or --port."
    assert (status, text) == (1, "")
    assert complained == f"The gateway cannot listen at 127.0.0.1, port {taken}: {sentence}\n"


async def test_a_host_that_is_none_of_this_machine_s(config: Path, sandbox: Sandbox) -> None:
    rewrite(config, settings_mapping(sandbox.url, server={"host": "192.0.2.1", "port": 0}))
    status, text, complained = await finished("serve", "--config", str(config))
    assert (status, text) == (1, "")
    assert complained.startswith("The gateway cannot listen at 192.0.2.1, port 0: ")
    assert "Traceback" not in complained


def children(pid: int) -> set[int]:
    """The processes that a process has started, but for Python's own resource tracker."""
    result = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            started = "spawn_main" in stat.with_name("cmdline").read_text()
        except OSError:
            continue
        if int(fields[1]) == pid and started:
            result.add(int(stat.parent.name))
    return result


async def both_are_told(http: httpx.AsyncClient, url: str) -> None:
    """Waits until a scrape tells the metrics of both processes; one that is busy for a second is left out of it."""
    async with asyncio.timeout(SECONDS):
        while True:
            samples = parsed((await http.get(f"{url}/metrics")).text)
            if {dict(labels)["worker"] for name, labels in samples if name == "sagegraph_build_info"} == {"0", "1"}:
                return


async def test_several_processes_serve_and_one_that_is_killed_is_replaced(
    config: Path, sandbox: Sandbox, estate: Estate
) -> None:
    rewrite(
        config,
        settings_mapping(sandbox.url, server={"host": "127.0.0.1", "port": 0, "workers": 2, "drainSeconds": 3600}),
    )
    async with command("serve", "--config", str(config)) as process:
        lines = await until(process.stderr, "The gateway listens at ")
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+", json.loads(lines[-1])["event"])
        for _ in range(2):
            await until(process.stderr, "Application startup complete")
        first = children(process.pid)
        async with httpx.AsyncClient(headers={"Connection": "close"}) as http:
            assert {(await http.get(f"{url}/readyz")).status_code for _ in range(8)} == {200}
            await both_are_told(http, url)
            os.kill(min(first), signal.SIGKILL)
            await until(process.stderr, "Application startup complete")
            assert {(await http.get(f"{url}/readyz")).status_code for _ in range(8)} == {200}
            await both_are_told(http, url)
            second = children(process.pid)
            # A process group is told to end as a whole, as a supervisor of services does it.
            for told in (*second, process.pid):
                os.kill(told, signal.SIGTERM)
            said = ""
            while said.count("The process serves for another 3600 seconds") < 2 or "Ending the gateway's" not in said:
                said += "".join(await until(process.stderr, "; "))
            assert {(await http.get(f"{url}/livez")).status_code for _ in range(8)} == {200}
        status, _ = await ended_by(process, signal.SIGTERM)
    assert (len(first), len(second), len(first & second)) == (2, 2, 1)
    assert status == 0
    assert children(process.pid) == set()
    assert not await is_open(url)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_document_that_does_not_fit_starts_nothing(
    config: Path, sandbox: Sandbox, tmp_path: Path, workers: int
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "wrong.graphql").write_text("{ nothing }")
    documents = {"mode": "allow", "path": str(tmp_path / "documents")}
    server = {"host": "127.0.0.1", "port": 0, "workers": workers}
    rewrite(config, settings_mapping(sandbox.url, server=server, documents=documents))
    status, _, complained = await finished("serve", "--config", str(config))
    assert status == 1
    assert complained.startswith("The document `wrong`, line 1: ")
    assert "Traceback" not in complained
