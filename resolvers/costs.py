"""The cost of an hour of runtimes, and of snapshots if they ran, by the settings' price table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aws.client.errors import AWSError
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from resolvers.lookups import with_detail
from resolvers.runtime_facts import instance_types
from resolvers.services import PriceTable
from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of a currency.

    Attributes:
        amount: The number, in units of the currency.
        currency: Its code in ISO 4217, such as USD.
    """

    amount: float
    currency: str


async def hourly_costs(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the cost of an hour of each runtime; None if an instance type has no price.

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
    if not isinstance(described, Runtime) or described.detail is None:
        return described if isinstance(described, AWSError) else None
    instances: list[tuple[str, int | None]] = []
    for variant in described.detail.variants:
        instance_type = types[variant.placement.endpoint_name, variant.name]
        if isinstance(instance_type, AWSError):
            return instance_type
        instances.append((str(instance_type), variant.current_instance_count))
    return _cost(instances, prices)


async def initial_hourly_costs(view: ResourceView, snapshots: Sequence[Snapshot]) -> Sequence[object]:
    """A batch function: the cost of an hour of the initial instances of snapshots; None if a type has no price."""
    prices = view.services.settings.prices
    return [_initial_cost(snapshot, prices) for snapshot in await with_detail(view, snapshots)]


def _initial_cost(described: object, prices: PriceTable) -> object:
    if not isinstance(described, Snapshot) or described.detail is None:
        return described if isinstance(described, AWSError) else None
    variants = (*described.detail.variants, *described.detail.shadow_variants)
    return _cost(((str(v.instance_type), v.initial_instance_count) for v in variants), prices)


def _cost(instances: Iterable[tuple[str, int | None]], prices: PriceTable) -> Cost | None:
    """Add up instances of types; None if there are none, or one has no price or no number."""
    amounts = [
        None if count is None or (price := prices.by_instance_type.get(instance_type)) is None else price * count
        for instance_type, count in instances
    ]
    known = [amount for amount in amounts if amount is not None]
    return Cost(round(sum(known), 6), prices.currency) if known and len(known) == len(amounts) else None
