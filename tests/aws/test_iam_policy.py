"""aws.iam_policy: the least policy says neither more nor less than the tables of operations."""

import json

from aws.client.operations import IMPLIED_PERMISSIONS, READ_OPERATIONS, WRITE_OPERATIONS
from aws.iam_policy import OPTIONAL_OPERATIONS, least_policy, reading_statements, writing_statements

READING_VERBS = ("List", "Describe", "Get", "Search", "Simulate")


def test_it_reads_and_then_writes() -> None:
    assert least_policy()["Statement"] == [*reading_statements(), *writing_statements()]


def test_what_reads_is_the_table_of_operations() -> None:
    needed, optional = reading_statements()
    assert sorted([*needed["Action"], *optional["Action"]]) == sorted(
        operation.action for operation in READ_OPERATIONS.values()
    )
    assert optional["Action"] == ["iam:SimulatePrincipalPolicy", "sagemaker:Search", "tag:GetResources"]
    assert {item.action for item in READ_OPERATIONS.values() if item.name in OPTIONAL_OPERATIONS} == set(
        optional["Action"]
    )


def test_what_reads_only_reads() -> None:
    actions = [action for statement in reading_statements() for action in statement["Action"]]
    assert [action for action in actions if not action.split(":")[1].startswith(READING_VERBS)] == []


def test_what_writes_is_the_table_of_writing_operations() -> None:
    actions = {action for statement in writing_statements() for action in statement["Action"]}
    assert actions == {operation.action for operation in (*WRITE_OPERATIONS.values(), *IMPLIED_PERMISSIONS)}


def test_each_purpose_has_a_statement() -> None:
    assert {statement["Sid"]: statement["Action"] for statement in writing_statements()} == {
        "SageGraphCreatesJobs": [
            "sagemaker:AddTags",
            "sagemaker:CreateTrainingJob",
            "sagemaker:CreateTransformJob",
            "sagemaker:StopTrainingJob",
            "sagemaker:StopTransformJob",
        ],
        "SageGraphPassesRolesToJobs": ["iam:PassRole"],
        "SageGraphDeploys": [
            "sagemaker:AddTags",
            "sagemaker:CreateEndpoint",
            "sagemaker:CreateEndpointConfig",
            "sagemaker:DeleteEndpoint",
            "sagemaker:DeleteEndpointConfig",
            "sagemaker:UpdateEndpoint",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
        ],
        "SageGraphApprovesVersions": ["sagemaker:UpdateModelPackage"],
        "SageGraphKeepsAssets": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
    }


def test_roles_are_passed_to_sagemaker_alone() -> None:
    (passing,) = [item for item in least_policy()["Statement"] if "iam:PassRole" in item["Action"]]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_it_is_as_iam_takes_it() -> None:
    policy = least_policy()
    assert json.loads(json.dumps(policy)) == policy
    assert policy["Version"] == "2012-10-17"
    for statement in policy["Statement"]:
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        assert statement["Sid"].isalnum()
        assert statement["Action"] == sorted(set(statement["Action"]))
        assert not any("*" in action for action in statement["Action"])
