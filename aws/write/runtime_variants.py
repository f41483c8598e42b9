"""Updates of the weights and instance counts of a runtime's variants."""

from collections.abc import Iterator, Sequence

from aws.client.client import AwsClient
from aws.client.errors import InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime, RuntimeVariant
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import RuntimeStatus
from aws.write.errors import InputFault, InvalidInputError
from aws.write.inputs import DesiredVariant, InstanceLimits
from aws.write.instance_limits import RequestedInstances, check_limits
from aws.write.readback import require, unknown_outcome
from aws.write.request import WriteRequest
from aws.write.runtimes import map_conflict, not_in_service

_OPERATION = "UpdateEndpointWeightsAndCapacities"
_TRIES = 2
# Instances whose type no configuration gives: a group with a list of types may not start them.
_UNKNOWN_TYPE = ("of an unknown type",)


class VariantWriter:
    """Changes the variants of runtimes of one scope.

    Args:
        calls: The client of the scope.
        inventory: The caches that record the change.
    """

    def __init__(self, calls: AwsClient, inventory: Inventory) -> None:
        self._calls = calls
        self._inventory = inventory

    async def update(self, name: str, wanted: Sequence[DesiredVariant], limits: InstanceLimits) -> Runtime:
        """Start an update of a runtime to these weights and counts.

        A runtime that has them, or is on its way to them, is returned unchanged.

        Args:
            name: The name of the runtime.
            wanted: The variants to change, in the order of the input.
            limits: The group's limits; they apply if any variant gets more instances than it was asked for before.

        Raises:
            WriteConflictError: The runtime is not in service.
            WriteRejectedError: The input is at fault.
            AWSError: AWS did not answer, or refuses the role. A repetition is safe.
        """
        request = _request(name, wanted)
        request.check(await self._calls.input_shape(_OPERATION))
        runtime = await self._require(name)
        _check_variants(runtime, wanted)
        if _is_heading_to(runtime, wanted):
            return self._learn(runtime)
        if runtime.status is not RuntimeStatus.IN_SERVICE:
            raise not_in_service(runtime)
        await self._check_limits(runtime, wanted, limits)
        return await self._update(request, name, wanted)

    async def _update(self, request: WriteRequest, name: str, wanted: Sequence[DesiredVariant]) -> Runtime:
        lost: UnavailableError | None = None
        for _ in range(_TRIES):
            try:
                await self._calls.write("UpdateEndpointWeightsAndCapacities", **request.parameters)
            except UnavailableError as error:
                lost = error
            except (InvalidRequestError, NotFoundError) as error:
                if _is_heading_to(runtime := await self._require(name), wanted):
                    return self._learn(runtime)
                raise map_conflict(error, request) from None
            else:
                return self._learn(await self._require(name))
            if _is_heading_to(runtime := await self._require(name), wanted):
                return self._learn(runtime)
        raise unknown_outcome(Kind.RUNTIME, name, _OPERATION, lost)

    async def _check_limits(self, runtime: Runtime, wanted: Sequence[DesiredVariant], limits: InstanceLimits) -> None:
        """Refuse more instances than the group may start; their types come from the runtime's snapshot."""
        before = {variant.name: variant.desired_instance_count or 0 for variant in _variants(runtime)}
        counts = [(index, item.name, item.instance_count) for index, item in enumerate(wanted)]
        changed = {name: (index, count) for index, name, count in counts if count is not None}
        raised = {name for name, (_, count) in changed.items() if count > before[name]}
        if not raised or limits == InstanceLimits():
            return
        snapshot_name = runtime.detail.snapshot_name if runtime.detail else None
        types: dict[str, Sequence[str]] = {}
        if limits.instance_types is not None and snapshot_name is not None:
            types = _types(await require(self._calls, self._inventory, Snapshot, snapshot_name, "name"))
        unknown = () if limits.instance_types is None else _UNKNOWN_TYPE
        unchanged = sum(count for name, count in before.items() if name not in changed)
        asked = [RequestedInstances(None, unchanged, ("variants",), ("variants",))]
        for name, (index, count) in changed.items():
            asked += _requested(count, types.get(name, unknown) if name in raised else (), index)
        check_limits(asked, limits)

    async def _require(self, name: str) -> Runtime:
        return await require(self._calls, self._inventory, Runtime, name, "name")

    def _learn(self, runtime: Runtime) -> Runtime:
        self._inventory.record_write(runtime)
        return runtime


