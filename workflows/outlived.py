"""Records that outlive their resources: whether AWS still has these, asked with the role of the record's group."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from registry.retention import RememberedDeployment, SeenLongAgo
from workflows.deployments.snapshot_fingerprint import describe_snapshot, fingerprint_of
from workflows.group_access import GroupScopeOpener, describe_one

_log = logging.getLogger("sagegraph.retention")


class GroupRecord(Protocol):
    """A record of a group about something in AWS."""

    @property
    def group(self) -> str:
        """The group."""

    @property
    def account_id(self) -> str:
        """The AWS account."""

    @property
    def region(self) -> str:
        """The AWS region."""


R = TypeVar("R", bound=GroupRecord)


async def outlived(
    scopes: GroupScopeOpener, rows: Sequence[R], is_gone: Callable[[Reader, R], Awaitable[bool]]
) -> Sequence[R]:
    """The records about resources that AWS no longer has, without those whose scope cannot be asked now.

    Args:
        scopes: Opens the groups' scopes.
        rows: The records.
        is_gone: Tells whether AWS no longer has the resource of a record; may raise AWSError.
    """
    by_scope: dict[tuple[str, str, str], list[R]] = defaultdict(list)
    for row in rows:
        by_scope[row.group, row.region, row.account_id].append(row)
    result: list[R] = []
    for (group, region, account_id), members in by_scope.items():
        try:
            async with scopes.open(group, region, account_id, glance=True) as scope:
                result += [row for row in members if await _answers(is_gone(scope.reader, row))]
        except (AWSError, AuthError) as error:
            _log.info("Old records of the group `%s` in %s are kept: %s", group, region, error)
    return result


async def _answers(asked: Awaitable[bool]) -> bool:
    try:
        return await asked
    except AWSError as error:
        _log.info("An old record is kept, because AWS does not say whether its resource still exists: %s", error)
        return False


async def is_deployment_outlived(reader: Reader, row: RememberedDeployment) -> bool:
    """Tell whether neither the endpoint nor the snapshot of a row's deployment exists any more. Raises AWSError."""
    if row.runtime_name is not None and await describe_one(reader.fresh(), Kind.RUNTIME, row.runtime_name, Runtime):
        return False
    return not row.bars or await _is_snapshot_gone(reader, row.snapshot_name, row.snapshot_created_at)


async def is_mark_outlived(reader: Reader, row: SeenLongAgo) -> bool:
    """Tell whether the snapshot of a row, which the watch has seen, exists no more. Raises AWSError."""
    return await _is_snapshot_gone(reader, row.snapshot_name, row.snapshot_created_at)


async def _is_snapshot_gone(reader: Reader, name: str, created_at: datetime) -> bool:
    snapshot = await describe_snapshot(reader, name)
    return snapshot is None or fingerprint_of(snapshot).created_at != created_at
