"""Questions for what has links, their answers, and where these are read from."""

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
    """A page of what has any of some links.

    Attributes:
        links: The links.
        count: How many rows are wanted.
        after: The place behind which the page begins; None for the newest.
    """

    links: tuple[Link, ...]
    count: int
    after: OrderKey | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the links of some kinds' rows are known.

    Attributes:
        complete_as_of: When the lists were seen whole, if every row is known or refused; else None.
        looked_back_to: The creation time of the oldest row down to which all are known or refused, if not complete.
        refused: How many rows the role may not describe.
    """

    complete_as_of: datetime | None
    looked_back_to: datetime | None
    refused: int

    def and_also(self, other: "Coverage") -> "Coverage":
        """How far the links of both are known."""
        both = [moment for moment in (self.complete_as_of, other.complete_as_of) if moment is not None]
        looked_back = [moment for moment in (self.looked_back_to, other.looked_back_to) if moment is not None]
        return Coverage(
            complete_as_of=min(both) if len(both) == 2 else None,
            looked_back_to=max(looked_back, default=None),
            refused=self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class LinkedQuery:
    """A question for pages of what has links.

    Attributes:
        kinds: The kinds that are looked through.
        pages: The pages.
        whole: Whether every link is wanted, however few of them the pages need.
        marks: The marks of the training jobs in question, by which Search may find them.
        passes: Tells whether a row is looked at; None for every row.
    """

    kinds: tuple[Kind, ...]
    pages: tuple[LinkQuery, ...] = ()
    whole: bool = False
    marks: ArtifactQuery | None = None
    passes: RowFilter | None = None


@dataclass(frozen=True, slots=True)
class LinkedRows:
    """The rows of each page, newest first, and how far links are known; a page that is not full is the last one."""

    pages: Sequence[Sequence[AnyResource]]
    coverage: Coverage


class LinkSource(Protocol):
    """The rows and links of one kind, as one request reads them."""

    @property
    def kind(self) -> Kind:
        """The kind."""

    @property
    def newest(self) -> SortKey | None:
        """The place of the newest row that the request sees; None if it sees every row."""

    @property
    def looks_back(self) -> bool:
        """Tell whether the oldest row tells how far back was looked."""

    @property
    def extends(self) -> bool:
        """Tell whether a list that is not whole can be read on."""

    def version(self) -> IndexVersion:
        """The index as it stands."""

    def unknown(self, version: IndexVersion) -> Iterable[SortKey]:
        """The places of the rows that have to be described for their links to be known, newest first."""

    async def refresh(self) -> None:
        """See that the list is fresh. Raises AWSError."""

    async def extend(self, count: int) -> None:
        """Read the list on until it has `count` rows, or is complete. Raises AWSError."""

    async def describe(self, rows: Sequence[AnyResource]) -> None:
        """Describe rows, so that the index learns of their links. Raises AWSError but for rows that are refused."""
