"""Deployments and test results that the caller may see, by id and in lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from auth.errors import ForbiddenError
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from registry import deployment_lists, test_results
from registry.database import Connection as Transaction
from registry.deployment_lists import DeploymentCriteria
from registry.deployment_orders import DEPLOYMENT_ORDER, DeploymentOrderField, ordered_by
from registry.deployment_records import Deployment, TestResult
from registry.deployment_rows import SnapshotKey
from registry.enums import DeploymentState
from registry.ids import key_of
from registry.pages import FirstPage, KeysetOrder, VisibleGroups
from registry.records import ImportRun, Registration
from registry.storable_text import is_storable
from resolvers.deployments.action_rules import DeploymentAction
from resolvers.deployments.viewer_actions import narrowed
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.filters import Direction
from resolvers.lists.pages import page_of_records
from resolvers.nodes import registry_node
from resolvers.request import Request
from resolvers.views.resource_view import Viewed
from resolvers.visibility import is_visible, visible_owners

Record = TypeVar("Record", Deployment, TestResult)

Owner = Registration | Viewed[Snapshot] | Viewed[Runtime]

_MAX_DEPLOYMENTS_OF_A_RUN: Final = 100
_TEST_RESULTS_FIELD: Final = "Snapshot.testResults"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentQuery:
    """The filter of a list of deployments (`DeploymentFilter`).

    Attributes:
        states: Any of these states.
        snapshot_name: The snapshot's name.
        registration_id: The registration of one of the snapshot's models.
        viewer_can: An action that the caller may take on them now.
        group: The group that owns them.
        runtime_name: The endpoint that they launched.
        started_by: The caller who started them.
        started_after: The moment after which they were started.
        started_before: The moment before which they were started.

    Raises:
        BadInputError: An id of something else, a name that no database keeps, or a moment without an offset.
    """

    states: tuple[DeploymentState, ...] | None = None
    snapshot_name: str | None = None
    registration_id: str | None = None
    viewer_can: DeploymentAction | None = None
    group: str | None = None
    runtime_name: str | None = None
    started_by: str | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None

    @property
    def can_be_left(self) -> bool:
        """Tell whether a deployment that passes may cease to.

        Its snapshot, group and start do not change, and who sees it does not either; a retry forgets its endpoint.
        """
        changing = (self.states, self.viewer_can, self.registration_id, self.runtime_name)
        return any(criterion is not None for criterion in changing)

    def __post_init__(self) -> None:
        if self.registration_id is not None and key_of(self.registration_id, "Registration") is None:
            raise BadInputError(
                "`filter.registrationId` is not the id of a registration; take it from `Registration.id`."
            )
        names = {"snapshotName": self.snapshot_name, "runtimeName": self.runtime_name, "startedBy": self.started_by}
        for field, name in names.items():
            if name is not None and not is_storable(name):
                raise BadInputError(
                    f"`filter.{field}` holds a NUL or half of a surrogate pair, and no name does; leave it out."
                )
        for field, moment in (("startedAfter", self.started_after), ("startedBefore", self.started_before)):
            if moment is not None and moment.tzinfo is None:
                raise BadInputError(f"`filter.{field}` needs an offset, such as 2026-01-31T12:00:00Z.")


@dataclass(frozen=True, slots=True)
class DeploymentOrder:
    """The order of a list of deployments; the last started first unless said otherwise.

    Attributes:
        by: The moment to order by.
        direction: Ascending or descending.
    """

    by: DeploymentOrderField = DeploymentOrderField.STARTED
    direction: Direction = Direction.DESC


LAST_STARTED_FIRST: Final = DeploymentOrder()


async def get_deployment(request: Request, deployment_id: str) -> Deployment | None:
    """The deployment of an id; None if there is none that the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see no deployments at all.
        BadInputError: No id of a deployment.
    """
    deployment: Deployment | None = await registry_node(request, deployment_id, "Deployment")
    return deployment


async def list_deployments(
    request: Request, page: PageArguments, query: DeploymentQuery, order: DeploymentOrder = LAST_STARTED_FIRST
) -> Connection[Deployment]:
    """A page of the deployments that the query lets through and the caller may see, in an order.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all.
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request)
    cursors = CursorCodec(("Query.deployments", None if groups is None else tuple(sorted(groups)), query, order))
    wanted = await deployment_criteria(request, query)
    ordered = ordered_by(order.by, ascending=order.direction is Direction.ASC)
    async with request.services.database.reading() as connection:
        return await _page(connection, wanted, cursors, page, ordered)


async def deployment_criteria(request: Request, query: DeploymentQuery) -> DeploymentCriteria:
    """The criteria of the registry for the deployments that the query lets through and the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all.
    """
    registration_id, groups = query.registration_id, visible_owners(request)
    if query.group is not None:
        if not is_visible(query.group, groups):
            raise ForbiddenError(f"None of your groups may READ the deployments of the group `{query.group}`.")
        groups = frozenset({query.group})
    wanted = DeploymentCriteria(
        groups=groups,
        states=query.states,
        snapshot_name=query.snapshot_name,
        registration_key=None if registration_id is None else key_of(registration_id, "Registration"),
        runtime_name=query.runtime_name,
        started_by=query.started_by,
        started_after=query.started_after,
        started_before=query.started_before,
    )
    return wanted if query.viewer_can is None else await narrowed(request, wanted, query.viewer_can)


