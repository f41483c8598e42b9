"""Creates a thing once, whatever happens on the way: SageMaker takes no token, so its name is the key."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from aws.calls import Calls
from aws.errors import AWSError, InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds import SPELLING, Kind
from aws.resources import AnyResource, Runtime, Tag
from aws.statuses import RuntimeStatus
from aws.writing.errors import AlreadyExistsError, ConflictError, Fault
from aws.writing.looking import PATIENCE, describe, made_unseen, unknown, write_when_seen
from aws.writing.marks import CONTENT
from aws.writing.refusals import hushed, is_taken, told
from aws.writing.requests import Request

# A second try is for a first one that was lost before it was executed.
_TRIES = 2
# How far SageMaker's clock and ours may differ.
_SKEW = timedelta(minutes=1)

Sort = TypeVar("Sort", bound=AnyResource)


@dataclass(frozen=True, slots=True)
class Made(Generic[Sort]):
    """What there is now, as described after the write, and whether it was made just now or had been there."""

    resource: Sort
    created: bool


@dataclass(frozen=True, slots=True)
class Creation(Generic[Sort]):
    """One thing to create.

    Attributes:
        sort: Its sort.
        name: Its name.
        request: What SageMaker is asked, checked.
        digest: Of what was asked for; it is among the request's tags.
        named_by: The input's field that the name came from.
    """

    sort: type[Sort]
    name: str
    request: Request = field(repr=False)
    digest: str
    named_by: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self.sort.kind

    @property
    def operation(self) -> str:
        """SageMaker's operation."""
        return f"Create{SPELLING[self.kind].prefix}"

    @property
    def tags(self) -> Mapping[str, str]:
        """The request's tags."""
        return {tag["Key"]: tag["Value"] for tag in self.request.parameters.get("Tags", ())}

    @property
    def noun(self) -> str:
        """The kind in a sentence."""
        return SPELLING[self.kind].noun


class Creator:
    """Creates things in one scope.

    Args:
        calls: The scope's way to AWS.
        inventory: What learns of it.
    """

    def __init__(self, calls: Calls, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory

    async def create(self, creation: Creation[Sort]) -> Made[Sort]:
        """The thing, made now or by the same call before.

        A lost answer is looked into: where the thing is there and ours, it was made; where it is not, there is one more
        try.

        Raises:
            AlreadyExistsError: The name is taken by something that was not made here.
            ConflictError: The name is taken by something of other content, or that is being deleted.
            NotDoneError: AWS finds fault with the content.
            AWSError: AWS did not answer, or refuses the role. It is safe to repeat under the same name.
        """
        begun = self._inventory.rules.now()
        lost: UnavailableError | None = None
        for _ in range(_TRIES):
            try:
                await self._write(creation)
            except UnavailableError as error:
                lost = error
                if (found := await self._found(creation)) is not None:
                    return Made(found, _is_since(found, begun))
            except (InvalidRequestError, NotFoundError) as error:
                if not is_taken(error):
                    raise told(error, creation.request) from None
                return await self._taken(creation, begun if lost else None)
            except AWSError as error:
                raise hushed(error, creation.request) from None
            else:
                return Made(await self._made(creation), created=True)
        raise unknown(creation.kind, creation.name, creation.operation, lost)

    async def _write(self, creation: Creation[Sort]) -> None:
        await write_when_seen(self._calls, creation.operation, creation.request.parameters)

    async def _made(self, creation: Creation[Sort]) -> Sort:
        """What was just made; an error says that it was, and is none of the content."""
        try:
            return self._learn(await self._shown(creation), creation.tags)
        except AWSError as error:
            raise made_unseen(creation.kind, creation.name, error) from error

    async def _taken(self, creation: Creation[Sort], begun: datetime | None) -> Made[Sort]:
        """What has the name; it may have been made by a try of this very call, begun then, whose answer was lost."""
        found = await self._found(creation)
        if found is None:
            words = f"The name of this {creation.noun} is taken already, perhaps in another spelling."
            raise AlreadyExistsError([Fault(words, creation.named_by)])
        return Made(found, begun is not None and _is_since(found, begun))

    async def _found(self, creation: Creation[Sort]) -> Sort | None:
        """What has the name, where that is what was asked for; None where nothing has it."""
        try:
            found = await self._describe(creation)
            tags = await self._tags(found.arn)
        except NotFoundError:
            return None
        digest, known = tags.get(CONTENT), f"The {creation.noun} `{creation.name}` is there already"
        if digest is None:
            raise AlreadyExistsError([Fault(f"{known}, and was not made here.", creation.named_by)])
        if digest != creation.digest:
            raise ConflictError([Fault(f"{known}, and what is asked for now differs from it.", creation.named_by)])
        if isinstance(found, Runtime) and found.status is RuntimeStatus.DELETING:
            raise ConflictError([Fault(f"{known}; its name is free once it is deleted.", creation.named_by)])
        return self._learn(found, tags)

    async def _describe(self, creation: Creation[Sort]) -> Sort:
        return await describe(self._calls, self._inventory, creation.sort, creation.name)

    async def _shown(self, creation: Creation[Sort]) -> Sort:
        """The description of what was just made, which may take SageMaker a moment."""
        for wait in PATIENCE:
            try:
                return await self._describe(creation)
            except NotFoundError:
                await asyncio.sleep(wait)
        return await self._describe(creation)

    async def _tags(self, arn: str) -> Mapping[str, str]:
        answer = await self._calls.call("ListTags", ResourceArn=arn, MaxResults=100)
        return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", ())}

    def _learn(self, resource: Sort, tags: Mapping[str, str]) -> Sort:
        self._inventory.wrote(resource)
        self._inventory.tags.learn(resource.arn, [Tag(key, value) for key, value in tags.items()], resource.as_of)
        return resource


def _is_since(resource: AnyResource, begun: datetime) -> bool:
    return resource.creation_time is not None and resource.creation_time >= begun - _SKEW
