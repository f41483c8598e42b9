"""`schema`: prints the schema that this gateway serves, or the table of what takes which permission."""

import argparse

from schema.build import build_schema
from schema.permissions import page


def run(given: argparse.Namespace) -> int:
    """Prints it."""
    schema = build_schema()
    print(page(schema).rstrip() if given.permissions else schema.as_str())
    return 0
