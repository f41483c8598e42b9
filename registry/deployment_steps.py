"""The steps of deployments: one row for each attempt and step; a rehearsal has one for each model."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select, update

from registry.changes import note_change
from registry.database import Connection
from registry.deployment_rows import DeploymentRow
from registry.deployment_tables import deployment_steps
from registry.enums import DeploymentStepName, StepState
from registry.storable_text import replace_unstorable
from registry.upserts import chunks, insert

_COLUMNS = deployment_steps.c
_UNIQUE_KEY = ["deployment_key", "attempt", "name", "model_name"]


async def begin(
    connection: Connection,
    deployment: DeploymentRow,
    name: DeploymentStepName,
    at: datetime,
    *,
    model_name: str = "",
    job_name: str | None = None,
    detail: str | None = None,
) -> None:
    """Record that a step of the present attempt has begun.

    A step that has begun before keeps its time, and its job and detail unless new ones are given.

    Args:
        connection: A transaction.
        deployment: The deployment.
        name: The step.
        at: The present time.
        model_name: The model that a rehearsal is about; empty for other steps.
        job_name: The transform job that it runs; None if it is not known.
        detail: A sentence about it; None for nothing new.
    """
    row = {
        "deployment_key": deployment.key,
        "attempt": deployment.attempt,
        "name": name.value,
        "model_name": model_name,
    }
    values = {"state": StepState.RUNNING.value, "started_at": at, "job_name": job_name, "detail": detail}
    written = insert(connection, deployment_steps).values(**row, **values)
    updates = {name: func.coalesce(written.excluded[name], _COLUMNS[name]) for name in ("job_name", "detail")}
    await connection.execute(written.on_conflict_do_update(index_elements=_UNIQUE_KEY, set_=updates))
    await note_change(connection, "Deployment", deployment.key)


async def set_detail_once(
    connection: Connection, deployment: DeploymentRow, name: DeploymentStepName, detail: str, model_name: str = ""
) -> bool:
    """Set the detail of a running step; False if it has one already, or does not run."""
    condition = and_(
        _COLUMNS.deployment_key == deployment.key,
        _COLUMNS.attempt == deployment.attempt,
        _COLUMNS.name == name.value,
        _COLUMNS.model_name == model_name,
        _COLUMNS.state == StepState.RUNNING.value,
        _COLUMNS.detail.is_(None),
    )
    return (
        await connection.execute(update(deployment_steps).where(condition).values(detail=replace_unstorable(detail)))
    ).rowcount > 0


async def append_detail(
    connection: Connection, deployment: DeploymentRow, attempt: int, name: DeploymentStepName, detail: str
) -> None:
    """Append a sentence to the detail of the step `name` of an attempt, which may have ended."""
    condition = and_(
        _COLUMNS.deployment_key == deployment.key,
        _COLUMNS.attempt == attempt,
        _COLUMNS.name == name.value,
        _COLUMNS.model_name == "",
    )
    text = replace_unstorable(detail)
    added = case((_COLUMNS.detail.is_(None), text), else_=_COLUMNS.detail.concat(f" {text}"))
    await connection.execute(update(deployment_steps).where(condition).values(detail=added))
    await note_change(connection, "Deployment", deployment.key)


async def end(
    connection: Connection,
    deployment: DeploymentRow,
    name: DeploymentStepName,
    state: StepState,
    at: datetime,
    detail: str | None = None,
    model_name: str = "",
) -> None:
    """Record the end of a step of the present attempt.

    A step that never began has begun and ended now. Its detail stays unless a new one is given.

    Args:
        connection: A transaction.
        deployment: The deployment.
        name: The step.
        state: Its final state.
        at: The present time.
        detail: A sentence about its end; None for nothing new.
        model_name: The model that a rehearsal is about; empty for other steps.
    """
    row = {
        "deployment_key": deployment.key,
        "attempt": deployment.attempt,
        "name": name.value,
        "model_name": model_name,
    }
    text = None if detail is None else replace_unstorable(detail)
    values = {"state": state.value, "started_at": at, "ended_at": at, "detail": text}
    written = insert(connection, deployment_steps).values(**row, **values)
    column = func.coalesce(written.excluded["detail"], _COLUMNS.detail)
    updates = {"state": written.excluded["state"], "ended_at": written.excluded["ended_at"], "detail": column}
    await connection.execute(written.on_conflict_do_update(index_elements=_UNIQUE_KEY, set_=updates))
    await note_change(connection, "Deployment", deployment.key)


async def end_running(
    connection: Connection, deployment: DeploymentRow, state: StepState, at: datetime, detail: str | None
) -> None:
    """Set the state, end and detail of each running step; the detail stays if it is None."""
    condition = and_(
        _COLUMNS.deployment_key == deployment.key,
        _COLUMNS.attempt == deployment.attempt,
        _COLUMNS.state == StepState.RUNNING.value,
    )
    texts = {} if detail is None else {"detail": replace_unstorable(detail)}
    await connection.execute(update(deployment_steps).where(condition).values(state=state.value, ended_at=at, **texts))


async def began_at(connection: Connection, deployment: DeploymentRow, name: DeploymentStepName) -> datetime | None:
    """The time at which the step `name` of the present attempt first began; None if it has not."""
    step = and_(
        _COLUMNS.deployment_key == deployment.key,
        _COLUMNS.attempt == deployment.attempt,
        _COLUMNS.name == name.value,
    )
    started = select(_COLUMNS.started_at).where(step).order_by(_COLUMNS.started_at).limit(1)
    return (await connection.execute(started)).scalar_one_or_none()


async def rehearsal_jobs(connection: Connection, deployment: DeploymentRow) -> Mapping[str, str]:
    """The names of the transform jobs of the present attempt of `deployment`, by model."""
    condition = and_(_COLUMNS.deployment_key == deployment.key, _COLUMNS.attempt == deployment.attempt)
    jobs = select(_COLUMNS.model_name, _COLUMNS.job_name).where(condition, _COLUMNS.job_name.is_not(None))
    rows = await connection.execute(jobs.order_by(_COLUMNS.model_name))
    return {row.model_name: row.job_name for row in rows}


async def of_deployments(connection: Connection, keys: Collection[str]) -> Mapping[str, list[Any]]:
    """The rows of the steps of these deployments, of all attempts, by the key of the deployment."""
    jobs_by_model: dict[str, list[Any]] = {key: [] for key in keys}
    for part in chunks(list(keys)):
        for row in await connection.execute(select(deployment_steps).where(_COLUMNS.deployment_key.in_(part))):
            jobs_by_model[row.deployment_key].append(row)
    return jobs_by_model
