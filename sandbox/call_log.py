"""Log of the AWS calls that the sandbox received, by operation and principal."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# Enough to look back over a test or a demo; the counts themselves are never cut.
MAX_RECENT = 20_000


@dataclass(frozen=True)
class AwsCall:
    """One request, as its head describes it.

    Attributes:
        service: The service as signatures name it, such as ``sagemaker`` or ``monitoring``.
        operation: The operation, such as ``CreateModel``.
        principal: ARN of the signer: a role's session, a user, or ``anonymous``.
        account: The principal's account.
        region: The region of the signature.
        protocol: The service's protocol, which is also the form of its errors: ``json``, ``query`` or ``s3``.
        resource: Name or ARN of the resource, if the request names one.
        access_key: The access key of the signature; None for an unsigned request.
    """

    service: str
    operation: str
    principal: str
    account: str
    region: str
    protocol: str = "json"
    resource: str | None = None
    access_key: str | None = None


class CallLog:
    """Counts requests as they arrive; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._recent: deque[AwsCall] = deque(maxlen=MAX_RECENT)
        self._open: Counter[str] = Counter()
        self._most_open: Counter[str] = Counter()

    @contextmanager
    def record(self, call: AwsCall) -> Iterator[None]:
        """Count this call, and hold it as open for as long as the block runs."""
        with self._lock:
            self._counts[call.operation, call.principal, call.account] += 1
            self._recent.append(call)
            self._open[call.operation] += 1
            self._most_open[call.operation] = max(self._most_open[call.operation], self._open[call.operation])
        try:
            yield
        finally:
            with self._lock:
                self._open[call.operation] -= 1

    def count(self, operation: str | None = None, *, principal: str | None = None, account: str | None = None) -> int:
        """Count the calls that meet every criterion; None for any.

        Args:
            operation: The name of an operation.
            principal: The principal's ARN, or its end (``role/session``).
            account: The principal's account.
        """
        with self._lock:
            return sum(
                n
                for (op, user, owner), n in self._counts.items()
                if (operation is None or op == operation)
                and (principal is None or user.endswith(principal))
                and (account is None or owner == account)
            )

    def by_operation(self) -> dict[str, int]:
        """Numbers of calls by operation."""
        return self._by(0)

    def by_principal(self) -> dict[str, int]:
        """Numbers of calls by the principal's ARN."""
        return self._by(1)

    def by_account(self) -> dict[str, int]:
        """Numbers of calls by the principal's account."""
        return self._by(2)

    def max_concurrent(self, operation: str) -> int:
        """The largest number of calls of this operation that were open at the same time."""
        with self._lock:
            return self._most_open[operation]

    def open_now(self, operation: str) -> int:
        """The number of calls of this operation that are open, also of those that no client waits for."""
        with self._lock:
            return self._open[operation]

    def recent(self, operation: str | None = None) -> tuple[AwsCall, ...]:
        """The latest calls of an operation (of all operations without one), oldest first."""
        with self._lock:
            return tuple(c for c in self._recent if operation is None or c.operation == operation)

    def clear(self) -> None:
        """Start to count from nought; calls that are open stay open."""
        with self._lock:
            self._counts.clear()
            self._recent.clear()
            self._most_open.clear()

    def _by(self, part: int) -> dict[str, int]:
        totals: Counter[str] = Counter()
        with self._lock:
            for key, n in self._counts.items():
                totals[key[part]] += n
        return dict(sorted(totals.items()))
