"""One scope's way to change things in AWS."""

from aws.calls import Calls
from aws.inventory.inventory import Inventory


class Writer:
    """Changes things as one scope's role, and lets the scope's inventory know.

    Args:
        calls: The scope's way to AWS.
        inventory: What learns of each change.
    """

    def __init__(self, calls: Calls, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory
