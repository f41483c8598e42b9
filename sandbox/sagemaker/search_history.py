"""Delayed snapshots of the store, so that Search lags behind as it does in AWS."""

import copy
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.sagemaker.store import AccountRegion, ResourceKind, ResourceRecord


MAX_VIEWS = 200
"""The most views kept; enough for the delay of a test."""


class SearchView:
    """The records of an account and region at one time.

    Args:
        account_region: The account and region.
        frozen: True to keep the records in their present state; a view that is not frozen shows later changes.
        earlier: An earlier frozen view, whose copies of unchanged records are reused.
    """

    def __init__(self, account_region: "AccountRegion", *, frozen: bool, earlier: "SearchView | None" = None) -> None:
        self._records = {
            arn_type: {r.name: _frozen(r, earlier, arn_type) if frozen else r for r in records}
            for arn_type, records in account_region.collections.items()
        }

    def records(self, kind: "ResourceKind") -> "list[ResourceRecord]":
        """The records of a kind."""
        return list(self._records[kind.arn_type].values())


def _frozen(record: "ResourceRecord", earlier: SearchView | None, arn_type: str) -> "ResourceRecord":
    """A copy of the record: that of the earlier view, unless the record has changed since."""
    known = earlier._records[arn_type].get(record.name) if earlier else None
    return copy.deepcopy(record) if known is None or known != record else known


class SearchHistory:
    """The past records of an account and region, kept only while Search lags behind."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._views: list[SearchView] = []

    def record(self, at: float, account_region: "AccountRegion") -> None:
        """Keep a view of the account and region at this time (seconds since the epoch)."""
        self._times.append(at)
        earlier = self._views[-1] if self._views else None
        self._views.append(SearchView(account_region, frozen=True, earlier=earlier))
        del self._times[:-MAX_VIEWS], self._views[:-MAX_VIEWS]

    def view_at(self, at: float, account_region: "AccountRegion") -> SearchView:
        """The view of the account and region at a time (seconds since the epoch); the present without any record."""
        if not self._times:
            return SearchView(account_region, frozen=False)
        return self._views[max(0, bisect_right(self._times, at) - 1)]

    def __len__(self) -> int:
        return len(self._times)

    def clear(self) -> None:
        """Forget the past."""
        self._times.clear()
        self._views.clear()
