"""workflows.imports.run_context: a sync is about the model that was registered, also if that is gone or another's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aws.client.errors import UnavailableError
from aws.kinds.models import Model
from registry import elements, import_runs, registrations
from registry.database import Database
from registry.elements import SeenElement
from registry.enums import ElementKind
from registry.records import ImportRun
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.registry.factories import NOON, new_run
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_rows import register
from tests.workflows.imports.group_scope import scope_on
from workflows.durable.errors import StepFailedError
from workflows.imports.options import ImportOptions
from workflows.imports.run_context import RunContext, load_run_context
from workflows.imports.stored_copies import stored_copy
from workflows.imports.target import ImportTarget, existing_model


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def run_of(database: Database, *, sync: bool, registration: str | None = None) -> ImportRun:
    """A run about `scorer`."""
    new = new_run(
        group=RISK.name,
        account_id=RISK.account,
        region=RISK.region,
        model_name="scorer",
        wishes=ImportOptions(sync=sync).to_json(),
        registration_key=registration,
    )
    async with database.writing() as connection:
        run, _ = await import_runs.start(connection, new)
    return run


async def put(database: Database, key: str, model: Model, **stored: object) -> None:
    """Keeps a copy of the registration's model."""
    seen = SeenElement(
        kind=ElementKind.MODEL,
        name=model.name,
        arn=model.arn,
        created_at=model.creation_time or NOON,
        stored={**stored_copy(model, None), **stored},
    )
    async with database.writing() as connection:
        await elements.upsert(connection, key, [seen], NOON)


def made_again(account: Sandbox) -> None:
    """Another model under the name."""
    account.call("DeleteModel", RISK.account, RISK.region, ModelName="scorer")
    with building(account) as made:
        made.model("scorer", at=START + timedelta(days=1))


async def test_an_import_is_about_the_model_that_has_the_name(account: Sandbox, database: Database) -> None:
    """Its registration is that of this very model; one of an earlier model of the name is another."""
    async with scope_on(account) as scope:
        run = await run_of(database, sync=False)
        model = await existing_model(scope.reader, "scorer")
        assert await load_run_context(database, scope, run) == RunContext(ImportTarget(model), None, ())
        key = await register(database, account, "scorer")
        await put(database, key, model)
        subject = await load_run_context(database, scope, run)
        assert (subject.target, subject.registration_key) == (ImportTarget(model), key)
        assert [(element.name, element.kind) for element in subject.known] == [("scorer", ElementKind.MODEL)]
    made_again(account)
    async with scope_on(account) as scope:
        subject = await load_run_context(database, scope, run)
        assert (subject.registration_key, subject.known) == (None, ())
        assert subject.target.model.creation_time == START + timedelta(days=1)


async def test_an_import_of_what_is_gone_fails(account: Sandbox, database: Database) -> None:
    """What cannot be read is not gone."""
    run = await run_of(database, sync=False)
    account.faults.fail("DescribeModel", status=503)
    async with scope_on(account) as scope:
        with pytest.raises(UnavailableError):
            await load_run_context(database, scope, run)
    account.faults.clear()
    account.call("DeleteModel", RISK.account, RISK.region, ModelName="scorer")
    async with scope_on(account) as scope:
        with pytest.raises(StepFailedError) as raised:
            await load_run_context(database, scope, run)
    assert (raised.value.kind, raised.value.message) == ("MODEL_GONE", "SageMaker has no model `scorer` any more.")


async def test_a_sync_is_about_the_model_that_was_registered(account: Sandbox, database: Database) -> None:
    key = await register(database, account, "scorer")
    run = await run_of(database, sync=True, registration=key)
    async with scope_on(account) as scope:
        model = await existing_model(scope.reader, "scorer")
        await put(database, key, model)
        now = await load_run_context(database, scope, run)
        assert (now.target, now.registration_key) == (ImportTarget(model), key)
    stored = replace(model, scope=scope.key, as_of=NOON)
    made_again(account)
    async with scope_on(account) as scope:
        again = await load_run_context(database, scope, run)
        assert again.target == ImportTarget(replace(stored, scope=scope.key), exists=False, is_replaced=True)
    account.call("DeleteModel", RISK.account, RISK.region, ModelName="scorer")
    async with scope_on(account) as scope:
        gone = await load_run_context(database, scope, run)
        assert (gone.target.exists, gone.target.is_replaced) == (False, False)
        assert gone.known == now.known
        await put(database, key, model, detail={"of": "another version"})
        with pytest.raises(StepFailedError) as raised:
            await load_run_context(database, scope, run)
    assert raised.value.kind == "MODEL_GONE"


@pytest.mark.parametrize("removed", [True, False])
async def test_a_sync_of_what_was_removed_fails(account: Sandbox, database: Database, *, removed: bool) -> None:
    """Also where its run has lost the way to it."""
    key = await register(database, account, "scorer")
    run = await run_of(database, sync=True, registration=key if removed else None)
    if removed:
        async with database.writing() as connection:
            await registrations.remove(connection, key)
    async with scope_on(account) as scope:
        with pytest.raises(StepFailedError, match="was removed before it was synced") as raised:
            await load_run_context(database, scope, run)
    assert raised.value.kind == "REMOVED"
    assert account.calls.count("DescribeModel") == 0
