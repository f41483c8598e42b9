"""The permissions that a request needs: IAM actions on resources, with condition keys.

Follows the Service Authorization Reference for SageMaker: listings and Search have no resource, tags at creation need
AddTags, an execution role needs PassRole, and an endpoint is created and updated on its configuration too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.call_log import AwsCall
from sandbox.copy_conditions import source_of
from sandbox.requests import IncomingRequest
from sandbox.sagemaker.store import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    INFERENCE_COMPONENT,
    KINDS,
    MONITORING_SCHEDULE,
    PIPELINE,
    PIPELINE_EXECUTION,
    TUNING_JOB,
    AccountRegion,
    ResourceKind,
)

VERBS = ("Create", "Describe", "Update", "Delete", "Stop")
KIND_OF = {f"{verb}{kind.prefix}": kind for kind in KINDS for verb in VERBS} | {
    "UpdateInferenceComponentRuntimeConfig": INFERENCE_COMPONENT,
    "UpdateEndpointWeightsAndCapacities": ENDPOINT,
    "ListTrainingJobsForHyperParameterTuningJob": TUNING_JOB,
    "StartPipelineExecution": PIPELINE,
    "ListPipelineExecutions": PIPELINE,
    "ListPipelineExecutionSteps": PIPELINE_EXECUTION,
    "ListPipelineParametersForExecution": PIPELINE_EXECUTION,
    "DescribePipelineDefinitionForExecution": PIPELINE_EXECUTION,
    "StartMonitoringSchedule": MONITORING_SCHEDULE,
}
S3_ACTIONS = {
    "ListObjectsV2": "s3:ListBucket",
    "GetBucket": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "PostObject": "s3:PutObject",
    "CopyObject": "s3:PutObject",
    "ListBuckets": "s3:ListAllMyBuckets",
}
SERVICE_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
"""IAM's prefix of a service, if it differs from the name in signatures."""


@dataclass(frozen=True)
class RequiredPermission:
    """The permission for one action on one resource.

    Attributes:
        action: The IAM action, such as ``sagemaker:CreateModel``.
        resource: The ARN; ``*`` for an action without a resource.
        context: Condition keys in lower case, with their values.
    """

    action: str
    resource: str = "*"
    context: dict[str, list[str]] = field(default_factory=dict)


def required_permissions(
    request: IncomingRequest, call: AwsCall, account_region: AccountRegion
) -> Iterator[RequiredPermission]:
    """Every permission that the caller needs for this request.

    Args:
        request: The request with its body.
        call: The AWS call that its head describes.
        account_region: The resources of the caller, whose tags are condition keys.
    """
    if call.service == "sagemaker":
        yield from _sagemaker(call.operation, request.json if isinstance(request.json, dict) else {}, account_region)
    elif call.service == "s3":
        yield RequiredPermission(S3_ACTIONS.get(call.operation, f"s3:{call.operation}"), _s3_resource(request))
        if call.operation == "CopyObject":
            yield RequiredPermission("s3:GetObject", f"arn:aws:s3:::{source_of(request)}")
    else:
        service = SERVICE_PREFIXES.get(call.service, call.service)
        yield RequiredPermission(f"{service}:{call.operation}", request.form.get("RoleArn", "*"))


def _sagemaker(operation: str, body: dict[str, Any], account_region: AccountRegion) -> Iterator[RequiredPermission]:
    action = f"sagemaker:{operation}"
    arns = _arns(operation, body, account_region)
    request_tags = _request_tags(body)
    for arn in arns:
        yield RequiredPermission(action, arn, _resource_tags(account_region, arn) | request_tags)
    if body.get("Tags") and operation.startswith("Create"):
        yield RequiredPermission("sagemaker:AddTags", arns[0], request_tags)
    role = body.get("ExecutionRoleArn") or body.get("RoleArn")
    if isinstance(role, str) and operation.startswith("Create"):
        yield RequiredPermission("iam:PassRole", role, {"iam:passedtoservice": ["sagemaker.amazonaws.com"]})


def _arns(operation: str, body: dict[str, Any], account_region: AccountRegion) -> list[str]:
    if operation in ("ListTags", "AddTags", "DeleteTags"):
        return [str(body.get("ResourceArn", "*"))]
    if operation == "BatchDescribeModelPackage":
        return [str(arn) for arn in body.get("ModelPackageArnList", ())] or ["*"]
    kind = KIND_OF.get(operation)
    if kind is None:
        return ["*"]
    arns = [_arn(account_region, kind, body.get(kind.name_field) or body.get(kind.arn_field))]
    if operation in ("CreateEndpoint", "UpdateEndpoint"):
        arns.append(_arn(account_region, ENDPOINT_CONFIG, body.get("EndpointConfigName")))
    if operation == "CreateInferenceComponent":
        arns.append(_arn(account_region, ENDPOINT, body.get("EndpointName")))
    return arns


def _arn(account_region: AccountRegion, kind: ResourceKind, name: Any) -> str:
    text = str(name)
    if text.startswith("arn:"):
        return text
    return account_region.arn(kind, text)


def _resource_tags(account_region: AccountRegion, arn: str) -> dict[str, list[str]]:
    record = account_region.by_arn(arn)
    result: dict[str, list[str]] = {}
    for key, value in (record.tags if record else {}).items():
        result[f"aws:resourcetag/{key.lower()}"] = [value]
        result[f"sagemaker:resourcetag/{key.lower()}"] = [value]
    return result


def _request_tags(body: dict[str, Any]) -> dict[str, list[str]]:
    tags = _well_formed_tags(body.get("Tags"))
    result = {f"aws:requesttag/{tag['Key'].lower()}": [tag["Value"]] for tag in tags}
    if tags or body.get("TagKeys"):
        result["aws:tagkeys"] = [tag["Key"] for tag in tags] or [str(key) for key in body["TagKeys"] or ()]
    return result


def _well_formed_tags(tags: Any) -> list[dict[str, str]]:
    """The well-formed tags of a body that is yet to be validated."""
    rows = tags if isinstance(tags, list) else []
    return [
        tag
        for tag in rows
        if isinstance(tag, dict) and isinstance(tag.get("Key"), str) and isinstance(tag.get("Value"), str)
    ]


def _s3_resource(request: IncomingRequest) -> str:
    path = request.path.strip("/")
    if request.upload_form:
        path = f"{path}/{request.upload_form.get('key', '')}"
    return f"arn:aws:s3:::{path}" if path else "*"