def _request(name: str, wanted: Sequence[DesiredVariant]) -> WriteRequest:
    request = WriteRequest()
    request.put("EndpointName", name, "name")
    if not wanted:
        request.put("DesiredWeightsAndCapacities", [], "variants")
    seen: set[str] = set()
    for index, variant in enumerate(wanted):
        at, field = f"DesiredWeightsAndCapacities.{index}.", ("variants", str(index))
        request.put(f"{at}VariantName", variant.name, *field, "name")
        request.put(f"{at}DesiredWeight", variant.weight, *field, "weight")
        request.put(f"{at}DesiredInstanceCount", variant.instance_count, *field, "instanceCount")
        if variant.weight is None and variant.instance_count is None:
            request.add_fault("needs `weight`, `instanceCount` or both", *field)
        if variant.name in seen:
            request.add_fault(f"is given twice: `{variant.name}`", *field, "name")
        seen.add(variant.name)
    return request


def _variants(runtime: Runtime) -> Sequence[RuntimeVariant]:
    return runtime.detail.variants if runtime.detail else ()


def _check_variants(runtime: Runtime, wanted: Sequence[DesiredVariant]) -> None:
    """Raise InvalidInputError for variants that the runtime does not have, and for instances of a serverless one."""
    known = {variant.name: variant for variant in _variants(runtime)}
    faults = [fault for index, item in enumerate(wanted) for fault in _faults_of(runtime, known, item, str(index))]
    if faults:
        raise InvalidInputError(faults)


def _faults_of(
    runtime: Runtime, known: dict[str, RuntimeVariant], item: DesiredVariant, index: str
) -> Iterator[InputFault]:
    variant = known.get(item.name)
    if variant is None:
        names = ", ".join(f"`{name}`" for name in known) or "none"
        words = f"The endpoint `{runtime.name}` has no variant `{item.name}`; it has {names}."
        yield InputFault(words, ("variants", index, "name"))
    elif item.instance_count is not None and variant.serverless_sizes.current is not None:
        words = f"The variant `{item.name}` is serverless, and has no instances to count. Leave out `instanceCount`."
        yield InputFault(words, ("variants", index, "instanceCount"))


def _is_heading_to(runtime: Runtime, wanted: Sequence[DesiredVariant]) -> bool:
    """Tell whether these weights and counts are already requested."""
    known = {variant.name: variant for variant in _variants(runtime)}
    return runtime.status in {RuntimeStatus.IN_SERVICE, RuntimeStatus.UPDATING} and all(
        (variant := known.get(item.name)) is not None
        and item.weight in {None, variant.desired_weight}
        and item.instance_count in {None, variant.desired_instance_count}
        for item in wanted
    )


def _types(snapshot: Snapshot) -> dict[str, Sequence[str]]:
    """The instance types of each variant of a described snapshot, with those of its pools."""
    variants = (*snapshot.detail.variants, *snapshot.detail.shadow_variants) if snapshot.detail else ()
    return {
        variant.name: [
            name for name in (variant.instance_type, *(pool.instance_type for pool in variant.instance_pools)) if name
        ]
        for variant in variants
    }


def _requested(count: int, types: Sequence[str], index: int) -> Iterator[RequestedInstances]:
    field = ("variants", str(index), "instanceCount")
    for number, instance_type in enumerate(types or (None,)):
        yield RequestedInstances(instance_type, count if number == 0 else 0, field, field)
