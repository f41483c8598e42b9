"""An estate worth looking at: two groups, two accounts, about a dozen models with all that belongs to them."""

from sandbox.estate.fill import fill
from sandbox.estate.groups import Estate, Group
from sandbox.estate.traffic import write_traffic

__all__ = ["Estate", "Group", "fill", "write_traffic"]
