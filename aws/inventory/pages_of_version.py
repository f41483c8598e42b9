"""The pages of one question at one version of the indexes and descriptions, and the resources on them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import is_
from typing import Any, Final, Self
from weakref import ref

from aws.inventory.describe_cache import Described
from aws.inventory.horizon import Horizon, Validity
from aws.inventory.link_index import IndexVersion
from aws.inventory.listings import OrderKey
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind

MAX_PAGES: Final = 2_000
"""The most pages of one question that are kept."""

MAX_SHOWN: Final = 16
"""The most combinations of parents of one question that are kept with their pages."""

_PAGE_BYTES: Final = 600
_ROW_BYTES: Final = 400


@dataclass(frozen=True, slots=True, eq=False)
class KnownResource:
    """A resource on pages.

    Attributes:
        resource: The resource with its detail.
        row: The row that it was made of.
        description: The result and time of the description that it was made of; None for a row with its detail.
        validity: The horizons at which it may be shown.
    """

    resource: AnyResource
    row: AnyResource
    description: tuple[Described, datetime] | None
    validity: Validity

    def rests_on(self, row: AnyResource, description: tuple[Described, datetime] | None) -> bool:
        """Tell whether it was made of this row and this description."""
        mine = self.description
        same = mine is description or (None not in (mine, description) and mine[0] is description[0])  # type: ignore[index]
        return self.row is row and same


@dataclass(frozen=True, slots=True, eq=False)
class KnownPage:
    """A page of the resources that are linked to one parent.

    Attributes:
        resources: The resources with their details, newest first.
        reasons: The reason for which each belongs to the parent.
        described: The object identities of resources whose details come from descriptions; a changed row has its own.
        end: The position of the last one on a full page; None if there are no more.
        validity: The horizons at which it may be shown.
        as_of: The time of the oldest description; None if there are none.
    """

    resources: tuple[AnyResource, ...]
    reasons: tuple[Any, ...]
    described: frozenset[int]
    end: OrderKey | None
    validity: Validity
    as_of: datetime | None

    def shows(self, known: Sequence[KnownResource]) -> bool:
        """Tell whether the page consists of the resources in `known`, in this order."""
        resources = self.resources
        return len(resources) == len(known) and all(map(is_, resources, (one.resource for one in known)))

    def holds(self, horizon: Horizon, unknown: OrderKey | None) -> bool:
        """Tell whether it may be shown at `horizon`, and is complete if links are unknown from `unknown` on."""
        reaches = unknown is None or (self.end is not None and self.end >= unknown)
        return reaches and self.validity.holds(horizon)


@dataclass(frozen=True, slots=True)
class ShownPages:
    """The pages of several parents.

    Attributes:
        pages: The page of each parent.
        described: The number of descriptions behind them, each counted once.
        as_of: The time of the oldest description; None if there are none.
    """

    pages: Sequence[KnownPage]
    described: int
    as_of: datetime | None


class PagesOfVersion:
    """The pages of one question at one version, and the horizons at which all of them may be shown.

    Args:
        versions: The version of each index, with that of the descriptions of its kind.
        former: The pages of the previous version, whose unchanged pages are used again; None if there is none.
    """

    __slots__ = ("_end", "_validity", "_versions", "former_pages", "former_resources", "pages", "resources", "shown")

    def __init__(self, versions: Sequence[tuple[IndexVersion, int]], former: Self | None = None) -> None:
        self.pages: dict[Hashable, KnownPage] = {}
        self.shown: dict[tuple[Hashable, ...], ShownPages] = {}
        self.resources: dict[tuple[Kind, str], KnownResource] = {}
        # Most pages of the previous version are unchanged.
        self.former_pages = {} if former is None else former.pages
        self.former_resources = {} if former is None else former.resources
        # A strong reference to an index would keep all of its rows.
        self._versions = [(ref(version), number) for version, number in versions]
        self._validity = Validity()
        self._end: OrderKey | None = None

    @property
    def bytes(self) -> int:
        """An upper bound of the memory of the pages."""
        pages = len(self.pages) + len(self.former_pages)
        groups = sum(map(len, self.shown))
        return _PAGE_BYTES * pages + _ROW_BYTES * (len(self.resources) + len(self.former_resources)) + 16 * groups

    def is_of(self, versions: Sequence[tuple[IndexVersion, int]]) -> bool:
        """Tell whether these are its versions, by identity."""
        pairs = zip(self._versions, versions, strict=True)
        return all(mine() is version and known == number for (mine, known), (version, number) in pairs)

    def add(self, parent: Hashable, page: KnownPage) -> None:
        """Keep the page of `parent`; a full cache is emptied first."""
        if len(self.pages) >= MAX_PAGES:
            self.pages, self.resources, self.shown = {}, {}, {}
        ends = [page.end] if not self.pages else [page.end, self._end]
        self._end = None if None in ends else min(filter(None, ends))
        self._validity = self._validity.and_also(page.validity)
        self.pages[parent] = page

    def show(self, parents: Sequence[Hashable], pages: Sequence[KnownPage]) -> ShownPages:
        """Keep the pages of these parents together, because consecutive requests ask for equal lists of parents."""
        described = frozenset[int]().union(*(page.described for page in pages))
        oldest = min((page.as_of for page in pages if page.as_of is not None), default=None)
        shown = ShownPages(pages, len(described), oldest)
        if len(self.shown) >= MAX_SHOWN:
            self.shown.clear()
        if len(parents) <= len(self.pages):
            self.shown[tuple(parents)] = shown
        return shown

    def holds(self, horizon: Horizon, unknown: OrderKey | None) -> bool:
        """Tell whether every page may be shown at `horizon`; see KnownPage.holds."""
        reaches = unknown is None or (self._end is not None and self._end >= unknown)
        return reaches and self._validity.holds(horizon)
