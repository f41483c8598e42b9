"""workflows.deployments.rehearse: what jobs are asked for, and that no job begins where one model's data is amiss."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from registry import assets, deployment_steps
from registry.assets import NewAsset
from registry.database import Database
from registry.enums import AssetRole, DeploymentState
from registry.ids import key_of
from sandbox.server import Sandbox
from tests.deployments import call_counts
from tests.gateway_client import RISK
from tests.registry import samples
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    NOW,
    new_deployment_row,
    queued_cleanups,
    register,
    reload,
    verified_deployment,
)
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.rehearse import RehearsePhase, newest_asset, plan_rehearsals
from workflows.deployments.resource_names import job_name
from workflows.deployments.verify import VerifyPhase

PREFIX = f"s3://{RISK.bucket}/tests"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


def data(uri: str | None, content_type: str | None = None, text: str | None = None) -> NewAsset:
    """Test data."""
    return NewAsset(
        role=AssetRole.TEST_DATA,
        name="rows",
        s3_uri=uri,
        content=text,
        content_type=content_type,
        added_by="ann",
        added_at=NOW,
    )


async def rehearsed(
    sandbox: Sandbox, database: Database, deps: DeploymentDeps, new_assets: Mapping[str, NewAsset]
) -> str:
    """The key of a deployment of a snapshot of models, each with such test data, whose rehearsal was begun."""
    with building(sandbox) as made:
        for name in new_assets:
            made.model(name)
        made.snapshot("churn-1", *new_assets)
        made.sandbox.objects.make_bucket(RISK.bucket, RISK.account, RISK.region)
        for asset in new_assets.values():
            if (asset.s3_uri or "").startswith(f"{PREFIX}/rows"):
                made.sandbox.objects.write(asset.s3_uri or "", b"1,2\n")
    for name, asset in new_assets.items():
        key = await register(database, sandbox, name, AssetRole.DOCUMENTATION)
        async with database.writing() as connection:
            await assets.upsert(connection, key, asset)
    deployment = await new_deployment_row(database)
    await VerifyPhase(deps).verify(deployment.key, 1)
    await RehearsePhase(deps).rehearse(deployment.key, 1)
    return deployment.key


async def test_what_each_job_is_asked_for(sandbox: Sandbox, database: Database) -> None:
    """The type is the one given, unless that says no more than bytes; what has lines is split by them."""
    assets = {
        "csv": data(f"{PREFIX}/rows.csv"),
        "typed": data(f"{PREFIX}/rows.csv", "Application/JSONLines; charset=utf-8"),
        "bytes": data(f"{PREFIX}/rows.jsonl", "binary/octet-stream"),
        "json": data(f"{PREFIX}/rows.json", "text/plain"),
        "image": data(f"{PREFIX}/rows.png", "image/png"),
        "unknown": data(f"{PREFIX}/rows"),
    }
    async with deps_on(sandbox, database) as (deps, _):
        key = await rehearsed(sandbox, database, deps, assets)
        deployment = await reload(database, key)
    asked: dict[str, Any] = {}
    for name, asset in assets.items():
        where = {"TransformJobName": job_name(deployment, name)}
        job = sandbox.call("DescribeTransformJob", RISK.account, RISK.region, **where)
        read = job["TransformInput"]
        asked[name] = (read.get("ContentType"), read.get("SplitType"), job["TransformOutput"].get("AssembleWith"))
        assert read["DataSource"]["S3DataSource"]["S3Uri"] == asset.s3_uri
    assert asked == {
        "csv": ("text/csv", "Line", "Line"),
        "typed": ("application/jsonlines", "Line", "Line"),
        "bytes": ("application/jsonlines", "Line", "Line"),
        "json": ("application/json", "None", "None"),
        "image": ("image/png", "None", "None"),
        "unknown": (None, "None", "None"),
    }
    assert call_counts(sandbox, "CreateTransformJob") == [6]


@pytest.mark.parametrize(
    ("amiss", "text"),
    [
        (
            data(None, text="1,2"),
            "The TEST_DATA of `b` is a text, and jobs read from S3; replace it with an object in S3.",
        ),
        (data("s3://"), "The TEST_DATA of `b` is not at an S3 address: s3://."),
        (
            data(f"{PREFIX}/gone.csv"),
            f"The TEST_DATA of `b` is not there: {PREFIX}/gone.csv. Correct it, then call retryDeployment.",
        ),
    ],
    ids=["text", "no address", "not there"],
)
async def test_where_one_models_data_is_amiss_no_job_begins(
    sandbox: Sandbox, database: Database, amiss: NewAsset, text: str
) -> None:
    """Nor is one noted, so that none is put away that was never begun."""
    async with deps_on(sandbox, database) as (deps, _):
        key = await rehearsed(sandbox, database, deps, {"a": data(f"{PREFIX}/rows.csv"), "b": amiss})
        blocked = await reload(database, key)
        async with database.reading() as connection:
            assert await deployment_steps.rehearsal_jobs(connection, blocked) == {}
    assert (blocked.state, blocked.reason) == (DeploymentState.BLOCKED, text)
    assert await queued_cleanups(database) == []
    assert call_counts(sandbox, "CreateTransformJob") == [0]


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("file:///etc/passwd", "is not at an S3 address: file:///etc/passwd."),
        (f"{PREFIX}/none.csv", f"is not there: {PREFIX}/none.csv. Correct it, then call retryDeployment."),
    ],
)
async def test_where_expected_rows_are_not_there_no_job_begins(
    sandbox: Sandbox, database: Database, uri: str, why: str
) -> None:
    """What cannot be compared need not be run."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        registration = (await plan_rehearsals(deps, deployment))[0].registration
        content = json.dumps({"expected": {"s3Uri": uri}})
        comparator = replace(data(None, text=content), role=AssetRole.TEST_RESULT_COMPARATOR)
        async with database.writing() as connection:
            await assets.upsert(connection, str(key_of(registration.id, "Registration")), comparator)
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        blocked = await reload(database, deployment.key)
    assert (blocked.state, blocked.reason) == (DeploymentState.BLOCKED, f"What is expected of `churn` {why}")
    assert call_counts(sandbox, "CreateTransformJob") == [0]


async def test_models_without_test_data_are_not_rehearsed(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        key = await rehearsed(sandbox, database, deps, {"a": data(f"{PREFIX}/rows.csv")})
        (planned,) = await plan_rehearsals(deps, await reload(database, key))
        async with database.writing() as connection:
            owner = str(key_of(planned.registration.id, "Registration"))
            await assets.remove(connection, owner, AssetRole.TEST_DATA, "rows")
        assert await plan_rehearsals(deps, await reload(database, key)) == []


def test_the_newest_asset_of_a_role_counts() -> None:
    first = replace(samples.ASSET, added_at=samples.MONDAY)
    last = replace(samples.ASSET, id="asset-2", added_at=samples.TUESDAY)
    registration = replace(samples.REGISTRATION, assets=(last, first))
    assert newest_asset(registration, AssetRole.TEST_DATA) == last
    assert newest_asset(registration, AssetRole.SCHEMA) is None
