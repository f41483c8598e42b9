"""Relay connection values: page arguments, page info, edges and completeness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from resolvers.errors import BadInputError

Node = TypeVar("Node", covariant=True)


@dataclass(frozen=True, slots=True)
class PageNeeds:
    """The parts of a connection that are selected and may take more than the page itself.

    Attributes:
        total: True for `totalCount`.
        coverage: True for `completeAsOf` and `unreadableCount`, which rest on the whole list.
        next: True for `pageInfo.hasNextPage`, which rests on one row more than the page holds.
    """

    total: bool = True
    coverage: bool = True
    next: bool = True

    @property
    def whole(self) -> bool:
        """True if a full page is not enough."""
        return self.total or self.coverage


@dataclass(frozen=True, slots=True)
class PageArguments:
    """`first` and `after` of a connection field, as given, and what is selected of it."""

    first: int
    after: str | None
    needs: PageNeeds = PageNeeds()


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Relay's page information."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class PageEdge(Generic[Node]):
    """A node and its place in the connection's order; `match` says why a job belongs to a model."""

    cursor: str
    node: Node
    match: object = None


@dataclass(frozen=True, slots=True)
class ListCompleteness:
    """The completeness of a list.

    Attributes:
        total_count: How many there are in all, where that is known without further calls.
        unreadable_count: How many are listed but refused to this role, so that it is unknown whether they belong.
        complete_as_of: When the whole list was last seen; None where only a part has been looked at.
        looked_back_to: The creation time of the oldest row that was looked at.
    """

    total_count: int | None = None
    unreadable_count: int = 0
    complete_as_of: datetime | None = None
    looked_back_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connection(Generic[Node]):
    """One page of a list, and what is known of the whole (see Standing)."""

    edges: Sequence[PageEdge[Node]]
    nodes: Sequence[Node]
    page_info: PageInfo
    total_count: int | None
    unreadable_count: int
    complete_as_of: datetime | None
    looked_back_to: datetime | None


def checked_first(first: int | None, default: int, largest: int) -> int:
    """The page size to use. Raises BadInputError outside 1 to `largest`.

    The default stands in the schema, so it cannot be told from the same number when asked for; where settings allow
    less than that, it is what they allow.
    """
    size = min(default, largest) if first is None or first == default else first
    if not 1 <= size <= largest:
        raise BadInputError(f"`first` must be from 1 to {largest}, not {size}.")
    return size


def build_connection(
    nodes: Sequence[Node],
    cursors: Sequence[str],
    page_info: PageInfo,
    completeness: ListCompleteness,
    matches: Sequence[object] | None = None,
) -> Connection[Node]:
    """A page of these nodes at these cursors; `matches` gives each node's reason for being there, if it has one."""
    reasons = matches or [None] * len(nodes)
    edges = tuple(PageEdge(cursor, node, match) for cursor, node, match in zip(cursors, nodes, reasons, strict=True))
    return Connection(
        edges,
        tuple(nodes),
        page_info,
        completeness.total_count,
        completeness.unreadable_count,
        completeness.complete_as_of,
        completeness.looked_back_to,
    )


def build_page_info(cursors: Sequence[str], after: str | None, *, more: bool, end: str | None = None) -> PageInfo:
    """The page information of these cursors; `end` is where to go on from, if not behind the last of them."""
    last = cursors[-1] if cursors else None
    return PageInfo(more, after is not None, cursors[0] if cursors else None, end or last)
