"""A process that delivers webhooks: `python -m tests.workflows.notifications.worker DATABASE RECEIVER`.

It says `ready` on standard output once it has begun, and ends with its standard input.
"""

import asyncio
import sys
from functools import partial

from tests.workflows.notifications.delivering import delivering, webhook
from workflows.durable.engine import EngineTimings


async def main(url: str, receiver: str) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(partial(asyncio.StreamReaderProtocol, lines), sys.stdin)
    async with delivering(url, [webhook(receiver)], pace=EngineTimings(lease=1, dead_after=0.2, close_timeout=0.5)):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await lines.read()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
