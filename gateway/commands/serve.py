"""`serve`: serves with the settings of a file."""

import argparse
import asyncio
import sys

from gateway.commands.settings_file import settings_of


def run(given: argparse.Namespace) -> int:
    """Serves until told to stop. A wrong settings file is told whole, and nothing starts; nor without its database."""
    settings = settings_of(given)
    if settings is None:
        return 1
    from gateway.app import create_app
    from gateway.commands.databases import fault
    from gateway.logs import set_up_logs
    from gateway.server import listening, server

    wrong = asyncio.run(fault(settings))
    if wrong is not None:
        print(wrong, file=sys.stderr)
        return 1
    set_up_logs(for_people=sys.stderr.isatty())
    port = settings.server.port if given.port is None else given.port
    try:
        listener = listening(settings.server.host, port)
    except OSError as error:
        place = f"{settings.server.host}, port {port}"
        print(f"The gateway cannot listen at {place}: {error.strerror}. Change server.port or --port.", file=sys.stderr)
        return 1
    with listener:
        running = server(create_app(settings), settings.server.host, port, settings.limits.seconds)
        running.run([listener])
    return 0 if running.started else 1
