"""Holds what would be started against what a group may start."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws.writing.errors import Fault, QuotaExceededError
from aws.writing.inputs import InstanceLimits


@dataclass(frozen=True, slots=True)
class Instances:
    """Instances that would be started, and the fields that their type and number came from."""

    instance_type: str
    count: int
    type_field: tuple[str, ...]
    count_field: tuple[str, ...]


class BeyondLimitsError(QuotaExceededError):
    """The group may not start such instances, or so many; the settings' `permissions` say so, and not AWS."""


def check_limits(wanted: Iterable[Instances], limits: InstanceLimits) -> None:
    """Returns only where all of it may be started at once.

    Raises:
        BeyondLimitsError: It tells of every fault.
    """
    asked = list(wanted)
    faults = [
        Fault(f"This group may not start `{each.instance_type}`; it may start {_told(allowed)}.", each.type_field)
        for each in asked
        if (allowed := limits.instance_types) is not None and each.instance_type not in allowed
    ]
    count, most = sum(each.count for each in asked), limits.max_instances
    if most is not None and count > most:
        faults.append(Fault(f"This group may start {most} instances at once, and these are {count}.", _last(asked)))
    if faults:
        raise BeyondLimitsError(faults)


def _told(allowed: frozenset[str]) -> str:
    return ", ".join(sorted(allowed)) or "none"


def _last(asked: list[Instances]) -> tuple[str, ...]:
    return asked[-1].count_field
