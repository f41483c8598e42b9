"""Factories of registrations, assets, elements and deployments for registry tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from registry import deployments, registrations
from registry.assets import NewAsset
from registry.database import Database
from registry.deployment_rows import DeploymentRow, NewDeployment
from registry.elements import SeenElement
from registry.enums import AssetRole, DeploymentState, DeploymentTrigger, ElementKind
from registry.ids import key_of
from registry.import_runs import NewImportRun
from registry.records import Registration
from registry.registrations import NewRegistration

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REQUIRED = (AssetRole.SCHEMA, AssetRole.DOCUMENTATION)


def minutes_after_noon(minutes: int) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def new_registration(name: str = "churn", **changed: Any) -> NewRegistration:
    """A registration to be made of a model of this name."""
    return NewRegistration(
        **{
            "group": "risk",
            "account_id": "111111111111",
            "region": "eu-west-1",
            "model_name": name,
            "model_arn": f"arn:aws:sagemaker:eu-west-1:111111111111:model/{name}",
            "model_created_at": NOON,
            "imported_by": "ann",
            "imported_at": NOON,
            **changed,
        }
    )


def new_run(**changed: Any) -> NewImportRun:
    """An import of `churn` to be begun."""
    return NewImportRun(
        **{
            "group": "risk",
            "account_id": "111111111111",
            "region": "eu-west-1",
            "model_name": "churn",
            "phase": "Begun",
            "started_by": "ann",
            "started_at": NOON,
            **changed,
        }
    )


async def create_registration(database: Database, name: str = "churn", **changed: Any) -> Registration:
    """A registration that has been made."""
    async with database.writing() as connection:
        made, created = await registrations.find_or_create(connection, new_registration(name, **changed), REQUIRED)
    assert created
    return made


async def create_registration_key(database: Database, name: str = "churn", **changed: Any) -> str:
    """The key of a registration that has been made."""
    return key_in_id((await create_registration(database, name, **changed)).id)


def key_in_id(encoded: str, word: str = "Registration") -> str:
    """The key in an id of this kind."""
    result = key_of(encoded, word)
    assert result is not None
    return result


def new_asset(name: str = "schema.json", **changed: Any) -> NewAsset:
    """An asset to be kept."""
    return NewAsset(
        **{"role": AssetRole.SCHEMA, "name": name, "content": "{}", "added_by": "ann", "added_at": NOON, **changed}
    )


def seen_element(number: int, **changed: Any) -> SeenElement:
    """A training job that an import has read; each is a minute younger than the one before."""
    return SeenElement(
        **{
            "kind": ElementKind.TRAINING_JOB,
            "name": f"job-{number}",
            "arn": f"arn:aws:sagemaker:eu-west-1:111111111111:training-job/job-{number}",
            "created_at": minutes_after_noon(number),
            "match": "EXACT_ARTIFACT",
            "stored": {"TrainingJobName": f"job-{number}"},
            **changed,
        }
    )


async def row_counts(database: Database, tables: Sequence[Table]) -> list[int]:
    """How many rows each of these tables has."""
    async with database.reading() as connection:
        return [(await connection.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]


def new_deployment(snapshot: str = "churn-1", **changed: Any) -> NewDeployment:
    """A deployment to be started of a snapshot of this name."""
    return NewDeployment(
        **{
            "group": "risk",
            "account_id": "111111111111",
            "region": "eu-west-1",
            "snapshot_name": snapshot,
            "snapshot_created_at": NOON,
            "snapshot_digest": "digest",
            "trigger": DeploymentTrigger.REQUEST,
            "started_by": "ann",
            "started_at": NOON,
            **changed,
        }
    )


async def start_deployment(database: Database, snapshot: str = "churn-1", **changed: Any) -> DeploymentRow:
    """A deployment that was started just now."""
    async with database.writing() as connection:
        deployment, started = await deployments.start(connection, new_deployment(snapshot, **changed))
    assert started
    return deployment


async def reload_deployment(database: Database, deployment: DeploymentRow) -> DeploymentRow:
    """The deployment as it stands."""
    async with database.reading() as connection:
        row = await deployments.by_key(connection, deployment.key)
    assert row is not None
    return row


async def transitioned(database: Database, deployment: DeploymentRow, *states: DeploymentState) -> DeploymentRow:
    """The deployment, brought through these states."""
    for state in states:
        async with database.writing() as connection:
            assert await deployments.transition(connection, deployment, state, NOON)
        deployment = await reload_deployment(database, deployment)
    return deployment
