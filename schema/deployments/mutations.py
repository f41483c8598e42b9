"""Deployment mutations: inputs and payloads."""

import strawberry

from resolvers.deployments.actions import DeploymentTarget, DeploySnapshot
from schema.deployments.types import Deployment
from schema.fields import attribute
from schema.inputs import optional, optional_value, required
from schema.payloads import MutationPayload
from schema.rollouts import RolloutInput


@strawberry.input(description="The snapshot to deploy, and the steps to take")
class DeploySnapshotInput:
    """See resolvers.deployments.actions.DeploySnapshot."""

    snapshot_name: str = required("The snapshot's name")
    region: str | None = optional(
        "The region, one of the regions of the group's role; left out: the role's default region"
    )
    group: str | None = optional("The group whose AWS role the deployment uses; left out: the acting group")
    runtime_name: str | None = optional(
        "The runtime to update or create; left out: a new runtime. An existing runtime is "
        "left alone if it runs another snapshot at the launch than it ran when approval was "
        "requested"
    )
    rehearse: bool | None = optional("False to skip the rehearsal", True)
    launch: bool | None = optional("False to end after the rehearsal", True)
    retain_variant_properties: bool | None = optional(
        (
            "True to keep, in an updated runtime, the weights and instance counts of variants "
            "that both snapshots name; false to use those of the new snapshot"
        ),
        True,
    )
    rollout: RolloutInput | None = optional(
        "The steps in which `runtimeName` is updated, and the alarms that roll it back; left out: all at once"
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
            rollout=optional_value(self.rollout),
        )


@strawberry.input
class DeploymentActionInput:
    """A deployment and a comment; see resolvers.deployments.actions.DeploymentTarget."""

    id: strawberry.ID = required("The deployment's id")
    comment: str | None = optional("The reason; the audit keeps it, and the decision if there is one")

    def value(self) -> DeploymentTarget:
        """The input's value."""
        return DeploymentTarget(str(self.id), self.comment)


@strawberry.input(description="The deployment to approve")
class ApproveDeploymentInput(DeploymentActionInput):
    """See DeploymentActionInput."""


@strawberry.input(description="The deployment to reject")
class RejectDeploymentInput(DeploymentActionInput):
    """See DeploymentActionInput."""


@strawberry.input(description="The deployment to cancel")
class CancelDeploymentInput(DeploymentActionInput):
    """See DeploymentActionInput."""


@strawberry.input(description="The deployment to restart")
class RetryDeploymentInput(DeploymentActionInput):
    """See DeploymentActionInput."""


@strawberry.type(description="The result of deploySnapshot")
class DeploySnapshotPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(
        "The deployment that was started; with the code CONFLICT, the one that is already under way for the snapshot"
    )


@strawberry.type
class DeploymentActionPayload(MutationPayload):
    """See resolvers.deployments.actions.DeploymentResult."""

    deployment: Deployment | None = attribute(
        "The deployment in its present state; null if the caller may see no deployment of this id"
    )


@strawberry.type(description="The result of approveDeployment")
class ApproveDeploymentPayload(DeploymentActionPayload):
    """See DeploymentActionPayload."""


@strawberry.type(description="The result of rejectDeployment")
class RejectDeploymentPayload(DeploymentActionPayload):
    """See DeploymentActionPayload."""


@strawberry.type(description="The result of cancelDeployment")
class CancelDeploymentPayload(DeploymentActionPayload):
    """See DeploymentActionPayload."""


@strawberry.type(description="The result of retryDeployment")
class RetryDeploymentPayload(DeploymentActionPayload):
    """See DeploymentActionPayload."""
