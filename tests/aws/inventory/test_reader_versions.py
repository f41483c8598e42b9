"""Versions of the model registry, which anybody may change at any time."""

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


async def test_versions_are_described_again_after_the_fresh_age(versions: Sandbox, inventory: Inventory) -> None:
    """No row shows other words of a decision, so rows that have not changed prove nothing."""
    assert await approvals(inventory, *NAMES) == [PENDING] * 3
    assert await approvals(inventory, *NAMES) == [PENDING] * 3
    assert calls(versions) == (0, 3)
    for words in ("fine", "very fine"):
        change(versions, 2, ModelApprovalStatus="Approved", ApprovalDescription=words)
        calls(versions)
        versions.advance(AGES.fresh_seconds + 1)
        assert await approvals(inventory, *NAMES) == [PENDING, (ModelPackageApproval.APPROVED, words), PENDING]
        assert calls(versions) == (0, 3)


async def test_a_version_that_is_gone_or_refused_by_now_is_not_shown(versions: Sandbox, inventory: Inventory) -> None:
    await approvals(inventory, *NAMES)
    make(versions, "DeleteModelPackage", ModelPackageName=arn("model-package", "scorers/1"))
    versions.faults.refuse(DESCRIBE, name="scorers/1")
    calls(versions)
    versions.advance(AGES.fresh_seconds + 1)
    found = await reader_of(inventory).describe(Kind.MODEL_PACKAGE, NAMES)
    assert isinstance(found[NAMES[0]], AccessDeniedError)
    assert [isinstance(found[name], ModelPackage) for name in NAMES[1:]] == [True, True]
