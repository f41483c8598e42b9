"""`schema`: prints the schema that this gateway serves."""

import argparse

from schema.build import build_schema


def run(_given: argparse.Namespace) -> int:
    """Prints it."""
    print(build_schema().as_str())
    return 0
