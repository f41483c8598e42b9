"""Scans: list and describe a whole kind, for queries that SageMaker has no filter for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.kinds.catalog import AnyResource

DescribeRows = Callable[[Sequence[AnyResource]], Awaitable[Mapping[str, Described]]]


class PagedRows(Protocol):
    """A list whose further pages can be read."""

    @property
    def rows(self) -> Sequence[AnyResource]:
        """The rows so far; they only grow."""

    @property
    def complete_as_of(self) -> datetime | None:
        """The time at which the whole list was seen; None if there are more rows."""

    async def ensure(self, count: int) -> None:
        """Read on until there are `count` rows, or the list is complete. Raises AWSError."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a scan.

    Attributes:
        resources: Every readable resource with its detail, newest first.
        refused: The names of listed resources that the role may not describe.
        complete_as_of: The time at which the whole list was seen; None if the scan stopped at its bound.
        looked_back_to: The creation time of the oldest row of the scan; None without rows.
        refusal: The first of the refusals, for answers that must report missing resources; None if there are none.
    """

    resources: tuple[AnyResource, ...]
    refused: tuple[str, ...]
    complete_as_of: datetime | None
    looked_back_to: datetime | None
    refusal: AWSError | None = None


async def scan(listing: PagedRows, describe: DescribeRows, bound: int) -> Scan:
    """List and describe rows, newest first, up to `bound`; a page is described while the next one is read.

    Raises:
        AWSError: A page could not be read, or a description for a reason other than access denied: otherwise slow
            resources would count as missing. Other errors, such as those of credentials, are raised as they are, not as
            a group.
    """
    tasks: list[asyncio.Task[Mapping[str, Described]]] = []
    try:
        async with asyncio.TaskGroup() as group:
            done = 0
            while done < bound and not (listing.complete_as_of is not None and done >= len(listing.rows)):
                await listing.ensure(done + 1)
                rows = listing.rows[done:bound]
                tasks.append(group.create_task(_describe_all(describe, rows)))
                done += len(rows)
    except* Exception as failures:
        raise _first(failures) from failures
    rows = listing.rows[:bound]
    resources: dict[str, Described] = {name: resource for task in tasks for name, resource in task.result().items()}
    return Scan(
        resources=tuple(described for row in rows if (described := _readable(resources[row.name]))),
        refused=tuple(row.name for row in rows if isinstance(resources[row.name], AWSError)),
        complete_as_of=listing.complete_as_of if len(rows) == len(listing.rows) else None,
        looked_back_to=rows[-1].creation_time if rows else None,
        refusal=next((item for row in rows if isinstance(item := resources[row.name], AWSError)), None),
    )


async def _describe_all(describe: DescribeRows, rows: Sequence[AnyResource]) -> Mapping[str, Described]:
    resources = await describe(rows)
    for resource in resources.values():
        if isinstance(resource, AWSError) and not isinstance(resource, AccessDeniedError):
            raise resource
    return resources


def _readable(resource: Described) -> AnyResource | None:
    return None if isinstance(resource, AWSError) else resource


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    """The first failure of a group; the others belong to the same outage."""
    failure: Exception = failures
    while isinstance(failure, ExceptionGroup):
        failure = failure.exceptions[0]
    return failure
