"""workflows.imports.plan: a plan tells what an import would do, and what it would take, and does none of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from auth.policy import Policy
from aws.client.call_stats import CallStats
from aws.client.errors import UnavailableError
from aws.scopes import OpenScope
from registry import elements, registrations, tables
from registry.database import Database
from registry.elements import SeenElement
from registry.enums import ElementChange, ElementKind
from registry.ids import key_of
from registry.registrations import NewRegistration
from sandbox.server import Sandbox
from tests.gateway_client import RISK, load_test_settings
from tests.imports import IMPORT_PERMISSIONS
from tests.registry.factories import NOON, row_counts
from tests.sagemaker_builder import building
from tests.workflows.imports.group_scope import scope_on
from workflows.imports.default_snapshot import DefaultSnapshots
from workflows.imports.options import ImportOptions
from workflows.imports.plan import ImportPlanner, PlannedImport, plan_for_missing_model
from workflows.imports.target import existing_model

BOTH = ImportOptions(create_default_snapshot=True, start_deployments=True)
FORBIDDEN = [("SNAPSHOT", "FORBIDDEN")]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


@dataclass(frozen=True)
class Planner:
    """A scope that plans are made of, and the registry that they are held against."""

    scope: OpenScope
    planning: ImportPlanner
    database: Database

    async def plan(self, name: str, options: ImportOptions = BOTH, *, calls: int = 0) -> PlannedImport:
        """The plan of an import, which looking for the model has taken so many calls for already."""
        stats = CallStats()
        stats.calls["DescribeModel"] += calls
        model = await existing_model(self.scope.reader, name)
        return await self.planning.plan(self.scope, "risk", model, stats, options)


@asynccontextmanager
async def planner_on(sandbox: Sandbox, database: Database, *allow: str) -> AsyncIterator[Planner]:
    """A planner for the group risk, which may do what is usual, or this alone."""
    permissions = [{"group": "risk", "allow": list(allow)}] if allow else IMPORT_PERMISSIONS
    made = load_test_settings(sandbox.url, permissions=permissions)
    policy = Policy(made.entries(), made.permissions)
    async with scope_on(sandbox, permissions=permissions) as scope:
        yield Planner(
            scope, ImportPlanner(database, policy, DefaultSnapshots(database, policy, "ml.m5.large")), database
        )


async def registered(planner: Planner, name: str, group: str = "risk", **changed: Any) -> str:
    """The key of a registration of a model that is there."""
    model = await existing_model(planner.scope.reader, name)
    new = NewRegistration(
        **{
            "group": group,
            "account_id": RISK.account,
            "region": RISK.region,
            "model_name": name,
            "model_arn": model.arn,
            "model_created_at": model.creation_time,
            "imported_by": "ann",
            "imported_at": NOON,
            **changed,
        }
    )
    async with planner.database.writing() as connection:
        made, _ = await registrations.find_or_create(connection, new, ())
    return str(key_of(made.id, "Registration"))


def changes(plan: PlannedImport) -> dict[str, ElementChange]:
    """What would come of each element."""
    return {change.name: change.change for change in plan.changes}


def problems(plan: PlannedImport) -> list[tuple[str, str]]:
    """The kind and the code of each problem."""
    return [(problem.kind.value, problem.code) for problem in plan.problems]


async def test_of_what_is_new_everything_would_be_added(account: Sandbox, database: Database) -> None:
    """Nothing is written, neither in AWS nor in the registry, and what looking took is told."""
    async with planner_on(account, database) as planner:
        plan = await planner.plan("scorer", calls=3)
    assert (plan.model_name, plan.exists, plan.already_imported) == ("scorer", True, False)
    assert changes(plan) == dict.fromkeys(
        ("scorer", "scorer-snapshot", "scorer-runtime", "train", "batch"), ElementChange.ADDED
    )
    assert (plan.will_create_snapshot, plan.problems, plan.aws_calls) == (None, (), 3)
    assert not [item for item in account.calls.by_operation() if item.startswith(("Create", "Update", "Delete"))]
    assert set(await row_counts(database, [tables.registrations, tables.elements, tables.import_runs])) == {0}


async def test_a_model_that_is_registered_would_be_synced(account: Sandbox, database: Database) -> None:
    """What the registry has seen and is gone by now would be noted as gone."""
    async with planner_on(account, database) as planner:
        key = await registered(planner, "scorer")
        arn = RISK.arn("transform-job", "old")
        gone = SeenElement(kind=ElementKind.TRANSFORM_JOB, name="old", arn=arn, created_at=NOON, stored={})
        async with database.writing() as connection:
            await elements.upsert(connection, key, [gone], NOON)
        plan = await planner.plan("scorer")
    assert plan.already_imported
    assert changes(plan)["old"] is ElementChange.VANISHED
    assert changes(plan)["batch"] is ElementChange.ADDED


@pytest.mark.parametrize("changed", [{"group": "other"}, {"model_created_at": NOON - timedelta(days=900)}])
async def test_another_groups_or_an_older_models_registration_is_none_of_it(
    account: Sandbox, database: Database, changed: dict[str, Any]
) -> None:
    async with planner_on(account, database) as planner:
        await registered(planner, "scorer", **changed)
        assert not (await planner.plan("scorer")).already_imported
        # Its own is, though nothing has been seen for it yet.
        await registered(planner, "scorer")
        assert (await planner.plan("scorer")).already_imported


async def test_a_default_snapshot_is_in_the_plan_with_its_calls(sandbox: Sandbox, database: Database) -> None:
    with building(sandbox) as things:
        things.model("bare")
    async with planner_on(sandbox, database) as planner:
        plan = await planner.plan("bare", calls=1)
        without = await planner.plan("bare", ImportOptions(start_deployments=True), calls=1)
    assert (plan.will_create_snapshot, plan.aws_calls, plan.problems) == ("bare-default", 3, ())
    assert (without.will_create_snapshot, without.aws_calls, without.problems) == (None, 1, ())


async def test_what_would_be_left_out_is_told(sandbox: Sandbox, database: Database) -> None:
    """A snapshot that will not be made is one that no deployment is started of, and is told once."""
    with building(sandbox) as things:
        things.model("bare")
        things.model("scorer")
        things.snapshot("scorer-1", "scorer")
    async with planner_on(sandbox, database, "READ", "IMPORT") as planner:
        bare, scorer = await planner.plan("bare"), await planner.plan("scorer")
        quiet = await planner.plan("scorer", ImportOptions(create_default_snapshot=True))
    assert (bare.will_create_snapshot, problems(bare)) == (None, FORBIDDEN)
    assert (problems(scorer), scorer.problems[0].count, quiet.problems) == (FORBIDDEN, 1, ())


@pytest.mark.parametrize("model", ["bare", "scorer"])
async def test_with_entered_credentials_no_deployment_would_be_started(
    sandbox: Sandbox, database: Database, model: str
) -> None:
    """Also of the snapshot that would be made first."""
    with building(sandbox) as things:
        things.model("bare")
        things.model("scorer")
        things.snapshot("scorer-1", "scorer")
    options = ImportOptions(create_default_snapshot=True, start_deployments=True, entered=True)
    async with planner_on(sandbox, database) as planner:
        (problem,) = (await planner.plan(model, options)).problems
    assert (problem.kind, problem.code, problem.count) == (ElementKind.SNAPSHOT, "DISABLED", 1)


async def test_what_cannot_be_looked_at_is_told_once(account: Sandbox, database: Database) -> None:
    """Though the default snapshot and the elements lack the same."""
    async with planner_on(account, database) as planner:
        account.faults.refuse("ListEndpointConfigs")
        account.faults.refuse("ListTransformJobs")
        plan = await planner.plan("scorer")
    assert problems(plan).count(("SNAPSHOT", "FORBIDDEN")) == 1
    assert problems(plan).count(("TRANSFORM_JOB", "FORBIDDEN")) == 1
    assert plan.will_create_snapshot is None


async def test_while_aws_is_away_there_is_no_plan(account: Sandbox, database: Database) -> None:
    async with planner_on(account, database) as planner:
        account.faults.drop("ListEndpointConfigs")
        with pytest.raises(UnavailableError):
            await planner.plan("scorer")


def test_of_what_is_not_there_there_is_a_plan_too() -> None:
    stats = CallStats()
    stats.calls.update({"DescribeModel": 2})
    assert plan_for_missing_model("gone", stats) == PlannedImport(
        model_name="gone",
        exists=False,
        already_imported=False,
        will_create_snapshot=None,
        changes=(),
        problems=(),
        aws_calls=2,
    )
