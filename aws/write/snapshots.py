"""The request of a new snapshot, and the deletion of an unused one."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from aws.client.client import AwsClient
from aws.client.errors import AWSError, InvalidRequestError, NotFoundError, UnavailableError
from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import Inventory
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.models import Model, has_uncompressed_data
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.write.error_mapping import is_missing, map_write_error
from aws.write.errors import InputFault, WriteConflictError
from aws.write.instance_limits import RequestedInstances
from aws.write.readback import describe, require, unknown_outcome
from aws.write.request import WriteRequest
from aws.write.snapshot_inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant

_SERVERLESS = {
    "memory_size_in_mb": "MemorySizeInMB",
    "max_concurrency": "MaxConcurrency",
    "provisioned_concurrency": "ProvisionedConcurrency",
}
_VARIANT = {"model_name": "ModelName", "instance_type": "InstanceType", "initial_weight": "InitialVariantWeight"}
_CAPTURE = {
    "sampling_percentage": "InitialSamplingPercentage",
    "s3_uri": "DestinationS3Uri",
    "kms_key_id": "KmsKeyId",
}
_VARIANT_LISTS = (("variants", "ProductionVariants"), ("shadowVariants", "ShadowProductionVariants"))


def normalized(wanted: NewSnapshot) -> NewSnapshot:
    """Drop explicit defaults of `wanted` (one instance, a weight of 1), so that equal requests have equal digests."""
    variants, shadows = (
        tuple(_normalized_variant(variant) for variant in _variants_of(wanted, field)) for field, _ in _VARIANT_LISTS
    )
    return replace(wanted, variants=variants, shadow_variants=shadows or None)


def _normalized_variant(variant: NewVariant) -> NewVariant:
    """A serverless variant keeps its number of instances, which is a fault."""
    one = variant.initial_instance_count == 1 and variant.serverless is None
    return replace(
        variant,
        initial_instance_count=None if one else variant.initial_instance_count,
        initial_weight=None if variant.initial_weight == 1 else variant.initial_weight,
    )


def build_request(wanted: NewSnapshot) -> WriteRequest:
    """Build the request of `wanted` without its name and tags, and note faults beyond the service model in it."""
    request = WriteRequest()
    for field, member in _VARIANT_LISTS:
        for index, variant in enumerate(_variants_of(wanted, field)):
            _put_variant(request, variant, f"{member}.{index}.", (field, str(index)))
    request.put("ProductionVariants", None, "variants")
    request.put("KmsKeyId", wanted.kms_key_id, "kmsKeyId")
    request.parameters.setdefault("ProductionVariants", [])
    if wanted.data_capture is not None:
        _put_capture(request, wanted.data_capture)
    _check_together(request, wanted)
    return request


def instances(wanted: NewSnapshot) -> Iterator[RequestedInstances]:
    """Give the instances that a runtime of the `wanted` snapshot would start; serverless variants start none."""
    for field, _ in _VARIANT_LISTS:
        for index, variant in enumerate(_variants_of(wanted, field)):
            if variant.instance_type is not None or (variant.serverless is None and variant.initial_instance_count):
                at = (field, str(index))
                yield RequestedInstances(
                    variant.instance_type, _count(variant), (*at, "instanceType"), (*at, "initialInstanceCount")
                )


def instances_of(snapshot: Snapshot, *field: str) -> Iterator[RequestedInstances]:
    """Give the instances that a runtime of a described snapshot would start or scale to; faults name `field`."""
    if snapshot.detail is None:
        return
    for variant in (*snapshot.detail.variants, *snapshot.detail.shadow_variants):
        types = [variant.instance_type, *(pool.instance_type for pool in variant.instance_pools)]
        for index, instance_type in enumerate(filter(None, types)):
            # SageMaker fills the first pool of a variant that has capacity.
            count = max(variant.initial_instance_count or 1, variant.most_instances or 0) if index == 0 else 0
            yield RequestedInstances(instance_type, count, field, field)


def _variants_of(wanted: NewSnapshot, field: str) -> Sequence[NewVariant]:
    return wanted.variants if field == "variants" else wanted.shadow_variants or ()


def _name(variant: NewVariant) -> str:
    return "AllTraffic" if variant.name is None else variant.name


def _count(variant: NewVariant) -> int:
    return 1 if variant.initial_instance_count is None else variant.initial_instance_count


def _put_variant(request: WriteRequest, variant: NewVariant, at: str, field: tuple[str, ...]) -> None:
    request.put(f"{at}VariantName", _name(variant), *field, "name")
    request.put_all(variant, _VARIANT, at, field)
    if variant.serverless is not None:
        _put_serverless(request, variant.serverless, f"{at}ServerlessConfig.", (*field, "serverless"))
    counted = _count(variant) if variant.instance_type is not None else variant.initial_instance_count
    request.put(f"{at}InitialInstanceCount", counted, *field, "initialInstanceCount")
    if (variant.instance_type is None) == (variant.serverless is None):
        request.add_fault("must be given, or `serverless`, and not both", *field, "instanceType")
    elif variant.serverless is not None and variant.initial_instance_count is not None:
        request.add_fault("is not for a serverless variant", *field, "initialInstanceCount")


def _put_serverless(request: WriteRequest, serverless: NewServerless, at: str, field: tuple[str, ...]) -> None:
    request.put_all(serverless, _SERVERLESS, at, field)
    if serverless.memory_size_in_mb % 1024:
        request.add_fault("must be a multiple of 1024", *field, "memorySizeInMB")
    if serverless.provisioned_concurrency is not None and (
        serverless.provisioned_concurrency > serverless.max_concurrency
    ):
        request.add_fault("is more than `maxConcurrency`", *field, "provisionedConcurrency")


def _put_capture(request: WriteRequest, capture: NewDataCapture) -> None:
    request.put_all(capture, _CAPTURE, "DataCaptureConfig.", ("dataCapture",))
    request.put("DataCaptureConfig.EnableCapture", value=True)
    modes = [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]
    request.put("DataCaptureConfig.CaptureOptions", modes)


def _check_together(request: WriteRequest, wanted: NewSnapshot) -> None:
    """Note faults of combined variants: equal names, several shadows, serverless with incompatible settings."""
    seen: set[str] = set()
    for field, _ in _VARIANT_LISTS:
        for index, variant in enumerate(_variants_of(wanted, field)):
            name = _name(variant)
            if name in seen:
                request.add_fault("is the name of another variant too", field, str(index), "name")
            seen.add(name)
    if wanted.shadow_variants and max(len(wanted.variants), len(wanted.shadow_variants)) > 1:
        request.add_fault("must be a single variant, beside a single production variant", "shadowVariants")
    _check_serverless(request, wanted)


def _check_serverless(request: WriteRequest, wanted: NewSnapshot) -> None:
    variants = list(_variants_with_fields(wanted))
    serverless = [field for field, variant in variants if variant.serverless is not None]
    if not serverless:
        return
    if len(serverless) < len(variants):
        request.add_fault("cannot be combined with variants on instances", *serverless[0], "serverless")
    if wanted.data_capture is not None:
        request.add_fault("is not for serverless variants", "dataCapture")


def _variants_with_fields(wanted: NewSnapshot) -> Iterator[tuple[tuple[str, str], NewVariant]]:
    for field, _ in _VARIANT_LISTS:
        for index, variant in enumerate(_variants_of(wanted, field)):
            yield (field, str(index)), variant


async def check_serverless_models(
    calls: AwsClient, inventory: Inventory, request: WriteRequest, wanted: NewSnapshot
) -> None:
    """Note each serverless variant whose model loads uncompressed data, which SageMaker refuses.

    Models that cannot be read are left to SageMaker, and an input with faults costs no call.

    Args:
        calls: The client of the scope.
        inventory: The inventory of the scope.
        request: The request that notes the faults.
        wanted: The input.
    """
    if request.faults:
        return
    for field, variant in _variants_with_fields(wanted):
        if variant.serverless is None:
            continue
        with suppress(AWSError):
            model = await describe(calls, inventory, Model, variant.model_name)
            if has_uncompressed_data(model):
                request.add_fault("has a ModelDataSource, which serverless variants do not allow", *field, "modelName")


_MAX_TRIES = 2
# The most names in the message.
_MAX_LISTED_USERS = 5


async def delete_snapshot(calls: AwsClient, inventory: Inventory, name: str) -> Snapshot:
    """Delete the snapshot `name`; it is returned in its last state.

    Raises:
        MissingTargetError: It does not exist.
        WriteConflictError: A runtime uses it, or is being updated to it; the message names it.
        AWSError: AWS did not answer, or refuses the role, or does not show a runtime. A repetition is safe.
    """
    request = WriteRequest()
    request.put("EndpointConfigName", name, "name")
    request.check(await calls.input_shape("DeleteEndpointConfig"))
    snapshot = await require(calls, inventory, Snapshot, name, "name")
    await _check_unused(inventory, name)
    lost: UnavailableError | None = None
    for _ in range(_MAX_TRIES):
        try:
            await calls.write("DeleteEndpointConfig", **request.parameters)
        except UnavailableError as error:
            lost = error
        except (InvalidRequestError, NotFoundError) as error:
            if not is_missing(error):
                raise map_write_error(error, request) from None
            return _record_deleted(inventory, snapshot)
        else:
            return _record_deleted(inventory, snapshot)
        try:
            await describe(calls, inventory, Snapshot, name)
        except NotFoundError:
            return _record_deleted(inventory, snapshot)
    raise unknown_outcome(Kind.SNAPSHOT, name, "DeleteEndpointConfig", lost)


def _record_deleted(inventory: Inventory, snapshot: Snapshot) -> Snapshot:
    inventory.record_delete(Kind.SNAPSHOT, snapshot.name)
    return snapshot


async def _check_unused(inventory: Inventory, name: str) -> None:
    """Read every runtime anew, because SageMaker itself would delete a snapshot in use."""
    reader = Reader(inventory, horizon_at(inventory.config.ages, inventory.config.now(), max_age=0))
    scan = await reader.scan(Kind.RUNTIME)
    if scan.refusal is not None:
        raise scan.refusal
    users = [resource.name for resource in scan.resources if isinstance(resource, Runtime) and _uses(resource, name)]
    if users:
        names = ", ".join(f"`{user}`" for user in users[:_MAX_LISTED_USERS]) + (
            " and others" if len(users) > _MAX_LISTED_USERS else ""
        )
        words = f"The snapshot `{name}` is in use by {names}; delete or update these runtimes first."
        raise WriteConflictError([InputFault(words, ("name",))])
    if scan.complete_as_of is None:
        words = f"Not all runtimes could be checked (`limits.scan`), so one may still use the snapshot `{name}`."
        raise WriteConflictError([InputFault(words, ("name",))])


def _uses(runtime: Runtime, name: str) -> bool:
    detail = runtime.detail
    return detail is not None and name in (detail.snapshot_name, detail.pending_snapshot_name)
