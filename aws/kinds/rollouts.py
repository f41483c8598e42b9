"""Rollouts: the steps of an endpoint's update to another configuration, and the causes of a rollback."""

from dataclasses import dataclass
from enum import Enum

from aws.kinds.resource import ApiResponse

DEFAULT_WAIT_SECONDS = 300
"""The time for which alarms are watched after each step, unless a plan sets it."""


class RolloutStrategy(Enum):
    """The way in which traffic moves to the new configuration."""

    ALL_AT_ONCE = "ALL_AT_ONCE"
    CANARY = "CANARY"
    LINEAR = "LINEAR"
    ROLLING = "ROLLING"


@dataclass(frozen=True, slots=True)
class Capacity:
    """A part of an endpoint's capacity: either a share or a number of instances.

    Attributes:
        percent: The share, in per cent; None for a number of instances.
        instances: The number of instances; None for a share.
    """

    percent: int | None = None
    instances: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """The plan of an update; all times are in seconds.

    Attributes:
        strategy: The way in which traffic moves.
        step: The part that moves first (CANARY) or in each step (LINEAR, ROLLING); None for all at once.
        rollback_step: The part that moves back in each step (ROLLING); None for all at once.
        wait_seconds: The time for which alarms are watched after each step.
        termination_wait_seconds: The time for which the old instances stay after the last step; None for ROLLING.
        maximum_seconds: The time after which the update is rolled back; None for no limit in the plan.
        alarms: The names of the CloudWatch alarms that roll it back.
    """

    strategy: RolloutStrategy
    step: Capacity | None = None
    rollback_step: Capacity | None = None
    wait_seconds: int | None = DEFAULT_WAIT_SECONDS
    termination_wait_seconds: int | None = None
    maximum_seconds: int | None = None
    alarms: tuple[str, ...] = ()


def parse_rollout(config: ApiResponse | None) -> Rollout | None:
    """Parse the plan of a DeploymentConfig; None if there is none, or its strategy is not known here."""
    if not config:
        return None
    rolling = config.get("RollingUpdatePolicy")
    policy = rolling or config.get("BlueGreenUpdatePolicy") or {}
    routing = policy.get("TrafficRoutingConfiguration") or {}
    # "If no update policy is specified, SageMaker uses a blue/green deployment strategy with all at once traffic
    # shifting by default" (DeploymentConfig in the service model).
    word = RolloutStrategy.ROLLING.value if rolling else routing.get("Type", RolloutStrategy.ALL_AT_ONCE.value)
    if word not in RolloutStrategy.__members__:
        return None
    alarms = (config.get("AutoRollbackConfiguration") or {}).get("Alarms") or ()
    return Rollout(
        strategy=RolloutStrategy(word),
        step=_capacity(policy.get("MaximumBatchSize") or routing.get("CanarySize") or routing.get("LinearStepSize")),
        rollback_step=_capacity(policy.get("RollbackMaximumBatchSize")),
        wait_seconds=policy.get("WaitIntervalInSeconds", routing.get("WaitIntervalInSeconds")),
        termination_wait_seconds=policy.get("TerminationWaitInSeconds"),
        maximum_seconds=policy.get("MaximumExecutionTimeoutInSeconds"),
        alarms=tuple(alarm["AlarmName"] for alarm in alarms if "AlarmName" in alarm),
    )


def _capacity(size: ApiResponse | None) -> Capacity | None:
    if not size:
        return None
    return Capacity(**{"instances" if size.get("Type") == "INSTANCE_COUNT" else "percent": size.get("Value")})
