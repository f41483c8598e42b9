"""Alarms, scaling, instance types and cost of runtimes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.alarms import Alarm, AlarmStatus
from aws.client.errors import AWSError
from aws.kinds.runtimes import Runtime, RuntimeVariant
from aws.kinds.snapshots import Snapshot
from aws.links.component_models import component_rows
from aws.scaling import VariantScaling
from resolvers.lookups import describe_snapshots, with_detail
from resolvers.services import PriceTable
from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class RuntimeAlarm:
    """An alarm as it stands beside one runtime; `variant` is None for one that watches several, or a component."""

    name: str
    arn: str
    status: AlarmStatus
    metric_name: str | None
    variant: str | None
    status_changed_time: datetime | None


async def alarms(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[Sequence[RuntimeAlarm]]:
    """A batch function: the alarms on each runtime's metrics, sorted by name; also those on its inference components.

    One listing for all runtimes of the account and region; a second one, of components, only where alarms name some.
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
    """A batch function: the registered scaling of each variant; None where no target is registered."""
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


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of a currency."""

    amount: float
    currency: str


async def hourly_costs(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the cost of an hour of each runtime; None where an instance type has no price.

    It counts the instances that run now. A runtime whose variants or types are not known has no cost that is known.
    """
    whole = await with_detail(view, runtimes)
    described = [resource for resource in whole if isinstance(resource, Runtime) and resource.detail]
    variants = [variant for runtime in described for variant in (runtime.detail.variants if runtime.detail else ())]
    types = dict(
        zip(((v.placement.endpoint_name, v.name) for v in variants), await instance_types(view, variants), strict=True)
    )
    prices = view.services.settings.prices
    return [_hourly_cost(resource, types, prices) for resource in whole]


def _hourly_cost(described: object, types: Mapping[tuple[str | None, str], object], prices: PriceTable) -> object:
    if not isinstance(described, Runtime) or described.detail is None or not described.detail.variants:
        return described if isinstance(described, AWSError) else None
    total = 0.0
    for variant in described.detail.variants:
        instance_type = types[variant.placement.endpoint_name, variant.name]
        if isinstance(instance_type, AWSError):
            return instance_type
        price = prices.by_instance_type.get(str(instance_type))
        if price is None or variant.current_instance_count is None:
            return None
        total += price * variant.current_instance_count
    return Cost(round(total, 6), prices.currency)
