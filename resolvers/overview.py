"""Overview: counts by status of each group and region, from known resources and the pages of lists."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from itertools import takewhile
from typing import Any, Final

from aws.inventory.list_views import ListView
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import DEFAULT_JOB_KINDS, Kind
from aws.kinds.statuses import JobStatus, JobType, RuntimeStatus
from resolvers.errors import BadInputError, ScanBoundError
from resolvers.lists.caller_scopes import PROBLEMS, ScopeAnswer, acting_scope, ask_scopes, caller_scopes
from resolvers.lists.connections import ScopeProblem
from resolvers.lists.merged_list import ListScope
from resolvers.request import Request
from resolvers.views.resource_view import LiveView

JOB_DAYS: Final = 7
"""The days of jobs that are counted unless a time is given."""


@dataclass(frozen=True, slots=True)
class RuntimeStatusCount:
    """The number of runtimes of a status.

    Attributes:
        status: The status.
        count: The number, from 1.
    """

    status: RuntimeStatus
    count: int


@dataclass(frozen=True, slots=True)
class JobStatusCount:
    """The number of jobs of a type and a status.

    Attributes:
        type: The type.
        status: The status.
        count: The number, from 1.
    """

    type: JobType
    status: JobStatus
    count: int


@dataclass(frozen=True, slots=True)
class ScopeOverview:
    """The counts of a group's account and region; None for one that could not be read, or was not asked for.

    Attributes:
        group: The group; `*` for a caller without groups.
        account_id: The account; None if the role could not be had, and nothing else tells.
        region: The region.
        models: The number of models.
        snapshots: The number of snapshots.
        runtimes: The number of runtimes of each status that any has.
        jobs: The number of jobs of each type and status that any has.
        problem: The first reason why something could not be read.
        as_of: The time since when nothing of it was read anew.
    """

    group: str
    account_id: str | None
    region: str
    models: int | None = None
    snapshots: int | None = None
    runtimes: Sequence[RuntimeStatusCount] | None = None
    jobs: Sequence[JobStatusCount] | None = None
    problem: ScopeProblem | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Counts:
    """The answers of one scope: values by their names, and the first failure."""

    values: dict[str, Any]
    problem: ScopeProblem | None
    as_of: datetime | None


_Rows = Sequence[AnyResource]
_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "models": (Kind.MODEL,),
    "snapshots": (Kind.SNAPSHOT,),
    "runtimes": (Kind.RUNTIME,),
    "jobs": DEFAULT_JOB_KINDS,
}
_COUNTED: Final[dict[str, Callable[[_Rows], object]]] = {
    "models": len,
    "snapshots": len,
    "runtimes": lambda rows: _by_status(rows, RuntimeStatusCount, lambda row: (row.status,)),
    "jobs": lambda rows: _by_status(rows, JobStatusCount, lambda row: (row.type, row.status)),
}


async def overview(
    request: Request, scope: ListScope, wanted: Collection[str], jobs_created_after: datetime | None
) -> Sequence[ScopeOverview]:
    """The overview of each scope of the caller, or of the acting one.

    Args:
        request: The request of the caller.
        scope: The choice between these.
        wanted: The counts that are selected; no list is read for the others.
        jobs_created_after: The time after which jobs are counted; None for JOB_DAYS ago.

    Raises:
        auth.errors.AuthError: See `caller_scopes`.
        BadInputError: A time without an offset.
        ScanBoundError: There are too many scopes.
    """
    if jobs_created_after is not None and jobs_created_after.tzinfo is None:
        raise BadInputError("`jobsCreatedAfter` needs an offset, such as 2026-01-31T12:00:00Z.")
    after = jobs_created_after or request.started - timedelta(days=JOB_DAYS)
    scopes = caller_scopes(request) if scope is ListScope.MINE else (acting_scope(request),)
    names = [name for name in _KINDS if name in wanted]
    answers = await ask_scopes(request, scopes, partial(_counts, names, after, request.limits.scan))
    return [_shown(answer) for answer in answers]


def _shown(answer: ScopeAnswer[_Counts]) -> ScopeOverview:
    listed, counts = answer.listed, answer.answer
    if counts is None:
        return ScopeOverview(listed.group, listed.account_id, listed.region, problem=answer.problem)
    return ScopeOverview(
        listed.group, listed.account_id, listed.region, **counts.values, problem=counts.problem, as_of=counts.as_of
    )


async def _counts(names: Sequence[str], jobs_after: datetime, bound: int, view: LiveView) -> _Counts:
    """The counts of one scope; a list that is refused takes no other along."""
    since = {kind: jobs_after if name == "jobs" else None for name in names for kind in _KINDS[name]}
    listings = {kind: view.inventory.listing(kind) for kind in since}
    reading = (_read(listings[kind], since[kind], bound) for kind in listings)
    results = dict(zip(listings, await asyncio.gather(*reading, return_exceptions=True), strict=True))
    values: dict[str, Any] = {}
    problem: ScopeProblem | None = None
    for name in names:
        rows: list[AnyResource] = []
        for result in (results[kind] for kind in _KINDS[name]):
            if isinstance(result, PROBLEMS):
                problem = problem or ScopeProblem(result.code, str(result))
                break
            if isinstance(result, BaseException):
                raise result
            rows += result
        else:
            values[name] = _COUNTED[name](rows)
    moments = [listing.as_of for listing in listings.values() if listing.as_of is not None]
    return _Counts(values, problem, min(moments, default=None))


async def _read(listing: ListView, since: datetime | None, bound: int) -> Sequence[AnyResource]:
    """The rows of a list, newest first, all of them or those made after a moment.

    Raises:
        AWSError: A page could not be read.
        ScanBoundError: There are more than the bound.
    """
    while listing.complete_as_of is None and not (since and listing.rows and _made(listing.rows[-1]) <= since):
        if len(listing.rows) >= bound:
            raise ScanBoundError(
                f"The list has more than {bound} resources, the most that are counted (`limits.scan`)."
            )
        await listing.ensure(len(listing.rows) + 1)
    return listing.rows if since is None else list(takewhile(lambda row: _made(row) > since, listing.rows))


def _made(row: AnyResource) -> datetime:
    return row.creation_time or datetime.min.replace(tzinfo=UTC)


def _by_status(rows: _Rows, count_class: Callable[..., object], key: Callable[[Any], tuple[Enum, ...]]) -> object:
    """The number of rows of each key that any has, in the order of the enums."""
    counts = Counter(map(key, rows))
    ordered = sorted(counts, key=lambda parts: [list(type(part).__members__).index(part.name) for part in parts])
    return tuple(count_class(*parts, counts[parts]) for parts in ordered)
