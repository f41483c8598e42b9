"""workflows.deployments.registering: an approval is for the models too, though a snapshot only names them."""

from datetime import timedelta

from registry import deployments, registrations
from registry.database import Database
from registry.ids import key_of
from registry.words import AssetRole, DeploymentState
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.deploying import calls
from tests.making import START, making
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import NOW, approved, begun, course_of, registered
from workflows.deployments.launching import OTHER_MODELS, Launching
from workflows.deployments.means import Means
from workflows.deployments.rehearsing import planned_for
from workflows.deployments.verifying import Verifying


async def launched(database: Database, means: Means, key: str, attempt: int = 1) -> None:
    """Approves what was verified, and launches it."""
    await approved(database, await course_of(database, key))
    await Launching(means).launch(key, attempt)


async def verified(sandbox: Sandbox, database: Database, means: Means) -> tuple[str, str]:
    """The keys of a deployment that was verified, and of its model's registration."""
    with making(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
    registration = await registered(database, sandbox, "churn", AssetRole.DOCUMENTATION, AssetRole.TEST_DATA)
    key = (await begun(database, rehearse=False)).key
    await Verifying(means).verify(key, 1)
    return key, registration


def made_again(sandbox: Sandbox) -> None:
    """Another model under the name of the one that was verified; the snapshot stays as it was."""
    sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="churn")
    with making(sandbox) as made:
        made.model("churn", f"s3://{RISK.bucket}/other/model.tar.gz", at=START + timedelta(days=30))


async def test_models_as_they_were_are_launched(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        key, _ = await verified(sandbox, database, means)
        await launched(database, means, key)
        assert (await course_of(database, key)).state is DeploymentState.LAUNCHING
    assert calls(sandbox, "CreateEndpoint") == [1]


async def test_a_model_that_was_made_again_is_not_launched(sandbox: Sandbox, database: Database) -> None:
    """Nor where the group has imported that one too: it was not what was approved."""
    async with means_on(sandbox, database) as (means, _):
        key, _ = await verified(sandbox, database, means)
        made_again(sandbox)
        await registered(database, sandbox, "churn", AssetRole.DOCUMENTATION)
        await launched(database, means, key)
        failed = await course_of(database, key)
        assert (failed.state, failed.reason) == (DeploymentState.FAILED, OTHER_MODELS.format("`churn`"))
    assert calls(sandbox, "CreateEndpoint") == [0]


async def test_a_registration_that_was_removed_voids_the_approval(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        key, registration = await verified(sandbox, database, means)
        async with database.writing() as connection:
            await registrations.remove(connection, registration)
        await launched(database, means, key)
        assert (await course_of(database, key)).reason == OTHER_MODELS.format("`churn`")
    assert calls(sandbox, "CreateEndpoint") == [0]


async def test_the_next_attempt_is_about_the_models_that_are_there(sandbox: Sandbox, database: Database) -> None:
    """And about those alone: the model of the attempt before is not rehearsed besides."""
    async with means_on(sandbox, database) as (means, _):
        key, _ = await verified(sandbox, database, means)
        made_again(sandbox)
        now = await registered(database, sandbox, "churn", AssetRole.DOCUMENTATION, AssetRole.TEST_DATA)
        await launched(database, means, key)
        async with database.writing() as connection:
            await deployments.begin_again(connection, await course_of(database, key), NOW)
        await Verifying(means).verify(key, 2)
        planned = await planned_for(means, await course_of(database, key))
        assert [key_of(each.registration.id, "Registration") for each in planned] == [now]
        await launched(database, means, key, 2)
        assert (await course_of(database, key)).state is DeploymentState.LAUNCHING
    assert calls(sandbox, "CreateEndpoint") == [1]
