"""Idempotent creation: SageMaker has no client token, so the name serves as the key."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from aws.client.client import AwsClient
from aws.client.errors import AWSError, InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.catalog import API_NAMES, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.resource import Tag
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from aws.write.error_mapping import is_taken, map_write_error, redacted
from aws.write.errors import AlreadyExistsError, InputFault, WriteConflictError
from aws.write.ownership_tags import CONTENT_TAG
from aws.write.readback import CONSISTENCY_WAITS, created_but_unreadable, describe, unknown_outcome, write_when_visible
from aws.write.request import WriteRequest

# The second try is for a first one that AWS never received.
_TRIES = 2
# The tolerated difference between SageMaker's clock and ours.
_CLOCK_SKEW = timedelta(minutes=1)

ResourceT = TypeVar("ResourceT", bound=AnyResource)


@dataclass(frozen=True, slots=True)
class CreateResult(Generic[ResourceT]):
    """The outcome of a creation.

    Attributes:
        resource: The resource, as described after the write.
        created: True if this call created it; False if an earlier one did.
    """

    resource: ResourceT
    created: bool


@dataclass(frozen=True, slots=True)
class Creation(Generic[ResourceT]):
    """One resource to create.

    Attributes:
        resource_type: Its type.
        name: Its name.
        request: The checked request.
        digest: The digest of the input, which is among its tags.
        named_by: The field of the input that its name comes from.
    """

    resource_type: type[ResourceT]
    name: str
    request: WriteRequest = field(repr=False)
    digest: str
    named_by: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self.resource_type.kind

    @property
    def operation(self) -> str:
        """The name of SageMaker's operation."""
        return f"Create{API_NAMES[self.kind].prefix}"

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags in the request."""
        return {tag["Key"]: tag["Value"] for tag in self.request.parameters.get("Tags", ())}

    @property
    def noun(self) -> str:
        """The word for the kind in a sentence."""
        return API_NAMES[self.kind].noun


class IdempotentCreator:
    """Creates resources in one scope.

    Args:
        calls: The client of the scope.
        inventory: The caches that record the resources.
    """

    def __init__(self, calls: AwsClient, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory

    async def create(self, creation: Creation[ResourceT]) -> CreateResult[ResourceT]:
        """Create a resource, or return the one that an equal call created before.

        After a lost answer the name is looked up: a resource of ours was created; if there is none, there is one more
        try.

        Raises:
            AlreadyExistsError: A resource of this name exists that this gateway did not create.
            WriteConflictError: A resource of this name has other content, or is being deleted.
            WriteRejectedError: AWS rejects the content.
            AWSError: AWS did not answer, or refuses the role. A repetition under the same name is safe.
        """
        begun = self._inventory.config.now()
        lost: UnavailableError | None = None
        for _ in range(_TRIES):
            try:
                await self._write(creation)
            except UnavailableError as error:
                lost = error
                if (resource := await self._existing(creation)) is not None:
                    return CreateResult(resource, _created_since(resource, begun))
            except (InvalidRequestError, NotFoundError) as error:
                if not is_taken(error):
                    raise map_write_error(error, creation.request) from None
                return await self._resolve_taken_name(creation, begun if lost else None)
            except AWSError as error:
                raise redacted(error, creation.request) from None
            else:
                return CreateResult(await self._readback_created(creation), created=True)
        raise unknown_outcome(creation.kind, creation.name, creation.operation, lost)

    async def _write(self, creation: Creation[ResourceT]) -> None:
        await write_when_visible(self._calls, creation.operation, creation.request.parameters)

    async def _readback_created(self, creation: Creation[ResourceT]) -> ResourceT:
        """Describe the resource just created; an error says that it was created, so it is not a fault of the input."""
        try:
            return self._record(await self._describe_when_visible(creation), creation.tags)
        except AWSError as error:
            raise created_but_unreadable(creation.kind, creation.name, error) from error

    async def _resolve_taken_name(
        self, creation: Creation[ResourceT], begun: datetime | None
    ) -> CreateResult[ResourceT]:
        """The resource that has the name; an earlier try of this call, begun at `begun`, may have created it."""
        resource = await self._existing(creation)
        if resource is None:
            words = f"The name of this {creation.noun} is taken, perhaps in upper or lower case; choose another name."
            raise AlreadyExistsError([InputFault(words, creation.named_by)])
        return CreateResult(resource, begun is not None and _created_since(resource, begun))

    async def _existing(self, creation: Creation[ResourceT]) -> ResourceT | None:
        """The resource of this name if it is the requested one; None if there is none."""
        try:
            resource = await self._describe(creation)
            tags = await self._tags(resource.arn)
        except NotFoundError:
            return None
        digest, known = tags.get(CONTENT_TAG), f"The {creation.noun} `{creation.name}` exists already"
        if digest is None:
            raise AlreadyExistsError(
                [InputFault(f"{known}, and this gateway did not make it; choose another name.", creation.named_by)]
            )
        if digest != creation.digest:
            raise WriteConflictError(
                [
                    InputFault(
                        f"{known} with other content; choose another name, or repeat the request unchanged.",
                        creation.named_by,
                    )
                ]
            )
        if isinstance(resource, Runtime) and resource.status is RuntimeStatus.DELETING:
            raise WriteConflictError(
                [
                    InputFault(
                        f"{known} and is being deleted; send the request again once it is gone.", creation.named_by
                    )
                ]
            )
        return self._record(resource, tags)

    async def _describe(self, creation: Creation[ResourceT]) -> ResourceT:
        return await describe(self._calls, self._inventory, creation.resource_type, creation.name)

    async def _describe_when_visible(self, creation: Creation[ResourceT]) -> ResourceT:
        """Describe the resource just created, which SageMaker may show only after a while."""
        for wait in CONSISTENCY_WAITS:
            try:
                return await self._describe(creation)
            except NotFoundError:
                await asyncio.sleep(wait)
        return await self._describe(creation)

    async def _tags(self, arn: str) -> Mapping[str, str]:
        answer = await self._calls.call("ListTags", ResourceArn=arn, MaxResults=100)
        return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", ())}

    def _record(self, resource: ResourceT, tags: Mapping[str, str]) -> ResourceT:
        self._inventory.record_write(resource)
        self._inventory.tags.put(resource.arn, [Tag(key, value) for key, value in tags.items()], resource.as_of)
        return resource


def _created_since(resource: AnyResource, begun: datetime) -> bool:
    return resource.creation_time is not None and resource.creation_time >= begun - _CLOCK_SKEW
