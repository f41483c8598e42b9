"""What the registry will answer; until this gateway has one, that is nothing."""

from typing import Any

from aws.lineage import MatchReason
from registry.records import ImportedElement


def nothing_yet() -> Any:
    """Stands for every answer of the registry, because the registry is not part of this gateway yet.

    Nothing has been imported, rehearsed or deployed through this gateway, so null is also the truth.
    """
    return None


def match_reason(root: ImportedElement) -> MatchReason | None:
    """Why an imported job belongs to its model; None for what is no job. The registry keeps the reason's name."""
    return MatchReason[root.match] if root.match else None
