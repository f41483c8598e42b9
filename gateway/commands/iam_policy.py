"""`iam-policy`: prints the least policy that a group's role needs."""

import argparse
import json

from aws.iam_policy import least_policy


def run(_arguments: argparse.Namespace) -> int:
    """Print the policy as JSON."""
    print(json.dumps(least_policy(), indent=2))
    return 0
