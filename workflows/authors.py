"""For whom something is made in AWS, with the limits that the settings set for them."""

from auth.limits import start_limits_of
from auth.policy import Policy
from aws.writing.inputs import InstanceLimits, WriteAuthor


def author_for(policy: Policy, subject: str, group: str) -> WriteAuthor:
    """The author of what is made.

    Args:
        policy: Which has the group's limits.
        subject: Who asks for it.
        group: The group that it is made for.
    """
    allowed = start_limits_of(policy, group)
    return WriteAuthor(subject, group, InstanceLimits(allowed.instance_types, allowed.max_instances))
