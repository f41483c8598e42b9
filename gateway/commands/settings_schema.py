"""`settings-schema`: prints the JSON schema of the settings file, for editors."""

import argparse
import json

from gateway.settings.json_schema import settings_schema


def run(_arguments: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(settings_schema(), indent=2, ensure_ascii=False))
    return 0
