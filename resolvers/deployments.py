"""Deployments and the outcomes of rehearsals: which ones a caller sees, by id and in lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from aws.resources import Snapshot
from registry import deployment_lists, deployment_pages, test_results
from registry.database import Connection as Transaction
from registry.deployment_lists import DeploymentFilter
from registry.first_pages import FirstPage
from registry.ids import key_of
from registry.journal import ImportRun
from registry.pages import Groups
from registry.records import Deployment, Registration, TestResult
from registry.snapshot_owners import SnapshotOwner
from registry.texts import is_storable
from registry.words import DeploymentState
from resolvers.connections import Connection, PageArguments
from resolvers.errors import BadInputError
from resolvers.own_nodes import own_node
from resolvers.owners import visible_owners
from resolvers.record_pages import RecordCursors, record_page
from resolvers.request import Request

Record = TypeVar("Record", Deployment, TestResult)

_MOST_OF_A_RUN: Final = 100
_RESULTS: Final = "Snapshot.testResults"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichDeployments:
    """Which deployments (`DeploymentFilter`): in these states, of this snapshot, of this registration's model.

    Raises:
        BadInputError: An id of something else, or a name that no database keeps.
    """

    states: tuple[DeploymentState, ...] | None = None
    snapshot_name: str | None = None
    registration_id: str | None = None

    def __post_init__(self) -> None:
        if self.registration_id is not None and key_of(self.registration_id, "Registration") is None:
            raise BadInputError("`filter.registrationId` is no id of a registration that this gateway has given out.")
        if self.snapshot_name is not None and not is_storable(self.snapshot_name):
            raise BadInputError("`filter.snapshotName` holds a NUL or half of a surrogate pair, which no name does.")


async def by_id(request: Request, deployment_id: str) -> Deployment | None:
    """The deployment of an id; None where there is none that the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see no deployments at all.
        BadInputError: No id of a deployment.
    """
    found: Deployment | None = await own_node(request, deployment_id, "Deployment")
    return found


async def page(request: Request, asked: PageArguments, which: WhichDeployments) -> Connection[Deployment]:
    """A page of the deployments that the caller may see, the last started first.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all.
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request)
    cursors = RecordCursors(("Query.deployments", None if groups is None else tuple(sorted(groups)), which))
    registration_id = which.registration_id
    wanted = DeploymentFilter(
        groups=groups,
        states=which.states,
        snapshot_name=which.snapshot_name,
        registration_key=None if registration_id is None else key_of(registration_id, "Registration"),
    )
    async with request.services.database.reading() as connection:
        return await _page(connection, wanted, cursors, asked)


async def of_registrations(
    request: Request, registrations: Sequence[Registration], asked: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    """A batch function: a page of the deployments of each registration's snapshots."""
    field, keys = "Registration.deployments", [_key(each.id) for each in registrations]
    if asked.after is not None:
        filters = [DeploymentFilter(groups=None, registration_key=key) for key in keys]
        return await _pages(request, field, registrations, filters, asked)
    async with request.services.database.reading() as connection:
        found = await deployment_pages.of_registrations(connection, keys, asked.first)
    return [_shown(field, each, found[key]) for each, key in zip(registrations, keys, strict=True)]


async def of_snapshots(
    request: Request, snapshots: Sequence[Snapshot], asked: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    """A batch function: a page of each snapshot's deployments, as far as the caller may see them."""
    field, groups = "Snapshot.deployments", visible_owners(request)
    if asked.after is not None:
        return await _pages(request, field, snapshots, [_filter(groups, each) for each in snapshots], asked)
    async with request.services.database.reading() as connection:
        found = await deployment_pages.of_snapshots(
            connection, groups, [_owner(each) for each in snapshots], asked.first
        )
    return [_shown(field, each, found[_owner(each)]) for each in snapshots]


async def of_runs(request: Request, runs: Sequence[ImportRun]) -> Sequence[Sequence[Deployment]]:
    """A batch function: the deployments that each import has started, the first started first, a hundred at most."""
    keys = [str(key_of(run.id, "ImportRun")) for run in runs]
    async with request.services.database.reading() as connection:
        found = await deployment_pages.of_runs(connection, keys, _MOST_OF_A_RUN)
    return [tuple(reversed(found[key].page.records)) for key in keys]


async def results_of_snapshots(
    request: Request, snapshots: Sequence[Snapshot], asked: PageArguments
) -> Sequence[Connection[TestResult] | BadInputError]:
    """A batch function: a page of the outcomes of each snapshot's rehearsals, as far as the caller may see them."""
    groups = visible_owners(request)
    async with request.services.database.reading() as connection:
        if asked.after is not None:
            return [await _results(connection, groups, each, asked) for each in snapshots]
        found = await test_results.first_pages(connection, groups, [_owner(each) for each in snapshots], asked.first)
    return [_shown(_RESULTS, each, found[_owner(each)]) for each in snapshots]


async def _results(
    connection: Transaction, groups: Groups, snapshot: Snapshot, asked: PageArguments
) -> Connection[TestResult] | BadInputError:
    cursors = RecordCursors((_RESULTS, snapshot.id))
    wanted = test_results.ResultFilter(groups, *_owner(snapshot))
    try:
        found = await test_results.page(connection, wanted, asked.first, cursors.place(asked.after))
    except BadInputError as error:
        return error
    return record_page(found, cursors, asked.after, await test_results.count(connection, wanted))


async def _pages(
    request: Request,
    field: str,
    owners: Sequence[Registration | Snapshot],
    filters: Sequence[DeploymentFilter],
    asked: PageArguments,
) -> Sequence[Connection[Deployment] | BadInputError]:
    """Pages behind a cursor, which is one owner's; those of the others are faults."""
    found: list[Connection[Deployment] | BadInputError] = []
    async with request.services.database.reading() as connection:
        for owner, which in zip(owners, filters, strict=True):
            try:
                found.append(await _page(connection, which, RecordCursors((field, owner.id)), asked))
            except BadInputError as error:
                found.append(error)
    return found


async def _page(
    connection: Transaction, wanted: DeploymentFilter, cursors: RecordCursors, asked: PageArguments
) -> Connection[Deployment]:
    """Raises BadInputError for a cursor of another list."""
    found = await deployment_lists.page(connection, wanted, asked.first, cursors.place(asked.after))
    return record_page(found, cursors, asked.after, await deployment_lists.count(connection, wanted))


def _shown(field: str, owner: Registration | Snapshot, found: FirstPage[Record]) -> Connection[Record]:
    return record_page(found.page, RecordCursors((field, owner.id)), None, found.total)


def _owner(snapshot: Snapshot) -> SnapshotOwner:
    """SageMaker tells when each was created; one of which it did not has no deployments."""
    created = snapshot.creation_time or snapshot.as_of
    return snapshot.account_id, snapshot.region, snapshot.name, created


def _filter(groups: Groups, snapshot: Snapshot) -> DeploymentFilter:
    account_id, region, name, created = _owner(snapshot)
    return DeploymentFilter(
        groups=groups, account_id=account_id, region=region, snapshot_name=name, snapshot_created_at=created
    )


def _key(registration_id: str) -> str:
    return str(key_of(registration_id, "Registration"))
