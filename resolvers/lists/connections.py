"""Relay connection values: page arguments, page info, edges and completeness."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from resolvers.columns import Columns
from resolvers.errors import BadInputError

Node = TypeVar("Node", covariant=True)
Other = TypeVar("Other")


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
    """The arguments `first` and `after` of a connection field, and the needs of its selection.

    Attributes:
        first: The size of the page, from 1.
        after: The cursor behind which the page begins; None for the first page.
        needs: The parts that are selected.
    """

    first: int
    after: str | None
    needs: PageNeeds = PageNeeds()


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Relay's page information.

    Attributes:
        has_next_page: True if there is more.
        has_previous_page: True if the page was asked for behind a cursor.
        cursors: The cursors of the page.
        stopped_at: The cursor to go on from, if it is not that of the last node.
    """

    has_next_page: bool
    has_previous_page: bool
    cursors: Sequence[str]
    stopped_at: str | None = None

    @property
    def start_cursor(self) -> str | None:
        """The first cursor; None on an empty page."""
        return self.cursors[0] if self.cursors else None

    @property
    def end_cursor(self) -> str | None:
        """The cursor to go on from; None on an empty page."""
        return self.stopped_at or (self.cursors[-1] if self.cursors else None)


@dataclass(frozen=True, slots=True)
class PageEdge(Generic[Node]):
    """A node and its place in the connection's order.

    Attributes:
        cursors: The cursors of the page.
        index: The node's place in the page, from 0.
        node: The node.
        match: The reason why a job belongs to a model, or the fields by which a search came upon the node.
        linked_by: The subject who linked a job by hand; None for others.
    """

    cursors: Sequence[str]
    index: int
    node: Node
    match: object = None
    linked_by: str | None = None

    @property
    def cursor(self) -> str:
        """The node's cursor."""
        return self.cursors[self.index]

    @property
    def matched(self) -> object:
        """The fields by which a search has come upon the node."""
        return self.match


@dataclass(frozen=True, slots=True)
class ListCompleteness:
    """The completeness of a list.

    Attributes:
        total_count: The number of all; None if it is not known without further calls.
        unreadable_count: The number of those listed that the role may not read, so that it is unknown whether they
            belong.
        complete_as_of: The moment at which the whole list was last seen; None if only a part has been read.
        looked_back_to: The creation time of the oldest row that was read.
    """

    total_count: int | None = None
    unreadable_count: int = 0
    complete_as_of: datetime | None = None
    looked_back_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScopeProblem:
    """The reason why a scope's part of a list could not be read: the code of an error, and its message.

    Attributes:
        code: The error's code, as in `extensions.code`.
        message: The error's message.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ListedScope:
    """A group's account and region, and how far its part of a list was read.

    Attributes:
        group: The group; `*` for a caller without groups.
        account_id: The account; None if the role could not be had, and nothing else tells.
        region: The region.
        complete_as_of: See ListCompleteness.
        unreadable_count: See ListCompleteness.
        problem: The reason why nothing was read; None if it was.
    """

    group: str
    account_id: str | None
    region: str
    complete_as_of: datetime | None = None
    unreadable_count: int = 0
    problem: ScopeProblem | None = None


class ListedView(Protocol):
    """The view that a list is read through; see resolvers.views.resource_view.ResourceView."""

    @property
    def group(self) -> str | None:
        """The group."""

    @property
    def account_id(self) -> str:
        """The account."""

    @property
    def region(self) -> str:
        """The region."""


def listed_scope(view: ListedView, complete_as_of: datetime | None, unreadable_count: int) -> ListedScope:
    """The scope of a list that one view has read."""
    return ListedScope(view.group or "*", view.account_id, view.region, complete_as_of, unreadable_count)


@dataclass(frozen=True, slots=True)
class Connection(Generic[Node]):
    """One page of a list, and what is known of the whole (see ListCompleteness).

    Attributes:
        cursors: The cursor of each node.
        nodes: The nodes.
        matches: The reason of each node for being there; None if there are no reasons.
        page_info: The position of the page.
        total_count: See ListCompleteness.
        unreadable_count: See ListCompleteness.
        complete_as_of: See ListCompleteness.
        looked_back_to: See ListCompleteness.
        view: The view that everything was read through; None for the registry's records, and for several views.
        listed: The scopes of a list of several views.
    """

    cursors: Sequence[str]
    nodes: Sequence[Node]
    matches: Sequence[object] | None
    page_info: PageInfo
    total_count: int | None
    unreadable_count: int
    complete_as_of: datetime | None
    looked_back_to: datetime | None
    view: ListedView | None = None
    listed: Sequence[ListedScope] = ()

    def with_nodes(self, nodes: Sequence[Other]) -> "Connection[Other]":
        """The page with other values in the places of its nodes."""
        return replace(self, nodes=nodes)  # type: ignore[arg-type, return-value]  # It is generic in these alone.

    @property
    def scopes(self) -> Sequence[ListedScope]:
        """The scopes that the list is of."""
        if self.view is None:
            return self.listed
        return (listed_scope(self.view, self.complete_as_of, self.unreadable_count),)

    @property
    def edges(self) -> Sequence[PageEdge[Node]]:
        """The nodes, each at its place."""
        reasons = [None] * len(self.nodes) if self.matches is None else self.matches
        edges = zip(range(len(self.cursors)), self.nodes, reasons, strict=True)
        return [_edge(self.cursors, *edge) for edge in edges]


@dataclass(frozen=True, slots=True)
class LinkedByHand:
    """The reason of a node that somebody has linked.

    Attributes:
        match: A stronger reason that holds besides, or that of a link.
        by: The subject who linked it.
    """

    match: object
    by: str


def _edge(cursors: Sequence[str], index: int, node: Other, reason: object) -> PageEdge[Other]:
    if isinstance(reason, LinkedByHand):
        return PageEdge(cursors, index, node, reason.match, reason.by)
    return PageEdge(cursors, index, node, reason)


def checked_first(first: int | None, default: int, largest: int) -> int:
    """The page size to use. Raises BadInputError outside 1 to `largest`.

    The default stands in the schema, so it cannot be told from the same number when asked for; if the settings allow
    less than that, it is the most that they allow.
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
    view: ListedView | None = None,
) -> Connection[Node]:
    """Make a page.

    Args:
        nodes: The nodes.
        cursors: The cursor of each.
        page_info: The position of the page.
        completeness: The completeness of the whole list.
        matches: The reason of each node for being there; None if there are no reasons.
        view: The view that everything was read through; None for records of the registry, and for several views.
    """
    return Connection(
        cursors,
        nodes if isinstance(nodes, Columns) else tuple(nodes),
        matches,
        page_info,
        completeness.total_count,
        completeness.unreadable_count,
        completeness.complete_as_of,
        completeness.looked_back_to,
        view,
    )


def build_page_info(cursors: Sequence[str], after: str | None, *, more: bool, end: str | None = None) -> PageInfo:
    """The page information of these cursors.

    Args:
        cursors: The cursors of the page.
        after: The cursor that the page was asked for behind; None for the first page.
        more: True if there is more behind the page.
        end: The cursor to go on from, if it is not the last of the page.
    """
    return PageInfo(more, after is not None, cursors, end)
