"""What a group may start in AWS, by the settings: the strictest of what they say of it and of everybody."""

from dataclasses import dataclass

from auth.policy import EVERYONE, Policy


@dataclass(frozen=True, slots=True)
class StartLimits:
    """What may be started for a group.

    Attributes:
        instance_types: The instance types; None means any.
        max_instances: The most instances at once; None means any number.
    """

    instance_types: frozenset[str] | None = None
    max_instances: int | None = None


def start_limits_of(policy: Policy, group: str) -> StartLimits:
    """Give what may be started for a group: what every grant allows that is the group's or everybody's."""
    grants = [grant for grant in policy.grants if grant.group in {EVERYONE, group}]
    types = [grant.instance_types for grant in grants if grant.instance_types is not None]
    counts = [grant.max_instances for grant in grants if grant.max_instances is not None]
    return StartLimits(frozenset.intersection(*types) if types else None, min(counts, default=None))
