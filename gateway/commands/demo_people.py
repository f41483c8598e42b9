"""The people of the demo, one of whom a browser is at the console: one who deploys, one who approves, one who looks."""

from typing import Final

from gateway.console.people import People, Person
from sandbox.estate import Estate

VIEWERS: Final = "viewers"
"""The group of somebody who may read, and nothing else."""


def demo_people(estate: Estate) -> People:
    """Give the people of an estate; the first is the one that a browser begins as."""
    return People(
        [
            Person("demo", (estate.risk.name, estate.marketing.name), "imports and deploys"),
            Person("lead", ("mlops",), "approves"),
            Person("viewer", (VIEWERS,), "only looks"),
        ]
    )
