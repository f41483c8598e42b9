"""Versions of the model registry: rows tell of changes where that costs less than descriptions."""

import pytest

from aws.client.errors import AccessDeniedError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.statuses import ModelPackageApproval
from sandbox.server import Sandbox
from tests.aws.sandbox_account import AGES, arn, make, reader_of

NAMES = ("scorers/1", "scorers/2", "scorers/3")
LIST, DESCRIBE = "ListModelPackages", "DescribeModelPackage"


@pytest.fixture
def versions(still: Sandbox) -> Sandbox:
    """Three versions of a group."""
    make(still, "CreateModelPackageGroup", ModelPackageGroupName="scorers")
    for _ in NAMES:
        make(still, "CreateModelPackage", ModelPackageGroupName="scorers")
    still.calls.clear()
    return still


def change(sandbox: Sandbox, number: int, **more: str) -> None:
    make(sandbox, "UpdateModelPackage", ModelPackageArn=arn("model-package", f"scorers/{number}"), **more)


async def approvals(inventory: Inventory, *names: str) -> list[tuple[ModelPackageApproval | None, str | None]]:
    found = await reader_of(inventory).describe(Kind.MODEL_PACKAGE, names)
    packages = [package for package in found.values() if isinstance(package, ModelPackage)]
    return [(package.approval_status, package.detail.approval_description) for package in packages if package.detail]


def calls(sandbox: Sandbox) -> tuple[int, int]:
    """The listings and the descriptions since the last look."""
    counted = sandbox.calls.count(LIST), sandbox.calls.count(DESCRIBE)
    sandbox.calls.clear()
    return counted


PENDING = (ModelPackageApproval.PENDING, None)


async def test_only_versions_whose_rows_have_changed_are_described_again(
    versions: Sandbox, inventory: Inventory
) -> None:
    assert await approvals(inventory, *NAMES) == [PENDING] * 3
    assert calls(versions) == (0, 3)
    versions.advance(AGES.fresh_seconds + 1)
    assert await approvals(inventory, *NAMES) == [PENDING] * 3
    assert calls(versions) == (1, 0)
    change(versions, 2, ModelApprovalStatus="Approved", ApprovalDescription="fine")
    calls(versions)
    versions.advance(AGES.fresh_seconds + 1)
    told = [PENDING, (ModelPackageApproval.APPROVED, "fine"), PENDING]
    assert await approvals(inventory, *NAMES) == told
    assert calls(versions) == (1, 1)
    # No row tells of other words: they are read at the authority age, or by whoever wants nothing kept.
    change(versions, 2, ApprovalDescription="very fine")
    calls(versions)
    versions.advance(AGES.fresh_seconds + 1)
    assert await approvals(inventory, *NAMES) == told
    assert calls(versions) == (1, 0)
    (fresh,) = (await reader_of(inventory).fresh().describe(Kind.MODEL_PACKAGE, NAMES[1:2])).values()
    assert isinstance(fresh, ModelPackage)
    assert fresh.detail is not None
    assert fresh.detail.approval_description == "very fine"
    assert calls(versions) == (0, 1)
    versions.advance(AGES.authority_seconds + 1)
    assert (await approvals(inventory, *NAMES))[1] == (ModelPackageApproval.APPROVED, "very fine")
    assert calls(versions) == (0, 3)


async def test_one_version_is_described_rather_than_listed(versions: Sandbox, inventory: Inventory) -> None:
    """A list costs no less, and without one a description lasts for the fresh age alone."""
    await approvals(inventory, NAMES[0])
    versions.advance(AGES.fresh_seconds + 1)
    change(versions, 1, ModelApprovalStatus="Rejected")
    calls(versions)
    assert await approvals(inventory, NAMES[0]) == [(ModelPackageApproval.REJECTED, None)]
    assert calls(versions) == (0, 1)


async def test_a_role_that_may_not_list_describes_and_is_refused_once_in_the_deletion_age(
    versions: Sandbox, inventory: Inventory
) -> None:
    versions.faults.refuse(LIST)
    await approvals(inventory, *NAMES)
    calls(versions)
    for listings in (1, 0):
        versions.advance(AGES.fresh_seconds + 1)
        assert await approvals(inventory, *NAMES) == [PENDING] * 3
        assert calls(versions) == (listings, 3)
    versions.faults.clear()
    versions.advance(AGES.deletion_seconds)
    assert await approvals(inventory, *NAMES) == [PENDING] * 3
    assert calls(versions) == (1, 0)


async def test_a_version_that_is_gone_or_refused_by_now_is_not_shown(versions: Sandbox, inventory: Inventory) -> None:
    await approvals(inventory, *NAMES)
    make(versions, "DeleteModelPackage", ModelPackageName=arn("model-package", "scorers/1"))
    versions.faults.refuse(DESCRIBE, name="scorers/1")
    calls(versions)
    versions.advance(AGES.fresh_seconds + 1)
    found = await reader_of(inventory).describe(Kind.MODEL_PACKAGE, NAMES)
    # Its row is missing, so that it is looked at; the refusal tells that the role's permissions have changed.
    assert isinstance(found[NAMES[0]], AccessDeniedError)
    assert [isinstance(found[name], ModelPackage) for name in NAMES[1:]] == [True, True]
