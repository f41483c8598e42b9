"""Updates and deletions of runtimes."""

from dataclasses import replace

from aws.alarms import find_alarms
from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.rollouts import Rollout
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, is_serverless
from aws.kinds.statuses import RuntimeStatus
from aws.write.error_mapping import is_busy, map_write_error
from aws.write.errors import (
    InputFault,
    InvalidInputError,
    MissingTargetError,
    WriteConflictError,
    WriteRejectedError,
)
from aws.write.hosted_components import check_components_stay
from aws.write.inputs import InstanceLimits, RuntimeChange
from aws.write.instance_limits import check_limits
from aws.write.readback import describe, require, unknown_outcome, write_when_visible
from aws.write.request import WriteRequest
from aws.write.rollouts import fit_faults, put_rollout
from aws.write.snapshots import instances_of

_TRIES = 2


class RuntimeWriter:
    """Changes the runtimes of one scope.

    Args:
        calls: The client of the scope.
        inventory: The caches that record the change.
    """

    def __init__(self, calls: AwsClient, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory

    async def update(self, name: str, change: RuntimeChange, limits: InstanceLimits) -> Runtime:
        """Start an update to a snapshot; a runtime that runs it, or is on its way to it, is returned unchanged.

        Args:
            name: The name of the runtime.
            change: The snapshot, and the plan of the update.
            limits: The group's limits.

        Raises:
            WriteConflictError: It is not in service, its present endpoint configuration is gone, or it hosts inference
                components that the snapshot has no variant for.
            WriteRejectedError: The input is at fault.
            AWSError: AWS did not answer, or refuses the role. A repetition is safe.
        """
        request = _request(name, change)
        request.check(await self._calls.input_shape("UpdateEndpoint"))
        runtime = await self._require(name)
        if _is_heading_to(runtime, change.snapshot_name):
            return self._learn(runtime)
        if runtime.status is not RuntimeStatus.IN_SERVICE:
            raise not_in_service(runtime)
        snapshot = await self.check_snapshot(change.snapshot_name, limits)
        await self._check_move(runtime, snapshot, change, "name")
        return await self._update(request, name, change.snapshot_name)

    async def check_rollout(self, rollout: Rollout) -> None:
        """Check the form of a plan without a call of AWS. Raises InvalidInputError."""
        request = WriteRequest(whole=False)
        put_rollout(request, rollout)
        request.check(await self._calls.input_shape("UpdateEndpoint"))

    async def check_snapshot(self, name: str, limits: InstanceLimits) -> Snapshot:
        """Give the snapshot `name`, if it exists and the group may run it within its limits.

        Raises:
            MissingTargetError: It does not exist.
            InstanceLimitError: The limits do not allow its instances.
            AWSError: It could not be described.
        """
        snapshot = await require(self._calls, self._inventory, Snapshot, name, "snapshotName")
        check_limits(instances_of(snapshot, "snapshotName"), limits)
        return snapshot

    async def check_update(self, name: str, snapshot: Snapshot, change: RuntimeChange, name_field: str) -> None:
        """Refuse an update that SageMaker would refuse; a runtime that may not be read passes.

        A runtime that does not exist passes too, unless there is a rollout, which needs one to replace.

        Args:
            name: The name of the runtime.
            snapshot: The described snapshot that it shall run.
            change: The plan of the update.
            name_field: The input field with the runtime's name.

        Raises:
            WriteConflictError: Its configuration is gone, or components on it would lose their variant.
            InvalidInputError: The plan does not fit the endpoint.
            MissingTargetError: There is a rollout but no such runtime, or an alarm does not exist.
            AWSError: AWS did not answer.
        """
        try:
            runtime = await describe(self._calls, self._inventory, Runtime, name)
        except AccessDeniedError:
            return
        except NotFoundError:
            if change.rollout is not None:
                raise _nothing_to_replace(name, name_field) from None
            return
        await self._check_move(runtime, snapshot, change, name_field)

    async def _check_move(self, runtime: Runtime, wanted: Snapshot, change: RuntimeChange, name_field: str) -> None:
        """Refuse an update that SageMaker refuses because of the present snapshot or the alarms."""
        present = await self._check_present_snapshot(runtime, wanted, name_field)
        if change.rollout is None:
            return
        if faults := list(fit_faults(change.rollout, runtime, present, wanted, retain=change.retain)):
            raise InvalidInputError(faults)
        await self._check_alarms(change.rollout)

    async def _check_present_snapshot(self, runtime: Runtime, wanted: Snapshot, name_field: str) -> Snapshot | None:
        """The snapshot that the runtime runs now, if the other can follow it; None if there is none to compare.

        A role that may not read that snapshot leaves the decision to SageMaker.
        """
        present_name = runtime.detail.snapshot_name if runtime.detail else None
        if present_name is None:
            return None
        try:
            present = await describe(self._calls, self._inventory, Snapshot, present_name)
        except AccessDeniedError:
            return None
        except NotFoundError:
            self._inventory.record_delete(Kind.SNAPSHOT, present_name)
            raise _configuration_gone(runtime, present_name, name_field) from None
        if is_serverless(present) != is_serverless(wanted):
            raise _mode_changes(wanted, present)
        await check_components_stay(self._calls, runtime, present, wanted, name_field)
        return present

    async def _check_alarms(self, rollout: Rollout) -> None:
        """Refuse alarms that do not exist, because nothing would roll the update back; unreadable ones pass."""
        if not rollout.alarms:
            return
        try:
            known = await find_alarms(self._calls, rollout.alarms)
        except AccessDeniedError:
            return
        missing = [(index, name) for index, name in enumerate(rollout.alarms) if name not in known]
        if missing:
            raise MissingTargetError(
                [
                    InputFault(f"CloudWatch has no alarm `{name}` here.", ("rollout", "alarms", str(index)))
                    for index, name in missing
                ]
            )

    async def _update(self, request: WriteRequest, name: str, snapshot_name: str) -> Runtime:
        lost: UnavailableError | None = None
        for _ in range(_TRIES):
            try:
                await write_when_visible(self._calls, "UpdateEndpoint", request.parameters)
            except UnavailableError as error:
                lost = error
            except (InvalidRequestError, NotFoundError) as error:
                refusal = map_conflict(error, request)
                if isinstance(refusal, WriteConflictError) and _is_heading_to(
                    runtime := await self._require(name), snapshot_name
                ):
                    return self._learn(runtime)
                raise refusal from None
            else:
                return self._learn(await self._require(name))
            if _is_heading_to(runtime := await self._require(name), snapshot_name):
                return self._learn(runtime)
        raise unknown_outcome(Kind.RUNTIME, name, "UpdateEndpoint", lost)

    async def delete(self, name: str) -> Runtime:
        """Delete the runtime `name`; it is returned as DELETING, even if it is gone at the next read.

        Raises:
            MissingTargetError: It does not exist.
            WriteConflictError: It is being created or changed.
            AWSError: AWS did not answer, or refuses the role. A repetition is safe.
        """
        request = WriteRequest()
        request.put("EndpointName", name, "name")
        request.check(await self._calls.input_shape("DeleteEndpoint"))
        runtime = self._learn(await self._require(name))
        lost: UnavailableError | None = None
        for _ in range(_TRIES):
            if runtime.status is RuntimeStatus.DELETING:
                break
            try:
                await self._calls.write("DeleteEndpoint", **request.parameters)
            except UnavailableError as error:
                lost = error
                runtime = await self._readback(runtime)
            except (InvalidRequestError, NotFoundError) as error:
                # Somebody else may have deleted it since the read.
                runtime = await self._readback(runtime)
                if runtime.status is not RuntimeStatus.DELETING:
                    raise map_conflict(error, request) from None
            else:
                return await self._readback(runtime, deleted=True)
        if runtime.status is not RuntimeStatus.DELETING:
            raise unknown_outcome(Kind.RUNTIME, name, "DeleteEndpoint", lost)
        return runtime

    async def _readback(self, runtime: Runtime, *, deleted: bool = False) -> Runtime:
        """The present runtime; DELETING if it was just deleted or is gone."""
        try:
            result = await describe(self._calls, self._inventory, Runtime, runtime.name)
        except NotFoundError:
            self._inventory.record_delete(Kind.RUNTIME, runtime.name)
            return _as_deleting(runtime)
        return self._learn(_as_deleting(result) if deleted else result)

    async def _require(self, name: str) -> Runtime:
        return await require(self._calls, self._inventory, Runtime, name, "name")

    def _learn(self, runtime: Runtime) -> Runtime:
        self._inventory.record_write(runtime)
        return runtime


def _request(name: str, change: RuntimeChange) -> WriteRequest:
    request = WriteRequest()
    request.put("EndpointName", name, "name")
    request.put("EndpointConfigName", change.snapshot_name, "snapshotName")
    request.put("RetainAllVariantProperties", change.retain, "retainVariantProperties")
    put_rollout(request, change.rollout)
    return request


def _nothing_to_replace(name: str, name_field: str) -> MissingTargetError:
    words = f"There is no endpoint `{name}`; a rollout needs one that runs. Leave `rollout` out to create it."
    return MissingTargetError([InputFault(words, (name_field,))])


def _configuration_gone(runtime: Runtime, snapshot_name: str, name_field: str) -> WriteConflictError:
    return WriteConflictError(
        [
            InputFault(
                f"The endpoint `{runtime.name}` runs the endpoint configuration `{snapshot_name}`, which is deleted; "
                "SageMaker updates no such endpoint. Create a runtime of another name, and delete this one.",
                (name_field,),
            )
        ]
    )


def _mode_changes(wanted: Snapshot, present: Snapshot) -> InvalidInputError:
    now, then = ("serverless", "instances") if is_serverless(present) else ("instances", "serverless")
    return InvalidInputError(
        [
            InputFault(
                f"The endpoint runs `{present.name}` ({now}), and `{wanted.name}` is for {then}; SageMaker does not "
                "change an endpoint between the two. Create a runtime of another name.",
                ("snapshotName",),
            )
        ]
    )


def _is_heading_to(runtime: Runtime, snapshot_name: str) -> bool:
    """Tell whether it runs the snapshot, or is on its way there."""
    detail = runtime.detail
    if detail is None:
        return False
    if runtime.status is RuntimeStatus.UPDATING:
        return detail.pending_snapshot_name == snapshot_name
    return runtime.status is RuntimeStatus.IN_SERVICE and detail.snapshot_name == snapshot_name


def not_in_service(runtime: Runtime) -> WriteConflictError:
    """Make the error of a change that needs a runtime in service."""
    words = f"The endpoint `{runtime.name}` is {runtime.raw_status}; only one that is InService can be updated."
    return WriteConflictError([InputFault(words, ("name",))])


def map_conflict(error: InvalidRequestError | NotFoundError, request: WriteRequest) -> WriteRejectedError:
    """Give the rejection for AWS's error: a conflict if the runtime is changing, else a fault of the request."""
    if is_busy(error):
        return WriteConflictError([InputFault(request.redact(error.aws_message), ("name",))])
    return map_write_error(error, request)


def _as_deleting(runtime: Runtime) -> Runtime:
    return replace(runtime, status=RuntimeStatus.DELETING, raw_status=RuntimeStatus.DELETING.value)
