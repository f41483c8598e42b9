"""aws.policies: the least policy says neither more nor less than the table of operations."""

import json

from aws.operations import OPERATIONS
from aws.policies import OPTIONAL, least_policy


def test_it_is_the_table_of_operations() -> None:
    needed, optional = least_policy()["Statement"]
    assert sorted([*needed["Action"], *optional["Action"]]) == sorted(each.action for each in OPERATIONS.values())
    assert optional["Action"] == ["iam:SimulatePrincipalPolicy", "sagemaker:Search", "tag:GetResources"]
    assert {each.action for each in OPERATIONS.values() if each.name in OPTIONAL} == set(optional["Action"])


def test_it_only_reads() -> None:
    """No wildcard, and no action but those that show something."""
    actions = [action for statement in least_policy()["Statement"] for action in statement["Action"]]
    verbs = ("List", "Describe", "Get", "Search", "Simulate")
    assert [action for action in actions if not action.split(":")[1].startswith(verbs)] == []
    assert not any("*" in action for action in actions)


def test_it_is_as_iam_takes_it() -> None:
    policy = least_policy()
    assert json.loads(json.dumps(policy)) == policy
    assert policy["Version"] == "2012-10-17"
    for statement in policy["Statement"]:
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        assert statement["Sid"].isalnum()
        assert statement["Action"] == sorted(set(statement["Action"]))
