"""Decisions about versions in SageMaker's model registry."""

from aws.client.client import AwsClient
from aws.client.errors import InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage
from aws.write.error_mapping import map_write_error
from aws.write.errors import InputFault, InvalidInputError, WriteConflictError
from aws.write.inputs import PackageDecision
from aws.write.readback import require, unknown_outcome
from aws.write.request import WriteRequest

_OPERATION = "UpdateModelPackage"
_CONFLICT = "ConflictException"
_TRIES = 2


class ModelPackageWriter:
    """Sets the approval status of model packages as one scope's role.

    Args:
        calls: The client of the scope.
        inventory: The caches that record the change.
    """

    def __init__(self, calls: AwsClient, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory

    async def decide(self, wanted: PackageDecision, seen: ModelPackage | None = None) -> ModelPackage:
        """Set the approval status of a version; one that already has it is returned unchanged.

        SageMaker takes no condition: a change between the last read and the write is overwritten.

        Args:
            wanted: The version, the decision and its comment.
            seen: The version that the decision is about; one that was changed since is left alone. None takes its
                present state.

        Raises:
            WriteConflictError: It was changed since `seen` was read, or during the write.
            WriteRejectedError: The input is at fault.
            AWSError: AWS did not answer, or refuses the role. A repetition is safe.
        """
        request = _request(wanted)
        request.check(await self._calls.input_shape(_OPERATION))
        package = await self._require(wanted.arn)
        if package.version is None:
            words = (
                f"The model package `{package.name}` has no versions, and SageMaker keeps decisions of versions alone."
            )
            raise InvalidInputError([InputFault(words, ("arn",))])
        if is_decided(package, wanted):
            return self._learn(package, wanted.arn)
        if seen is not None and _state(seen) != _state(package):
            self._learn(package, wanted.arn)
            raise _changed_meanwhile(package)
        return await self._write(request, package, wanted)

    async def _write(self, request: WriteRequest, before: ModelPackage, wanted: PackageDecision) -> ModelPackage:
        lost: UnavailableError | None = None
        for _ in range(_TRIES):
            try:
                await self._calls.write("UpdateModelPackage", **request.parameters)
            except UnavailableError as error:
                lost = error
            except (InvalidRequestError, NotFoundError) as error:
                if error.aws_code == _CONFLICT:
                    raise _changed_meanwhile(await self._require(wanted.arn)) from None
                raise map_write_error(error, request) from None
            after = self._learn(await self._require(wanted.arn), wanted.arn)
            if is_decided(after, wanted):
                return after
            if lost is None or _state(after) != _state(before):
                raise _changed_meanwhile(after)
        raise unknown_outcome(Kind.MODEL_PACKAGE, before.name, _OPERATION, lost)

    async def _require(self, arn: str) -> ModelPackage:
        return await require(self._calls, self._inventory, ModelPackage, arn, "arn")

    def _learn(self, package: ModelPackage, arn: str) -> ModelPackage:
        self._inventory.record_package(package, arn)
        return package


def _request(wanted: PackageDecision) -> WriteRequest:
    request = WriteRequest()
    request.put("ModelPackageArn", wanted.arn, "arn")
    request.put("ModelApprovalStatus", wanted.decision.value, "decision")
    request.put("ApprovalDescription", wanted.description, "description")
    return request


def is_decided(package: ModelPackage, wanted: PackageDecision) -> bool:
    """Tell whether the decision is made, with this comment if there is one."""
    words = package.detail.approval_description if package.detail else None
    is_made = package.approval_status is not None and package.approval_status.value == wanted.decision.value
    return is_made and wanted.description in {None, words}


def _state(package: ModelPackage) -> object:
    """The values by which two states of a version differ."""
    detail = package.detail
    return package.creation_time, package.approval_status, detail and (detail.last_modified_time, detail.containers)


def _changed_meanwhile(package: ModelPackage) -> WriteConflictError:
    status = "no status" if package.approval_status is None else package.approval_status.name
    words = (
        f"Somebody else has changed the model package `{package.name}` at this moment; it is {status} now. Look at it "
        "again, and decide anew."
    )
    return WriteConflictError([InputFault(words, ("arn",))])
