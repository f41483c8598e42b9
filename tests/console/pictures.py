"""Takes the README's pictures from a demo, into docs/images: `make pictures`."""

import asyncio
import json
import re
import sys
from pathlib import Path

from tests.console.conftest import CHROMIUM, SCRIPTS

ROOT = Path(__file__).parents[2]


async def main() -> None:
    """Start the demo, wait for its address, and let the script take the pictures."""
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway", "demo", "--port", "0"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    try:
        text = (await demo.stdout.readuntil(b"Ctrl-C ends all of it.")).decode()
        (address,) = re.findall(r"The console: (\S+)/console", text)
        arguments = {"chromium": CHROMIUM, "url": address, "folder": str(ROOT / "docs" / "images")}
        for command in (("npm", "ci", "--loglevel=error"), ("node", "pictures.mjs", json.dumps(arguments))):
            program = await asyncio.create_subprocess_exec(*command, cwd=SCRIPTS)
            assert await program.wait() == 0
    finally:
        demo.terminate()
        await demo.communicate()


if __name__ == "__main__":
    asyncio.run(main())
