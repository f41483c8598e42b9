"""workflows.authors: who asks, for which group, and within which limits."""

from auth.entries import CredentialEntries
from auth.permissions import Grant, Permission
from auth.policy import Policy
from aws.writing.inputs import InstanceLimits, WriteAuthor
from workflows.authors import author_for


def test_an_author_has_the_limits_of_the_group() -> None:
    grant = Grant("risk", frozenset({Permission.DEPLOY}), (), frozenset({"ml.m5.large"}), 2)
    policy = Policy(CredentialEntries(), (grant,))
    assert author_for(policy, "ann", "risk") == WriteAuthor(
        "ann", "risk", InstanceLimits(frozenset({"ml.m5.large"}), 2)
    )
    assert author_for(policy, "ann", "sales") == WriteAuthor("ann", "sales", InstanceLimits())
