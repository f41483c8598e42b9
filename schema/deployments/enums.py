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
        "APPROVE": "Let it launch: approveDeployment",
        "REJECT": "End it: rejectDeployment",
        "CANCEL": "Stop it: cancelDeployment",
        "RETRY": "Begin it again: retryDeployment",
    },
)
register_enum(
    DenialCode,
    "DenialCode",
    "The reason why an action on a deployment is denied: the first that applies, in this order",
    {
        "PERMISSION": "None of the caller's groups has the permission",
        "DISABLED": "Another system decides about deployments: the settings' deployments.approval",
        "STATE": "The deployment's state does not allow it, or another deployment of its snapshot is under way",
        "FOUR_EYES": "The caller started the deployment or caused its start, so somebody else must decide",
    },
)
register_enum(
    DeploymentState,
    "DeploymentState",
    "The state of a deployment",
    {
        "VERIFYING": "Checking that the required assets are there",
        "REHEARSING": "Running the model over the test data",
        "AWAITING_APPROVAL": "Waiting for somebody's decision",
        "LAUNCHING": "The endpoint is being created or updated",
        "DEPLOYED": "The endpoint is in service",
        "BLOCKED": "Waiting for a missing asset or permission; see reason",
        "REJECTED": "An approver decided against it",
        "FAILED": "The rehearsal or the launch failed; see reason",
        "CANCELLED": "A caller cancelled it",
        "SKIPPED": "There was nothing to deploy; see reason",
        "COMPLETED": "Rehearsed; no launch was requested",
    },
)
register_enum(
    DeploymentTrigger,
    "DeploymentTrigger",
    "The cause of a deployment's start",
    {
        "IMPORT": "The import of its model",
        "NEW_SNAPSHOT": "A new snapshot of an imported model",
        "REQUEST": "A caller's request",
    },
)
register_enum(
    DeploymentStepName,
    "DeploymentStepName",
    "The steps of a deployment, in their order",
    {
        "VERIFY": "The check that the required assets are there",
        "REHEARSE": "A transform job over the test data, and the comparison of its output",
        "APPROVE": "An approver's decision",
        "LAUNCH": "The endpoint is created or updated, and watched until it is in service",
        "NOTIFY": "Notification of those concerned",
    },
)
register_enum(
    StepState,
    "StepState",
    "The state of a step of a deployment",
    {
        "PENDING": "Not begun",
        "RUNNING": "Begun, and not ended",
        "DONE": "Ended well",
        "SKIPPED": "Left out; see detail",
        "FAILED": "Ended badly; see detail",
    },
)
register_enum(
    DecisionOutcome,
    "DecisionOutcome",
    "The decision about a deployment",
    {"APPROVED": "It may proceed", "REJECTED": "It may not proceed"},
)
register_enum(
    TicketKind,
    "TicketKind",
    "The purpose of a ticket",
    {"APPROVAL": "It asks for a decision", "NOTIFICATION": "It tells of a failure"},
)
register_enum(
    DeploymentOrderField,
    "DeploymentOrderField",
    "The field that deployments are ordered by",
    {"STARTED": "By time of start", "ENDED": "By time of end; a deployment under way counts as the last to end"},
)
