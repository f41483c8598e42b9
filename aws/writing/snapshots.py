"""Endpoint configurations as SageMaker is asked for them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aws.resources import Snapshot
from aws.writing.inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant
from aws.writing.limits import RequestedInstances
from aws.writing.requests import WriteRequest

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
    """The same without defaults that are spelled out: one instance, and SageMaker's weight of 1."""
    variants, shadows = (
        tuple(_normalized_variant(each) for each in _variants_of(wanted, field)) for field, _ in _VARIANT_LISTS
    )
    return replace(wanted, variants=variants, shadow_variants=shadows or None)


def _normalized_variant(variant: NewVariant) -> NewVariant:
    """A serverless one is left its number of instances, which is at fault."""
    one = variant.initial_instance_count == 1 and variant.serverless is None
    return replace(
        variant,
        initial_instance_count=None if one else variant.initial_instance_count,
        initial_weight=None if variant.initial_weight == 1 else variant.initial_weight,
    )


def build_request(wanted: NewSnapshot) -> WriteRequest:
    """The request, but for its name and tags; what is at fault beyond the service model is noted in it."""
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
    """What a runtime of it would start; serverless variants start none."""
    for field, _ in _VARIANT_LISTS:
        for index, variant in enumerate(_variants_of(wanted, field)):
            if variant.instance_type is not None or (variant.serverless is None and variant.initial_instance_count):
                at = (field, str(index))
                yield RequestedInstances(
                    variant.instance_type, _count(variant), (*at, "instanceType"), (*at, "initialInstanceCount")
                )


def instances_of(snapshot: Snapshot, *field: str) -> Iterator[RequestedInstances]:
    """What a runtime of a described snapshot would start, or be scaled to by SageMaker; told of by one field."""
    if snapshot.detail is None:
        return
    for variant in (*snapshot.detail.variants, *snapshot.detail.shadow_variants):
        types = [variant.instance_type, *(pool.instance_type for pool in variant.instance_pools)]
        for index, instance_type in enumerate(filter(None, types)):
            # Of a variant's pools the first that has room is filled.
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
        request.add_fault("takes either `instanceType` or `serverless`", *field, "instanceType")
    elif variant.serverless is not None and variant.initial_instance_count is not None:
        request.add_fault("is not for a serverless variant", *field, "initialInstanceCount")


def _put_serverless(request: WriteRequest, serverless: NewServerless, at: str, field: tuple[str, ...]) -> None:
    request.put_all(serverless, _SERVERLESS, at, field)
    if serverless.memory_size_in_mb % 1024:
        request.add_fault("is no multiple of 1024", *field, "memorySizeInMB")
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
    """Names once each; and one variant alone may have a shadow, and one shadow alone (ShadowProductionVariants)."""
    seen: set[str] = set()
    for field, _ in _VARIANT_LISTS:
        for index, variant in enumerate(_variants_of(wanted, field)):
            name = _name(variant)
            if name in seen:
                request.add_fault("is the name of another variant too", field, str(index), "name")
            seen.add(name)
    if wanted.shadow_variants and max(len(wanted.variants), len(wanted.shadow_variants)) > 1:
        request.add_fault("takes one shadow variant beside one variant", "shadowVariants")
