"""Reads of a resource from AWS before and after a write, without any cache."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from aws.client.client import AwsClient
from aws.client.errors import AWSError, InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.catalog import API_NAMES, KINDS, AnyResource
from aws.kinds.kind import Kind
from aws.write.error_mapping import is_not_visible_yet
from aws.write.errors import InputFault, MissingTargetError
from concurrency.backoff import Backoff

# The waits in seconds until a new resource is visible, also to operations that name it.
CONSISTENCY_WAITS = Backoff(first=0.25, most=3).waits(5)

ResourceT = TypeVar("ResourceT", bound=AnyResource)


async def describe(calls: AwsClient, inventory: Inventory, resource_type: type[ResourceT], name: str) -> ResourceT:
    """Describe the resource of this type and name by a new call.

    Args:
        calls: The client of the scope.
        inventory: The inventory of the scope, for the provenance.
        resource_type: The type of resource.
        name: The name or ARN.

    Raises:
        UnavailableError: AWS did not answer, or with something else, such as the page of a proxy.
        AWSError: The call failed.
    """
    spelling, origin = API_NAMES[resource_type.kind], inventory.provenance()
    parameters = {spelling.name_key: name, **dict(spelling.describe_parameters)}
    answer = await calls.call(spelling.describe_operation, **parameters)
    try:
        return cast(ResourceT, KINDS[resource_type.kind].parse_description(answer, origin))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        message = f"The answer to {spelling.describe_operation} for the {spelling.noun} `{name}` cannot be read."
        raise UnavailableError(message, operation=spelling.describe_operation, role=calls.role) from error


async def require(
    calls: AwsClient, inventory: Inventory, resource_type: type[ResourceT], name: str, *field: str
) -> ResourceT:
    """Describe a resource that a field of an input names; the inventory records if it is gone.

    Args:
        calls: The client of the scope.
        inventory: The inventory of the scope.
        resource_type: The type of resource.
        name: The name or ARN.
        *field: The path of the field, for the fault.

    Raises:
        MissingTargetError: It does not exist.
        AWSError: It could not be described for another reason.
    """
    try:
        return await describe(calls, inventory, resource_type, name)
    except NotFoundError:
        inventory.record_delete(resource_type.kind, name)
        raise MissingTargetError(
            [InputFault(f"There is no {API_NAMES[resource_type.kind].noun} `{name}`.", field)]
        ) from None


async def write_when_visible(calls: AwsClient, operation: str, parameters: Mapping[str, Any]) -> None:
    """Call a writing operation; retry while the endpoint configuration in the parameters is too new to be visible.

    Raises:
        AWSError: See `AwsClient.write`.
    """
    for wait in CONSISTENCY_WAITS:
        try:
            await calls.write(operation, **parameters)
        except InvalidRequestError as error:
            if not is_not_visible_yet(error):
                raise
            await asyncio.sleep(wait)
        else:
            return
    await calls.write(operation, **parameters)


def unknown_outcome(kind: Kind, name: str, operation: str, error: AWSError | None) -> UnavailableError:
    """Make the error of a write whose outcome AWS did not tell, after every retry.

    Args:
        kind: The kind of resource.
        name: Its name.
        operation: The AWS operation.
        error: The last error; None if there is none.
    """
    message = (
        f"SageMaker has not said what has become of {operation} for the {API_NAMES[kind].noun} `{name}`. It is safe to "
        "repeat it under the same name or key."
    )
    role, request_id = (error.role, error.request_id) if error is not None else (None, None)
    return UnavailableError(message, operation=operation, role=role, request_id=request_id)


def created_but_unreadable(kind: Kind, name: str, error: AWSError) -> AWSError:
    """Make the error of a resource that was created but cannot be described; it is not a fault of the input.

    Args:
        kind: The kind of resource.
        name: Its name.
        error: The error of the describe call.
    """
    sort = UnavailableError if isinstance(error, InvalidRequestError | NotFoundError) else type(error)
    return sort(
        f"The {API_NAMES[kind].noun} `{name}` was made, and it is safe to repeat the call under the same name or key; "
        f"but it cannot be shown: {error}",
        operation=error.operation,
        request_id=error.request_id,
        role=error.role,
        aws_message=error.aws_message,
        aws_code=error.aws_code,
    )
