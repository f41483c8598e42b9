"""Endpoint configurations: which models would run, on what; they never change but for tags."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT_CONFIG, MODEL


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """CreateEndpointConfig."""
    name = request["EndpointConfigName"]
    if context.records(ENDPOINT_CONFIG).get(name):
        raise service_errors.already_existing(ENDPOINT_CONFIG.word, context.arn(ENDPOINT_CONFIG, name))
    variants = [*request["ProductionVariants"], *request.get("ShadowProductionVariants", ())]
    _check_names(variants)
    for variant in variants:
        _check_variant(context, variant, hosts_components=bool(request.get("ExecutionRoleArn")))
    facts = validation.pick_fields(validation.answer_fields("DescribeEndpointConfig"), request)
    facts.setdefault("EnableNetworkIsolation", False)
    for group in ("ProductionVariants", "ShadowProductionVariants"):
        if group in facts:
            facts[group] = [_weighed(variant) for variant in facts[group]]
    record = context.add(ENDPOINT_CONFIG, name, facts, tags.from_list(request.get("Tags")))
    return {"EndpointConfigArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """DescribeEndpointConfig."""
    return context.require(ENDPOINT_CONFIG, request["EndpointConfigName"]).facts


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """DeleteEndpointConfig: endpoints made from it go on running."""
    context.records(ENDPOINT_CONFIG).remove(context.require(ENDPOINT_CONFIG, request["EndpointConfigName"]))
    return {}


def model_names(facts: dict[str, Any]) -> list[str]:
    """Every model that a configuration names: variants, shadow variants and their instance pools."""
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
    ways = [key for key in ("InstanceType", "ServerlessConfig", "InstancePools") if variant.get(key)]
    if len(ways) != 1:
        raise service_errors.invalid(
            f'Variant "{variant["VariantName"]}" must have one of InstanceType, InstancePools and ServerlessConfig.'
        )


def _weighed(variant: dict[str, Any]) -> dict[str, Any]:
    # The service model says of InitialVariantWeight that its default is 1.0.
    return {"InitialVariantWeight": 1.0, **variant}
