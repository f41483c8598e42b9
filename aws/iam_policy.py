"""The least IAM policy that the gateway needs, generated from the tables of operations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aws.client.operations import IMPLIED_PERMISSIONS, READ_OPERATIONS, WRITE_OPERATIONS, Operation

# Without these the gateway gives equal answers, with more calls or less certainty.
OPTIONAL_OPERATIONS = frozenset({"Search", "GetResources", "SimulatePrincipalPolicy"})
# A role may be passed to SageMaker only.
_TO_SAGEMAKER = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
_JOB_OPERATIONS = ("CreateTrainingJob", "StopTrainingJob", "CreateTransformJob", "StopTransformJob")
_REGISTRY_OPERATIONS = ("UpdateModelPackage",)
_ASSET_OPERATIONS = frozenset(operation.name for operation in WRITE_OPERATIONS.values() if operation.service == "s3")


def least_policy() -> Mapping[str, Any]:
    """Give an identity policy for a group's role, in the form of IAM.

    The statements that read are enough for a group that only reads; `SageGraphReadsWithFewerCalls` only saves calls.
    Each other statement may be left out for a group that lacks the permission in its name.
    """
    return {"Version": "2012-10-17", "Statement": [*reading_statements(), *writing_statements()]}


def reading_statements() -> Sequence[Mapping[str, Any]]:
    """Give the statements for reading, and those that only save calls."""
    return [
        _statement(
            "SageGraphReads",
            (operation for operation in READ_OPERATIONS.values() if operation.name not in OPTIONAL_OPERATIONS),
        ),
        _statement(
            "SageGraphReadsWithFewerCalls",
            (item for item in READ_OPERATIONS.values() if item.name in OPTIONAL_OPERATIONS),
        ),
    ]


def writing_statements() -> Sequence[Mapping[str, Any]]:
    """Give the further statements for mutations, by purpose."""
    add_tags, pass_role = IMPLIED_PERMISSIONS
    jobs = [WRITE_OPERATIONS[name] for name in _JOB_OPERATIONS]
    hosting = [
        operation
        for name, operation in WRITE_OPERATIONS.items()
        if name not in {*_JOB_OPERATIONS, *_REGISTRY_OPERATIONS, *_ASSET_OPERATIONS}
    ]
    return [
        _statement("SageGraphCreatesJobs", [*jobs, add_tags]),
        _statement("SageGraphPassesRolesToJobs", [pass_role], Condition=_TO_SAGEMAKER),
        _statement("SageGraphDeploys", [*hosting, add_tags]),
        _statement("SageGraphApprovesVersions", [WRITE_OPERATIONS[name] for name in _REGISTRY_OPERATIONS]),
        _statement("SageGraphKeepsAssets", [WRITE_OPERATIONS[name] for name in _ASSET_OPERATIONS]),
    ]


def _statement(sid: str, operations: Iterable[Operation], **more: Any) -> Mapping[str, Any]:
    actions = sorted({operation.action for operation in operations})
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*", **more}
