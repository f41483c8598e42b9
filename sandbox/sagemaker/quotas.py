"""Quotas per account and region: resources of a kind, instances of a type."""

from collections.abc import Iterator
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker.store import ENDPOINT, ENDPOINT_CONFIG, TRAINING_JOB, TRANSFORM_JOB, AccountRegion, ResourceKind

USES = {ENDPOINT.arn_type: "endpoint", TRAINING_JOB.arn_type: "training job", TRANSFORM_JOB.arn_type: "transform job"}
ASK_FOR_MORE = (
    "Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, "
    "contact AWS support to request an increase for this quota."
)


class Quotas:
    """Limits; none is set at first, so that a test may fill the sandbox."""

    def __init__(self) -> None:
        self._kinds: dict[str, int] = {}
        self._instances: dict[tuple[str, str], int] = {}

    def limit(self, kind: ResourceKind, maximum: int) -> None:
        """Allow at most `maximum` resources of a kind, in each account and region."""
        self._kinds[kind.arn_type] = maximum

    def limit_instances(self, kind: ResourceKind, instance_type: str, maximum: int) -> None:
        """Allow at most `maximum` instances of a type (``ml.m5.large``) for endpoints, or running jobs of a kind."""
        self._instances[kind.arn_type, instance_type] = maximum

    def check(self, kind: ResourceKind, present: int) -> None:
        """Raise ServiceError (ResourceLimitExceeded) if one more of a kind, with `present` ones, exceeds its quota."""
        most = self._kinds.get(kind.arn_type)
        if most is not None and present >= most:
            raise service_errors.limit_exceeded(
                f"The account-level service limit 'Number of {kind.word}s' is {most} {kind.word}s, with current "
                f"utilization of {present} {kind.word}s and a request delta of 1 {kind.word}s. {ASK_FOR_MORE}"
            )

    def check_instances(self, account_region: AccountRegion, kind: ResourceKind, facts: dict[str, Any]) -> None:
        """Raise ServiceError (ResourceLimitExceeded) if a new resource exceeds the quota of an instance type.

        Args:
            account_region: The resources that run.
            kind: The kind of the new resource.
            facts: Describe's members of the new resource.
        """
        if not self._instances:
            return
        for instance_type, count in instances(account_region, kind, facts):
            most = self._instances.get((kind.arn_type, instance_type))
            running = [r for r in account_region.records(kind) if _runs(kind, r.status)]
            in_use = [pair for r in running for pair in instances(account_region, kind, r.facts)]
            used = sum(n for used_type, n in in_use if used_type == instance_type)
            if most is not None and used + count > most:
                raise service_errors.limit_exceeded(
                    f"The account-level service limit '{instance_type} for {USES[kind.arn_type]} usage' is {most} "
                    f"Instances, with current utilization of {used} Instances and a request delta of {count} "
                    f"Instances. {ASK_FOR_MORE}"
                )

    def clear(self) -> None:
        """Remove all limits."""
        self._kinds.clear()
        self._instances.clear()


def instances(account_region: AccountRegion, kind: ResourceKind, facts: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The instance types on which a resource of these facts runs, each with its number of instances."""
    if kind is ENDPOINT:
        config = account_region.records(ENDPOINT_CONFIG).get(facts["EndpointConfigName"])
        for variant in config.facts["ProductionVariants"] if config else ():
            if "InstanceType" in variant:
                yield variant["InstanceType"], variant.get("InitialInstanceCount", 1)
        return
    resources = facts.get("ResourceConfig" if kind is TRAINING_JOB else "TransformResources") or {}
    if "InstanceType" in resources:
        yield resources["InstanceType"], resources.get("InstanceCount", 1)


def _runs(kind: ResourceKind, status: str) -> bool:
    return status != "Failed" if kind is ENDPOINT else status in ("InProgress", "Stopping")
