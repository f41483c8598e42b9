"""Models of versions of the model registry, and deployments of them, for tests of the work of deployments."""

from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_rows import new_deployment_row, register, reload
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.verify import VerifyPhase

PLACE = (RISK.account, RISK.region)
ARN = RISK.arn("model-package", "scorers/1")


def session(name: str) -> str:
    """The ARN of somebody's session of the group's role."""
    return f"arn:aws:sts::{RISK.account}:assumed-role/risk/{name}"


def make_version(sandbox: Sandbox, author: str = session("max")) -> None:
    """A version that awaits a decision, and a model `churn` of it with the snapshot `churn-1`."""
    with building(sandbox) as made:
        made.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        sandbox.call_as(author, "CreateModelPackage", *PLACE, ModelPackageGroupName="scorers")
        made.model("churn", PrimaryContainer={"ModelPackageName": ARN})
        made.snapshot("churn-1", "churn")
    sandbox.calls.clear()


def set_status(sandbox: Sandbox, status: str, by: str = "sue") -> None:
    """A decision that somebody has taken in SageMaker itself."""
    change = {"ModelPackageArn": ARN, "ModelApprovalStatus": status}
    sandbox.call_as(session(by), "UpdateModelPackage", *PLACE, **change)


def status_of(sandbox: Sandbox) -> tuple[str, str | None]:
    """The version's status, and the words of its decision."""
    answer = sandbox.call("DescribeModelPackage", *PLACE, ModelPackageName=ARN)
    return answer["ModelApprovalStatus"], answer.get("ApprovalDescription")


async def verified(sandbox: Sandbox, database: Database, deps: DeploymentDeps) -> DeploymentRow:
    """A deployment of `churn-1` after its verification; ann has registered the model and started it."""
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    row = await new_deployment_row(database)
    await VerifyPhase(deps).verify(row.key, 1)
    return await reload(database, row.key)
