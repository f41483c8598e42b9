"""Cache of tags by ARN: read a hundred at a time if the role may, else one by one."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from aws.client.call_stats import current_call_stats
from aws.client.client import AwsClient
from aws.client.errors import TRANSIENT_ERRORS, AWSError, NotFoundError
from aws.client.paging import read_pages
from aws.inventory.horizon import Horizon
from aws.inventory.weights import weigh_alike
from aws.kinds.resource import Tag
from concurrency.single_flight import SingleFlight

TagsResult = tuple[Tag, ...] | AWSError | None
# The most ARNs in one call of GetResources (service model).
_MAX_ARNS = 100


class TagCache:
    """The tags of one scope's resources.

    GetResources of the Resource Groups Tagging API gives the tags of a hundred resources for one call. It leaves out
    resources that were never tagged, so a missing one counts as untagged only after GetResources has shown that it
    knows SageMaker's resources at all. Tags never prove that a resource exists.

    Args:
        calls: The client of the scope.
        single_flight: Shares calls under way.
        now: Gives the time.

    Attributes:
        hits: The number of lookups that found tags.
        misses: The number of lookups that called AWS.
    """

    def __init__(self, calls: AwsClient, single_flight: SingleFlight, now: Callable[[], datetime]) -> None:
        self._calls = calls
        self._flights = single_flight
        self._now = now
        self._entries: dict[str, tuple[TagsResult, datetime]] = {}
        self._refused: datetime | None = None
        self._trusted = False
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """The number of resources whose tags are kept."""
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """The memory of the tags."""
        return weigh_alike(self._entries)

    def clear(self, prefix: str = "") -> None:
        """Drop the tags of all resources whose resource part of the ARN begins with `prefix`."""
        self._entries = {
            arn: stored for arn, stored in self._entries.items() if not arn.split(":", 5)[-1].startswith(prefix)
        }

    def put(self, arn: str, tags: Sequence[Tag], at: datetime) -> None:
        """Keep the tags of the resource `arn` from a Search or a write, read `at` that time."""
        self._entries[arn] = _sorted(tags), at

    async def get_many(self, arns: Iterable[str], horizon: Horizon) -> Mapping[str, TagsResult]:
        """Give the tags of each resource in `arns`; None if it is gone, an error if they cannot be read."""
        wanted = list(dict.fromkeys(arns))
        missing = [arn for arn in wanted if not self._is_known(arn, horizon)]
        self.hits += (hits := len(wanted) - len(missing))
        self.misses += len(missing)
        if (stats := current_call_stats.get()) is not None:
            stats.cached += hits
        if len(missing) > 1 and (self._refused is None or self._refused < horizon.deletion):
            chunks = [missing[start : start + _MAX_ARNS] for start in range(0, len(missing), _MAX_ARNS)]
            await asyncio.gather(
                *(self._flights.do(("tags at once", *chunk), partial(self._fetch_many, chunk)) for chunk in chunks)
            )
        await asyncio.gather(*(self._fetch_until_known(arn, horizon) for arn in missing))
        return {arn: self._entries[arn][0] for arn in wanted}

    def known(self, arn: str, horizon: Horizon) -> tuple[Tag, ...]:
        """Give the tags of the resource `arn` that need no call at the horizon; none if they are not known."""
        tags = self._entries[arn][0] if self._is_known(arn, horizon) else ()
        return tags if isinstance(tags, tuple) else ()

    def _is_known(self, arn: str, horizon: Horizon) -> bool:
        stored = self._entries.get(arn)
        if stored is None:
            return False
        # A transient failure is retried by the next request, not by this one.
        transient = isinstance(stored[0], TRANSIENT_ERRORS)
        return stored[1] >= (horizon.started if transient else horizon.tags)

    async def _fetch_until_known(self, arn: str, horizon: Horizon) -> None:
        while not self._is_known(arn, horizon):
            await self._flights.do(("tags", arn), partial(self._fetch_one, arn))

    async def _fetch_many(self, arns: Sequence[str]) -> None:
        """Read the tags of all ARNs in one call. Those that it does not give are read one by one."""
        at = self._now()
        try:
            answer = await self._calls.call("GetResources", ResourceARNList=list(arns))
        except AWSError:
            self._refused = at
            return
        result = {row["ResourceARN"]: row.get("Tags", ()) for row in answer["ResourceTagMappingList"]}
        if not (result or self._trusted or await self._nothing_is_tagged(arns[0])):
            self._refused = at
            return
        self._trusted = self._trusted or bool(result)
        for arn in arns:
            self.put(arn, [Tag(tag["Key"], tag["Value"]) for tag in result.get(arn, ())], at)

    async def _nothing_is_tagged(self, arn: str) -> bool:
        """Tell whether ListTags agrees that the resource has no tags."""
        await self._flights.do(("tags", arn), partial(self._fetch_one, arn))
        return self._entries[arn][0] == ()

    async def _fetch_one(self, arn: str) -> None:
        at = self._now()
        try:
            tags: TagsResult = _sorted(await self._list(arn))
        except NotFoundError:
            tags = None
        except AWSError as error:
            tags = error
        self._entries[arn] = tags, at

    async def _list(self, arn: str) -> Sequence[Tag]:
        rows = await read_pages(self._calls, "ListTags", key="Tags", ResourceArn=arn, MaxResults=100)
        return [Tag(row["Key"], row["Value"]) for row in rows]


def _sorted(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    return tuple(sorted(tags, key=lambda tag: tag.key))
