"""Commands of a page, run as somebody would who has followed it: in a folder of their own, with its addresses."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.docs.fences import ROOT

_SECONDS: Final = 120
_TOOLS: Final = ("PIP_", "UV_", "NPM_CONFIG_", "npm_config_", "SSL_", "HTTPS_", "https_", "NO_PROXY", "no_proxy")


def empty_environment(home: Path) -> dict[str, str]:
    """Give the variables of a machine on which nothing was set up but where packages come from."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_TOOLS)}
    return kept | {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def localized(text: str, addresses: Mapping[str, str]) -> str:
    """Give commands with the checkout's own programs, and with addresses as they are here, by those of the page."""
    text = text.replace(".venv/bin/python", sys.executable)
    for shown, actual in addresses.items():
        text = text.replace(shown, actual)
    return text


async def run_shell(text: str, folder: Path, **variables: str) -> str:
    """Run commands in a folder and give their output; fail if one of them does."""
    environment = empty_environment(folder) | {"PYTHONPATH": str(ROOT)} | variables
    process = await asyncio.create_subprocess_exec(
        *("bash", "-eu", "-o", "pipefail", "-c", text),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode == 0, f"{text}\n{output.decode()}\n{errors.decode()}"
    return output.decode()
