"""How many of a kind an account may have in a region."""

from sandbox import faults
from sandbox.sagemaker.store import Kind


class Quotas:
    """Limits per kind; none is set to begin with, so that a test may fill the sandbox."""

    def __init__(self) -> None:
        self._limits: dict[str, int] = {}

    def set(self, kind: Kind, limit: int | None) -> None:
        """Allow so many of a kind; None takes the limit away."""
        if limit is None:
            self._limits.pop(kind.arn_type, None)
        else:
            self._limits[kind.arn_type] = limit

    def check(self, kind: Kind, present: int) -> None:
        """Raise ResourceLimitExceeded where one more would be too many."""
        limit = self._limits.get(kind.arn_type)
        if limit is not None and present >= limit:
            raise faults.limit_exceeded(
                f"The account-level service limit 'Total number of {kind.word}s' is {limit} {kind.word}s, with current "
                f"utilization of {present} {kind.word}s and a request delta of 1 {kind.word}s. Please use AWS Service "
                "Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS "
                "support to request an increase for this quota."
            )

    def clear(self) -> None:
        """No limits."""
        self._limits.clear()
