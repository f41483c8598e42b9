"""Enumerations that the registry stores."""

from enum import Enum
from typing import Final


class ElementKind(Enum):
    """The kinds of SageMaker resource that an import brings in."""

    MODEL = "MODEL"
    SNAPSHOT = "SNAPSHOT"
    RUNTIME = "RUNTIME"
    TRAINING_JOB = "TRAINING_JOB"
    TRANSFORM_JOB = "TRANSFORM_JOB"
    INFERENCE_COMPONENT = "INFERENCE_COMPONENT"
    MODEL_PACKAGE = "MODEL_PACKAGE"
    PROCESSING_JOB = "PROCESSING_JOB"
    TUNING_JOB = "TUNING_JOB"
    PIPELINE_EXECUTION = "PIPELINE_EXECUTION"


LATER_ELEMENT_KINDS: Final = frozenset(ElementKind) - {
    ElementKind.MODEL,
    ElementKind.SNAPSHOT,
    ElementKind.RUNTIME,
    ElementKind.TRAINING_JOB,
    ElementKind.TRANSFORM_JOB,
}
"""The kinds that gateways of 0.2.0 do not know; their rows are in tables that those gateways do not read."""


class AssetRole(Enum):
    """The role of an asset for a registered model; the settings name these words too."""

    DOCUMENTATION = "DOCUMENTATION"
    SCHEMA = "SCHEMA"
    TRAINING_DATA = "TRAINING_DATA"
    TEST_RESULT_COMPARATOR = "TEST_RESULT_COMPARATOR"
    TEST_DATA = "TEST_DATA"
    OTHER = "OTHER"


class DeploymentState(Enum):
    """The state of a deployment."""

    VERIFYING = "VERIFYING"
    REHEARSING = "REHEARSING"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    LAUNCHING = "LAUNCHING"
    DEPLOYED = "DEPLOYED"
    BLOCKED = "BLOCKED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    COMPLETED = "COMPLETED"


class BlockCause(Enum):
    """The cause of a deployment's being BLOCKED, which decides the event that lets it continue."""

    NOT_PERMITTED = "NOT_PERMITTED"
    """The group may not deploy."""
    REFUSED = "REFUSED"
    """AWS refuses the group's role."""
    MISSING_ASSETS = "MISSING_ASSETS"
    """Required assets are missing."""
    UNUSABLE_ASSETS = "UNUSABLE_ASSETS"
    """A rehearsal cannot use the test data or the comparator, or has no place to write."""
    CHANGED_ASSETS = "CHANGED_ASSETS"
    """Assets were removed or changed after they were verified."""


class DeploymentTrigger(Enum):
    """The trigger of a deployment."""

    IMPORT = "IMPORT"
    NEW_SNAPSHOT = "NEW_SNAPSHOT"
    REQUEST = "REQUEST"


class DeploymentStepName(Enum):
    """The steps of a deployment, in their order."""

    VERIFY = "VERIFY"
    REHEARSE = "REHEARSE"
    APPROVE = "APPROVE"
    LAUNCH = "LAUNCH"
    NOTIFY = "NOTIFY"


class StepState(Enum):
    """The state of a deployment's step."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"


class DecisionOutcome(Enum):
    """The outcome of a decision about a deployment."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class TicketKind(Enum):
    """The purpose of a ticket."""

    APPROVAL = "APPROVAL"
    NOTIFICATION = "NOTIFICATION"


class ImportRunState(Enum):
    """The state of an import or sync run."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class ElementChange(Enum):
    """The change that an import or sync found in an element."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    VANISHED = "VANISHED"


class AuditOutcome(Enum):
    """The outcome of an audited action."""

    SUCCEEDED = "SUCCEEDED"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
