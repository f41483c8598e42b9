"""The commands of README.md, docs/serving.md and docs/tutorials/first-question.md, where nothing is set up.

They run in a checkout of their own. No npm is on its path, as set-up must do without.
"""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import yaml

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.docs.fences import ROOT, fences
from tests.docs.shells import empty_environment
from tests.gateway_client import RISK, settings_mapping
from website.project_pages import kept_files

pytestmark = [pytest.mark.slow, pytest.mark.crash]

PROGRAMS = (
    "awk",
    "bash",
    "cat",
    "cp",
    "curl",
    "env",
    "find",
    "grep",
    "ls",
    "make",
    "mkdir",
    "mv",
    "rm",
    "sed",
    "sh",
    "sort",
    "tail",
    "touch",
    "tr",
    "uname",
)
GATEWAY = ".venv/bin/python -m gateway"
COMMANDS = {
    "make demo": 'make demo ARGS="--once --port 0"',
    "make test": 'make test ARGS="tests/docs/test_pages.py"',
    "make setup": "make setup",
    f"{GATEWAY} migrate --config sagegraph.yaml": f"{GATEWAY} migrate --config sagegraph.yaml",
    f"{GATEWAY} check --config sagegraph.yaml": f"{GATEWAY} check --config sagegraph.yaml",
    f"{GATEWAY} explore --region us-east-2": f"exec {GATEWAY} explore --region us-east-2 --port 0",
    f"{GATEWAY} serve --config sagegraph.yaml": f"exec {GATEWAY} serve --config sagegraph.yaml --port 0",
}
"""The pages' commands, and how they are run here: at free ports, with one test file, without waiting for a person."""
SECONDS = 900


def commands(page: str, first: str) -> list[str]:
    """The commands of the block of a page that begins so, without comments."""
    (fence,) = (fence for fence in fences(page, "") if fence.text.startswith(first))
    return [re.split(r"\s+#", line)[0].strip() for line in fence.text.splitlines()]


def test_each_command_is_known() -> None:
    pages = [("README.md", "make demo"), ("README.md", "make setup"), ("docs/serving.md", "make setup")]
    told = [command for page in pages for command in commands(*page)]
    assert set(told) | set(commands("docs/tutorials/first-question.md", "make demo")) == COMMANDS.keys()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files as Git keeps them, and nothing else."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in kept_files(ROOT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    programs = folder / "programs"
    programs.mkdir()
    for program in PROGRAMS:
        (programs / program).symlink_to(str(shutil.which(program)))
    (programs / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    return folder


@asynccontextmanager
async def started(command: str, checkout: Path, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = empty_environment(Path(os.environ["HOME"])) | {"PATH": str(checkout / "programs")} | variables
    process = await asyncio.create_subprocess_exec(
        *(str(checkout / "programs" / "bash"), "-euc", command),
        cwd=checkout,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(SECONDS):
            yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def output_of(command: str, checkout: Path, **variables: str) -> str:
    async with started(COMMANDS[command], checkout, **variables) as process:
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def answer_of(command: str, checkout: Path, sign: str, **variables: str) -> httpx.Response:
    """Start a gateway by a command, and ask it for its caller; the sign is what it says before its address."""
    async with started(COMMANDS[command], checkout, **variables) as process:
        assert process.stdout is not None
        address = None
        while address is None:
            line = (await process.stdout.readline()).decode()
            assert line, "It has ended."
            address = re.search(rf"{sign}(http://[\w.:\[\]]+)", line)
        headers = {"X-Forwarded-User": "ann", "X-Forwarded-Groups": RISK.name}
        async with httpx.AsyncClient(timeout=60) as http:
            return await http.post(
                f"{address[1]}/graphql",
                json={"query": "{ me { subject } models(first: 1) { nodes { name } } }"},
                headers=headers,
            )


async def test_the_commands(checkout: Path, sandbox: Sandbox, estate: Estate) -> None:
    assert not (checkout / ".venv").exists()
    setup, explore = commands("README.md", "make setup")
    assert "Installing the locked requirements" in await output_of(setup, checkout)
    demo, test = commands("README.md", "make demo")
    assert "DEPLOYED" in await output_of(demo, checkout)
    assert re.search(r"\d+ passed", await output_of(test, checkout))
    keys = {
        "AWS_ENDPOINT_URL": sandbox.url,
        "AWS_ACCESS_KEY_ID": estate.access_key_id,
        "AWS_SECRET_ACCESS_KEY": estate.secret_access_key,
    }
    answer = await answer_of(explore, checkout, "GraphiQL is at ", **keys)
    assert answer.json()["data"]["me"] == {"subject": "explore"}
    settings = settings_mapping(sandbox.url, database={"url": f"sqlite+aiosqlite:///{checkout}/sagegraph.db"})
    (checkout / "sagegraph.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    _, migrate, check, serve = commands("docs/serving.md", "make setup")
    assert "version" in await output_of(migrate, checkout)
    assert "0 faults." in await output_of(check, checkout)
    answer = await answer_of(serve, checkout, "The gateway listens at ")
    assert answer.json()["data"]["me"] == {"subject": "ann"}
    assert len(answer.json()["data"]["models"]["nodes"]) == 1
