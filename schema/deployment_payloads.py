"""What mutations of deployments answer with."""

import strawberry

from resolvers import deployment_payloads
from schema.deployments import Deployment
from schema.fields import attribute, backed_by
from schema.user_errors import MutationPayload

_DEPLOYMENT_DESCRIPTION = "The deployment as it stands now; null where there is none that the caller may see"


@backed_by(deployment_payloads.DeploymentResult)
@strawberry.type(description="What came of the wish to deploy a snapshot")
class DeploySnapshotPayload(MutationPayload):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = attribute(
        "The deployment that was started; with the error CONFLICT the one that goes on for the snapshot already"
    )


@backed_by(deployment_payloads.DeploymentResult)
@strawberry.type(description="What came of an approval")
class ApproveDeploymentPayload(MutationPayload):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)


@backed_by(deployment_payloads.DeploymentResult)
@strawberry.type(description="What came of a rejection")
class RejectDeploymentPayload(MutationPayload):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)


@backed_by(deployment_payloads.DeploymentResult)
@strawberry.type(description="What came of a cancellation")
class CancelDeploymentPayload(MutationPayload):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)


@backed_by(deployment_payloads.DeploymentResult)
@strawberry.type(description="What came of another attempt")
class RetryDeploymentPayload(MutationPayload):
    """See resolvers.deployment_payloads.DeploymentPayload."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)
