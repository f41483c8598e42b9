"""Load the settings file of a command, and print its faults."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from gateway.settings.settings import Settings, SettingsError, load


def load_settings(arguments: argparse.Namespace) -> Settings | None:
    """The settings of the arguments' `--config`; None if the file is wrong, with every fault on standard error."""
    try:
        return load(Path(arguments.config), os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return None


def load_to_start(arguments: argparse.Namespace) -> Settings | None:
    """The settings of a process that serves or works, from the arguments' `--config`, with its log configured.

    None if the file is wrong or the database is not ready; standard error then names every fault.
    """
    settings = load_settings(arguments)
    if settings is None:
        return None
    from gateway.commands.database_check import database_fault
    from gateway.logging_setup import configure_logging
    from gateway.mcp.switch import mcp_fault
    from gateway.observability.traces import traces_fault

    fault = traces_fault(settings.observability) or mcp_fault(settings) or asyncio.run(database_fault(settings))
    if fault is not None:
        print(fault, file=sys.stderr)
        return None
    configure_logging(human_readable=sys.stderr.isatty(), level=settings.observability.level)
    return settings
