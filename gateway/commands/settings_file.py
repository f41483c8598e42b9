"""Load the settings file of a command, and print its faults."""

import argparse
import os
import sys
from pathlib import Path

from gateway.settings.settings import Settings, SettingsError, load


def load_settings(arguments: argparse.Namespace) -> Settings | None:
    """The settings of `--config`; None where the file is wrong, which is told whole on standard error."""
    try:
        return load(Path(arguments.config), os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return None
