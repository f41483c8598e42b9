"""Rollouts, the steps in which a runtime is updated: types and inputs."""

import strawberry

from aws.kinds import rollouts
from aws.kinds.rollouts import DEFAULT_WAIT_SECONDS, RolloutStrategy
from schema.enums import register_enum
from schema.fields import attribute
from schema.inputs import build_value, given_or_none, optional, optional_value, required

register_enum(
    RolloutStrategy,
    "RolloutStrategy",
    "The way in which the traffic moves to a new snapshot",
    {
        "ALL_AT_ONCE": "All traffic in one step, from the old instances to as many new ones",
        "CANARY": "A first part of the traffic, then the rest, from the old instances to as many new ones",
        "LINEAR": "One part of the traffic after another, from the old instances to as many new ones",
        "ROLLING": "One part of the traffic after another; old instances end as new ones take their traffic",
    },
)


@strawberry.type(description="A part of a runtime's capacity; exactly one of the fields is not null")
class Capacity:
    """See aws.kinds.rollouts.Capacity."""

    percent: int | None = attribute("The share of the runtime's instances, in per cent")
    instances: int | None = attribute("The number of instances")


@strawberry.type(description="The plan by which a runtime is updated")
class Rollout:
    """See aws.kinds.rollouts.Rollout."""

    strategy: RolloutStrategy = attribute("The way in which the traffic moves to the new snapshot")
    step: Capacity | None = attribute(
        "The first part of the traffic (CANARY), or each part (LINEAR, ROLLING); null for ALL_AT_ONCE"
    )
    rollback_step: Capacity | None = attribute(
        "The part that returns with each step of a rollback (ROLLING); null for all at once"
    )
    wait_seconds: int | None = attribute(
        "The seconds for which the alarms are watched after each step; null if not given"
    )
    termination_wait_seconds: int | None = attribute(
        "The seconds for which the old instances stay after the last step; null if not given"
    )
    maximum_seconds: int | None = attribute(
        "The seconds after which an unfinished update is rolled back; null if not given"
    )
    alarms: list[str] = attribute("The names of the CloudWatch alarms that roll the update back")


@strawberry.input(description="A part of a runtime's capacity, in exactly one of two ways", one_of=True)
class CapacityInput:
    """See aws.kinds.rollouts.Capacity."""

    percent: int | None = optional(
        "A share of the runtime's instances, in per cent: 1 to 50 for CANARY, 10 to 50 for LINEAR, 5 to 50 for ROLLING",
        strawberry.UNSET,
    )
    instances: int | None = optional(
        "A number of instances; for each variant it must be within the shares that `percent` allows", strawberry.UNSET
    )

    def value(self) -> rollouts.Capacity:
        """The input's value."""
        return rollouts.Capacity(given_or_none(self.percent), given_or_none(self.instances))


@strawberry.input(description="The plan by which to update a runtime")
class RolloutInput:
    """See aws.kinds.rollouts.Rollout."""

    strategy: RolloutStrategy = required("The way in which the traffic moves to the new snapshot")
    step: CapacityInput | None = optional(
        "The first part of the traffic (CANARY), or each part (LINEAR, ROLLING); not for ALL_AT_ONCE"
    )
    rollback_step: CapacityInput | None = optional(
        "The part that returns with each step of a rollback; for ROLLING only. Left out: all at once"
    )
    wait_seconds: int | None = optional(
        "The seconds for which the alarms are watched after each step, at most 3,600", DEFAULT_WAIT_SECONDS
    )
    termination_wait_seconds: int | None = optional(
        "The seconds for which the old instances stay after the last step, at most 3,600; not for ROLLING"
    )
    maximum_seconds: int | None = optional(
        "The seconds after which an unfinished update is rolled back, 600 to 28,800; more than the sum of its waits"
    )
    alarms: list[str] | None = optional("The names of at most ten CloudWatch alarms that roll the update back")

    def value(self) -> rollouts.Rollout:
        """The input's value; null is the default."""
        return build_value(
            rollouts.Rollout,
            self,
            step=optional_value(self.step),
            rollback_step=optional_value(self.rollback_step),
            wait_seconds=DEFAULT_WAIT_SECONDS if self.wait_seconds is None else self.wait_seconds,
            alarms=tuple(self.alarms or ()),
        )
