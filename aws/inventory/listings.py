"""Listings of one kind of resource, read page by page and only as far as needed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.client.paging import PageTokens, RepeatedTokenError
from aws.inventory.shared_parts import sharing_parts
from aws.kinds.catalog import API_NAMES, KINDS, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.resource import Provenance
from concurrency.single_flight import SingleFlight

# SageMaker's largest page; its default of ten would cost ten times the calls (and lists allow about two a second).
PAGE_SIZE = 100
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The bounds of a listing that SageMaker applies. It may let a few more rows through; the reader filters them.

    Filters that SageMaker applies only after it has taken a page (NameContains, StatusEquals) are not among them: they
    save no page, and a cached list answers them without a call.

    Attributes:
        ascending: True for oldest first, False for newest first.
        created_after: The lower bound of the creation time; None for none.
        created_before: The upper bound of the creation time; None for none.
        parent: The resource that the rows belong to, if the kind is listed by parent (`ApiNames.parent_key`).
    """

    ascending: bool = False
    created_after: datetime | None = None
    created_before: datetime | None = None
    parent: str | None = None

    @property
    def unfiltered(self) -> bool:
        """True if no row is left out."""
        return self.created_after is None and self.created_before is None and self.parent is None


EVERYTHING = ListQuery()


def creation_key(resource: AnyResource) -> tuple[datetime, str]:
    """The sort key of creation order: the creation time, then the name, because SageMaker orders ties at random."""
    return resource.creation_time or _EARLIEST, resource.name


# A position in creation order: the time, the name, and the kind, which tells two jobs of one time and name apart.
OrderKey = tuple[datetime, str, str]


def order_key(resource: AnyResource) -> OrderKey:
    """The sort key of creation order among resources of several kinds."""
    moment, name = creation_key(resource)
    return moment, name, resource.kind.value


class Listing:
    """The rows of one list query, in order of creation; several readers may extend it at once.

    `rows` only grows, in order, as long as the pages come in order. If they do not, no further row is released until
    every page is read; then all rows are sorted, so that none is lost.

    Args:
        kind: The kind.
        query: The bounds and the order.
        calls: The client of the scope.
        origin: Gives the provenance of a read that begins now.
        single_flight: Shares the page that is being read.
        known: Gives the known resource of a name, whose texts and times the new row shares.

    Attributes:
        rows: The rows so far.
        complete_as_of: The time at which the first page was read, once all pages are; else None.
        begun: The time of the first page; None before it.
        pages: The number of pages that were read.
        disordered: True if SageMaker listed a row out of order.
    """

    def __init__(
        self,
        kind: Kind,
        query: ListQuery,
        calls: AwsClient,
        origin: Callable[[], Provenance],
        single_flight: SingleFlight,
        known: Callable[[str], AnyResource | None] = lambda _name: None,
    ) -> None:
        self.kind = kind
        self.query = query
        self._known = known
        self.rows: list[AnyResource] = []
        self.complete_as_of: datetime | None = None
        self.begun: datetime | None = None
        self.pages = 0
        self.disordered = False
        self._calls = calls
        self._origin = origin
        self._single_flight = single_flight
        self._held: list[AnyResource] = []
        self._token: str | None = None
        self._tokens = PageTokens(API_NAMES[kind].list_operation)
        self._failure: tuple[AWSError, datetime] | None = None
        self._seen: set[str] = set()

    @property
    def complete(self) -> bool:
        """True once the last page was read."""
        return self.complete_as_of is not None

    def begun_since(self, moment: datetime) -> bool:
        """Tell whether the first page was read at `moment` or later."""
        return self.begun is not None and self.begun >= moment

    async def ensure(self, count: int, since: datetime | None = None) -> None:
        """Read on until there are `count` rows, or no more.

        Args:
            count: The number of rows needed.
            since: The time at which the request began: a later failure is raised again without a new call. None always
                tries.

        Raises:
            AWSError: A page could not be read, or the pages do not end.
        """
        while len(self.rows) < count and not self.complete:
            if self._failure is not None and since is not None and self._failure[1] >= since:
                raise self._failure[0]
            try:
                await self._single_flight.do((id(self), "page"), self._read_page)
            except RepeatedTokenError:
                # The rows of that page were added nevertheless.
                if len(self.rows) < count:
                    raise

    async def _read_page(self) -> None:
        origin, api = self._origin(), API_NAMES[self.kind]
        self.begun = self.begun or origin.as_of
        try:
            answer = await self._calls.call(api.list_operation, **self._parameters())
            read = KINDS[self.kind].parse_summary
            page = [read(row, origin) for row in answer[api.list_key]]
            self._add_page([sharing_parts(row, self._known(row.name)) for row in page])
            token = self._tokens.following(answer.get("NextToken"))
        except AWSError as error:
            self._failure = error, origin.as_of
            raise
        self._token = token
        self.pages += 1
        if token is None:
            self._release_held()
            self._seen.clear()
            self.complete_as_of = self.begun

    def _parameters(self) -> Mapping[str, Any]:
        """The parameters of the next page. New rows do not shift pages: the token continues behind the last row."""
        query = self.query
        api = API_NAMES[self.kind]
        earliest, latest = api.bound_keys
        bounds: dict[str, Any] = {
            "NextToken": self._token,
            earliest: query.created_after,
            latest: query.created_before,
            **({} if api.parent_key is None else {api.parent_key: query.parent}),
        }
        order = {"SortBy": "CreationTime", "SortOrder": "Ascending" if query.ascending else "Descending"}
        return {
            **dict(api.list_parameters),
            **order,
            "MaxResults": PAGE_SIZE,
            **{key: value for key, value in bounds.items() if value is not None},
        }

    def _add_page(self, page: list[AnyResource]) -> None:
        """Hold back the last rows that share a creation time: their order is known once the next page has begun.

        A name that comes again (deleted and made anew between two pages) keeps its first row.
        """
        fresh = []
        for row in page:
            if row.name not in self._seen:
                self._seen.add(row.name)
                fresh.append(row)
        self.disordered = self.disordered or self._breaks_order(fresh)
        self._held += fresh
        if self.disordered or not self._held:
            return
        last = self._held[-1].creation_time
        ready = [row for row in self._held if row.creation_time != last]
        self._held = [row for row in self._held if row.creation_time == last]
        self._release(ready)

    def _breaks_order(self, fresh: Sequence[AnyResource]) -> bool:
        """Tell whether a row comes behind one that it should precede."""
        last = self._held[-1:] or self.rows[-1:]
        moments = [creation_key(row)[0] for row in (*last, *fresh)]
        earlier, later = (moments, moments[1:]) if self.query.ascending else (moments[1:], moments)
        return any(before > after for before, after in zip(earlier, later, strict=False))

    def _release(self, rows: list[AnyResource]) -> None:
        self.rows.extend(sorted(rows, key=creation_key, reverse=not self.query.ascending))

    def _release_held(self) -> None:
        if self.disordered:
            self._held += self.rows
            self.rows = []
        self._release(self._held)
        self._held = []
