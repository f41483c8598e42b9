"""The observer of calls to other services, for metrics: it notes each call, and each wait before one."""

from typing import Final, Protocol


class CallObserver(Protocol):
    """Notes calls; its methods take microseconds and raise nothing."""

    def on_call(self, operation: str, outcome: str, seconds: float) -> None:
        """Note a call that has ended.

        Args:
            operation: The service's own name of the operation, such as `DescribeModel`.
            outcome: `OK`, `CANCELLED`, or the code of the error.
            seconds: The duration, without waits before the call.
        """

    def on_wait(self, operation: str, seconds: float) -> None:
        """Note that the rate limiter delayed a call of `operation` by `seconds`."""


class _Unobserved:
    def on_call(self, operation: str, outcome: str, seconds: float) -> None:
        """Note nothing."""

    def on_wait(self, operation: str, seconds: float) -> None:
        """Note nothing."""


UNOBSERVED: Final[CallObserver] = _Unobserved()
"""An observer that notes nothing."""
