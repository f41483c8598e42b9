"""Deployment mutations: inputs and payloads."""

import strawberry

from resolvers.deployments import actions
from resolvers.deployments.actions import DeploymentActionInput, DeploySnapshot
from schema.deployments.types import Deployment
from schema.fields import attribute, backed_by
from schema.inputs import optional, required
from schema.payloads import MutationPayload

_DEPLOYMENT_ID = "The deployment's id"


@strawberry.input(description="Which snapshot to deploy, and how far")
class DeploySnapshotInput:
    """See resolvers.deployments.actions.DeploySnapshot."""

    snapshot_name: str = required("The snapshot's name")
    region: str | None = optional("The region, one of the role's own; left out: its first")
    group: str | None = optional("The group whose role it runs as; left out: the acting group")
    runtime_name: str | None = optional(
        "The runtime that is to run it: one that is there is updated, and only if it runs at the launch what it ran "
        "when approval was asked for; left out: a new one"
    )
    rehearse: bool | None = optional("False: leave the rehearsal out", True)
    launch: bool | None = optional("False: end after the rehearsal", True)
    retain_variant_properties: bool | None = optional(
        "If a runtime is updated: keep the weights and instance counts of variants that both snapshots name; false: "
        "take the snapshot's",
        True,
    )

    def value(self) -> DeploySnapshot:
        """The input's value; null is the default."""
        return DeploySnapshot(
            snapshot_name=self.snapshot_name,
            region=self.region,
            group=self.group,
            runtime_name=self.runtime_name,
            rehearse=self.rehearse is not False,
            launch=self.launch is not False,
            retain_variant_properties=self.retain_variant_properties is not False,
        )


@strawberry.input(description="Which deployment to approve")
class ApproveDeploymentInput:
    """See resolvers.deployments.actions.DeploymentActionInput."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("What is to be kept with the decision")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


@strawberry.input(description="Which deployment to reject")
class RejectDeploymentInput:
    """See resolvers.deployments.actions.DeploymentActionInput."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("Why; it is kept with the decision")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


@strawberry.input(description="Which deployment to cancel")
class CancelDeploymentInput:
    """See resolvers.deployments.actions.DeploymentActionInput."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("Why; the deployment's reason says so")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


@strawberry.input(description="Which deployment is to begin again")
class RetryDeploymentInput:
    """See resolvers.deployments.actions.DeploymentActionInput."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("Why; the audit keeps it")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


_DEPLOYMENT_DESCRIPTION = "The deployment as it stands now; null where there is none that the caller may see"


@backed_by(actions.DeploymentResult)
@strawberry.type(description="What came of the wish to deploy a snapshot")
class DeploySnapshotPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(
        "The deployment that was started; with the error CONFLICT the one that goes on for the snapshot already"
    )


@backed_by(actions.DeploymentResult)
@strawberry.type(description="What came of an approval")
class ApproveDeploymentPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)


@backed_by(actions.DeploymentResult)
@strawberry.type(description="What came of a rejection")
class RejectDeploymentPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)


@backed_by(actions.DeploymentResult)
@strawberry.type(description="What came of a cancellation")
class CancelDeploymentPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)


@backed_by(actions.DeploymentResult)
@strawberry.type(description="What came of another attempt")
class RetryDeploymentPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(_DEPLOYMENT_DESCRIPTION)
