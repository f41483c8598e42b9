"""Deployment guardrails: the steps of an update, their baking periods, and the alarms that roll it back.

Follows the documentation of the members in the service model (DeploymentConfig and its parts), and the developer
guide's pages deployment-guardrails-blue-green, -rolling, -configuration and -exclusions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sandbox import service_errors
from sandbox.alarms import is_in_alarm
from sandbox.sagemaker.endpoint_variants import Retained, is_serverless
from sandbox.sagemaker.store import AccountRegion, ResourceRecord

# The smallest and the largest share of the capacity that a step may have, in per cent, by the member's name.
_BOUNDS = {"CanarySize": (1, 50), "LinearStepSize": (10, 50), "MaximumBatchSize": (5, 50)}
_SIZE_OF_TYPE = {"CANARY": "CanarySize", "LINEAR": "LinearStepSize"}


@dataclass(frozen=True)
class PlannedRollout:
    """An update in steps.

    Attributes:
        waits: The ends of its baking periods, in seconds after the new fleet is up; the last ends the update.
        alarms: The names of the alarms that roll it back.
    """

    waits: Sequence[float]
    alarms: Sequence[str]


def planned(
    config: Mapping[str, Any], present: ResourceRecord, wanted: ResourceRecord, retained: Retained | None
) -> PlannedRollout:
    """The steps of an update by its DeploymentConfig.

    Args:
        config: The DeploymentConfig.
        present: The endpoint configuration that serves.
        wanted: The endpoint configuration of the update.
        retained: Values in place of the configuration's; None for none.

    Raises:
        ServiceError: The DeploymentConfig breaks a rule.
    """
    _check_variants(config, present, wanted)
    policy, routing = _policy(config)
    size_name = "MaximumBatchSize" if routing is None else _SIZE_OF_TYPE.get(routing["Type"])
    for other in set(_SIZE_OF_TYPE.values()) - {size_name}:
        if routing is not None and other in routing:
            raise service_errors.invalid(f"{other} is not supported with traffic routing type {routing['Type']}.")
    source = policy if routing is None else routing
    shares = [_share(source, size_name, wanted, count) for count in _counts(wanted, retained)] if size_name else [1.0]
    steps = 2 if size_name == "CanarySize" else max(ceil(1 / share) for share in shares)
    wait = float(source["WaitIntervalInSeconds"])
    waits = [wait * (number + 1) for number in range(steps)]
    waits[-1] += policy.get("TerminationWaitInSeconds", 0)
    limit = policy.get("MaximumExecutionTimeoutInSeconds")
    if limit is not None and limit <= waits[-1]:
        raise service_errors.invalid(
            "MaximumExecutionTimeoutInSeconds must be larger than the total waiting time of the deployment."
        )
    alarms = (config.get("AutoRollbackConfiguration") or {}).get("Alarms") or ()
    return PlannedRollout(waits, [alarm["AlarmName"] for alarm in alarms if "AlarmName" in alarm])


def has_tripped(account_region: AccountRegion, rollout: PlannedRollout) -> bool:
    """True if an alarm of the rollout is in ALARM now."""
    return any(is_in_alarm(account_region.account, account_region.region, name) for name in rollout.alarms)


def _policy(config: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """The update policy, and the traffic routing of a blue/green one."""
    blue_green, rolling = config.get("BlueGreenUpdatePolicy"), config.get("RollingUpdatePolicy")
    if blue_green and rolling:
        raise service_errors.invalid("Only one update policy can be specified in the deployment configuration.")
    if rolling:
        return rolling, None
    # "If no update policy is specified, SageMaker uses a blue/green deployment strategy with all at once traffic
    # shifting by default."
    usual = {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}
    policy: Mapping[str, Any] = blue_green or usual
    return policy, policy["TrafficRoutingConfiguration"]


def _check_variants(config: Mapping[str, Any], present: ResourceRecord, wanted: ResourceRecord) -> None:
    """Refuse updates that the guide's page of exclusions names."""
    names = [{variant["VariantName"] for variant in record.facts["ProductionVariants"]} for record in (present, wanted)]
    if names[0] != names[1]:
        raise service_errors.invalid("The new endpoint configuration must have the variant names of the present one.")
    if config.get("RollingUpdatePolicy") and (len(names[1]) > 1 or is_serverless(wanted)):
        raise service_errors.invalid("RollingUpdatePolicy is for endpoints with one variant on instances.")


def _counts(wanted: ResourceRecord, retained: Retained | None) -> Iterator[int]:
    for variant in wanted.facts["ProductionVariants"]:
        kept = (retained or {}).get(variant["VariantName"], {})
        yield kept.get("DesiredInstanceCount", variant.get("InitialInstanceCount", 1))


def _share(source: Mapping[str, Any], name: str, wanted: ResourceRecord, count: int) -> float:
    """The share of the capacity that one step moves, between 0 and 1."""
    size = source.get(name)
    if size is None:
        raise service_errors.invalid(f"{name} is required.")
    counted = size["Type"] == "INSTANCE_COUNT"
    if counted and is_serverless(wanted):
        raise service_errors.invalid(f"{name} of a serverless variant is a CAPACITY_PERCENT.")
    percent = 100 * size["Value"] / count if counted else size["Value"]
    low, high = _BOUNDS[name]
    if not low <= percent <= high:
        raise service_errors.invalid(f"{name} must be {low}-{high}% of the variant's total instance count.")
    return float(percent / 100)
