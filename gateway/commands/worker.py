"""`worker`: does durable work beside the gateways that serve, and speaks no HTTP."""

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack

from gateway.commands.settings_file import load_settings
from gateway.settings.settings import Settings

_log = logging.getLogger("sagegraph.worker")


def run(arguments: argparse.Namespace) -> int:
    """Works until told to stop. A wrong settings file and a database that is not ready are told; nothing starts."""
    settings = load_settings(arguments)
    if settings is None:
        return 1
    from gateway.commands.database_check import database_fault
    from gateway.logging_setup import configure_logging

    wrong = asyncio.run(database_fault(settings))
    if wrong is not None:
        print(wrong, file=sys.stderr)
        return 1
    configure_logging(human_readable=sys.stderr.isatty())
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
