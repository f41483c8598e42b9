"""Inference components: models that an endpoint's variant hosts without naming them in its configuration."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT, ENDPOINT_CONFIG, INFERENCE_COMPONENT, MODEL, ResourceRecord

STABLE_STATUSES = ("InService", "Failed")
_SPECIFICATION_FIELDS = ("Specification", "Specifications")


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateInferenceComponent request at once; the component is Creating until InService or Failed."""
    name = request["InferenceComponentName"]
    if context.records(INFERENCE_COMPONENT).get(name):
        raise service_errors.already_existing(INFERENCE_COMPONENT.word, context.arn(INFERENCE_COMPONENT, name))
    endpoint = context.require(ENDPOINT, request["EndpointName"])
    if endpoint.status != "InService":
        raise service_errors.invalid(
            f'Cannot create inference component on endpoint "{endpoint.arn}" in status {endpoint.status}.'
        )
    specifications = _requested_specifications(request)
    base = _check_specifications(context, endpoint, specifications)
    variant = _hosting_variant(context, endpoint, request.get("VariantName"), base)
    if base is None and not request.get("RuntimeConfig"):
        raise service_errors.invalid("RuntimeConfig must be specified for an inference component without a base.")
    facts = {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "VariantName": variant,
        "InferenceComponentStatus": "Creating",
        **_specification_facts(context, request),
        "RuntimeConfig": {"DesiredCopyCount": _copies(request, default=1), "CurrentCopyCount": 0},
    }
    record = context.add(INFERENCE_COMPONENT, name, facts, tags.from_list(request.get("Tags")))
    record.facts["LastModifiedTime"] = record.created
    _settle(context, record, context.timeline.durations.component_creating)
    return {"InferenceComponentArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeInferenceComponent request."""
    return context.require(INFERENCE_COMPONENT, request["InferenceComponentName"]).facts


def update(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdateInferenceComponent request; the component must be InService or Failed."""
    record = _require_stable(context, request["InferenceComponentName"])
    facts: dict[str, Any] = {}
    if any(request.get(field) for field in _SPECIFICATION_FIELDS):
        endpoint = context.require(ENDPOINT, record.facts["EndpointName"])
        _check_specifications(context, endpoint, _requested_specifications(request))
        facts = _specification_facts(context, request)
    if request.get("DeploymentConfig"):
        facts["LastDeploymentConfig"] = request["DeploymentConfig"]
    return _begin_update(context, record, facts, request.get("RuntimeConfig"))


def update_runtime_config(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdateInferenceComponentRuntimeConfig request: another number of copies."""
    record = _require_stable(context, request["InferenceComponentName"])
    return _begin_update(context, record, {}, request["DesiredRuntimeConfig"])


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteInferenceComponent request; the component is Deleting for a while, and then its name is free.

    A component that is the base of others is refused.
    """
    record = _require_stable(context, request["InferenceComponentName"])
    adapters = [other.name for other in context.records(INFERENCE_COMPONENT) if record.name in base_names(other.facts)]
    if adapters:
        raise service_errors.invalid(
            f'Cannot delete inference component "{record.arn}": it is the base of {", ".join(sorted(adapters))}.'
        )
    record.plan += 1
    _set_status(record, "Deleting", context.now)
    gone = context.now + context.timeline.durations.component_deleting
    context.timeline.schedule(record, gone, lambda _: context.records(INFERENCE_COMPONENT).remove(record))
    return {}


def components_on(context: OperationContext, endpoint: ResourceRecord) -> Sequence[ResourceRecord]:
    """The components that an endpoint hosts, in any status."""
    return [record for record in context.records(INFERENCE_COMPONENT) if record.facts["EndpointName"] == endpoint.name]


def base_names(facts: Mapping[str, Any]) -> list[str]:
    """The base components in the facts of an adapter; empty for any other component."""
    return [
        name for specification in _specifications(facts) if (name := specification.get("BaseInferenceComponentName"))
    ]


def _specifications(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    single = facts.get("Specification")
    return [single] if single else list(facts.get("Specifications") or ())


def _requested_specifications(request: OperationInput) -> list[dict[str, Any]]:
    if bool(request.get("Specification")) == bool(request.get("Specifications")):
        raise service_errors.invalid("Exactly one of Specification or Specifications must be specified.")
    specifications = _specifications(request)
    types = [specification.get("InstanceType") for specification in specifications]
    if len(types) > 1 and (None in types or len(set(types)) < len(types)):
        raise service_errors.invalid("Each of several Specifications must have an InstanceType of its own.")
    return specifications


def _check_specifications(
    context: OperationContext, endpoint: ResourceRecord, specifications: Sequence[Mapping[str, Any]]
) -> ResourceRecord | None:
    """Raise ServiceError for an impossible specification; give the base component of an adapter."""
    base: ResourceRecord | None = None
    for specification in specifications:
        base = _check_specification(context, endpoint, specification) or base
    return base


def _check_specification(
    context: OperationContext, endpoint: ResourceRecord, specification: Mapping[str, Any]
) -> ResourceRecord | None:
    base_name = specification.get("BaseInferenceComponentName")
    if bool(specification.get("ModelName")) == bool(specification.get("Container")):
        raise service_errors.invalid("Exactly one of ModelName or Container must be specified in a Specification.")
    if bool(base_name) == bool(specification.get("ComputeResourceRequirements")):
        raise service_errors.invalid(
            "ComputeResourceRequirements must be specified, unless BaseInferenceComponentName is."
        )
    if specification.get("ModelName"):
        context.require(MODEL, specification["ModelName"])
    if not base_name:
        return None
    base = context.require(INFERENCE_COMPONENT, base_name)
    if base.facts["EndpointName"] != endpoint.name:
        raise service_errors.invalid(f'Base inference component "{base.arn}" is not on endpoint "{endpoint.arn}".')
    return base


def _hosting_variant(
    context: OperationContext, endpoint: ResourceRecord, name: str | None, base: ResourceRecord | None
) -> str:
    """The variant that hosts the component: for an adapter, the variant of its base."""
    name = name or (base.facts["VariantName"] if base else None)
    if not name:
        raise service_errors.invalid("VariantName must be specified for an inference component without a base.")
    config = context.records(ENDPOINT_CONFIG).get(endpoint.facts["EndpointConfigName"])
    variants = {item["VariantName"]: item for item in (config.facts["ProductionVariants"] if config else ())}
    served = {element["VariantName"] for element in endpoint.facts.get("ProductionVariants", ())}
    if name not in served:
        raise service_errors.invalid(f'Could not find variant "{name}" on endpoint "{endpoint.arn}".')
    if variants.get(name, {}).get("ModelName"):
        raise service_errors.invalid(
            f'Variant "{name}" of endpoint "{endpoint.arn}" has a model and cannot host inference components.'
        )
    return name


def _specification_facts(context: OperationContext, request: OperationInput) -> dict[str, Any]:
    if request.get("Specification"):
        return {"Specification": _summary(context, request["Specification"])}
    return {"Specifications": [_summary(context, item) for item in request["Specifications"]]}


def _summary(context: OperationContext, specification: Mapping[str, Any]) -> dict[str, Any]:
    """A specification as Describe shows it: the container's image is a DeployedImage there."""
    summary = dict(specification)
    if container := summary.get("Container"):
        image = container.get("Image")
        shown = {key: value for key, value in container.items() if key != "Image"}
        deployed = {"DeployedImage": {"SpecifiedImage": image, "ResolutionTime": context.now}} if image else {}
        summary["Container"] = {**deployed, **shown}
    return summary


def _begin_update(
    context: OperationContext, record: ResourceRecord, facts: dict[str, Any], runtime: Mapping[str, Any] | None
) -> OperationOutput:
    record.plan += 1
    _set_status(record, "Updating", context.now)
    if runtime:
        record.facts["RuntimeConfig"] = record.facts["RuntimeConfig"] | {"DesiredCopyCount": runtime["CopyCount"]}
    _settle(context, record, context.timeline.durations.component_updating, facts)
    return {"InferenceComponentArn": record.arn}


def _settle(
    context: OperationContext, record: ResourceRecord, seconds: float, facts: dict[str, Any] | None = None
) -> None:
    """Schedule the end of a creation or an update; a failed one keeps the old specification."""
    outcome = context.timeline.outcome(INFERENCE_COMPONENT, record.name)

    def up(at: float) -> None:
        record.facts.pop("FailureReason", None)
        if facts and any(field in facts for field in _SPECIFICATION_FIELDS):
            for field in _SPECIFICATION_FIELDS:
                record.facts.pop(field, None)
        record.facts.update(facts or {})
        copies = record.facts["RuntimeConfig"]
        record.facts["RuntimeConfig"] = copies | {"CurrentCopyCount": copies["DesiredCopyCount"]}
        _set_status(record, "InService", at)

    def down(at: float) -> None:
        record.facts["FailureReason"] = outcome.failure
        _set_status(record, "Failed", at)

    due = context.now + (seconds if outcome.seconds is None else outcome.seconds)
    context.timeline.schedule(record, due, down if outcome.failure else up)


def _require_stable(context: OperationContext, name: str) -> ResourceRecord:
    record = context.require(INFERENCE_COMPONENT, name)
    if record.status not in STABLE_STATUSES:
        raise service_errors.invalid(f'Cannot update in-progress inference component "{record.arn}".')
    return record


def _copies(request: OperationInput, default: int) -> int:
    return int((request.get("RuntimeConfig") or {}).get("CopyCount", default))


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["InferenceComponentStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at
