"""How many of a kind, and how many instances of a type, an account may have in a region."""

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
    """Limits; none is set to begin with, so that a test may fill the sandbox."""

    def __init__(self) -> None:
        self._kinds: dict[str, int] = {}
        self._instances: dict[tuple[str, str], int] = {}

    def limit(self, kind: ResourceKind, maximum: int) -> None:
        """Allow so many of a kind."""
        self._kinds[kind.arn_type] = maximum

    def limit_instances(self, kind: ResourceKind, instance_type: str, maximum: int) -> None:
        """Allow so many instances of a type (``ml.m5.large``) for endpoints, or for jobs of a kind that run."""
        self._instances[kind.arn_type, instance_type] = maximum

    def check(self, kind: ResourceKind, present: int) -> None:
        """Raise ResourceLimitExceeded where one more of a kind would be too many."""
        most = self._kinds.get(kind.arn_type)
        if most is not None and present >= most:
            raise service_errors.limit_exceeded(
                f"The account-level service limit 'Number of {kind.word}s' is {most} {kind.word}s, with current "
                f"utilization of {present} {kind.word}s and a request delta of 1 {kind.word}s. {ASK_FOR_MORE}"
            )

    def check_instances(self, place: AccountRegion, kind: ResourceKind, facts: dict[str, Any]) -> None:
        """Raise ResourceLimitExceeded where an instance type would be used more than it may."""
        if not self._instances:
            return
        for instance_type, wanted in instances(place, kind, facts):
            most = self._instances.get((kind.arn_type, instance_type))
            running = (record for record in place.records(kind) if _runs(kind, record.status))
            used = sum(n for r in running for t, n in instances(place, kind, r.facts) if t == instance_type)
            if most is not None and used + wanted > most:
                raise service_errors.limit_exceeded(
                    f"The account-level service limit '{instance_type} for {USES[kind.arn_type]} usage' is {most} "
                    f"Instances, with current utilization of {used} Instances and a request delta of {wanted} "
                    f"Instances. {ASK_FOR_MORE}"
                )

    def clear(self) -> None:
        """No limits."""
        self._kinds.clear()
        self._instances.clear()


def instances(place: AccountRegion, kind: ResourceKind, facts: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The instance types that a thing runs on, and how many of each."""
    if kind is ENDPOINT:
        config = place.records(ENDPOINT_CONFIG).get(facts["EndpointConfigName"])
        for variant in config.facts["ProductionVariants"] if config else ():
            if "InstanceType" in variant:
                yield variant["InstanceType"], variant.get("InitialInstanceCount", 1)
        return
    resources = facts.get("ResourceConfig" if kind is TRAINING_JOB else "TransformResources") or {}
    if "InstanceType" in resources:
        yield resources["InstanceType"], resources.get("InstanceCount", 1)


def _runs(kind: ResourceKind, status: str) -> bool:
    return status != "Failed" if kind is ENDPOINT else status in ("InProgress", "Stopping")
