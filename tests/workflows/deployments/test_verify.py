"""workflows.deployments.verify: what holds a deployment up, what ends it, and what it is about from then on."""

from typing import Any

import pytest

from registry import cleanup_queue, deployment_lists
from registry.database import Database
from registry.enums import AssetRole, DeploymentState, DeploymentTrigger, ElementKind
from registry.ids import encode_own_id
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS, DEPLOYMENT_SETTINGS, call_counts, create_model
from tests.gateway_client import RISK
from tests.sagemaker_builder import START, building, variant
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import new_deployment_row, register, reload
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.deployments.snapshot_fingerprint import describe_snapshot
from workflows.deployments.verify import VerifyPhase

ASSETS = {**DEPLOYMENT_SETTINGS, "requiredAssets": ["DOCUMENTATION", "SCHEMA"]}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def verified(sandbox: Sandbox, database: Database, key: str, **blocks: Any) -> tuple[DeploymentState, str | None]:
    """How a deployment stands after its verification, and why."""
    async with deps_on(sandbox, database, **blocks) as (deps, _):
        await VerifyPhase(deps).verify(key, 1)
    deployment = await reload(database, key)
    return deployment.state, deployment.reason


async def test_a_group_that_may_not_deploy_asks_aws_nothing(sandbox: Sandbox, database: Database) -> None:
    create_model(sandbox)
    key = (await new_deployment_row(database)).key
    without = [*DEPLOYMENT_PERMISSIONS[:1], {"group": "risk", "allow": ["READ", "IMPORT"]}]
    assert await verified(sandbox, database, key, permissions=without) == (
        DeploymentState.BLOCKED,
        "The group `risk` does not have the permission DEPLOY. Once an administrator has granted it under "
        "`permissions`, call retryDeployment.",
    )
    assert sandbox.calls.by_operation() == {}


async def test_a_snapshot_that_is_gone(sandbox: Sandbox, database: Database) -> None:
    key = (await new_deployment_row(database, "gone")).key
    assert await verified(sandbox, database, key) == (
        DeploymentState.SKIPPED,
        "SageMaker has no endpoint configuration `gone` any more.",
    )


async def test_every_model_is_to_be_registered(sandbox: Sandbox, database: Database) -> None:
    """Those that are not are named, and nothing is linked to the deployment."""
    with building(sandbox) as made:
        for name in ("a", "b", "c"):
            made.model(name)
        made.snapshot("churn-1", "a", "b", "c")
    await register(database, sandbox, "b", AssetRole.DOCUMENTATION)
    key = (await new_deployment_row(database)).key
    assert await verified(sandbox, database, key) == (
        DeploymentState.SKIPPED,
        "A snapshot is deployed only if one group has registered all its models, as they are now; the group `risk` has "
        "not imported `a`, `c`.",
    )
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, key)
    assert deployment is not None
    assert deployment.registration_ids == ()


async def test_each_missing_asset_of_each_model_is_named(sandbox: Sandbox, database: Database) -> None:
    """Each model needs its own; both models are linked, so that an asset of either lets it go on."""
    with building(sandbox) as made:
        made.model("a")
        made.model("b")
        made.snapshot("churn-1", "a", "b")
    keys = [
        await register(database, sandbox, "a", AssetRole.SCHEMA),
        await register(database, sandbox, "b", AssetRole.TEST_DATA),
    ]
    key = (await new_deployment_row(database)).key
    assert await verified(sandbox, database, key, deployments=ASSETS) == (
        DeploymentState.BLOCKED,
        "These assets are missing: DOCUMENTATION of `a`, DOCUMENTATION of `b`, SCHEMA of `b`. Add them with "
        "putAsset, and the deployment continues.",
    )
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, key)
    assert deployment is not None
    assert set(deployment.registration_ids) == {encode_own_id("Registration", item) for item in keys}


@pytest.mark.parametrize(
    ("trigger", "in_service", "state"),
    [
        (DeploymentTrigger.IMPORT, True, DeploymentState.SKIPPED),
        (DeploymentTrigger.NEW_SNAPSHOT, True, DeploymentState.SKIPPED),
        (DeploymentTrigger.NEW_SNAPSHOT, False, DeploymentState.AWAITING_APPROVAL),
        (DeploymentTrigger.REQUEST, True, DeploymentState.AWAITING_APPROVAL),
    ],
)
async def test_what_runs_already_is_deployed_only_where_somebody_asks_for_it(
    sandbox: Sandbox, database: Database, trigger: DeploymentTrigger, state: DeploymentState, *, in_service: bool
) -> None:
    """An endpoint that has failed serves nobody. One that runs another snapshot does not count."""
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-0", "churn")
        made.snapshot("churn-1", "churn")
        made.runtime("old", "churn-0")
        made.runtime("live", "churn-1", failure=None if in_service else "No capacity.")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    key = (await new_deployment_row(database, trigger=trigger)).key
    deployment_state, reason = await verified(sandbox, database, key)
    assert deployment_state is state
    running = "The endpoint `live` runs this snapshot already; deploySnapshot deploys it anyway."
    assert reason == (running if state is DeploymentState.SKIPPED else UNKNOWN_AUTHOR)
    assert call_counts(sandbox, "ListEndpoints") == [0 if trigger is DeploymentTrigger.REQUEST else 1]


