"""What mutations and lists of deployments take."""

import strawberry

from resolvers.deployment_payloads import DeploymentActionInput, DeploySnapshot
from resolvers.deployments import DeploymentQuery
from schema.input_fields import optional, required
from schema.registry_enums import DeploymentState

_DEPLOYMENT_ID = "The deployment's id"


@strawberry.input(description="Which deployments to list; entries all apply")
class DeploymentFilter:
    """See resolvers.deployments.WhichDeployments."""

    state: list[DeploymentState] | None = optional("How they stand: any of these")
    snapshot_name: str | None = optional("The snapshot's name, exactly")
    registration_id: strawberry.ID | None = optional("The id of the registration of one of the snapshot's models")

    def value(self) -> DeploymentQuery:
        """The filter's value."""
        return DeploymentQuery(
            states=None if self.state is None else tuple(self.state),
            snapshot_name=self.snapshot_name,
            registration_id=self.registration_id,
        )


@strawberry.input(description="Which snapshot to deploy, and how far")
class DeploySnapshotInput:
    """See resolvers.deployment_payloads.DeploySnapshot."""

    snapshot_name: str = required("The snapshot's name")
    region: str | None = optional("The region, one of the role's own; left out: its first")
    group: str | None = optional("The group whose role it runs as; left out: the acting group")
    runtime_name: str | None = optional(
        "The runtime that is to run it: one that is there is updated, and only if it runs at the launch what it ran "
        "when approval was asked for; left out: a new one"
    )
    rehearse: bool | None = optional("False: leave the rehearsal out", True)
    launch: bool | None = optional("False: end after the rehearsal", True)

    def value(self) -> DeploySnapshot:
        """The input's value; null is the default."""
        return DeploySnapshot(
            snapshot_name=self.snapshot_name,
            region=self.region,
            group=self.group,
            runtime_name=self.runtime_name,
            rehearse=self.rehearse is not False,
            launch=self.launch is not False,
        )


@strawberry.input(description="Which deployment to approve")
class ApproveDeploymentInput:
    """See resolvers.deployment_payloads.Word."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("What is to be kept with the decision")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


@strawberry.input(description="Which deployment to reject")
class RejectDeploymentInput:
    """See resolvers.deployment_payloads.Word."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("Why; it is kept with the decision")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


@strawberry.input(description="Which deployment to cancel")
class CancelDeploymentInput:
    """See resolvers.deployment_payloads.Word."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("Why; the deployment's reason says so")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)


@strawberry.input(description="Which deployment is to begin again")
class RetryDeploymentInput:
    """See resolvers.deployment_payloads.Word."""

    id: strawberry.ID = required(_DEPLOYMENT_ID)
    comment: str | None = optional("Why; the audit keeps it")

    def value(self) -> DeploymentActionInput:
        """The input's value."""
        return DeploymentActionInput(str(self.id), self.comment)
