"""`worker`: does durable work beside the gateways that serve, and speaks no HTTP."""

import argparse
import asyncio
import logging
import signal
from contextlib import AsyncExitStack

from gateway.commands.settings_file import load_to_start
from gateway.settings.settings import Settings

_log = logging.getLogger("sagegraph.worker")


def run(arguments: argparse.Namespace) -> int:
    """Work until stopped. Nothing starts with a faulty settings file or without the database."""
    settings = load_to_start(arguments)
    if settings is None:
        return 1
    asyncio.run(_work(settings))
    return 0


async def _work(settings: Settings) -> None:
    """Run the process without HTTP until SIGTERM or SIGINT."""
    from gateway.bootstrap import start_process

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        await start_process(settings, stack)
        _log.info("The worker has begun.")
        await stop.wait()
        _log.info("The worker ends: running steps may end, and others go on with the rest.")
    _log.info("The worker has ended.")
