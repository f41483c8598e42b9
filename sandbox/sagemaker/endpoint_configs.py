"""Endpoint configurations: models and the instances that would serve them; only their tags ever change."""

import math
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.models import containers
from sandbox.sagemaker.store import ENDPOINT_CONFIG, MODEL

SERVERLESS_MEMORY = (1024, 2048, 3072, 4096, 5120, 6144)


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateEndpointConfig request."""
    name = request["EndpointConfigName"]
    if context.records(ENDPOINT_CONFIG).get(name):
        raise service_errors.already_existing(ENDPOINT_CONFIG.word, context.arn(ENDPOINT_CONFIG, name))
    variants = [*request["ProductionVariants"], *request.get("ShadowProductionVariants", ())]
    _check_names(variants)
    for variant in variants:
        _check_variant(context, variant, hosts_components=bool(request.get("ExecutionRoleArn")))
    _check_together(context, request)
    facts = validation.pick_fields(validation.answer_fields("DescribeEndpointConfig"), request)
    facts.setdefault("EnableNetworkIsolation", False)
    for group in ("ProductionVariants", "ShadowProductionVariants"):
        if group in facts:
            facts[group] = [_weighed(variant) for variant in facts[group]]
    record = context.add(ENDPOINT_CONFIG, name, facts, tags.from_list(request.get("Tags")))
    return {"EndpointConfigArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeEndpointConfig request."""
    return context.require(ENDPOINT_CONFIG, request["EndpointConfigName"]).facts


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteEndpointConfig request; endpoints made from the configuration go on running."""
    context.records(ENDPOINT_CONFIG).remove(context.require(ENDPOINT_CONFIG, request["EndpointConfigName"]))
    return {}


def model_names(facts: dict[str, Any]) -> list[str]:
    """Every model that the facts of a configuration name: in variants, shadow variants and their instance pools."""
    names: list[str] = []
    for variant in [*facts.get("ProductionVariants", ()), *facts.get("ShadowProductionVariants", ())]:
        names.append(variant.get("ModelName"))
        names.extend(pool.get("ModelNameOverride") for pool in variant.get("InstancePools", ()))
    return list(dict.fromkeys(name for name in names if name))


def _check_names(variants: list[dict[str, Any]]) -> None:
    names = [variant["VariantName"] for variant in variants]
    for name in names:
        if names.count(name) > 1:
            raise service_errors.invalid(f'The variant name "{name}" was non-unique within the request.')


def _check_variant(context: OperationContext, variant: dict[str, Any], *, hosts_components: bool) -> None:
    if not variant.get("ModelName") and not hosts_components:
        raise service_errors.invalid("ModelName must be specified for a variant, unless it hosts inference components.")
    for name in model_names({"ProductionVariants": [variant]}):
        if not context.records(MODEL).get(name):
            raise service_errors.could_not_find(MODEL.word, context.arn(MODEL, name))
    if variant.get("ServerlessConfig"):
        _check_serverless(variant["VariantName"], variant["ServerlessConfig"])
    else:
        _check_instances(variant["VariantName"], variant)
    ways = [key for key in ("InstanceType", "ServerlessConfig", "InstancePools") if variant.get(key)]
    if len(ways) != 1:
        raise service_errors.invalid(
            f'Variant "{variant["VariantName"]}" must have one of InstanceType, InstancePools and ServerlessConfig.'
        )


def _check_serverless(name: str, config: dict[str, Any]) -> None:
    if config["MemorySizeInMB"] not in SERVERLESS_MEMORY:
        sizes = ", ".join(map(str, SERVERLESS_MEMORY))
        raise service_errors.invalid(f'MemorySizeInMB must be one of {sizes} for serverless variant "{name}".')
    if config.get("ProvisionedConcurrency", 0) > config["MaxConcurrency"]:
        raise service_errors.invalid(
            f'ProvisionedConcurrency must not be greater than MaxConcurrency for serverless variant "{name}".'
        )


def _check_instances(name: str, variant: dict[str, Any]) -> None:
    if "InitialInstanceCount" not in variant and "InstanceType" in variant:
        raise service_errors.invalid(f'InitialInstanceCount must be specified for variant "{name}".')
    scaling = variant.get("ManagedInstanceScaling") or {}
    if variant.get("ModelName") and scaling.get("MinInstanceCount") == 0:
        # hashicorp/terraform-provider-aws pull request 45926: seen with a minimum of none beside a model.
        raise service_errors.invalid("ManagedInstanceScaling is only supported for inference component endpoints.")
    if scaling.get("MinInstanceCount", 0) > scaling.get("MaxInstanceCount", math.inf):
        raise service_errors.invalid(
            f'MinInstanceCount must not be greater than MaxInstanceCount for variant "{name}".'
        )


def _check_together(context: OperationContext, request: OperationInput) -> None:
    """Refuse members that SageMaker does not take side by side."""
    shadows = request.get("ShadowProductionVariants") or []
    variants = [*request["ProductionVariants"], *shadows]
    if shadows and (len(shadows) > 1 or len(request["ProductionVariants"]) > 1):
        raise service_errors.invalid("ShadowProductionVariants takes one shadow variant beside one production variant.")
    # One variant alone is asynchronous or serverless: aws/aws-cdk-rfcs pull request 433.
    if request.get("AsyncInferenceConfig") and len(variants) > 1:
        raise service_errors.invalid("AsyncInferenceConfig is supported for one production variant alone.")
    serverless = [variant for variant in variants if variant.get("ServerlessConfig")]
    if serverless and len(serverless) < len(variants):
        raise service_errors.invalid("Serverless and instance-based variants cannot be in one endpoint configuration.")
    if len(serverless) > 1:
        raise service_errors.invalid("An endpoint configuration can have one serverless variant.")
    if serverless:
        _check_beside_serverless(context, request)


def _check_beside_serverless(context: OperationContext, request: OperationInput) -> None:
    for member in ("DataCaptureConfig", "AsyncInferenceConfig"):
        if request.get(member):
            raise service_errors.invalid(f"{member} is not supported for serverless variants.")
    for name in model_names(request):
        model = context.require(MODEL, name)
        if any(container.get("ModelDataSource") for container in containers(model.facts)):
            raise service_errors.invalid(f"Model {model.arn} has a ModelDataSource, which serverless variants lack.")


def _weighed(variant: dict[str, Any]) -> dict[str, Any]:
    # The service model says of InitialVariantWeight that its default is 1.0.
    return {"InitialVariantWeight": 1.0, **variant}
