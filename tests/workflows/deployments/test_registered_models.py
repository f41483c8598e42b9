"""workflows.deployments.registered_models: an approval is for the models too, though a snapshot only names them."""

from datetime import timedelta

from registry import deployments, registrations
from registry.database import Database
from registry.enums import AssetRole, DeploymentState
from registry.ids import key_of
from sandbox.server import Sandbox
from tests.deployments import call_counts
from tests.gateway_client import RISK
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import NOW, approve, new_deployment_row, register, reload
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.launch import MODELS_CHANGED, LaunchPhase
from workflows.deployments.rehearse import plan_rehearsals
from workflows.deployments.verify import VerifyPhase


async def launched(database: Database, deps: DeploymentDeps, key: str, attempt: int = 1) -> None:
    """Approves what was verified, and launches it."""
    await approve(database, await reload(database, key))
    await LaunchPhase(deps).launch(key, attempt)


async def verified(sandbox: Sandbox, database: Database, deps: DeploymentDeps) -> tuple[str, str]:
    """The keys of a deployment that was verified, and of its model's registration."""
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
    registration = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION, AssetRole.TEST_DATA)
    key = (await new_deployment_row(database, rehearse=False)).key
    await VerifyPhase(deps).verify(key, 1)
    return key, registration


def made_again(sandbox: Sandbox) -> None:
    """Another model under the name of the one that was verified; the snapshot stays as it was."""
    sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="churn")
    with building(sandbox) as made:
        made.model("churn", f"s3://{RISK.bucket}/other/model.tar.gz", at=START + timedelta(days=30))


async def test_models_as_they_were_are_launched(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        key, _ = await verified(sandbox, database, deps)
        await launched(database, deps, key)
        assert (await reload(database, key)).state is DeploymentState.LAUNCHING
    assert call_counts(sandbox, "CreateEndpoint") == [1]


async def test_a_model_that_was_made_again_is_not_launched(sandbox: Sandbox, database: Database) -> None:
    """Nor where the group has imported that one too: it was not what was approved."""
    async with deps_on(sandbox, database) as (deps, _):
        key, _ = await verified(sandbox, database, deps)
        made_again(sandbox)
        await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
        await launched(database, deps, key)
        failed = await reload(database, key)
        assert (failed.state, failed.reason) == (DeploymentState.FAILED, MODELS_CHANGED.format("`churn`"))
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_a_registration_that_was_removed_voids_the_approval(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        key, registration = await verified(sandbox, database, deps)
        async with database.writing() as connection:
            await registrations.remove(connection, registration)
        await launched(database, deps, key)
        assert (await reload(database, key)).reason == MODELS_CHANGED.format("`churn`")
    assert call_counts(sandbox, "CreateEndpoint") == [0]


async def test_the_next_attempt_is_about_the_models_that_are_there(sandbox: Sandbox, database: Database) -> None:
    """And about those alone: the model of the attempt before is not rehearsed besides."""
    async with deps_on(sandbox, database) as (deps, _):
        key, _ = await verified(sandbox, database, deps)
        made_again(sandbox)
        now = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION, AssetRole.TEST_DATA)
        await launched(database, deps, key)
        async with database.writing() as connection:
            await deployments.begin_next_attempt(connection, await reload(database, key), NOW)
        await VerifyPhase(deps).verify(key, 2)
        planned = await plan_rehearsals(deps, await reload(database, key))
        assert [key_of(rehearsal.registration.id, "Registration") for rehearsal in planned] == [now]
        await launched(database, deps, key, 2)
        assert (await reload(database, key)).state is DeploymentState.LAUNCHING
    assert call_counts(sandbox, "CreateEndpoint") == [1]
