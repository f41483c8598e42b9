"""The weights and instance counts that an update of an endpoint keeps or changes, in words for the approver."""

from dataclasses import dataclass

from aws.kinds.runtimes import Runtime, RuntimeVariant
from aws.kinds.snapshots import Snapshot
from aws.kinds.variants import Variant


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """The figures of a variant; None for one that it does not have.

    Attributes:
        weight: Its share of the traffic, relative to the other variants' weights.
        instances: The number of its instances.
    """

    weight: float | None
    instances: int | None

    def __str__(self) -> str:
        """Such as `4 instances, weight 0.5`."""
        count = None if self.instances is None else f"{self.instances} instance{'' if self.instances == 1 else 's'}"
        weight = None if self.weight is None else f"weight {self.weight:g}"
        return ", ".join(part for part in (count, weight) if part)


def describe_changes(runtime: Runtime, snapshot: Snapshot, *, retain: bool) -> str | None:
    """The figures of variants that the endpoint and the snapshot name and that differ, one sentence each; None if none.

    Args:
        runtime: The endpoint as it is, with its detail.
        snapshot: The snapshot that it is to run, with its detail.
        retain: True if the endpoint's figures are kept, False if the snapshot's count.
    """
    running = {
        runtime_variant.name: _running_figures(runtime_variant)
        for runtime_variant in (runtime.detail.variants if runtime.detail else ())
    }
    sentences = []
    for variant in snapshot.detail.variants if snapshot.detail else ():
        now, then = running.get(variant.name), _snapshot_figures(variant)
        if now is not None and variant.serverless is None and now != then:
            sentences.append(
                f"Variant `{variant.name}` keeps {now}; the snapshot says {then}."
                if retain
                else f"Variant `{variant.name}` goes from {now} to {then}, as the snapshot says."
            )
    return " ".join(sentences) or None


def _running_figures(variant: RuntimeVariant) -> VariantFigures:
    return VariantFigures(variant.desired_weight, variant.desired_instance_count)


def _snapshot_figures(variant: Variant) -> VariantFigures:
    weight = 1.0 if variant.initial_weight is None else variant.initial_weight
    return VariantFigures(weight, variant.initial_instance_count or 1)
