"""The least policy that the gateway needs, made from the one table of operations, so that it cannot drift from it."""

from collections.abc import Mapping
from typing import Any

from aws.operations import OPERATIONS

# Without these the gateway answers the same, at a higher price or less surely.
OPTIONAL = frozenset({"Search", "GetResources", "SimulatePrincipalPolicy"})


def least_policy() -> Mapping[str, Any]:
    """An identity policy for a group's role, as IAM takes it: what must be there, and what only saves calls."""
    needed = sorted(each.action for each in OPERATIONS.values() if each.name not in OPTIONAL)
    optional = sorted(each.action for each in OPERATIONS.values() if each.name in OPTIONAL)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "SageGraphReads", "Effect": "Allow", "Action": needed, "Resource": "*"},
            {"Sid": "SageGraphReadsWithFewerCalls", "Effect": "Allow", "Action": optional, "Resource": "*"},
        ],
    }