async def test_an_endpoint_that_comes_up_or_moves_counts_too(sandbox: Sandbox, database: Database) -> None:
    """Whoever makes a snapshot in SageMaker makes its endpoint in the same breath, which takes minutes to come up."""
    with building(sandbox) as made:
        made.model("churn")
        for name in ("churn-0", "churn-1"):
            made.snapshot(name, "churn")
        made.runtime("live", "churn-0")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    sandbox.call("UpdateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-1")
    does = "is Updating, and runs this snapshot or is about to"
    moving = f"The endpoint `live` {does}; deploySnapshot deploys it anyway."
    for name in ("churn-0", "churn-1"):
        key = (await new_deployment_row(database, name, trigger=DeploymentTrigger.NEW_SNAPSHOT)).key
        assert await verified(sandbox, database, key) == (DeploymentState.SKIPPED, moving)
    sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-2",
                 ProductionVariants=[variant("churn")])  # fmt: skip
    sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="new", EndpointConfigName="churn-2")
    key = (await new_deployment_row(database, "churn-2", trigger=DeploymentTrigger.NEW_SNAPSHOT)).key
    state, reason = await verified(sandbox, database, key)
    assert (state, reason) == (DeploymentState.SKIPPED, moving.replace("live", "new").replace("Updating", "Creating"))


async def test_an_endpoint_that_is_to_be_deleted_does_not_count(sandbox: Sandbox, database: Database) -> None:
    """An attempt that was given up has left it; the next attempt asks for approval again."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    deployment = await new_deployment_row(database, trigger=DeploymentTrigger.IMPORT)
    sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="left", EndpointConfigName="churn-1")
    async with database.writing() as connection:
        await cleanup_queue.enqueue(connection, deployment.key, ElementKind.RUNTIME, "left", START)
    assert (await verified(sandbox, database, deployment.key))[0] is DeploymentState.AWAITING_APPROVAL


async def test_it_is_about_the_snapshot_that_has_the_name_now(sandbox: Sandbox, database: Database) -> None:
    """Whoever started it may have seen an earlier one; an approval is for the one that was verified."""
    with building(sandbox) as made:
        made.model("churn", at=START)
        made.snapshot("churn-1", "churn", at=START)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    deployment = await new_deployment_row(database, snapshot_digest="of another one")
    assert (await verified(sandbox, database, deployment.key))[0] is DeploymentState.AWAITING_APPROVAL
    pinned = await reload(database, deployment.key)
    assert pinned.snapshot_created_at == START
    assert pinned.snapshot_digest not in {"", "of another one"}
    async with deps_on(sandbox, database) as (deps, _), deps.scope(deployment) as scope:
        assert await describe_snapshot(scope.reader, "churn-1") is not None
        assert await describe_snapshot(scope.reader, f"{RISK.name}-none") is None


@pytest.mark.parametrize(
    ("trigger", "refused", "state"),
    [
        (DeploymentTrigger.IMPORT, None, DeploymentState.SKIPPED),
        (DeploymentTrigger.NEW_SNAPSHOT, "ListInferenceComponents", DeploymentState.SKIPPED),
        (DeploymentTrigger.REQUEST, None, DeploymentState.AWAITING_APPROVAL),
    ],
)
async def test_models_that_an_inference_component_serves(
    sandbox: Sandbox, database: Database, trigger: DeploymentTrigger, refused: str | None, state: DeploymentState
) -> None:
    """They are deployed only where somebody asks for it; so where components may not be read."""
    create_model(sandbox)
    with building(sandbox) as made:
        made.component_host("host")
        made.component("component", "host", "churn")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    if refused:
        sandbox.faults.refuse(refused)
    key = (await new_deployment_row(database, trigger=trigger)).key
    ended, reason = await verified(sandbox, database, key)
    assert (ended, reason == UNKNOWN_AUTHOR) == (state, state is DeploymentState.AWAITING_APPROVAL)
    asked = 0 if trigger is DeploymentTrigger.REQUEST else 1
    assert call_counts(sandbox, "ListInferenceComponents", "CreateEndpoint") == [asked, 0]


@pytest.mark.parametrize("trigger", [DeploymentTrigger.IMPORT, DeploymentTrigger.REQUEST])
async def test_a_snapshot_for_inference_components_is_skipped(
    sandbox: Sandbox, database: Database, trigger: DeploymentTrigger
) -> None:
    """Also one of whose variants another names a registered model: its endpoint would lack the components."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    with building(sandbox) as made:
        empty = {key: value for key, value in variant("", "hosts").items() if key != "ModelName"}
        made.snapshot("mixed", ProductionVariants=[variant("churn"), empty], ExecutionRoleArn=RISK.execution_role_arn)
    key = (await new_deployment_row(database, "mixed", trigger=trigger)).key
    ended, reason = await verified(sandbox, database, key)
    assert ended is DeploymentState.SKIPPED
    assert "`hosts`" in (reason or "")
    assert call_counts(sandbox, "CreateEndpoint") == [0]
