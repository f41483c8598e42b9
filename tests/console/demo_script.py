"""Runs a script of tests/browser on a demo of its own: `python -m tests.console.demo_script pictures`.

`pictures` takes the README's pictures into docs/images; `first_screen` prints how soon the first screen stands.
"""

import asyncio
import json
import re
import sys
from pathlib import Path

from tests.console.conftest import CHROMIUM, SCRIPTS
from tests.node_packages import install_packages

ROOT = Path(__file__).parents[2]


async def main(name: str) -> None:
    """Start the demo, wait for its address, and let the script of this name use it."""
    install_packages(SCRIPTS)
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway", "demo", "--port", "0"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    try:
        text = (await demo.stdout.readuntil(b"Ctrl-C ends all of it.")).decode()
        (address,) = re.findall(r"The console: (\S+)/console", text)
        arguments = {"chromium": CHROMIUM, "url": address, "folder": str(ROOT / "docs" / "images")}
        script = await asyncio.create_subprocess_exec("node", f"{name}.mjs", json.dumps(arguments), cwd=SCRIPTS)
        assert await script.wait() == 0
    finally:
        demo.terminate()
        await demo.communicate()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
