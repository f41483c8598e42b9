"""Deletes a snapshot that no runtime uses."""

from aws.calls import AwsClient
from aws.errors import InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.ages import horizon_at
from aws.inventory.inventory import Inventory
from aws.inventory.reader import Reader
from aws.kinds import Kind
from aws.resources import Runtime, Snapshot
from aws.writing.errors import InputFault, WriteConflictError
from aws.writing.looking import describe, require, unknown_outcome
from aws.writing.refusals import is_missing, map_write_error
from aws.writing.requests import WriteRequest

_MAX_TRIES = 2
# More names than this are not told one by one.
_MAX_LISTED_USERS = 5


async def delete_snapshot(calls: AwsClient, inventory: Inventory, name: str) -> Snapshot:
    """The snapshot as it was.

    Raises:
        MissingTargetError: It is not there to begin with.
        ConflictError: A runtime uses it, or is on its way to it; the message says which.
        AWSError: AWS did not answer, or refuses the role, also where it does not show a runtime. It is safe to repeat.
    """
    request = WriteRequest()
    request.put("EndpointConfigName", name, "name")
    request.check(await calls.input_shape("DeleteEndpointConfig"))
    snapshot = await require(calls, inventory, Snapshot, name, "name")
    await _check_unused(inventory, name)
    lost: UnavailableError | None = None
    for _ in range(_MAX_TRIES):
        try:
            await calls.write("DeleteEndpointConfig", **request.parameters)
        except UnavailableError as error:
            lost = error
        except (InvalidRequestError, NotFoundError) as error:
            if not is_missing(error):
                raise map_write_error(error, request) from None
            return _record_deleted(inventory, snapshot)
        else:
            return _record_deleted(inventory, snapshot)
        try:
            await describe(calls, inventory, Snapshot, name)
        except NotFoundError:
            return _record_deleted(inventory, snapshot)
    raise unknown_outcome(Kind.SNAPSHOT, name, "DeleteEndpointConfig", lost)


def _record_deleted(inventory: Inventory, snapshot: Snapshot) -> Snapshot:
    inventory.record_delete(Kind.SNAPSHOT, snapshot.name)
    return snapshot


async def _check_unused(inventory: Inventory, name: str) -> None:
    """Every runtime is looked at now, whatever is remembered: SageMaker itself would let the snapshot go."""
    reader = Reader(inventory, horizon_at(inventory.config.ages, inventory.config.now(), max_age=0))
    found = await reader.scan(Kind.RUNTIME)
    if found.refusal is not None:
        raise found.refusal
    users = [each.name for each in found.resources if isinstance(each, Runtime) and _uses(each, name)]
    if users:
        told_of = ", ".join(f"`{user}`" for user in users[:_MAX_LISTED_USERS]) + (
            " and others" if len(users) > _MAX_LISTED_USERS else ""
        )
        raise WriteConflictError([InputFault(f"The snapshot `{name}` is in use by {told_of}.", ("name",))])
    if found.complete_as_of is None:
        words = f"There are more runtimes than are looked through, so that one may use the snapshot `{name}`."
        raise WriteConflictError([InputFault(words, ("name",))])


def _uses(runtime: Runtime, name: str) -> bool:
    detail = runtime.detail
    return detail is not None and name in (detail.snapshot_name, detail.pending_snapshot_name)
