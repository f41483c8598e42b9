"""workflows.authors: who asks, for which group, and within which limits."""

from auth.entries import Entries
from auth.permissions import Grant, Permission
from auth.policy import Policy
from aws.writing.inputs import Author, InstanceLimits
from workflows.authors import author


def test_an_author_has_the_limits_of_the_group() -> None:
    grant = Grant("risk", frozenset({Permission.DEPLOY}), (), frozenset({"ml.m5.large"}), 2)
    policy = Policy(Entries(), (grant,))
    assert author(policy, "ann", "risk") == Author("ann", "risk", InstanceLimits(frozenset({"ml.m5.large"}), 2))
    assert author(policy, "ann", "sales") == Author("ann", "sales", InstanceLimits())
