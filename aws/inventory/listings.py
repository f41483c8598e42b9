"""Lists one kind of resource, page by page and only as far as it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.kinds.catalog import API_NAMES, KINDS, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.resource import Provenance
from concurrency.single_flight import SingleFlight

# SageMaker's largest page; its default of ten would cost ten times the calls (and lists allow about two a second).
PAGE_SIZE = 100
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What of a listing SageMaker narrows down itself. Both times may let a little more through; the reader sifts.

    Attributes:
        ascending: Oldest first instead of newest first.
        name_contains: A part of the name.
        created_after: Only what was created after this.
        created_before: Only what was created before this.
    """

    ascending: bool = False
    name_contains: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None

    @property
    def unfiltered(self) -> bool:
        """True where nothing is left out."""
        return self.name_contains is None and self.created_after is None and self.created_before is None


EVERYTHING = ListQuery()


def creation_key(resource: AnyResource) -> tuple[datetime, str]:
    """Where a resource stands in creation order. Names settle ties, which SageMaker leaves in no certain order."""
    return resource.creation_time or _EARLIEST, resource.name


# A place in creation order: the time, the name, and the kind, which tells two jobs of one moment and name apart.
OrderKey = tuple[datetime, str, str]


def order_key(resource: AnyResource) -> OrderKey:
    """Where a resource stands among others, whatever their kinds."""
    moment, name = creation_key(resource)
    return moment, name, resource.kind.value


class Listing:
    """The rows of one list query, in order of creation. `rows` only grows; several readers may extend it at once.

    Args:
        kind: The kind.
        query: Which of them, in which order.
        calls: The scope's way to AWS.
        origin: Tells where and when a reading is made.
        flights: Where the page that is being read is shared.
    """

    def __init__(
        self, kind: Kind, query: ListQuery, calls: AwsClient, origin: Callable[[], Provenance], flights: SingleFlight
    ) -> None:
        self.kind = kind
        self.query = query
        self.rows: list[AnyResource] = []
        self.complete_as_of: datetime | None = None
        self.begun: datetime | None = None
        self.pages = 0
        self._calls = calls
        self._origin = origin
        self._single_flight = flights
        self._held: list[AnyResource] = []
        self._token: str | None = None
        self._failure: tuple[AWSError, datetime] | None = None
        self._seen: set[str] = set()

    @property
    def complete(self) -> bool:
        """True once SageMaker has said that there is no further page."""
        return self.complete_as_of is not None

    def begun_since(self, moment: datetime) -> bool:
        """Whether it was begun then or later."""
        return self.begun is not None and self.begun >= moment

    async def ensure(self, count: int, since: datetime | None = None) -> None:
        """Reads on until there are this many rows, or no more.

        Args:
            count: How many rows are needed.
            since: When the reader's request began. What has failed after that is not tried again for it.

        Raises:
            AWSError: A page could not be read.
        """
        while len(self.rows) < count and not self.complete:
            if self._failure is not None and since is not None and self._failure[1] >= since:
                raise self._failure[0]
            await self._single_flight.do((id(self), "page"), self._read_page)

    async def _read_page(self) -> None:
        origin, spelling = self._origin(), API_NAMES[self.kind]
        self.begun = self.begun or origin.as_of
        try:
            answer = await self._calls.call(spelling.list_operation, **self._parameters())
        except AWSError as error:
            self._failure = error, origin.as_of
            raise
        read = KINDS[self.kind].parse_summary
        self._add_page([read(row, origin) for row in answer[spelling.list_key]])
        self._token = answer.get("NextToken")
        self.pages += 1
        if not self._token:
            self._release(self._held)
            self._held = []
            self.complete_as_of = self.begun

    def _parameters(self) -> Mapping[str, Any]:
        """Rows made while the pages are read shift nothing: the token goes on from where the last page ended."""
        query = self.query
        wanted = {
            "NextToken": self._token,
            "NameContains": query.name_contains,
            "CreationTimeAfter": query.created_after,
            "CreationTimeBefore": query.created_before,
        }
        order = {"SortBy": "CreationTime", "SortOrder": "Ascending" if query.ascending else "Descending"}
        return {**order, "MaxResults": PAGE_SIZE, **{key: value for key, value in wanted.items() if value is not None}}

    def _add_page(self, page: list[AnyResource]) -> None:
        """Keeps back the last rows that share a creation time: their order is known once the next page has begun.

        A name that comes again (deleted and made anew while the pages were read) is kept as it was first seen.
        """
        for row in page:
            if row.name not in self._seen:
                self._seen.add(row.name)
                self._held.append(row)
        if not self._held:
            return
        last = self._held[-1].creation_time
        ready = [row for row in self._held if row.creation_time != last]
        self._held = [row for row in self._held if row.creation_time == last]
        self._release(ready)

    def _release(self, rows: list[AnyResource]) -> None:
        self.rows.extend(sorted(rows, key=creation_key, reverse=not self.query.ascending))
