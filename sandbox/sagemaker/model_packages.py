"""Model packages and their groups, from which some models are made."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import lists, tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import MODEL_PACKAGE, MODEL_PACKAGE_GROUP, ResourceRecord

IN_BATCH = 100


def create_group(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateModelPackageGroup request."""
    name = request["ModelPackageGroupName"]
    if context.records(MODEL_PACKAGE_GROUP).get(name):
        raise service_errors.invalid(f"Model Package Group already exists: {context.arn(MODEL_PACKAGE_GROUP, name)}")
    facts = validation.pick_fields(validation.answer_fields("DescribeModelPackageGroup"), request)
    record = context.add(
        MODEL_PACKAGE_GROUP,
        name,
        facts | {"ModelPackageGroupStatus": "Completed", "CreatedBy": context.user},
        tags.from_list(request.get("Tags")),
    )
    return {"ModelPackageGroupArn": record.arn}


def describe_group(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeModelPackageGroup request, by name or ARN."""
    return _require_group(context, request["ModelPackageGroupName"]).facts


def list_groups(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListModelPackageGroups request; no other account shares any group with this one."""
    if request.get("CrossAccountFilterOption") == "CrossAccount":
        return {MODEL_PACKAGE_GROUP.listing: []}
    return lists.page(context, MODEL_PACKAGE_GROUP, request, "Ascending")


def delete_group(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteModelPackageGroup request; a group with versions is refused."""
    record = _require_group(context, request["ModelPackageGroupName"])
    if _versions(context, record.name):
        raise service_errors.conflict(f"Model Package Group {record.arn} has model packages.")
    context.records(MODEL_PACKAGE_GROUP).remove(record)
    return {}


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateModelPackage request: a version of a group, or a package with a name of its own."""
    group = request.get("ModelPackageGroupName")
    _check_name(context, group, request.get("ModelPackageName"))
    facts = validation.pick_fields(validation.answer_fields("DescribeModelPackage"), request)
    facts |= {
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CreatedBy": context.user,
    }
    name = request.get("ModelPackageName") or ""
    if group:
        group = group.rsplit("/", 1)[-1]
        versions = [p.facts["ModelPackageVersion"] for p in _versions(context, group)]
        facts["ModelPackageGroupName"] = group
        facts["ModelPackageVersion"] = max(versions, default=0) + 1
        facts.setdefault("ModelApprovalStatus", "PendingManualApproval")
        name = f"{group}/{facts['ModelPackageVersion']}"
    record = context.add(MODEL_PACKAGE, name, facts, tags.from_list(request.get("Tags")))
    if group:
        # The example of AWS's developer guide ("View the Details of a Model Version") shows no name of a version.
        del record.facts[MODEL_PACKAGE.name_field]
    return {"ModelPackageArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeModelPackage request, by name or ARN."""
    return _require(context, request["ModelPackageName"]).facts


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteModelPackage request, by name or ARN; models made from the package stay."""
    context.records(MODEL_PACKAGE).remove(_require(context, request["ModelPackageName"]))
    return {}


def describe_batch(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a BatchDescribeModelPackage request: the packages that exist, and an error for each missing one."""
    fields = validation.shape_fields("BatchDescribeModelPackageSummary")
    result: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for arn in request["ModelPackageArnList"]:
        record = _find(context, arn)
        if record is None:
            missing[arn] = {"ErrorCode": "ValidationException", "ErrorResponse": f"ModelPackage {arn} does not exist."}
        else:
            result[arn] = {"ModelPackageGroupName": record.name, **validation.pick_fields(fields, record.facts)}
    return {"ModelPackageSummaries": result, "BatchDescribeModelPackageErrorMap": missing}


def list_packages(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a ListModelPackages request: packages without versions, unless ModelPackageType wants others.

    Rows of versions have no name, as in the example of `list-model-packages` in the reference of AWS's command line.
    """
    wanted = request.get("ModelPackageType", "Unversioned")
    group, approval = (
        (request.get("ModelPackageGroupName") or "").rsplit("/", 1)[-1],
        request.get("ModelApprovalStatus"),
    )

    def passes(record: ResourceRecord) -> bool:
        facts = record.facts
        kind = "Versioned" if "ModelPackageVersion" in facts else "Unversioned"
        if group and facts.get("ModelPackageGroupName") != group:
            return False
        return wanted in ("Both", kind) and approval in (None, facts.get("ModelApprovalStatus"))

    answer = lists.page(context, MODEL_PACKAGE, request, "Ascending", passes)
    for row in answer[MODEL_PACKAGE.listing]:
        if "ModelPackageVersion" in row:
            del row["ModelPackageName"]
    return answer


def update(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdateModelPackage request: the decision about a version, its stage, and its metadata."""
    arn = request["ModelPackageArn"]
    record = _require(context, arn)
    if "ModelPackageVersion" not in record.facts:
        raise service_errors.invalid(f"ModelPackage {arn} has no version.")
    record.facts.update(validation.pick_fields(validation.answer_fields("DescribeModelPackage"), request))
    record.facts |= {"LastModifiedTime": context.now, "LastModifiedBy": context.user}
    record.modified = context.now
    return {"ModelPackageArn": record.arn}


def _check_name(context: OperationContext, group: str | None, name: str | None) -> None:
    """Refuse a package with two names or none, and a version of an unknown group, in moto's words."""
    if group and name:
        raise service_errors.invalid(
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to "
            "use."
        )
    if not group and not name:
        raise service_errors.invalid("Missing ARN.")
    if group and not context.records(MODEL_PACKAGE_GROUP).get(group.rsplit("/", 1)[-1]):
        raise service_errors.invalid("Model Package Group does not exist.")


def _require_group(context: OperationContext, name_or_arn: str) -> ResourceRecord:
    # Terraform's provider for AWS takes a ValidationException that says "does not exist" for an absent group.
    record = context.records(MODEL_PACKAGE_GROUP).get(name_or_arn.rsplit("/", 1)[-1])
    if record is None:
        raise service_errors.invalid(f"ModelPackageGroup {name_or_arn} does not exist.")
    return record


def _require(context: OperationContext, name_or_arn: str) -> ResourceRecord:
    record = _find(context, name_or_arn)
    if record is None:
        raise service_errors.invalid(f"ModelPackage {name_or_arn} does not exist.")
    return record


def _find(context: OperationContext, name_or_arn: str) -> ResourceRecord | None:
    packages = context.records(MODEL_PACKAGE)
    return packages.get(name_or_arn) or next((p for p in packages if p.arn == name_or_arn.lower()), None)


def _versions(context: OperationContext, group: str) -> list[ResourceRecord]:
    return [p for p in context.records(MODEL_PACKAGE) if p.facts.get("ModelPackageGroupName") == group]
