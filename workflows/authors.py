"""For whom something is made in AWS, with the limits that the settings set for them."""

from auth.limits import limits_of
from auth.policy import Policy
from aws.writing.inputs import Author, InstanceLimits


def author(policy: Policy, subject: str, group: str) -> Author:
    """The author of what is made.

    Args:
        policy: Which has the group's limits.
        subject: Who asks for it.
        group: The group that it is made for.
    """
    allowed = limits_of(policy, group)
    return Author(subject, group, InstanceLimits(allowed.instance_types, allowed.max_instances))