async def deployments_of_registrations(
    request: Request, registrations: Sequence[Registration], page: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    """A batch function: a page of the deployments of each registration's snapshots."""
    field, keys = "Registration.deployments", [_key(registration.id) for registration in registrations]
    if page.after is not None:
        filters = [DeploymentCriteria(groups=None, registration_key=key) for key in keys]
        return await _pages(request, field, registrations, filters, page)
    async with request.services.database.reading() as connection:
        pages = await deployment_lists.first_pages_of_registrations(connection, keys, page.first)
    return [_first_page(field, item, pages[key]) for item, key in zip(registrations, keys, strict=True)]


async def deployments_of_snapshots(
    request: Request, snapshots: Sequence[Viewed[Snapshot]], page: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    """A batch function: a page of each snapshot's deployments, as far as the caller may see them."""
    field, groups = "Snapshot.deployments", visible_owners(request, acting_only=False)
    if page.after is not None:
        return await _pages(
            request, field, snapshots, [_snapshot_filter(groups, snapshot) for snapshot in snapshots], page
        )
    async with request.services.database.reading() as connection:
        pages = await deployment_lists.first_pages_of_snapshots(
            connection, groups, [_snapshot_key(viewed) for viewed in snapshots], page.first
        )
    return [_first_page(field, item, pages[_snapshot_key(item)]) for item in snapshots]


async def deployments_of_runtimes(
    request: Request, runtimes: Sequence[Viewed[Runtime]], page: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    """A batch function: a page of the deployments that launched each runtime, as far as the caller may see them."""
    field, groups = "Runtime.deployments", visible_owners(request, acting_only=False)
    keys = [(runtime.value.account_id, runtime.value.region, runtime.value.name) for runtime in runtimes]
    if page.after is not None:
        filters = [
            DeploymentCriteria(groups=groups, account_id=account, region=region, runtime_name=name)
            for account, region, name in keys
        ]
        return await _pages(request, field, runtimes, filters, page)
    async with request.services.database.reading() as connection:
        pages = await deployment_lists.first_pages_of_runtimes(connection, groups, keys, page.first)
    return [_first_page(field, item, pages[key]) for item, key in zip(runtimes, keys, strict=True)]


async def deployments_of_import_runs(request: Request, runs: Sequence[ImportRun]) -> Sequence[Sequence[Deployment]]:
    """A batch function: the deployments that each of the runs has started, a hundred at most, earliest first."""
    keys = [str(key_of(run.id, "ImportRun")) for run in runs]
    async with request.services.database.reading() as connection:
        pages = await deployment_lists.first_pages_of_import_runs(connection, keys, _MAX_DEPLOYMENTS_OF_A_RUN)
    return [tuple(reversed(pages[key].page.records)) for key in keys]


async def test_results_of_snapshots(
    request: Request, snapshots: Sequence[Viewed[Snapshot]], page: PageArguments
) -> Sequence[Connection[TestResult] | BadInputError]:
    """A batch function: a page of the outcomes of each snapshot's rehearsals, as far as the caller may see them."""
    groups = visible_owners(request, acting_only=False)
    async with request.services.database.reading() as connection:
        if page.after is not None:
            return [await _test_result_page(connection, groups, snapshot, page) for snapshot in snapshots]
        pages = await test_results.first_pages(
            connection, groups, [_snapshot_key(viewed) for viewed in snapshots], page.first
        )
    return [_first_page(_TEST_RESULTS_FIELD, item, pages[_snapshot_key(item)]) for item in snapshots]


async def _test_result_page(
    connection: Transaction, groups: VisibleGroups, snapshot: Viewed[Snapshot], page: PageArguments
) -> Connection[TestResult] | BadInputError:
    cursors = CursorCodec((_TEST_RESULTS_FIELD, snapshot.id))
    wanted = test_results.ResultCriteria(groups, *_snapshot_key(snapshot))
    try:
        result = await test_results.page(connection, wanted, page.first, cursors.decode_record(page.after))
    except BadInputError as error:
        return error
    return page_of_records(result, cursors, page.after, await test_results.count(connection, wanted))


async def _pages(
    request: Request,
    field: str,
    owners: Sequence[Owner],
    filters: Sequence[DeploymentCriteria],
    page: PageArguments,
) -> Sequence[Connection[Deployment] | BadInputError]:
    """Pages behind a cursor, which is one owner's; those of the others are faults."""
    connections: list[Connection[Deployment] | BadInputError] = []
    async with request.services.database.reading() as connection:
        for owner, criteria in zip(owners, filters, strict=True):
            try:
                connections.append(await _page(connection, criteria, CursorCodec((field, owner.id)), page))
            except BadInputError as error:
                connections.append(error)
    return connections


async def _page(
    connection: Transaction,
    wanted: DeploymentCriteria,
    cursors: CursorCodec,
    page: PageArguments,
    order: KeysetOrder = DEPLOYMENT_ORDER,
) -> Connection[Deployment]:
    """Raises BadInputError for a cursor of another list."""
    result = await deployment_lists.page(connection, wanted, page.first, cursors.decode_record(page.after), order)
    return page_of_records(result, cursors, page.after, await deployment_lists.count(connection, wanted))


def _first_page(field: str, owner: Owner, result: FirstPage[Record]) -> Connection[Record]:
    return page_of_records(result.page, CursorCodec((field, owner.id)), None, result.total)


def _snapshot_key(snapshot: Viewed[Snapshot]) -> SnapshotKey:
    """SageMaker tells when each was created; one of which it did not has no deployments."""
    row = snapshot.value
    return row.account_id, row.region, row.name, row.creation_time or row.as_of


def _snapshot_filter(groups: VisibleGroups, snapshot: Viewed[Snapshot]) -> DeploymentCriteria:
    account_id, region, name, created = _snapshot_key(snapshot)
    return DeploymentCriteria(
        groups=groups, account_id=account_id, region=region, snapshot_name=name, snapshot_created_at=created
    )


def _key(registration_id: str) -> str:
    return str(key_of(registration_id, "Registration"))
