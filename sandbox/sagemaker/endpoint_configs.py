"""Endpoint configurations: which models would run, on what; they never change but for tags."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT_CONFIG, MODEL


def create(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """CreateEndpointConfig."""
    name = ask["EndpointConfigName"]
    if desk.records(ENDPOINT_CONFIG).get(name):
        raise service_errors.already_existing(ENDPOINT_CONFIG.word, desk.arn(ENDPOINT_CONFIG, name))
    variants = [*ask["ProductionVariants"], *ask.get("ShadowProductionVariants", ())]
    _check_names(variants)
    for variant in variants:
        _check_variant(desk, variant, hosts_components=bool(ask.get("ExecutionRoleArn")))
    facts = validation.pick_fields(validation.answer_fields("DescribeEndpointConfig"), ask)
    facts.setdefault("EnableNetworkIsolation", False)
    for group in ("ProductionVariants", "ShadowProductionVariants"):
        if group in facts:
            facts[group] = [_weighed(variant) for variant in facts[group]]
    record = desk.add(ENDPOINT_CONFIG, name, facts, tags.from_list(ask.get("Tags")))
    return {"EndpointConfigArn": record.arn}


def describe(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """DescribeEndpointConfig."""
    return desk.require(ENDPOINT_CONFIG, ask["EndpointConfigName"]).facts


def delete(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """DeleteEndpointConfig: endpoints made from it go on running."""
    desk.records(ENDPOINT_CONFIG).remove(desk.require(ENDPOINT_CONFIG, ask["EndpointConfigName"]))
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


def _check_variant(desk: OperationContext, variant: dict[str, Any], *, hosts_components: bool) -> None:
    if not variant.get("ModelName") and not hosts_components:
        raise service_errors.invalid("ModelName must be specified for a variant, unless it hosts inference components.")
    for name in model_names({"ProductionVariants": [variant]}):
        if not desk.records(MODEL).get(name):
            raise service_errors.could_not_find(MODEL.word, desk.arn(MODEL, name))
    ways = [key for key in ("InstanceType", "ServerlessConfig", "InstancePools") if variant.get(key)]
    if len(ways) != 1:
        raise service_errors.invalid(
            f'Variant "{variant["VariantName"]}" must have one of InstanceType, InstancePools and ServerlessConfig.'
        )


def _weighed(variant: dict[str, Any]) -> dict[str, Any]:
    # The service model says of InitialVariantWeight that it is 1.0 where it is not given.
    return {"InitialVariantWeight": 1.0, **variant}
