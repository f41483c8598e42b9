"""`schema`: prints the schema that this gateway serves, or the table of the permissions that each field takes."""

import argparse

from schema.build import build_schema
from schema.permissions import permissions_page


def run(arguments: argparse.Namespace) -> int:
    """Print the document that the arguments name."""
    schema = build_schema()
    print(permissions_page(schema).rstrip() if arguments.permissions else schema.as_str())
    return 0
