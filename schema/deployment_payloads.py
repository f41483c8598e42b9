"""What mutations of deployments answer with."""

import strawberry

from resolvers import deployment_payloads
from schema.deployments import Deployment
from schema.fields import shown, shows
from schema.user_errors import Answer

_DEPLOYMENT = "The deployment as it stands now; null where there is none that the caller may see"


@shows(deployment_payloads.DeploymentPayload)
@strawberry.type(description="What came of the wish to deploy a snapshot")
class DeploySnapshotPayload(Answer):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = shown(
        "The deployment that was started; with the error CONFLICT the one that goes on for the snapshot already"
    )


@shows(deployment_payloads.DeploymentPayload)
@strawberry.type(description="What came of an approval")
class ApproveDeploymentPayload(Answer):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = shown(_DEPLOYMENT)


@shows(deployment_payloads.DeploymentPayload)
@strawberry.type(description="What came of a rejection")
class RejectDeploymentPayload(Answer):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = shown(_DEPLOYMENT)


@shows(deployment_payloads.DeploymentPayload)
@strawberry.type(description="What came of a cancellation")
class CancelDeploymentPayload(Answer):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = shown(_DEPLOYMENT)


@shows(deployment_payloads.DeploymentPayload)
@strawberry.type(description="What came of another attempt")
class RetryDeploymentPayload(Answer):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = shown(_DEPLOYMENT)
