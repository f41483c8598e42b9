"""Endpoints: created, updated to another configuration, rolled back, failed, and deleted."""

from functools import partial
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import endpoint_configs, endpoint_variants, inference_components, rollouts, tags
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ENDPOINT, ENDPOINT_CONFIG, MODEL, ResourceRecord
from sandbox.sagemaker.timeline import Change

STABLE_STATUSES = ("InService", "Failed", "OutOfService", "UpdateRollbackFailed")
_SERVED_MEMBERS = ("ProductionVariants", "ShadowProductionVariants", "DataCaptureConfig", "AsyncInferenceConfig")


def create(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a CreateEndpoint request at once; the endpoint is Creating until it is InService or Failed."""
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
    record.facts["PendingDeploymentSummary"] = endpoint_variants.pending(context, config)
    _arrive(context, record, config, context.timeline.durations.endpoint_creating)
    return {"EndpointArn": record.arn}


def describe(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DescribeEndpoint request."""
    return context.require(ENDPOINT, request["EndpointName"]).facts


def update(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdateEndpoint request; the old configuration serves until the new one is up.

    The endpoint must be InService. The waits of a DeploymentConfig's steps prolong the update, and an alarm in ALARM
    rolls it back.
    """
    record = context.require(ENDPOINT, request["EndpointName"])
    config = seen_config(context, request["EndpointConfigName"])
    if record.status == "Failed":
        # DeleteEndpoint is the only operation that can be performed on a failed endpoint (EndpointStatus).
        raise service_errors.invalid(f'Cannot update endpoint "{record.arn}" in status Failed; it can only be deleted.')
    _require_stable(record, ("InService",))
    # An endpoint whose present configuration was deleted takes no update: terraform-provider-aws issue 40048.
    present = context.require(ENDPOINT_CONFIG, record.facts["EndpointConfigName"])
    if endpoint_variants.is_serverless(present) != endpoint_variants.is_serverless(config):
        raise service_errors.invalid(
            f'Cannot update endpoint "{record.arn}": a serverless endpoint cannot be changed to instances, nor back.'
        )
    _check_models(context, config)
    retained = _retained(record, request)
    plan = _deployment_config(record, request)
    rollout = rollouts.planned(plan, present, config, retained) if plan else None
    record.plan += 1
    _set_status(record, "Updating", context.now)
    record.facts["PendingDeploymentSummary"] = endpoint_variants.pending(context, config, retained)
    record.facts.pop("LastDeploymentConfig", None)
    if plan:
        record.facts["LastDeploymentConfig"] = plan
    seconds = context.timeline.durations.endpoint_updating
    _arrive(context, record, config, seconds, _keeps_capture(request), retained, rollout)
    return {"EndpointArn": record.arn}


def update_weights(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer an UpdateEndpointWeightsAndCapacities request: other weights and instance counts of the variants."""
    record = context.require(ENDPOINT, request["EndpointName"])
    _require_stable(record, ("InService",))
    endpoint_variants.set_desired(record.facts, request["DesiredWeightsAndCapacities"])
    record.plan += 1
    _set_status(record, "Updating", context.now)

    def reach(at: float) -> None:
        endpoint_variants.reach_desired(record.facts)
        _set_status(record, "InService", at)

    context.timeline.schedule(record, context.now + context.timeline.durations.endpoint_updating, reach)
    return {"EndpointArn": record.arn}


def delete(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a DeleteEndpoint request; the endpoint is Deleting for a while, and then its name is free."""
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
    """The endpoint configuration of this name, unless it is too new.

    Raises:
        ServiceError: It does not exist, or CreateEndpoint and UpdateEndpoint do not find it yet.
    """
    record = context.require(ENDPOINT_CONFIG, name)
    if context.now < record.created + context.timeline.durations.config_unseen:
        raise service_errors.could_not_find(ENDPOINT_CONFIG.word, record.arn)
    return record


def _arrive(
    context: OperationContext,
    record: ResourceRecord,
    config: ResourceRecord,
    usual_seconds: float,
    kept_members: tuple[str, ...] = (),
    retained: endpoint_variants.Retained | None = None,
    rollout: rollouts.PlannedRollout | None = None,
) -> None:
    """Schedule the end of a creation or an update."""
    updating = record.status == "Updating"
    outcome = context.timeline.outcome(ENDPOINT, record.name)
    end = "UpdateRollbackFailed" if outcome.rollback_fails else "InService"

    def up(at: float) -> None:
        record.facts.pop("PendingDeploymentSummary", None)
        record.facts.pop("FailureReason", None)
        stored = {name: record.facts[name] for name in kept_members if name in record.facts}
        for name in _SERVED_MEMBERS:
            record.facts.pop(name, None)
        record.facts["EndpointConfigName"] = config.name
        record.facts.update(endpoint_variants.served(context, config, at, retained) | stored)
        _set_status(record, "InService", at)

    def down(at: float) -> None:
        record.facts.pop("PendingDeploymentSummary", None)
        if outcome.keeps_reason or not updating:
            record.facts["FailureReason"] = outcome.failure
        if updating:
            _roll_back(context, record, at, end)
        else:
            _set_status(record, "Failed", at)

    begin = context.now + (usual_seconds if outcome.seconds is None else outcome.seconds)
    if rollout is None or outcome.failure:
        context.timeline.schedule(record, begin, down if outcome.failure else up)
    else:
        _roll_out(context, record, rollout, begin, up, end)


def _roll_out(
    context: OperationContext,
    record: ResourceRecord,
    rollout: rollouts.PlannedRollout,
    begin: float,
    up: Change,
    end: str,
) -> None:
    """Schedule the baking periods of an update; after the last the endpoint is up, unless an alarm has tripped."""

    def bake(at: float, *, last: bool) -> None:
        if rollouts.has_tripped(context.account_region, rollout):
            record.plan += 1
            record.facts.pop("PendingDeploymentSummary", None)
            # A failed update may keep no reason: hashicorp/terraform-provider-aws issue 48997.
            record.facts.pop("FailureReason", None)
            _roll_back(context, record, at, end)
        elif last:
            up(at)

    for wait in rollout.waits[:-1]:
        context.timeline.schedule(record, begin + wait, partial(bake, last=False))
    context.timeline.schedule(record, begin + rollout.waits[-1], partial(bake, last=True))


def _roll_back(context: OperationContext, record: ResourceRecord, at: float, end: str) -> None:
    """Go back to the old configuration, which has served throughout the update."""
    _set_status(record, "RollingBack", at)
    due = at + context.timeline.durations.endpoint_rolling_back
    context.timeline.schedule(record, due, lambda later: _set_status(record, end, later))


def _deployment_config(record: ResourceRecord, request: OperationInput) -> dict[str, Any] | None:
    """The DeploymentConfig of an update: the request's, or with RetainDeploymentConfig that of the last update."""
    requested: dict[str, Any] | None = request.get("DeploymentConfig")
    return requested or (record.facts.get("LastDeploymentConfig") if request.get("RetainDeploymentConfig") else None)


def _retained(record: ResourceRecord, request: OperationInput) -> endpoint_variants.Retained | None:
    if not request.get("RetainAllVariantProperties"):
        return None
    return endpoint_variants.retained_values(record.facts, request.get("ExcludeRetainedVariantProperties") or ())


def _keeps_capture(request: OperationInput) -> tuple[str, ...]:
    excluded = {item["VariantPropertyType"] for item in request.get("ExcludeRetainedVariantProperties") or ()}
    keeps = request.get("RetainAllVariantProperties") and "DataCaptureConfig" not in excluded
    return ("DataCaptureConfig",) if keeps else ()


def _set_status(record: ResourceRecord, status: str, at: float) -> None:
    record.facts["EndpointStatus"] = status
    record.facts["LastModifiedTime"] = record.modified = at


def _require_stable(record: ResourceRecord, allowed: tuple[str, ...]) -> None:
    if record.status not in allowed:
        raise service_errors.invalid(f'Cannot update in-progress endpoint "{record.arn}".')


def _check_models(context: OperationContext, config: ResourceRecord) -> None:
    for name in endpoint_configs.model_names(config.facts):
        context.require(MODEL, name)
