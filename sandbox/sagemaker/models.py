"""Models: created, described, deleted; they never change but for tags."""

from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import MODEL, MODEL_PACKAGE


def create(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """CreateModel."""
    name = ask["ModelName"]
    if desk.records(MODEL).get(name):
        raise service_errors.already_existing(MODEL.word, desk.arn(MODEL, name))
    if bool(ask.get("PrimaryContainer")) == bool(ask.get("Containers")):
        raise service_errors.invalid("Exactly one of PrimaryContainer or Containers must be specified.")
    if not ask.get("ExecutionRoleArn"):
        raise service_errors.invalid("ExecutionRoleArn must be specified.")
    for container in containers(ask):
        _check_container(desk, container)
    facts = validation.pick_fields(validation.answer_fields("DescribeModel"), ask)
    facts.setdefault("EnableNetworkIsolation", False)
    if "PrimaryContainer" in facts:
        facts["PrimaryContainer"] = {"Mode": "SingleModel", "Environment": {}, **facts["PrimaryContainer"]}
    if "Containers" in facts:
        facts["Containers"] = [{"Mode": "SingleModel", "Environment": {}, **c} for c in facts["Containers"]]
    record = desk.add(MODEL, name, facts, tags.from_list(ask.get("Tags")))
    return {"ModelArn": record.arn}


def describe(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """DescribeModel."""
    return desk.require(MODEL, ask["ModelName"]).facts


def delete(desk: OperationContext, ask: OperationInput) -> OperationOutput:
    """DeleteModel: endpoints that run it go on running, and its configurations keep its name."""
    desk.records(MODEL).remove(desk.require(MODEL, ask["ModelName"]))
    return {}


def containers(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """A model's containers, whether it has one or a pipeline of them."""
    primary = facts.get("PrimaryContainer")
    return [primary] if primary else list(facts.get("Containers") or ())


def _check_container(desk: OperationContext, container: dict[str, Any]) -> None:
    package = container.get("ModelPackageName")
    if not container.get("Image") and not package:
        raise service_errors.invalid("Image or ModelPackageName must be specified in a container definition.")
    if package and not package_exists(desk, package):
        raise service_errors.invalid(f'Could not find model package "{package}".')


def package_exists(desk: OperationContext, name_or_arn: str) -> bool:
    """Whether a model package is there; packages of other accounts may be, and are taken on trust."""
    if name_or_arn.startswith("arn:") and name_or_arn.split(":")[4] != desk.account_region.account:
        return True
    return any(name_or_arn in (record.name, record.arn) for record in desk.records(MODEL_PACKAGE))
