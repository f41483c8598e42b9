"""The enums of deployments, with a description for each value."""

from registry.deployment_orders import DeploymentOrderField
from registry.enums import (
    DecisionOutcome,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    StepState,
    TicketKind,
)
from resolvers.deployments.action_rules import DenialCode, DeploymentAction
from schema.enums import register_enum

__all__ = [
    "DecisionOutcome",
    "DenialCode",
    "DeploymentAction",
    "DeploymentState",
    "DeploymentStepName",
    "DeploymentTrigger",
    "StepState",
    "TicketKind",
]

register_enum(
    DeploymentAction,
    "DeploymentAction",
    "An action on a deployment",
    {
        "APPROVE": "Let the deployment launch: approveDeployment",
        "REJECT": "End the deployment that awaits approval: rejectDeployment",
        "CANCEL": "Stop the deployment: cancelDeployment",
        "RETRY": "Begin the deployment again: retryDeployment",
    },
)
register_enum(
    DenialCode,
    "DenialCode",
    "The reason for which an action on a deployment is denied: the first that applies, in this order",
    {
        "PERMISSION": "None of the caller's groups has the permission",
        "DISABLED": "Another system decides about deployments (`deployments.approval` of the settings)",
        "STATE": "The deployment's state does not allow it, or another deployment of its snapshot is under way",
        "FOUR_EYES": "The caller started the deployment, or caused its start, so somebody else must decide",
    },
)
register_enum(
    DeploymentState,
    "DeploymentState",
    "The state of a deployment",
    {
        "VERIFYING": "Checking that the required assets are there",
        "REHEARSING": "Running the model over the test data",
        "AWAITING_APPROVAL": "Waiting for the decision of an approver",
        "LAUNCHING": "The endpoint is being created or updated",
        "DEPLOYED": "The endpoint is in service",
        "BLOCKED": "Waiting for a missing asset, approval or permission; see `reason`",
        "REJECTED": "An approver rejected the deployment",
        "FAILED": "The rehearsal or the launch failed; see `reason`",
        "CANCELLED": "A caller cancelled the deployment",
        "SKIPPED": "There was nothing to deploy; see `reason`",
        "COMPLETED": "The rehearsal passed; no launch was requested",
    },
)
register_enum(
    DeploymentTrigger,
    "DeploymentTrigger",
    "The cause of a deployment",
    {
        "IMPORT": "The import of a model of the snapshot",
        "NEW_SNAPSHOT": "A new snapshot of an imported model",
        "REQUEST": "The request of a caller: deploySnapshot",
    },
)
register_enum(
    DeploymentStepName,
    "DeploymentStepName",
    "The steps of a deployment, in their order",
    {
        "VERIFY": "The check that the required assets are there",
        "REHEARSE": "A transform job over the test data, and the comparison of its output",
        "APPROVE": "The decision of an approver",
        "LAUNCH": "The creation or update of the endpoint, until it is in service",
        "NOTIFY": "The notification of the people concerned",
    },
)
register_enum(
    StepState,
    "StepState",
    "The state of a step of a deployment",
    {
        "PENDING": "The step has not begun",
        "RUNNING": "The step has begun, and not ended",
        "DONE": "The step has ended well",
        "SKIPPED": "The step was left out; see `detail`",
        "FAILED": "The step has failed; see `detail`",
    },
)
register_enum(
    DecisionOutcome,
    "DecisionOutcome",
    "The outcome of a decision about a deployment",
    {"APPROVED": "The deployment may launch", "REJECTED": "The deployment may not launch"},
)
register_enum(
    TicketKind,
    "TicketKind",
    "The purpose of a ticket",
    {"APPROVAL": "The ticket asks for a decision", "NOTIFICATION": "The ticket reports a failure"},
)
register_enum(
    DeploymentOrderField,
    "DeploymentOrderField",
    "The field that deployments are ordered by",
    {"STARTED": "By time of start", "ENDED": "By time of end; a deployment under way counts as the last to end"},
)
