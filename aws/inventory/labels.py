"""Tags by ARN: a hundred for one call where the role may ask so, else one by one."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from aws.calls import Calls
from aws.errors import PASSING, AWSError, NotFoundError
from aws.inventory.ages import Horizon
from aws.inventory.flights import Flights
from aws.resources import Tag
from aws.tally import current_tally

Labels = tuple[Tag, ...] | AWSError | None
# What GetResources takes at once (service model).
_AT_ONCE = 100


class TagBook:
    """The tags of one scope's resources.

    GetResources of the Resource Groups Tagging API gives the tags of a hundred resources for one call. It leaves out
    what has never been tagged, so its silence means "no tags" only after it has shown that it knows SageMaker's
    resources at all; and tags never prove that anything exists.

    Args:
        calls: The scope's way to AWS.
        flights: Where what is under way is shared.
        now: The time.
    """

    def __init__(self, calls: Calls, flights: Flights, now: Callable[[], datetime]) -> None:
        self._calls = calls
        self._flights = flights
        self._now = now
        self._kept: dict[str, tuple[Labels, datetime]] = {}
        self._refused: datetime | None = None
        self._trusted = False

    def __len__(self) -> int:
        """How many resources' tags are kept."""
        return len(self._kept)

    def clear(self, prefix: str = "") -> None:
        """Forgets the tags of everything whose ARN's resource part begins so."""
        self._kept = {arn: kept for arn, kept in self._kept.items() if not arn.split(":", 5)[-1].startswith(prefix)}

    def learn(self, arn: str, tags: Sequence[Tag], at: datetime) -> None:
        """Keeps tags that came by another way, such as a Search or a write of ours."""
        self._kept[arn] = _sorted(tags), at

    async def of(self, arns: Iterable[str], horizon: Horizon) -> Mapping[str, Labels]:
        """The tags of each resource; None where it is gone, an error where they may not be read."""
        wanted = list(dict.fromkeys(arns))
        missing = [arn for arn in wanted if not self._holds(arn, horizon)]
        if (tally := current_tally.get()) is not None:
            tally.cached += len(wanted) - len(missing)
        if len(missing) > 1 and (self._refused is None or self._refused < horizon.deletion):
            chunks = [missing[start : start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE)]
            await asyncio.gather(
                *(self._flights.join(("tags at once", *chunk), partial(self._bulk, chunk)) for chunk in chunks)
            )
        await asyncio.gather(*(self._find(arn, horizon) for arn in missing))
        return {arn: self._kept[arn][0] for arn in wanted}

    def _holds(self, arn: str, horizon: Horizon) -> bool:
        kept = self._kept.get(arn)
        if kept is None:
            return False
        # What failed for the moment is asked again by the next request, not by this one.
        transient = isinstance(kept[0], PASSING)
        return kept[1] >= (horizon.started if transient else horizon.tags)

    async def _find(self, arn: str, horizon: Horizon) -> None:
        while not self._holds(arn, horizon):
            await self._flights.join(("tags", arn), partial(self._one, arn))

    async def _bulk(self, arns: Sequence[str]) -> None:
        """Asks for all of them at once. Whatever this leaves open is asked for one by one."""
        at = self._now()
        try:
            answer = await self._calls.call("GetResources", ResourceARNList=list(arns))
        except AWSError:
            self._refused = at
            return
        found = {row["ResourceARN"]: row.get("Tags", ()) for row in answer["ResourceTagMappingList"]}
        if not (found or self._trusted or await self._nothing_is_tagged(arns[0])):
            self._refused = at
            return
        self._trusted = self._trusted or bool(found)
        for arn in arns:
            self.learn(arn, [Tag(tag["Key"], tag["Value"]) for tag in found.get(arn, ())], at)

    async def _nothing_is_tagged(self, arn: str) -> bool:
        """Whether ListTags agrees that the first of them has no tags."""
        await self._flights.join(("tags", arn), partial(self._one, arn))
        return self._kept[arn][0] == ()

    async def _one(self, arn: str) -> None:
        at = self._now()
        try:
            found: Labels = _sorted(await self._list(arn))
        except NotFoundError:
            found = None
        except AWSError as error:
            found = error
        self._kept[arn] = found, at

    async def _list(self, arn: str) -> Sequence[Tag]:
        tags: list[Tag] = []
        page: Mapping[str, str] = {}
        while True:
            answer = await self._calls.call("ListTags", ResourceArn=arn, MaxResults=100, **page)
            tags += (Tag(tag["Key"], tag["Value"]) for tag in answer.get("Tags", ()))
            if not (token := answer.get("NextToken")):
                return tags
            page = {"NextToken": token}


def _sorted(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    return tuple(sorted(tags, key=lambda tag: tag.key))
