"""workflows.deployments.start: one at a time for each snapshot, and one for each that an import has found."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aws.kinds.snapshots import Snapshot
from registry import deployments, import_runs, seen_snapshots
from registry.database import Database
from registry.enums import AssetRole, DeploymentState, DeploymentTrigger, ElementKind
from registry.records import ImportRun
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS, call_counts, create_model
from tests.gateway_client import RISK
from tests.registry.factories import key_in_id, new_run
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW, NOW, new_deployment_row, register, reload
from tests.workflows.imports.test_stored_copies import RESOURCES
from workflows.deployments.snapshot_fingerprint import fingerprint_of
from workflows.deployments.start import DeploymentStarter, new_deployment

MARK = ("churn-1", NOW)
HERE = replace(DEPLOYMENT_ROW, group=RISK.name, account_id=RISK.account, region=RISK.region)
SNAPSHOT = next(
    replace(resource, name="churn-1", account_id=RISK.account, region=RISK.region)
    for resource in RESOURCES
    if isinstance(resource, Snapshot)
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def marks(database: Database, registration: str) -> frozenset[seen_snapshots.SeenSnapshot]:
    """What the watch over a registration's model knows already."""
    async with database.reading() as connection:
        return (await seen_snapshots.of_registrations(connection, [registration]))[registration]


async def run_of(database: Database) -> ImportRun:
    """An import of `churn`."""
    new = new_run(group=RISK.name, account_id=RISK.account, region=RISK.region, started_at=NOW)
    async with database.writing() as connection:
        run, _ = await import_runs.start(connection, new)
    return run


async def test_whoever_is_second_is_given_the_first(sandbox: Sandbox, database: Database) -> None:
    new, identity = new_deployment(SNAPSHOT, RISK.name, DeploymentTrigger.REQUEST, "ann"), fingerprint_of(SNAPSHOT)
    assert (new.snapshot_name, new.snapshot_created_at, new.snapshot_digest) == (
        "churn-1",
        identity.created_at,
        identity.digest,
    )
    assert (new.account_id, new.region, new.rehearse, new.launch) == (RISK.account, RISK.region, True, True)
    async with deps_on(sandbox, database) as (deps, noted):
        first, started = await DeploymentStarter(deps).start(new)
        again, started_again = await DeploymentStarter(deps).start(replace(new, started_by="bob"))
    assert (started, started_again) == (True, False)
    assert first == again
    assert noted.started == [(f"deploy/{first.key}/1/verify", (first.key, 1))]


@pytest.mark.parametrize(
    ("group", "state", "marked"),
    [
        (RISK.name, DeploymentState.VERIFYING, True),
        ("mlops", DeploymentState.VERIFYING, False),
        ("mlops", DeploymentState.AWAITING_APPROVAL, True),
    ],
)
async def test_a_snapshot_is_marked_as_seen_once_it_is_known_whose_it_is(
    sandbox: Sandbox, database: Database, group: str, state: DeploymentState, *, marked: bool
) -> None:
    """While another group's deployment of it is only being verified, it may yet turn out to be this group's."""
    create_model(sandbox)
    registration = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    row = await new_deployment_row(database, group=group)
    if state is not row.state:
        async with database.writing() as connection:
            assert await deployments.transition(connection, row, state, datetime.now(UTC))
    new = new_deployment(SNAPSHOT, RISK.name, DeploymentTrigger.NEW_SNAPSHOT, "sagegraph")
    async with deps_on(sandbox, database) as (deps, noted):
        deployment, started = await DeploymentStarter(deps).start(new, [(registration, MARK)])
    assert (deployment.key, started, noted.started) == (row.key, False, [])
    assert await marks(database, registration) == (frozenset({MARK}) if marked else frozenset())


async def test_an_import_starts_one_for_each_snapshot_once(sandbox: Sandbox, database: Database) -> None:
    """A step that runs again asks for none that it has started, ended or not; what is gone meanwhile is left out."""
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-2", "churn")
    run = await run_of(database)
    run_key = key_in_id(run.id, "ImportRun")
    async with deps_on(sandbox, database) as (deps, noted):
        starting = DeploymentStarter(deps)
        for _ in range(2):
            async with deps.scope(HERE) as scope:
                await starting.start_for_import(scope, run, run_key, ["churn-2", "gone", "churn-1"])
            for work_id, _ in noted.started:
                deployment = await reload(database, work_id.split("/")[1])
                async with database.writing() as connection:
                    await deployments.transition(connection, deployment, DeploymentState.SKIPPED, datetime.now(UTC))
    courses = [await reload(database, work_id.split("/")[1]) for work_id, _ in noted.started]
    assert [(row.snapshot_name, row.trigger, row.started_by) for row in courses] == [
        ("churn-1", DeploymentTrigger.IMPORT, "ann"),
        ("churn-2", DeploymentTrigger.IMPORT, "ann"),
    ]
    # The two that are there, and the one that is not, twice.
    assert call_counts(sandbox, "DescribeEndpointConfig") == [4]


@pytest.mark.parametrize(
    ("allowed", "snapshots", "entered", "code"),
    [
        (DEPLOYMENT_PERMISSIONS, 2, False, None),
        (DEPLOYMENT_PERMISSIONS[:1], 2, False, "FORBIDDEN"),
        (DEPLOYMENT_PERMISSIONS[:1], 0, False, None),
        (DEPLOYMENT_PERMISSIONS, 2, True, "DISABLED"),
        (DEPLOYMENT_PERMISSIONS[:1], 2, True, "DISABLED"),
        (DEPLOYMENT_PERMISSIONS, 0, True, None),
    ],
)
async def test_what_stands_against_deployments_of_an_import(
    sandbox: Sandbox, database: Database, allowed: object, snapshots: int, code: str | None, *, entered: bool
) -> None:
    async with deps_on(sandbox, database, permissions=allowed) as (deps, _):
        against = DeploymentStarter(deps).import_problems(RISK.name, snapshots, entered=entered)
    assert [(problem.kind, problem.code, problem.count) for problem in against] == (
        [] if code is None else [(ElementKind.SNAPSHOT, code, 2)]
    )
    assert all("no deployment" in item.message for item in against)
