"""`serve`: serves with the settings of a file."""

import argparse
import asyncio
import gc
import sys

from gateway.commands.settings_file import load_settings


def run(arguments: argparse.Namespace) -> int:
    """Serves until told to stop. A wrong settings file is told whole, and nothing starts; nor without its database."""
    settings = load_settings(arguments)
    if settings is None:
        return 1
    from gateway.app import create_app
    from gateway.commands.database_check import database_fault
    from gateway.logging_setup import configure_logging
    from gateway.server import bind_socket, create_server

    wrong = asyncio.run(database_fault(settings))
    if wrong is not None:
        print(wrong, file=sys.stderr)
        return 1
    configure_logging(human_readable=sys.stderr.isatty())
    port = settings.server.port if arguments.port is None else arguments.port
    try:
        listener = bind_socket(settings.server.host, port)
    except OSError as error:
        place = f"{settings.server.host}, port {port}"
        print(f"The gateway cannot listen at {place}: {error.strerror}. Change server.port or --port.", file=sys.stderr)
        return 1
    with listener:
        app, server = create_app(settings), settings.server
        app.state.warm_up()
        # What lives as long as the process is never garbage: to look through it took 100 ms of each full collection.
        gc.freeze()
        running = create_server(app, server.host, port, settings.limits.seconds, server)
        running.run([listener])
    return 0 if running.started else 1
