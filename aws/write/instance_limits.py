"""Checks of requested instances against the limits of a group."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws.write.errors import InputFault, QuotaExceededError
from aws.write.inputs import InstanceLimits


@dataclass(frozen=True, slots=True)
class RequestedInstances:
    """Instances that would be started.

    Attributes:
        instance_type: Their type; None if it is not known, which passes every limit of types.
        count: Their number.
        type_field: The field of the input that the type comes from.
        count_field: The field of the input that the number comes from.
    """

    instance_type: str | None
    count: int
    type_field: tuple[str, ...]
    count_field: tuple[str, ...]


class InstanceLimitError(QuotaExceededError):
    """The `permissions` of the settings forbid the group such instances, or this number of them."""


def check_limits(wanted: Iterable[RequestedInstances], limits: InstanceLimits) -> None:
    """Return only if the group may start all `wanted` instances at once.

    Raises:
        InstanceLimitError: The limits do not allow it; the error lists every fault.
    """
    if (error := limit_violation(wanted, limits)) is not None:
        raise error


def limit_violation(wanted: Iterable[RequestedInstances], limits: InstanceLimits) -> InstanceLimitError | None:
    """Give the error against a start of all `wanted` instances at once; None if the limits allow it."""
    asked = list(wanted)
    faults = [
        InputFault(
            f"This group may not start `{instances.instance_type}`; it may start {_listed(allowed)}.",
            instances.type_field,
        )
        for instances in asked
        if (allowed := limits.instance_types) is not None and instances.instance_type not in {None, *allowed}
    ]
    # A count below zero, which is a fault of its own, must not make room for others.
    count, most = sum(max(requested_instances.count, 0) for requested_instances in asked), limits.max_instances
    if most is not None and count > most:
        faults.append(
            InputFault(
                f"This group may start at most {most} instances at once; this request would start {count}.",
                _last_count_field(asked),
            )
        )
    return InstanceLimitError(faults) if faults else None


def _listed(allowed: frozenset[str]) -> str:
    return ", ".join(sorted(allowed)) or "none"


def _last_count_field(asked: list[RequestedInstances]) -> tuple[str, ...]:
    return asked[-1].count_field
