"""What is known of one scope's SageMaker, and the ways to know more: listings, descriptions, tags, packages."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws.calls import Calls
from aws.errors import AWSError
from aws.inventory.facts import Facts
from aws.inventory.flights import Flights
from aws.inventory.listings import EVERYTHING, Listing, Query
from aws.inventory.scans import Described, Scan, scan
from aws.kinds import SPELLING, Kind
from aws.readings.models import package_artifacts
from aws.readings.origin import Origin
from aws.readings.table import READERS
from aws.resources import AnyResource, Artifact, Tag, TransformJob
from aws.tally import current_tally


@dataclass(frozen=True, slots=True)
class Place:
    """Which scope an inventory is of: its key, which every resource read through it carries, account and region."""

    scope: str
    account_id: str
    region: str


class Inventory:
    """Answers questions about one scope. Every fact is asked of AWS once for as long as this object lives.

    Args:
        calls: The scope's way to AWS.
        place: Which scope it is.
        scan_bound: The most rows of one kind that are listed and described to answer a question (`limits.scan`).
    """

    def __init__(self, calls: Calls, place: Place, scan_bound: int) -> None:
        self._calls = calls
        self._place = place
        self._scan_bound = scan_bound
        self._flights = Flights()
        self._listings: dict[tuple[Kind, Query], Listing] = {}
        self._scans: dict[Kind, Scan] = {}
        self._descriptions = {kind: Facts(self._flights, self._describer(kind)) for kind in Kind}
        self._tags = Facts(self._flights, self._read_tags)
        self._packages = Facts(self._flights, self._read_package)

    def listing(self, kind: Kind, query: Query = EVERYTHING) -> Listing:
        """The listing of a kind, read as far as somebody has needed it."""
        key = (kind, query)
        if key not in self._listings:
            self._listings[key] = Listing(kind, query, self._calls, self._origin)
        return self._listings[key]

    async def describe(self, kind: Kind, names: Iterable[str]) -> Mapping[str, Described]:
        """What is known of each name: the resource with its detail, None where it is gone, or the error."""
        return await self._descriptions[kind].of(names)

    async def describe_rows(self, rows: Iterable[AnyResource]) -> Mapping[str, Described]:
        """Describes rows of one kind's listing; a transform job keeps `last_modified_time`, which only rows tell."""
        by_name = {row.name: row for row in rows}
        if not by_name:
            return {}
        kind = next(iter(by_name.values())).kind
        found = await self.describe(kind, by_name)
        return {name: _with_row(what, by_name[name]) for name, what in found.items()}

    async def scan(self, kind: Kind) -> Scan:
        """Everything of a kind, described, newest first. Raises AWSError where a part of it could not be read."""
        if kind not in self._scans:
            await self._flights.join(("scan", kind), partial(self._scan, kind))
        return self._scans[kind]

    def prefetch(self, kinds: Iterable[Kind]) -> None:
        """Begins scans that a question further down will need, so that they run beside what comes before it."""
        for kind in kinds:
            if kind not in self._scans:
                self._flights.begin(("scan", kind), partial(self._scan, kind))

    async def tags(self, arns: Iterable[str]) -> Mapping[str, tuple[Tag, ...] | AWSError | None]:
        """The tags of each resource by ARN; None where the resource is gone."""
        return await self._tags.of(arns)

    async def packages(self, names: Iterable[str]) -> Mapping[str, tuple[Artifact, ...] | AWSError | None]:
        """The artifacts that each model package (by name or ARN) is made of; None where it is gone."""
        return await self._packages.of(names)

    async def close(self) -> None:
        """Ends what is under way."""
        await self._flights.close()

    def _origin(self) -> Origin:
        now = datetime.now(UTC)
        if (tally := current_tally.get()) is not None:
            tally.rests_on(now)
        return Origin(self._place.scope, self._place.account_id, self._place.region, now)

    def _describer(self, kind: Kind) -> Callable[[str], Coroutine[Any, Any, AnyResource]]:
        spelling, read = SPELLING[kind], READERS[kind].description

        async def describe_one(name: str) -> AnyResource:
            origin = self._origin()
            return read(await self._calls.call(spelling.describe_operation, **{spelling.name_key: name}), origin)

        return describe_one

    async def _scan(self, kind: Kind) -> None:
        self._scans[kind] = await scan(self.listing(kind), self.describe_rows, self._scan_bound)

    async def _read_tags(self, arn: str) -> tuple[Tag, ...]:
        tags: list[Tag] = []
        page: Mapping[str, str] = {}
        while True:
            answer = await self._calls.call("ListTags", ResourceArn=arn, MaxResults=100, **page)
            tags += (Tag(tag["Key"], tag["Value"]) for tag in answer.get("Tags", ()))
            if not (token := answer.get("NextToken")):
                return tuple(sorted(tags, key=lambda tag: tag.key))
            page = {"NextToken": token}

    async def _read_package(self, name: str) -> tuple[Artifact, ...]:
        return package_artifacts(await self._calls.call("DescribeModelPackage", ModelPackageName=name))


def _with_row(what: Described, row: AnyResource) -> Described:
    if isinstance(what, TransformJob) and isinstance(row, TransformJob):
        return replace(what, last_modified_time=row.last_modified_time)
    return what
