"""The plan of an update (DeploymentConfig): its request, its form, and its fit to the endpoint."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Final

from aws.kinds.rollouts import DEFAULT_WAIT_SECONDS, Capacity, Rollout, RolloutStrategy
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, is_serverless
from aws.kinds.variants import Variant
from aws.write.errors import InputFault
from aws.write.request import WriteRequest

Fault = tuple[str, tuple[str, ...]]
"""The end of a sentence that begins with a field, and the field's path below `rollout`."""

_ROUTING: Final = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration"
_ROLLING: Final = "DeploymentConfig.RollingUpdatePolicy"
_STEP_MEMBERS: Final = {
    RolloutStrategy.CANARY: f"{_ROUTING}.CanarySize",
    RolloutStrategy.LINEAR: f"{_ROUTING}.LinearStepSize",
    RolloutStrategy.ROLLING: f"{_ROLLING}.MaximumBatchSize",
}
# The bounds of the capacity for one step, in per cent of the variant's instances, from the service model's text about
# CanarySize, LinearStepSize and MaximumBatchSize.
_BOUNDS: Final[Mapping[RolloutStrategy, tuple[int, int]]] = {
    RolloutStrategy.CANARY: (1, 50),
    RolloutStrategy.LINEAR: (10, 50),
    RolloutStrategy.ROLLING: (5, 50),
}
# "If your endpoint uses any of the following features, you cannot use deployment guardrails on your endpoint, and your
# endpoint will fall back to using a blue/green deployment with all at once traffic shifting and no final baking period"
# (developer guide, deployment-guardrails-exclusions). Marketplace containers cannot be recognized here.
_UNGUARDED_INSTANCES: Final = ("ml.inf1.",)
_MAX_PERCENT: Final = 100


def put_rollout(request: WriteRequest, rollout: Rollout | None) -> None:
    """Put a plan into a request of UpdateEndpoint, and note the faults of its form; None puts nothing."""
    if rollout is None:
        return
    if rollout.strategy is RolloutStrategy.ROLLING:
        _put_rolling(request, rollout)
    else:
        _put_blue_green(request, rollout)
    alarms = "DeploymentConfig.AutoRollbackConfiguration.Alarms"
    request.put(alarms, None, "rollout", "alarms")
    for index, name in enumerate(rollout.alarms):
        request.put(f"{alarms}.{index}.AlarmName", name, "rollout", "alarms", str(index))
    for rule, field in form_faults(rollout):
        request.add_fault(rule, "rollout", *field)


def _put_rolling(request: WriteRequest, rollout: Rollout) -> None:
    if rollout.step is None:
        # `form_faults` reports it; the service model would report it once more.
        return
    _put_step(request, rollout)
    request.put(f"{_ROLLING}.WaitIntervalInSeconds", _wait(rollout), "rollout", "waitSeconds")
    request.put(f"{_ROLLING}.MaximumExecutionTimeoutInSeconds", rollout.maximum_seconds, "rollout", "maximumSeconds")
    _put_capacity(request, f"{_ROLLING}.RollbackMaximumBatchSize", rollout.rollback_step, "rollbackStep")


def _put_blue_green(request: WriteRequest, rollout: Rollout) -> None:
    policy, _, _ = _ROUTING.rpartition(".")
    request.put(f"{_ROUTING}.Type", rollout.strategy.value, "rollout", "strategy")
    request.put(f"{_ROUTING}.WaitIntervalInSeconds", _wait(rollout), "rollout", "waitSeconds")
    _put_step(request, rollout)
    waits = rollout.termination_wait_seconds
    request.put(f"{policy}.TerminationWaitInSeconds", waits, "rollout", "terminationWaitSeconds")
    request.put(f"{policy}.MaximumExecutionTimeoutInSeconds", rollout.maximum_seconds, "rollout", "maximumSeconds")


def _put_step(request: WriteRequest, rollout: Rollout) -> None:
    if (member := _STEP_MEMBERS.get(rollout.strategy)) is not None:
        _put_capacity(request, member, rollout.step, "step")


def _put_capacity(request: WriteRequest, member: str, capacity: Capacity | None, field: str) -> None:
    if capacity is None:
        return
    unit, kind = ("percent", "CAPACITY_PERCENT") if capacity.instances is None else ("instances", "INSTANCE_COUNT")
    request.put(f"{member}.Type", kind, "rollout", field)
    request.put(f"{member}.Value", getattr(capacity, unit), "rollout", field, unit)


def _wait(rollout: Rollout) -> int:
    return DEFAULT_WAIT_SECONDS if rollout.wait_seconds is None else rollout.wait_seconds


