"""Variants as an endpoint runs them: weights, instance counts, images, and the values that an update retains."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import models
from sandbox.sagemaker.context import OperationContext
from sandbox.sagemaker.store import MODEL, ResourceRecord

Retained = Mapping[str, Mapping[str, Any]]
"""Desired weight and instance count by variant name, in place of the configuration's."""

_GROUPS = ("ProductionVariants", "ShadowProductionVariants")
_PROPERTIES = ("DesiredWeight", "DesiredInstanceCount")


def served(
    context: OperationContext, config: ResourceRecord, at: float, retained: Retained | None = None
) -> dict[str, Any]:
    """Describe's members for an endpoint that serves a configuration.

    Args:
        context: The resources of the endpoint's account and region.
        config: The configuration.
        at: The time of its start, in seconds since the epoch.
        retained: Values in place of the configuration's; None for none.
    """
    facts: dict[str, Any] = {
        group: [
            _summary(context, variant, at, (retained or {}).get(variant["VariantName"], {})) for variant in variants
        ]
        for group in _GROUPS
        if (variants := config.facts.get(group))
    }
    if capture := config.facts.get("DataCaptureConfig"):
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


def pending(context: OperationContext, config: ResourceRecord, retained: Retained | None = None) -> dict[str, Any]:
    """The PendingDeploymentSummary of an endpoint that is about to serve a configuration.

    Args:
        context: The resources of the endpoint's account and region.
        config: The configuration.
        retained: Values in place of the configuration's; None for none.
    """
    answer: dict[str, Any] = {"EndpointConfigName": config.name, "StartTime": context.now}
    for group in _GROUPS:
        if variants := config.facts.get(group):
            answer[group] = [_pending(item, (retained or {}).get(item["VariantName"], {})) for item in variants]
    return answer


def retained_values(facts: Mapping[str, Any], excluded: Sequence[Mapping[str, str]] = ()) -> Retained:
    """The weights and instance counts that UpdateEndpoint keeps with RetainAllVariantProperties.

    Args:
        facts: Describe's members of the endpoint.
        excluded: ExcludeRetainedVariantProperties.
    """
    overridden = {item["VariantPropertyType"] for item in excluded}
    stored = [name for name in _PROPERTIES if name not in overridden]
    variants = [variant for group in _GROUPS for variant in facts.get(group, ())]
    return {element["VariantName"]: {name: element[name] for name in stored if name in element} for element in variants}


def set_desired(facts: dict[str, Any], requested: Sequence[Mapping[str, Any]]) -> None:
    """Write desired weights and counts into an endpoint's facts, all or none.

    Args:
        facts: Describe's members of the endpoint.
        requested: DesiredWeightsAndCapacities of UpdateEndpointWeightsAndCapacities.

    Raises:
        ServiceError: A variant does not exist, or has no instances.
    """
    variants = {item["VariantName"]: item for group in _GROUPS for item in facts.get(group, ())}
    for change in requested:
        variant = variants.get(change["VariantName"])
        if variant is None:
            raise service_errors.invalid(f'Could not find variant "{change["VariantName"]}".')
        if "DesiredInstanceCount" in change and "CurrentServerlessConfig" in variant:
            raise service_errors.invalid(f'Serverless variant "{change["VariantName"]}" has no instances.')
    for change in requested:
        variants[change["VariantName"]].update({name: change[name] for name in _PROPERTIES if name in change})


def reach_desired(facts: dict[str, Any]) -> None:
    """Make the current weights and counts in an endpoint's facts the desired ones."""
    for variant in (item for group in _GROUPS for item in facts.get(group, ())):
        for name in _PROPERTIES:
            if name in variant:
                variant[name.replace("Desired", "Current")] = variant[name]


def is_serverless(config: ResourceRecord) -> bool:
    """True if a variant of the configuration is serverless."""
    return any("ServerlessConfig" in variant for variant in config.facts["ProductionVariants"])


def _summary(
    context: OperationContext, variant: Mapping[str, Any], at: float, retained: Mapping[str, Any]
) -> dict[str, Any]:
    weight = retained.get("DesiredWeight", variant.get("InitialVariantWeight", 1.0))
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
    count = retained.get("DesiredInstanceCount", variant.get("InitialInstanceCount", 1))
    summary |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    if "InstancePools" in variant:
        # The pool of the highest priority (the smallest number) is filled first.
        pools = sorted(variant["InstancePools"], key=lambda pool: pool["Priority"])
        summary["InstancePools"] = [
            {"InstanceType": pool["InstanceType"], "CurrentInstanceCount": count if i == 0 else 0}
            for i, pool in enumerate(pools)
        ]
    return summary


def _pending(variant: Mapping[str, Any], retained: Mapping[str, Any]) -> dict[str, Any]:
    weight = retained.get("DesiredWeight", variant.get("InitialVariantWeight", 1.0))
    summary = {"VariantName": variant["VariantName"], "DesiredWeight": weight}
    if "ServerlessConfig" in variant:
        return summary | {"DesiredServerlessConfig": variant["ServerlessConfig"]}
    summary["DesiredInstanceCount"] = retained.get("DesiredInstanceCount", variant.get("InitialInstanceCount", 1))
    return summary | ({"InstanceType": variant["InstanceType"]} if "InstanceType" in variant else {})


def _images(context: OperationContext, model_name: str | None, at: float) -> list[dict[str, Any]]:
    model = context.records(MODEL).get(model_name) if model_name else None
    images = [c["Image"] for c in models.containers(model.facts) if c.get("Image")] if model else []
    return [{"SpecifiedImage": i, "ResolvedImage": _resolved(i), "ResolutionTime": at} for i in images]


def _resolved(image: str) -> str:
    digest = f"{abs(hash_of(image)):064x}"[:64]
    return f"{image.rsplit(':', 1)[0]}@sha256:{digest}"


def hash_of(text: str) -> int:
    """A hash of a text that is equal in every process."""
    number = 0
    for char in text:
        number = (number * 1_000_003 + ord(char)) % (1 << 256)
    return number
