"""workflows.element_tracking: what the gateway does and sees joins the registrations of its models without a sync."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from aws.kinds.kind import Kind
from aws.scopes import OpenScope
from registry import elements
from registry.database import Database
from registry.enums import ElementKind
from registry.stored_digests import stored_digest
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import register
from workflows.element_tracking import track_created, track_deleted, track_elements


@asynccontextmanager
async def risk_scope(sandbox: Sandbox, database: Database) -> AsyncIterator[OpenScope]:
    async with (
        deps_on(sandbox, database) as (deps, _),
        deps.group_scopes.open(RISK.name, RISK.region, RISK.account) as scope,
    ):
        yield scope


async def known(database: Database, key: str) -> set[tuple[ElementKind, str, str | None]]:
    async with database.reading() as connection:
        return {
            (element.kind, element.name, element.match) for element in await elements.known_elements(connection, key)
        }


@pytest.fixture
async def registration_key(sandbox: Sandbox, database: Database) -> str:
    """A registered model with a snapshot, a runtime and a job, none of which is an element yet."""
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
        made.runtime("churn-live", "churn-1")
        made.transform("churn-batch", "churn")
        made.training("churn-train")
    return await register(database, sandbox)


@pytest.mark.parametrize(
    ("kind", "name", "match"),
    [
        (Kind.SNAPSHOT, "churn-1", None),
        (Kind.RUNTIME, "churn-live", None),
        (Kind.TRANSFORM_JOB, "churn-batch", "MODEL_NAME"),
    ],
)
async def test_what_was_created_joins_its_model(
    sandbox: Sandbox, database: Database, registration_key: str, kind: Kind, name: str, match: str | None
) -> None:
    """Doing it again changes nothing."""
    async with risk_scope(sandbox, database) as scope:
        created = (await scope.reader.describe(kind, [name]))[name]
        for _ in range(2):
            await track_created(database, scope.reader, RISK.name, created)  # type: ignore[arg-type]  # It is there.
    assert await known(database, registration_key) == {(ElementKind[kind.name], name, match)}


async def test_a_training_job_belongs_to_no_model_yet(
    sandbox: Sandbox, database: Database, registration_key: str
) -> None:
    async with risk_scope(sandbox, database) as scope:
        job = (await scope.reader.describe(Kind.TRAINING_JOB, ["churn-train"]))["churn-train"]
        await track_created(database, scope.reader, RISK.name, job)  # type: ignore[arg-type]  # It is there.
    assert await known(database, registration_key) == set()


async def test_a_model_that_is_not_registered_costs_no_call(sandbox: Sandbox, database: Database) -> None:
    with building(sandbox) as made:
        made.model("other")
        made.transform("other-batch", "other")
    async with risk_scope(sandbox, database) as scope:
        job = (await scope.reader.describe(Kind.TRANSFORM_JOB, ["other-batch"]))["other-batch"]
        sandbox.calls.clear()
        await track_created(database, scope.reader, RISK.name, job)  # type: ignore[arg-type]  # It is there.
        assert sandbox.calls.by_operation() == {}


async def test_a_model_made_anew_under_its_name_is_another(
    sandbox: Sandbox, database: Database, registration_key: str
) -> None:
    sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="churn")
    with building(sandbox) as made:
        made.model("churn", at=START + timedelta(days=1))
    async with risk_scope(sandbox, database) as scope:
        job = (await scope.reader.describe(Kind.TRANSFORM_JOB, ["churn-batch"]))["churn-batch"]
        await track_created(database, scope.reader, RISK.name, job)  # type: ignore[arg-type]  # It is there.
    assert await known(database, registration_key) == set()


async def test_a_registration_that_was_removed_is_left_out(
    sandbox: Sandbox, database: Database, registration_key: str
) -> None:
    async with risk_scope(sandbox, database) as scope:
        snapshot = (await scope.reader.describe(Kind.SNAPSHOT, ["churn-1"]))["churn-1"]
        keys = ["0" * 32, registration_key]
        await track_elements(database, scope.reader, keys, [snapshot])  # type: ignore[list-item]  # It is there.
    assert await known(database, registration_key) == {(ElementKind.SNAPSHOT, "churn-1", None)}


async def test_a_failure_is_left_to_the_next_sync(
    sandbox: Sandbox, database: Database, registration_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with risk_scope(sandbox, database) as scope:
        job = (await scope.reader.describe(Kind.TRANSFORM_JOB, ["churn-batch"]))["churn-batch"]
        sandbox.faults.refuse("DescribeModel")
        with caplog.at_level(logging.WARNING, "sagegraph.imports"):
            await track_created(database, scope.reader, RISK.name, job)  # type: ignore[arg-type]  # It is there.
    assert await known(database, registration_key) == set()


async def test_what_was_deleted_has_vanished(sandbox: Sandbox, database: Database, registration_key: str) -> None:
    async with risk_scope(sandbox, database) as scope:
        snapshot = (await scope.reader.describe(Kind.SNAPSHOT, ["churn-1"]))["churn-1"]
        await track_created(database, scope.reader, RISK.name, snapshot)  # type: ignore[arg-type]  # It is there.
    here = (RISK.name, RISK.account, RISK.region)
    await track_deleted(database, here, ElementKind.RUNTIME, "churn-1")
    assert [element.vanished for element in await _known_elements(database, registration_key)] == [False]
    await track_deleted(database, here, ElementKind.SNAPSHOT, "churn-1")
    assert [known_element.vanished for known_element in await _known_elements(database, registration_key)] == [True]


async def _known_elements(database: Database, key: str) -> tuple[elements.KnownElement, ...]:
    async with database.reading() as connection:
        return await elements.known_elements(connection, key)


async def test_the_copy_is_that_of_an_import(sandbox: Sandbox, database: Database, registration_key: str) -> None:
    """So that the next sync finds it unchanged; the tags are read too."""
    async with risk_scope(sandbox, database) as scope:
        snapshot = (await scope.reader.describe(Kind.SNAPSHOT, ["churn-1"]))["churn-1"]
        await track_created(database, scope.reader, RISK.name, snapshot)  # type: ignore[arg-type]  # It is there.
    async with database.reading() as connection:
        (element,) = await elements.known_elements(connection, registration_key)
        page = await elements.page(connection, elements.ElementCriteria(registration_key), 10)
    assert element.digest == stored_digest(page.records[0].stored)
    assert page.records[0].stored["tags"] == []
