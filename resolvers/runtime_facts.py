"""Alarms, scaling and instance types of runtimes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.alarms import Alarm, AlarmStatus
from aws.client.errors import AWSError
from aws.kinds.runtimes import Runtime, RuntimeVariant
from aws.kinds.snapshots import Snapshot
from aws.links.component_models import component_rows
from aws.scaling import VariantScaling
from resolvers.lookups import describe_snapshots
from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class RuntimeAlarm:
    """An alarm of CloudWatch as one runtime shows it.

    Attributes:
        name: The alarm's name.
        arn: The alarm's ARN.
        status: The alarm's state.
        metric_name: The metric that it watches; None for an alarm on an expression.
        variant: The variant that it watches; None for several, or an inference component.
        status_changed_time: The moment of the last change of its state.
    """

    name: str
    arn: str
    status: AlarmStatus
    metric_name: str | None
    variant: str | None
    status_changed_time: datetime | None


async def alarms(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[Sequence[RuntimeAlarm]]:
    """A batch function: the alarms on the metrics of each of the runtimes and its inference components, sorted by name.

    One listing for all runtimes of the account and region; a second one, of components, only if alarms name some.
    """
    known = await view.inventory.alarms()
    hosts = await _hosts_of_components(view, known)
    result: dict[str, list[RuntimeAlarm]] = {runtime.name: [] for runtime in runtimes}
    for alarm in sorted(known, key=lambda alarm: alarm.name):
        places = {**dict.fromkeys(hosts[name] for name in alarm.components if name in hosts), **alarm.endpoints}
        for endpoint, variant in places.items():
            if endpoint in result:
                result[endpoint].append(_beside(alarm, variant))
    return [result[runtime.name] for runtime in runtimes]


async def _hosts_of_components(view: ResourceView, known: Sequence[Alarm]) -> Mapping[str, str]:
    if not any(alarm.components for alarm in known):
        return {}
    return {row.name: row.runtime_name for row in await component_rows(view.inventory)}


def _beside(alarm: Alarm, variant: str | None) -> RuntimeAlarm:
    return RuntimeAlarm(alarm.name, alarm.arn, alarm.status, alarm.metric_name, variant, alarm.status_changed_time)


async def scaling(view: ResourceView, variants: Sequence[RuntimeVariant]) -> Sequence[VariantScaling | None]:
    """A batch function: the registered scaling of each of the variants; None if no target is registered."""
    known = await view.inventory.scaling()
    return [known.get((variant.placement.endpoint_name or "", variant.name)) for variant in variants]


async def instance_types(view: ResourceView, variants: Sequence[RuntimeVariant]) -> Sequence[object]:
    """A batch function: the instance type of each variant, as its snapshot says; None if that is gone or says none."""
    snapshots = await describe_snapshots(view, [variant.placement.snapshot_name for variant in variants])
    return [
        snapshot if isinstance(snapshot, AWSError) else _instance_type(snapshot, variant.name)
        for variant, snapshot in zip(variants, snapshots, strict=True)
    ]


def _instance_type(snapshot: Snapshot | None, variant_name: str) -> str | None:
    variants = snapshot.detail.variants if snapshot and snapshot.detail else ()
    return next((variant.instance_type for variant in variants if variant.name == variant_name), None)
