"""Queries for linked resources, their answers, and the protocol of their sources."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aws.inventory.link_index import IndexVersion
from aws.inventory.listings import OrderKey
from aws.inventory.search import ArtifactQuery
from aws.inventory.sorted_sequence import SortKey
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link
from aws.kinds.kind import Kind

RowFilter = Callable[[AnyResource], bool]


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """A page of the rows that have any of some links.

    Attributes:
        links: The links.
        count: The most rows of the page.
        after: The position behind which the page begins; None for the first page.
    """

    links: tuple[Link, ...]
    count: int
    after: OrderKey | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The extent to which the links of some rows are known.

    Attributes:
        complete_as_of: The time at which the lists were seen whole, if every row is known or refused; else None.
        looked_back_to: The creation time of the oldest row down to which all are known or refused, if not complete.
        refused: The number of rows that the role may not describe.
    """

    complete_as_of: datetime | None
    looked_back_to: datetime | None
    refused: int

    def and_also(self, other: "Coverage") -> "Coverage":
        """Give the extent to which the links of this and the `other` are known."""
        both = [moment for moment in (self.complete_as_of, other.complete_as_of) if moment is not None]
        looked_back = [moment for moment in (self.looked_back_to, other.looked_back_to) if moment is not None]
        return Coverage(
            complete_as_of=min(both) if len(both) == 2 else None,
            looked_back_to=max(looked_back, default=None),
            refused=self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class LinkedQuery:
    """A query for pages of linked resources.

    Attributes:
        kinds: The kinds that are searched.
        pages: The pages.
        whole: True to learn every link, even if the pages need few of them.
        marks: The marks of the wanted training jobs, by which Search may find them; None without Search.
        passes: Filters the rows; None takes every row.
    """

    kinds: tuple[Kind, ...]
    pages: tuple[LinkQuery, ...] = ()
    whole: bool = False
    marks: ArtifactQuery | None = None
    passes: RowFilter | None = None


@dataclass(frozen=True, slots=True)
class LinkedRows:
    """The answer to a LinkedQuery.

    Attributes:
        pages: The rows of each page, newest first; a page that is not full is the last one.
        coverage: The extent to which links are known.
    """

    pages: Sequence[Sequence[AnyResource]]
    coverage: Coverage


class LinkSource(Protocol):
    """The rows and links of one kind, for one request."""

    @property
    def kind(self) -> Kind:
        """The kind."""

    @property
    def newest(self) -> SortKey | None:
        """The position of the newest row that the request sees; None if it sees every row."""

    @property
    def looks_back(self) -> bool:
        """Tell whether the oldest row shows how far back the list was read."""

    @property
    def extends(self) -> bool:
        """Tell whether further rows of an incomplete list can be read."""

    def version(self) -> IndexVersion:
        """Give the present index."""

    def unknown(self, version: IndexVersion) -> Iterable[SortKey]:
        """Give the positions of the rows whose links need a description, newest first."""

    async def refresh(self) -> None:
        """Make the list fresh. Raises AWSError."""

    async def extend(self, count: int) -> None:
        """Read the list on until it has `count` rows, or is complete. Raises AWSError."""

    async def describe(self, rows: Sequence[AnyResource]) -> None:
        """Describe rows, so that the index learns their links. Raises AWSError, except for refused rows."""
