"""workflows.group_access: who asks, for which group, and within which limits."""

from auth.credential_entries import CredentialEntries
from auth.permissions import Permission
from auth.policy import Policy
from aws.write.inputs import InstanceLimits, WriteAuthor
from tests.grants import Grant
from workflows.group_access import author_for


def test_an_author_has_the_limits_of_the_group() -> None:
    grant = Grant("risk", frozenset({Permission.DEPLOY}), (), frozenset({"ml.m5.large"}), 2)
    policy = Policy(CredentialEntries(), (grant,))
    assert author_for(policy, "ann", "risk") == WriteAuthor(
        "ann", "risk", InstanceLimits(frozenset({"ml.m5.large"}), 2)
    )
    assert author_for(policy, "ann", "sales") == WriteAuthor("ann", "sales", InstanceLimits())
