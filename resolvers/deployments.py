"""What deployments will answer; until this gateway makes any, that is nothing."""

from typing import Any


def nothing_yet() -> Any:
    """Stands for every answer about deployments and rehearsals, because they are not part of this gateway yet.

    Nothing has been rehearsed or deployed through this gateway, so null is also the truth.
    """
    return None