def form_faults(rollout: Rollout) -> Iterator[Fault]:
    """Give the faults of a plan that hold for any endpoint, beside the bounds of the service model."""
    yield from _step_faults(rollout)
    if rollout.strategy is RolloutStrategy.ROLLING:
        if rollout.termination_wait_seconds is not None:
            yield "is not for ROLLING, which ends old instances step by step", ("terminationWaitSeconds",)
    elif rollout.rollback_step is not None:
        yield "is for ROLLING only; the other strategies go back all at once", ("rollbackStep",)
    if _exceeds(rollout.rollback_step, _MAX_PERCENT):
        yield f"is more than {_MAX_PERCENT}", ("rollbackStep", "percent")
    waits = total_wait_seconds(rollout)
    # "Note that the timeout value should be larger than the total waiting time specified in TerminationWaitInSeconds
    # and WaitIntervalInSeconds" (MaximumExecutionTimeoutInSeconds in the service model).
    if rollout.maximum_seconds is not None and rollout.maximum_seconds <= waits:
        yield f"must be more than the {waits} seconds that the rollout waits in all", ("maximumSeconds",)
    for index, name in enumerate(rollout.alarms):
        if name in rollout.alarms[:index]:
            yield f"is given twice: `{name}`", ("alarms", str(index))


def _step_faults(rollout: Rollout) -> Iterator[Fault]:
    if (bounds := _BOUNDS.get(rollout.strategy)) is None:
        if rollout.step is not None:
            yield "is not for ALL_AT_ONCE, which moves all traffic in one step", ("step",)
    elif rollout.step is None:
        yield f"is needed for {rollout.strategy.value}: {bounds[0]} to {bounds[1]} per cent, or instances", ("step",)
    elif rollout.step.percent is not None and not bounds[0] <= rollout.step.percent <= bounds[1]:
        yield f"must be {bounds[0]} to {bounds[1]} for {rollout.strategy.value}", ("step", "percent")


def _exceeds(capacity: Capacity | None, most: int) -> bool:
    return capacity is not None and capacity.percent is not None and capacity.percent > most


def total_wait_seconds(rollout: Rollout) -> int:
    """Give the least wait of a rollout: after each step but the last, and before old instances end."""
    percent = rollout.step.percent if rollout.step is not None else None
    steps = 2
    if percent and rollout.strategy in {RolloutStrategy.LINEAR, RolloutStrategy.ROLLING}:
        steps = max(2, ceil(_MAX_PERCENT / percent))
    return _wait(rollout) * (steps - 1) + (rollout.termination_wait_seconds or 0)


def fit_faults(
    rollout: Rollout, runtime: Runtime, present: Snapshot | None, wanted: Snapshot, *, retain: bool
) -> Iterator[InputFault]:
    """Give the faults for which SageMaker rejects a plan for this endpoint, or ignores it.

    Sources: the developer guide's page deployment-guardrails-exclusions, and the sizes of the service model.

    Args:
        rollout: The plan.
        runtime: The endpoint, described.
        present: The described snapshot that it runs; None if it may not be read.
        wanted: The described snapshot that it shall run.
        retain: True if the endpoint's instance counts stay, False if those of the snapshot apply.
    """
    variants = wanted.detail.variants if wanted.detail else ()
    names = {variant.name for variant in variants}
    if present is not None and present.detail and names != {variant.name for variant in present.detail.variants}:
        yield InputFault(
            f"`{wanted.name}` names other variants than `{present.name}`, which the endpoint runs; a rollout needs the "
            "same names.",
            ("snapshotName",),
        )
    if rollout.strategy is RolloutStrategy.ROLLING and (len(names) > 1 or is_serverless(wanted)):
        words = "`rollout.strategy`: ROLLING needs an endpoint with one variant, on instances; choose another strategy."
        yield InputFault(words, ("rollout", "strategy"))
    for variant in variants:
        if (variant.instance_type or "").startswith(_UNGUARDED_INSTANCES):
            words = f"SageMaker ignores a rollout on {variant.instance_type}; leave `rollout` out."
            yield InputFault(words, ("rollout",))
    yield from _size_faults(rollout, runtime, variants, retain=retain)


def _size_faults(
    rollout: Rollout, runtime: Runtime, variants: tuple[Variant, ...], *, retain: bool
) -> Iterator[InputFault]:
    """The faults of a step that is a number of instances."""
    bounds, instances = _BOUNDS.get(rollout.strategy), rollout.step.instances if rollout.step else None
    if bounds is None or instances is None:
        return
    for variant in variants:
        field = ("rollout", "step", "instances")
        if variant.serverless is not None:
            yield InputFault(
                f"`rollout.step.instances`: variant `{variant.name}` is serverless; give `percent`.", field
            )
            continue
        count = instance_count(runtime, variant, retain=retain)
        if not bounds[0] * count <= _MAX_PERCENT * instances <= bounds[1] * count:
            yield InputFault(
                f"`rollout.step.instances` must be {bounds[0]} to {bounds[1]} per cent of each variant's instances for "
                f"{rollout.strategy.value}, and `{variant.name}` has {count}.",
                field,
            )


def instance_count(runtime: Runtime, variant: Variant, *, retain: bool) -> int:
    """Give the number of instances that a variant of the wanted snapshot will have on the runtime.

    Args:
        runtime: The endpoint, described.
        variant: The variant of the wanted snapshot.
        retain: True if the endpoint's instance counts stay.
    """
    running = runtime.detail.variants if retain and runtime.detail else ()
    kept = next((item.desired_instance_count for item in running if item.name == variant.name), None)
    return kept or variant.initial_instance_count or 1
