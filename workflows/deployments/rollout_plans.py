"""The rollout of a deployment: as the registry keeps it, in words for the approver, and how long it may take."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from registry.deployment_rows import DeploymentRow

# The longest that SageMaker lets an update take (MaximumExecutionTimeoutInSeconds in the service model).
_LONGEST_SECONDS: Final = 28_800


def rollout_document(rollout: Rollout) -> Mapping[str, Any]:
    """The rollout as JSON in the API's spelling, which the registry keeps."""
    return {
        "strategy": rollout.strategy.value,
        "step": _capacity_document(rollout.step),
        "rollbackStep": _capacity_document(rollout.rollback_step),
        "waitSeconds": rollout.wait_seconds,
        "terminationWaitSeconds": rollout.termination_wait_seconds,
        "maximumSeconds": rollout.maximum_seconds,
        "alarms": list(rollout.alarms),
    }


def rollout_from_document(document: Mapping[str, Any] | None) -> Rollout | None:
    """The rollout of a document that the registry keeps; None for none."""
    if document is None:
        return None
    return Rollout(
        strategy=RolloutStrategy(document["strategy"]),
        step=_capacity(document["step"]),
        rollback_step=_capacity(document["rollbackStep"]),
        wait_seconds=document["waitSeconds"],
        termination_wait_seconds=document["terminationWaitSeconds"],
        maximum_seconds=document["maximumSeconds"],
        alarms=tuple(document["alarms"]),
    )


def _capacity_document(capacity: Capacity | None) -> Mapping[str, Any] | None:
    return None if capacity is None else asdict(capacity)


def _capacity(document: Mapping[str, Any] | None) -> Capacity | None:
    return None if document is None else Capacity(**document)


def longest_seconds(row: DeploymentRow) -> int:
    """The seconds that the rollout of a row's deployment may take; 0 without one."""
    rollout = rollout_from_document(row.rollout)
    return 0 if rollout is None else rollout.maximum_seconds or _LONGEST_SECONDS


def plan_text(rollout: Rollout) -> str:
    """The rollout in sentences for its approver."""
    sentences = [_strategy_text(rollout)]
    if rollout.termination_wait_seconds:
        sentences.append(f"The old instances stay {rollout.termination_wait_seconds} s longer.")
    if rollout.maximum_seconds is not None:
        sentences.append(f"It is rolled back after {rollout.maximum_seconds} s.")
    names = ", ".join(f"`{name}`" for name in rollout.alarms)
    sentences.append(f"These alarms roll it back: {names}." if names else "No alarm rolls it back.")
    return " ".join(sentences)


def _strategy_text(rollout: Rollout) -> str:
    step, wait = _size(rollout.step), f"{rollout.wait_seconds} s"
    match rollout.strategy:
        case RolloutStrategy.CANARY:
            return f"Canary: {step} first, the rest after {wait}."
        case RolloutStrategy.LINEAR:
            return f"Linear: in steps of {step}, {wait} apart."
        case RolloutStrategy.ROLLING:
            back = "all at once" if rollout.rollback_step is None else f"in batches of {_size(rollout.rollback_step)}"
            return f"Rolling: in batches of {step}, {wait} apart; back {back}."
        case _:
            return f"All at once, watched for {wait}."


def _size(capacity: Capacity | None) -> str:
    if capacity is None:
        return "unknown size"
    if capacity.instances is None:
        return f"{capacity.percent} %"
    return f"{capacity.instances} instance{'' if capacity.instances == 1 else 's'}"
