"""An estate worth looking at: two groups, two accounts, about a dozen models with all that belongs to them."""

from sandbox.estate.fill import fill
from sandbox.estate.groups import Estate, Group
from sandbox.estate.traffic import write_traffic
from sandbox.estate.watching import watch_endpoints

__all__ = ["Estate", "Group", "fill", "watch_endpoints", "write_traffic"]
