"""aws.write.model_packages: a decision is written once, never over a change that came in between."""

from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.statuses import ModelPackageApproval, ModelPackageDecision
from aws.write.errors import InvalidInputError, MissingTargetError, WriteConflictError
from aws.write.inputs import PackageDecision
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, make, reader_of

OPERATION, LOOK = "UpdateModelPackage", "DescribeModelPackage"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/scorers/1"
APPROVED, REJECTED, PENDING = ModelPackageDecision
YES = PackageDecision(ARN, APPROVED, "by the board")


@pytest.fixture
def registry(place: Sandbox) -> Sandbox:
    """A version that awaits a decision, and a package without versions."""
    make(place, "CreateModelPackageGroup", ModelPackageGroupName="scorers")
    make(place, "CreateModelPackage", ModelPackageGroupName="scorers")
    make(place, "CreateModelPackage", ModelPackageName="alone")
    place.calls.clear()
    return place


def shown(sandbox: Sandbox) -> tuple[str, str | None]:
    """The version's status, and the words of its decision."""
    answer = sandbox.call(LOOK, ACCOUNT, REGION, ModelPackageName=ARN)
    return answer["ModelApprovalStatus"], answer.get("ApprovalDescription")


BEFORE = ("PendingManualApproval", None)


async def seen(inventory: Inventory) -> ModelPackage:
    package = (await reader_of(inventory).describe(Kind.MODEL_PACKAGE, ["scorers/1"]))["scorers/1"]
    assert isinstance(package, ModelPackage)
    return package


async def test_it_is_decided_and_known(registry: Sandbox, writer: Writer, inventory: Inventory) -> None:
    package = await writer.decide_about_package(YES, await seen(inventory))
    assert package.approval_status is ModelPackageApproval.APPROVED
    assert package.detail is not None
    assert package.detail.approval_description == "by the board"
    assert package.detail.last_modified_by == f"arn:aws:iam::{ACCOUNT}:user/tests"
    assert shown(registry) == ("Approved", "by the board")
    assert registry.calls.by_operation() == {LOOK: 3, OPERATION: 1}
    assert await seen(inventory) == package
    assert registry.calls.count(LOOK) == 3


@pytest.mark.parametrize(
    ("again", "writes"),
    [(YES, 1), (PackageDecision(ARN, APPROVED), 1), (PackageDecision(ARN, APPROVED, "anew"), 2)],
)
async def test_what_is_decided_already_is_given_as_it_is(
    registry: Sandbox, writer: Writer, again: PackageDecision, writes: int
) -> None:
    for wanted in (YES, again):
        package = await writer.decide_about_package(wanted)
        assert package.approval_status is ModelPackageApproval.APPROVED
    assert registry.calls.count(OPERATION) == writes


async def test_a_change_since_it_was_seen_stands(registry: Sandbox, writer: Writer, inventory: Inventory) -> None:
    before = await seen(inventory)
    make(registry, OPERATION, ModelPackageArn=ARN, ModelApprovalStatus="Rejected", ApprovalDescription="no")
    with pytest.raises(WriteConflictError) as caught:
        await writer.decide_about_package(YES, before)
    assert caught.value.faults[0].field == ("arn",)
    assert (registry.calls.count(OPERATION), shown(registry)) == (0, ("Rejected", "no"))
    # The next look shows what it was changed to, without another call.
    looks = registry.calls.count(LOOK)
    assert (await seen(inventory)).approval_status is ModelPackageApproval.REJECTED
    assert registry.calls.count(LOOK) == looks


async def test_a_change_to_what_was_wanted_is_no_conflict(
    registry: Sandbox, writer: Writer, inventory: Inventory
) -> None:
    before = await seen(inventory)
    make(registry, OPERATION, ModelPackageArn=ARN, ModelApprovalStatus="Approved", ApprovalDescription="by the board")
    assert (await writer.decide_about_package(YES, before)).approval_status is ModelPackageApproval.APPROVED
    assert registry.calls.count(OPERATION) == 0


async def test_sagemaker_s_own_conflict_is_one(registry: Sandbox, writer: Writer) -> None:
    registry.faults.fail(OPERATION, status=400, code="ConflictException", message="There was a conflict.")
    with pytest.raises(WriteConflictError):
        await writer.decide_about_package(YES)
    assert (registry.calls.count(OPERATION), shown(registry)) == (1, BEFORE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"arn": "arn:aws:sagemaker:no"}, ("arn",)),
        ({"description": "x" * 1025}, ("description",)),
        ({"description": "two\nlines"}, ("description",)),
    ],
)
async def test_a_fault_of_form_asks_nobody(
    registry: Sandbox, writer: Writer, changes: dict[str, Any], field: tuple[str, ...]
) -> None:
    value: dict[str, Any] = {"arn": ARN, "decision": APPROVED, **changes}
    with pytest.raises(InvalidInputError) as caught:
        await writer.decide_about_package(PackageDecision(**value))
    assert {fault.field for fault in caught.value.faults} == {field}
    assert registry.calls.by_operation() == {}


async def test_what_cannot_be_decided_about(registry: Sandbox, writer: Writer) -> None:
    with pytest.raises(MissingTargetError):
        await writer.decide_about_package(PackageDecision(ARN.replace("/1", "/9"), APPROVED))
    with pytest.raises(InvalidInputError) as caught:
        await writer.decide_about_package(PackageDecision(ARN.replace("scorers/1", "alone"), APPROVED))
    assert caught.value.faults[0].field == ("arn",)
    assert registry.calls.count(OPERATION) == 0


async def test_a_lost_answer_makes_no_second_change(registry: Sandbox, writer: Writer) -> None:
    registry.faults.lose(OPERATION, times=1)
    assert (await writer.decide_about_package(YES)).approval_status is ModelPackageApproval.APPROVED
    assert (registry.calls.count(OPERATION), shown(registry)) == (1, ("Approved", "by the board"))


async def test_an_outage_and_a_refusal_are_told(registry: Sandbox, writer: Writer) -> None:
    registry.faults.fail(OPERATION, status=503)
    with pytest.raises(UnavailableError):
        await writer.decide_about_package(YES)
    registry.faults.clear()
    registry.faults.refuse(OPERATION)
    with pytest.raises(AccessDeniedError):
        await writer.decide_about_package(YES)
    assert shown(registry) == BEFORE
