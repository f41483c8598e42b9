"""Models: created, described, deleted; only their tags ever change."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import MODEL, MODEL_PACKAGE


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateModel request."""
    name = request["ModelName"]
    if context.records(MODEL).get(name):
        raise service_errors.already_existing(MODEL.word, context.arn(MODEL, name))
    if bool(request.get("PrimaryContainer")) == bool(request.get("Containers")):
        raise service_errors.invalid("Exactly one of PrimaryContainer or Containers must be specified.")
    if not request.get("ExecutionRoleArn"):
        raise service_errors.invalid("ExecutionRoleArn must be specified.")
    hostnames = [item["ContainerHostname"] for item in request.get("Containers") or () if item.get("ContainerHostname")]
    if hostnames and len(set(hostnames)) < len(request["Containers"]):
        # The service model says of ContainerHostname: unique, and if one container has it, every one must.
        raise service_errors.invalid("Each container of a model must have a ContainerHostname of its own.")
    for container in containers(request):
        _check_container(context, container)
    facts = validation.pick_fields(validation.answer_fields("DescribeModel"), request)
    facts.setdefault("EnableNetworkIsolation", False)
    if "PrimaryContainer" in facts:
        facts["PrimaryContainer"] = {"Mode": "SingleModel", "Environment": {}, **facts["PrimaryContainer"]}
    if "Containers" in facts:
        facts["Containers"] = [{"Mode": "SingleModel", "Environment": {}, **c} for c in facts["Containers"]]
    record = context.add(MODEL, name, facts, tags.from_list(request.get("Tags")))
    return {"ModelArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeModel request, with the ModelDataSource that SageMaker derives from each ModelDataUrl."""
    facts = context.require(MODEL, request["ModelName"]).facts
    shown = dict(facts)
    if "PrimaryContainer" in facts:
        shown["PrimaryContainer"] = _with_data_source(facts["PrimaryContainer"])
    if "Containers" in facts:
        shown["Containers"] = [_with_data_source(container) for container in facts["Containers"]]
    return shown


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteModel request; endpoints go on running the model, and configurations keep its name."""
    context.records(MODEL).remove(context.require(MODEL, request["ModelName"]))
    return {}


def containers(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """A model's containers in its facts: one, or the several of a pipeline."""
    primary = facts.get("PrimaryContainer")
    return [primary] if primary else list(facts.get("Containers") or ())


def _with_data_source(container: dict[str, Any]) -> dict[str, Any]:
    # Seen in two recorded answers in public repositories, of archives of single models.
    url = container.get("ModelDataUrl")
    if not url or container.get("Mode") == "MultiModel" or "ModelDataSource" in container:
        return container
    source = {"S3Uri": url, "S3DataType": "S3Object", "CompressionType": "Gzip"}
    return {**container, "ModelDataSource": {"S3DataSource": source}}


def _check_container(context: OperationContext, container: dict[str, Any]) -> None:
    package = container.get("ModelPackageName")
    if not container.get("Image") and not package:
        raise service_errors.invalid("Image or ModelPackageName must be specified in a container definition.")
    if container.get("ModelDataUrl") and container.get("ModelDataSource"):
        raise service_errors.invalid("ModelDataUrl and ModelDataSource cannot both be specified in a container.")
    if container.get("Mode") == "MultiModel" and not container.get("ModelDataUrl"):
        raise service_errors.invalid("ModelDataUrl must be specified for a container of mode MultiModel.")
    if source := (container.get("ModelDataSource") or {}).get("S3DataSource"):
        _check_data_source(source)
    if package and not package_exists(context, package):
        raise service_errors.invalid(f'Could not find model package "{package}".')


def _check_data_source(source: dict[str, Any]) -> None:
    """Refuse an S3 source that breaks the rules of S3DataType and CompressionType in the service model."""
    if source["S3DataType"] != "S3Prefix":
        return
    if not source["S3Uri"].endswith("/"):
        raise service_errors.invalid(f"S3Uri {source['S3Uri']} must end with a forward slash for S3DataType S3Prefix.")
    if source["CompressionType"] == "Gzip":
        raise service_errors.invalid("CompressionType Gzip is not supported for S3DataType S3Prefix.")


def package_exists(context: OperationContext, name_or_arn: str) -> bool:
    """True if the model package of this name or ARN exists; packages of other accounts are assumed to."""
    if name_or_arn.startswith("arn:") and name_or_arn.split(":")[4] != context.account_region.account:
        return True
    return any(name_or_arn in (record.name, record.arn) for record in context.records(MODEL_PACKAGE))
