"""Tags: on every kind, at creation and afterwards."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ResourceRecord

MAX_TAGS = 50


def from_list(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """Tags by key of a request's list; None for no tags.

    Raises:
        ServiceError: A key occurs twice, or begins with ``aws:``.
    """
    result: dict[str, str] = {}
    for tag in tags or ():
        if tag["Key"] in result:
            raise service_errors.invalid(f"Duplicate tag key found: {tag['Key']}")
        if tag["Key"].lower().startswith("aws:"):
            raise service_errors.invalid("System tags starting with aws: cannot be added, updated or removed")
        result[tag["Key"]] = tag["Value"]
    return result


def to_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags in the form of an answer, sorted by key."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def list_tags(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListTags request; a resource has at most fifty tags, so one page holds them."""
    return {"Tags": to_list(_resource(context, request).tags)}


def add_tags(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an AddTags request; the value of an existing key is replaced."""
    record = _resource(context, request)
    together = record.tags | from_list(request["Tags"])
    if len(together) > MAX_TAGS:
        raise service_errors.invalid(f"Too many tags. The maximum number of tags per resource is {MAX_TAGS}.")
    record.tags = together
    return {"Tags": to_list(together)}


def delete_tags(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteTags request; unknown keys are ignored."""
    record = _resource(context, request)
    deleted = set(request["TagKeys"])
    record.tags = {key: value for key, value in record.tags.items() if key not in deleted}
    return {}


def _resource(context: OperationContext, request: dict[str, Any]) -> ResourceRecord:
    arn = request["ResourceArn"]
    parts = arn.split(":", 5)
    here = len(parts) == 6 and (parts[3], parts[4]) == (context.account_region.region, context.account_region.account)
    record = context.account_region.by_arn(arn) if here else None
    if record is None:
        raise service_errors.invalid(f"Could not find resource '{arn}'.")
    return record
