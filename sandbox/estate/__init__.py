"""An estate worth looking at: two groups, two accounts, about a dozen models with all that belongs to them."""

from sandbox.estate.fill import fill
from sandbox.estate.groups import Estate, Group

__all__ = ["Estate", "Group", "fill"]
