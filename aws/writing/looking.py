"""Looks at what there is before and after a write, as AWS tells of it now and not as it is remembered."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from aws.calls import Calls
from aws.errors import AWSError, InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds import SPELLING, Kind
from aws.readings.table import READERS
from aws.resources import AnyResource
from aws.writing.errors import Fault, MissingTargetError
from aws.writing.refusals import is_unseen

# In seconds: what has just been made is shown, and seen by what names it, after a moment.
PATIENCE = (0.25, 0.5, 1.0, 2.0, 3.0)


Wanted = TypeVar("Wanted", bound=AnyResource)


async def describe(calls: Calls, inventory: Inventory, sort: type[Wanted], name: str) -> Wanted:
    """The thing of this sort and name, as AWS describes it now.

    Raises:
        UnavailableError: Also where AWS's answer is no description, such as a page of a proxy on the way.
        AWSError
    """
    spelling, origin = SPELLING[sort.kind], inventory.origin()
    answer = await calls.call(spelling.describe_operation, **{spelling.name_key: name})
    try:
        return cast(Wanted, READERS[sort.kind].description(answer, origin))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        message = f"The answer to {spelling.describe_operation} for the {spelling.noun} `{name}` cannot be read."
        raise UnavailableError(message, operation=spelling.describe_operation, role=calls.role) from error


async def need(calls: Calls, inventory: Inventory, sort: type[Wanted], name: str, *field: str) -> Wanted:
    """The same, where the input names it in a field. That it is gone the inventory learns, too.

    Raises:
        MissingTargetError: It is not there.
        AWSError: It could not be described for another reason.
    """
    try:
        return await describe(calls, inventory, sort, name)
    except NotFoundError:
        inventory.deleted(sort.kind, name)
        raise MissingTargetError([Fault(f"There is no {SPELLING[sort.kind].noun} `{name}`.", field)]) from None


async def write_when_seen(calls: Calls, operation: str, parameters: Mapping[str, Any]) -> None:
    """Writes, and waits for as long as the endpoint configuration that the request names is too new to be seen.

    Raises:
        AWSError: As `Calls.write`.
    """
    for wait in PATIENCE:
        try:
            await calls.write(operation, **parameters)
        except InvalidRequestError as error:
            if not is_unseen(error):
                raise
            await asyncio.sleep(wait)
        else:
            return
    await calls.write(operation, **parameters)


def unknown(kind: Kind, name: str, operation: str, error: AWSError | None) -> UnavailableError:
    """That AWS has not said what has become of a write, after all that could be tried."""
    message = (
        f"SageMaker has not said what has become of {operation} for the {SPELLING[kind].noun} `{name}`. It is safe to "
        "repeat it under the same name or key."
    )
    role, request_id = (error.role, error.request_id) if error is not None else (None, None)
    return UnavailableError(message, operation=operation, role=role, request_id=request_id)


def made_unseen(kind: Kind, name: str, error: AWSError) -> AWSError:
    """That something was made, and cannot be described; it is no fault of what was asked for."""
    sort = UnavailableError if isinstance(error, InvalidRequestError | NotFoundError) else type(error)
    return sort(
        f"The {SPELLING[kind].noun} `{name}` was made, and it is safe to repeat the call under the same name or key; "
        f"but it cannot be shown: {error}",
        operation=error.operation,
        request_id=error.request_id,
        role=error.role,
        words=error.words,
        code=error.code,
    )
