"""Endpoints: they come up, change over to another configuration, fail, and go."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import endpoint_configs, inference_components, models, tags
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT, ENDPOINT_CONFIG, MODEL, ResourceRecord

STABLE_STATUSES = ("InService", "Failed", "OutOfService", "UpdateRollbackFailed")


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """CreateEndpoint: answers at once; the endpoint is Creating until it is InService or Failed."""
    name = request["EndpointName"]
    # The service model says of EndpointName that CreateEndpoint does not regard its case.
    if any(other.name.lower() == name.lower() for other in context.records(ENDPOINT)):
        raise service_errors.already_existing(ENDPOINT.word, context.arn(ENDPOINT, name))
    config = seen_config(context, request["EndpointConfigName"])
    _check_models(context, config)
    facts: dict[str, Any] = {"EndpointConfigName": config.name, "EndpointStatus": "Creating"}
    context.quotas.check_instances(context.account_region, ENDPOINT, facts)
    if request.get("DeploymentConfig"):
        facts["LastDeploymentConfig"] = request["DeploymentConfig"]
    record = context.add(ENDPOINT, name, facts, tags.from_list(request.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    record.facts["PendingDeploymentSummary"] = _pending(context, config)
    outcome = context.timeline.outcome(ENDPOINT, name)
    seconds = context.timeline.durations.endpoint_creating if outcome.seconds is None else outcome.seconds
    _arrive(context, record, config, context.now + seconds, failure=outcome.failure)
    return {"EndpointArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """DescribeEndpoint."""
    return context.require(ENDPOINT, request["EndpointName"]).facts


def update(context: OperationContext, request: OperationInput) -> OperationOutput:
    """UpdateEndpoint: only a steady endpoint takes it; the old configuration serves until the new one is up."""
    record = context.require(ENDPOINT, request["EndpointName"])
    config = seen_config(context, request["EndpointConfigName"])
    if request.get("RetainAllVariantProperties"):
        raise service_errors.not_in_sandbox("UpdateEndpoint with RetainAllVariantProperties")
    if record.status == "Failed":
        # DeleteEndpoint is the only operation that can be performed on a failed endpoint (EndpointStatus).
        raise service_errors.invalid(f'Cannot update endpoint "{record.arn}" in status Failed; it can only be deleted.')
    _require_stable(record, ("InService",))
    _check_models(context, config)
    record.plan += 1
    _set_status(record, "Updating", context.now)
    record.facts["PendingDeploymentSummary"] = _pending(context, config)
    if request.get("DeploymentConfig"):
        record.facts["LastDeploymentConfig"] = request["DeploymentConfig"]
    outcome = context.timeline.outcome(ENDPOINT, record.name)
    seconds = context.timeline.durations.endpoint_updating if outcome.seconds is None else outcome.seconds
    _arrive(context, record, config, context.now + seconds, failure=outcome.failure)
    return {"EndpointArn": record.arn}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """DeleteEndpoint: Deleting for a while, then gone and its name free."""
    record = context.require(ENDPOINT, request["EndpointName"])
    _require_stable(record, STABLE_STATUSES)
    if inference_components.components_on(context, record):
        raise service_errors.invalid(
            f'Cannot delete endpoint "{record.arn}" while it hosts inference components; delete them first.'
        )
    record.plan += 1
    _set_status(record, "Deleting", context.now)
    context.timeline.schedule(
        record,
        context.now + context.timeline.durations.endpoint_deleting,
        lambda _: context.records(ENDPOINT).remove(record),
    )
    return {}


def seen_config(context: OperationContext, name: str) -> ResourceRecord:
    """An endpoint configuration, once CreateEndpoint sees it: a new one is not yet found for a moment."""
    record = context.require(ENDPOINT_CONFIG, name)
    if context.now < record.created + context.timeline.durations.config_unseen:
        raise service_errors.could_not_find(ENDPOINT_CONFIG.word, record.arn)
    return record


def _arrive(
    context: OperationContext, record: ResourceRecord, config: ResourceRecord, when: float, *, failure: str | None
) -> None:
    """Plan how a creation or an update ends."""
    updating = record.status == "Updating"

    def up(at: float) -> None:
        record.facts.pop("PendingDeploymentSummary", None)
        record.facts.pop("FailureReason", None)
        record.facts["EndpointConfigName"] = config.name
        record.facts.update(_served(context, config, at))
        _set_status(record, "InService", at)

    def down(at: float) -> None:
        # An update that fails leaves the old configuration in service; a creation that fails leaves nothing.
        record.facts.pop("PendingDeploymentSummary", None)
        record.facts["FailureReason"] = failure
        _set_status(record, "InService" if updating else "Failed", at)

    context.timeline.schedule(record, when, down if failure else up)


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["EndpointStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at


def _require_stable(record: ResourceRecord, allowed: tuple[str, ...]) -> None:
    if record.status not in allowed:
        raise service_errors.invalid(f'Cannot update in-progress endpoint "{record.arn}".')


def _check_models(context: OperationContext, config: ResourceRecord) -> None:
    for name in endpoint_configs.model_names(config.facts):
        context.require(MODEL, name)


def _served(context: OperationContext, config: ResourceRecord, at: float) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "ProductionVariants": [_variant(context, v, at) for v in config.facts["ProductionVariants"]]
    }
    if config.facts.get("ShadowProductionVariants"):
        facts["ShadowProductionVariants"] = [_variant(context, v, at) for v in config.facts["ShadowProductionVariants"]]
    capture = config.facts.get("DataCaptureConfig")
    if capture:
        facts["DataCaptureConfig"] = {
            "EnableCapture": capture.get("EnableCapture", True),
            "CaptureStatus": "Started" if capture.get("EnableCapture", True) else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    if config.facts.get("AsyncInferenceConfig"):
        facts["AsyncInferenceConfig"] = config.facts["AsyncInferenceConfig"]
    return facts


def _variant(context: OperationContext, variant: dict[str, Any], at: float) -> dict[str, Any]:
    weight = variant.get("InitialVariantWeight", 1.0)
    summary: dict[str, Any] = {
        "VariantName": variant["VariantName"],
        "DeployedImages": _images(context, variant.get("ModelName"), at),
        "CurrentWeight": weight,
        "DesiredWeight": weight,
    }
    if "ServerlessConfig" in variant:
        return summary | {
            "CurrentInstanceCount": 0,
            "CurrentServerlessConfig": variant["ServerlessConfig"],
            "DesiredServerlessConfig": variant["ServerlessConfig"],
        }
    count = variant.get("InitialInstanceCount", 1)
    summary |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    if "InstancePools" in variant:
        # The pool of the highest priority (the smallest number) is filled first.
        pools = sorted(variant["InstancePools"], key=lambda pool: pool["Priority"])
        summary["InstancePools"] = [
            {"InstanceType": pool["InstanceType"], "CurrentInstanceCount": count if i == 0 else 0}
            for i, pool in enumerate(pools)
        ]
    return summary


def _images(context: OperationContext, model_name: str | None, at: float) -> list[dict[str, Any]]:
    model = context.records(MODEL).get(model_name) if model_name else None
    images = [c["Image"] for c in models.containers(model.facts) if c.get("Image")] if model else []
    return [{"SpecifiedImage": i, "ResolvedImage": _resolved(i), "ResolutionTime": at} for i in images]


def _resolved(image: str) -> str:
    digest = f"{abs(hash_of(image)):064x}"[:64]
    return f"{image.rsplit(':', 1)[0]}@sha256:{digest}"


def hash_of(text: str) -> int:
    """A hash that is equal in every process."""
    number = 0
    for char in text:
        number = (number * 1_000_003 + ord(char)) % (1 << 256)
    return number


def _pending(context: OperationContext, config: ResourceRecord) -> dict[str, Any]:
    def pending(variant: dict[str, Any]) -> dict[str, Any]:
        summary = {"VariantName": variant["VariantName"], "DesiredWeight": variant.get("InitialVariantWeight", 1.0)}
        if "ServerlessConfig" in variant:
            return summary | {"DesiredServerlessConfig": variant["ServerlessConfig"]}
        summary["DesiredInstanceCount"] = variant.get("InitialInstanceCount", 1)
        return summary | ({"InstanceType": variant["InstanceType"]} if "InstanceType" in variant else {})

    answer: dict[str, Any] = {
        "EndpointConfigName": config.name,
        "ProductionVariants": [pending(v) for v in config.facts["ProductionVariants"]],
        "StartTime": context.now,
    }
    if config.facts.get("ShadowProductionVariants"):
        answer["ShadowProductionVariants"] = [pending(v) for v in config.facts["ShadowProductionVariants"]]
    return answer
