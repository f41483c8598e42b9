"""docs/tutorials/approval-in-jira.md: its three terminals, in an empty folder, command by command, answer by answer."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.docs.fences import ROOT, Fence, assert_shown, fences
from tests.docs.shells import empty_environment, localized, run_shell
from tests.nginx import free_port

pytestmark = [pytest.mark.slow, pytest.mark.crash]

PAGE = "docs/tutorials/approval-in-jira.md"
(SETTINGS,) = fences(PAGE, "yaml")
FIRST, MAKE_READY, SERVE, *THIRD = fences(PAGE, "sh")
(CHECKED,) = fences(PAGE, "")
SECONDS = 60
END = "==end of a block=="


@asynccontextmanager
async def terminal(fence: Fence, folder: Path, addresses: dict[str, str], sign: str) -> AsyncIterator[None]:
    """A program of the page that runs until the block ends; it is ready when it has said this."""
    words = localized(fence.text, addresses)
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euc", f"exec {words}"),
        cwd=folder,
        env=empty_environment(folder) | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said: list[str] = []
    ready = asyncio.Event()
    reading = asyncio.create_task(_read(process.stdout, said, sign, ready))
    try:
        async with asyncio.timeout(SECONDS):
            await ready.wait()
        assert sign in "".join(said), said
        yield
    finally:
        process.terminate()
        await asyncio.gather(process.wait(), reading)


async def _read(output: asyncio.StreamReader, said: list[str], sign: str, ready: asyncio.Event) -> None:
    """Read to the end, so that the program never waits for a reader."""
    async for line in output:
        said.append(line.decode())
        if sign in said[-1]:
            ready.set()
    ready.set()


def with_answers() -> list[tuple[Fence, Fence | None]]:
    """The third terminal's blocks, each with the answer that stands beneath it."""
    blocks = fences(PAGE)
    below = dict(zip(blocks, [*blocks[1:], None], strict=True))
    return [(fence, after if (after := below[fence]) and after.language == "json" else None) for fence in THIRD]


async def test_the_tutorial(tmp_path: Path) -> None:
    addresses = {"5555": str(free_port()), "5556": str(free_port()), "8000": str(free_port())}
    settings = localized(SETTINGS.text, addresses) + f"server: {{port: {addresses['8000']}}}\n"
    (tmp_path / "sagegraph.yaml").write_text(settings, encoding="utf-8")
    async with AsyncExitStack() as running:
        await running.enter_async_context(terminal(FIRST, tmp_path, addresses, "Ben Jones logs in"))
        checked = await run_shell(localized(MAKE_READY.text, addresses), tmp_path)
        assert CHECKED.text in checked
        await running.enter_async_context(terminal(SERVE, tmp_path, addresses, "The gateway listens at "))
        pairs = with_answers()
        script = "".join(f"{fence.text}\nprintf '\\n%s\\n' '{END}'\n" for fence, _ in pairs)
        outputs = (await run_shell(localized(script, addresses), tmp_path)).split(END)
    assert sum(answer is not None for _, answer in pairs) == 5
    for (_, answer), output in zip(pairs, outputs, strict=False):
        if answer is not None:
            (body,) = re.findall(r"^\{.+\}$", output, re.MULTILINE)
            assert json.loads(body).get("errors") is None, body
            assert_shown(answer, json.loads(body)["data"])
