"""What a request needs permission for: IAM actions, on resources, under circumstances.

Follows the Service Authorization Reference for SageMaker: listings and Search have no resource, tags at creation need
AddTags, an execution role needs PassRole, and an endpoint is created and updated on its configuration too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.call_log import AwsCall
from sandbox.requests import IncomingRequest
from sandbox.sagemaker.store import ENDPOINT_CONFIG, KINDS, AccountRegion, ResourceKind

VERBS = ("Create", "Describe", "Update", "Delete", "Stop")
KIND_OF = {f"{verb}{kind.prefix}": kind for kind in KINDS for verb in VERBS}
S3_ACTIONS = {
    "ListObjectsV2": "s3:ListBucket",
    "GetBucket": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "PostObject": "s3:PutObject",
    "ListBuckets": "s3:ListAllMyBuckets",
}
SERVICE_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
"""Where IAM calls a service by another name than signatures do."""


@dataclass(frozen=True)
class RequiredPermission:
    """One action on one resource."""

    action: str
    resource: str = "*"
    context: dict[str, list[str]] = field(default_factory=dict)


def required_permissions(request: IncomingRequest, call: AwsCall, place: AccountRegion) -> Iterator[RequiredPermission]:
    """Everything that the caller must be allowed for this request to be answered."""
    if call.service == "sagemaker":
        yield from _sagemaker(call.operation, request.json if isinstance(request.json, dict) else {}, place)
    elif call.service == "s3":
        yield RequiredPermission(S3_ACTIONS.get(call.operation, f"s3:{call.operation}"), _s3_resource(request))
    else:
        service = SERVICE_PREFIXES.get(call.service, call.service)
        yield RequiredPermission(f"{service}:{call.operation}", request.form.get("RoleArn", "*"))


def _sagemaker(operation: str, ask: dict[str, Any], place: AccountRegion) -> Iterator[RequiredPermission]:
    action = f"sagemaker:{operation}"
    arns = _arns(operation, ask, place)
    asked = _request_tags(ask)
    for arn in arns:
        yield RequiredPermission(action, arn, _resource_tags(place, arn) | asked)
    if ask.get("Tags") and operation.startswith("Create"):
        yield RequiredPermission("sagemaker:AddTags", arns[0], asked)
    role = ask.get("ExecutionRoleArn") or ask.get("RoleArn")
    if isinstance(role, str) and operation.startswith("Create"):
        yield RequiredPermission("iam:PassRole", role, {"iam:passedtoservice": ["sagemaker.amazonaws.com"]})


def _arns(operation: str, ask: dict[str, Any], place: AccountRegion) -> list[str]:
    if operation in ("ListTags", "AddTags", "DeleteTags"):
        return [str(ask.get("ResourceArn", "*"))]
    if operation == "BatchDescribeModelPackage":
        return [str(arn) for arn in ask.get("ModelPackageArnList", ())] or ["*"]
    kind = KIND_OF.get(operation)
    if kind is None:
        return ["*"]
    arns = [_arn(place, kind, ask.get(kind.name_field))]
    if operation in ("CreateEndpoint", "UpdateEndpoint"):
        arns.append(_arn(place, ENDPOINT_CONFIG, ask.get("EndpointConfigName")))
    return arns


def _arn(place: AccountRegion, kind: ResourceKind, name: Any) -> str:
    text = str(name)
    if text.startswith("arn:"):
        return text
    return place.arn(kind, text)


def _resource_tags(place: AccountRegion, arn: str) -> dict[str, list[str]]:
    record = place.by_arn(arn)
    found: dict[str, list[str]] = {}
    for key, value in (record.tags if record else {}).items():
        found[f"aws:resourcetag/{key.lower()}"] = [value]
        found[f"sagemaker:resourcetag/{key.lower()}"] = [value]
    return found


def _request_tags(ask: dict[str, Any]) -> dict[str, list[str]]:
    tags = ask.get("Tags") or []
    found = {f"aws:requesttag/{tag['Key'].lower()}": [tag["Value"]] for tag in tags}
    if tags or ask.get("TagKeys"):
        found["aws:tagkeys"] = [tag["Key"] for tag in tags] or list(ask["TagKeys"])
    return found


def _s3_resource(request: IncomingRequest) -> str:
    path = request.path.strip("/")
    if request.upload_form:
        path = f"{path}/{request.upload_form.get('key', '')}"
    return f"arn:aws:s3:::{path}" if path else "*"
