"""Deployments and the outcomes of rehearsals: which ones a caller sees, by id and in lists."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws.resources import Snapshot
from registry import deployment_lists, test_results
from registry.database import Connection as Transaction
from registry.deployment_lists import DeploymentFilter
from registry.ids import key_of
from registry.journal import ImportRun
from registry.pages import Groups
from registry.records import Deployment, Registration, TestResult
from registry.texts import is_storable
from registry.words import DeploymentState
from resolvers.connections import Connection, PageArguments
from resolvers.errors import BadInputError
from resolvers.own_nodes import own_node
from resolvers.owners import visible_owners
from resolvers.record_pages import RecordCursors, record_page
from resolvers.request import Request

_MOST_OF_A_RUN = 100


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
    wanted = [
        ("Registration.deployments", each.id, DeploymentFilter(groups=None, registration_key=_key(each.id)))
        for each in registrations
    ]
    return await _pages(request, wanted, asked)


async def of_snapshots(
    request: Request, snapshots: Sequence[Snapshot], asked: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    """A batch function: a page of each snapshot's deployments, as far as the caller may see them."""
    groups = visible_owners(request)
    wanted = [
        (
            "Snapshot.deployments",
            each.id,
            DeploymentFilter(
                groups=groups,
                account_id=each.account_id,
                region=each.region,
                snapshot_name=each.name,
                snapshot_created_at=each.creation_time,
            ),
        )
        for each in snapshots
    ]
    return await _pages(request, wanted, asked)


async def of_runs(request: Request, runs: Sequence[ImportRun]) -> Sequence[Sequence[Deployment]]:
    """A batch function: the deployments that each import has started, the first started first, a hundred at most."""
    async with request.services.database.reading() as connection:
        found = [
            await deployment_lists.page(
                connection,
                DeploymentFilter(groups=None, import_run_key=str(key_of(run.id, "ImportRun"))),
                _MOST_OF_A_RUN,
            )
            for run in runs
        ]
    return [tuple(reversed(each.records)) for each in found]


async def results_of_snapshots(
    request: Request, snapshots: Sequence[Snapshot], asked: PageArguments
) -> Sequence[Connection[TestResult] | BadInputError]:
    """A batch function: a page of the outcomes of each snapshot's rehearsals, as far as the caller may see them."""
    groups = visible_owners(request)
    async with request.services.database.reading() as connection:
        return [await _results(connection, groups, each, asked) for each in snapshots]


async def _results(
    connection: Transaction, groups: Groups, snapshot: Snapshot, asked: PageArguments
) -> Connection[TestResult] | BadInputError:
    cursors = RecordCursors(("Snapshot.testResults", snapshot.id))
    wanted = test_results.ResultFilter(
        groups, snapshot.account_id, snapshot.region, snapshot.name, snapshot.creation_time or snapshot.as_of
    )
    try:
        found = await test_results.page(connection, wanted, asked.first, cursors.place(asked.after))
    except BadInputError as error:
        return error
    return record_page(found, cursors, asked.after, await test_results.count(connection, wanted))


async def _pages(
    request: Request, wanted: Sequence[tuple[str, str, DeploymentFilter]], asked: PageArguments
) -> Sequence[Connection[Deployment] | BadInputError]:
    found: list[Connection[Deployment] | BadInputError] = []
    async with request.services.database.reading() as connection:
        for field, owner, which in wanted:
            try:
                found.append(await _page(connection, which, RecordCursors((field, owner)), asked))
            except BadInputError as error:
                found.append(error)
    return found


async def _page(
    connection: Transaction, wanted: DeploymentFilter, cursors: RecordCursors, asked: PageArguments
) -> Connection[Deployment]:
    """Raises BadInputError for a cursor of another list."""
    found = await deployment_lists.page(connection, wanted, asked.first, cursors.place(asked.after))
    return record_page(found, cursors, asked.after, await deployment_lists.count(connection, wanted))


def _key(registration_id: str) -> str:
    return str(key_of(registration_id, "Registration"))
