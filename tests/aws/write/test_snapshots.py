"""aws.write.snapshots: variants on instances or serverless, shadows, data capture, and what does not go together."""

from dataclasses import replace
from typing import Any

import pytest

from aws.kinds.catalog import KINDS
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from aws.write.errors import InvalidInputError
from aws.write.instance_limits import RequestedInstances
from aws.write.snapshot_inputs import NewDataCapture, NewServerless, NewSnapshot, NewVariant
from aws.write.snapshots import build_request, instances, instances_of, normalized
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, REGION, make, provenance
from tests.aws.write.create_cases import ADA, SNAPSHOT

VARIANT = NewVariant(model_name="Scorer", instance_type="ml.m5.large")
SERVERLESS = NewVariant(model_name="Scorer", serverless=NewServerless(2048, 10, 5))
SCALED = {"InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
WHOLE = NewSnapshot(
    name="whole",
    variants=(replace(VARIANT, name="a", initial_instance_count=2, initial_weight=0.5),),
    shadow_variants=(replace(VARIANT, name="b"),),
    data_capture=NewDataCapture(sampling_percentage=20, s3_uri="s3://batches/captured", kms_key_id="alias/capture"),
    kms_key_id="alias/volume",
)


async def test_every_field_has_its_member(writer: Writer, place: Sandbox) -> None:
    await writer.create_snapshot(WHOLE, ADA)
    result = place.call("DescribeEndpointConfig", ACCOUNT, REGION, EndpointConfigName="whole")
    variant = {"ModelName": "Scorer", "InstanceType": "ml.m5.large"}
    expected = {
        "ProductionVariants": [{**variant, "VariantName": "a", "InitialInstanceCount": 2, "InitialVariantWeight": 0.5}],
        "ShadowProductionVariants": [
            {**variant, "VariantName": "b", "InitialInstanceCount": 1, "InitialVariantWeight": 1.0}
        ],
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 20,
            "DestinationS3Uri": "s3://batches/captured",
            "KmsKeyId": "alias/capture",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        },
        "KmsKeyId": "alias/volume",
    }
    assert {name: result[name] for name in expected} == expected


async def test_a_serverless_variant(writer: Writer, place: Sandbox) -> None:
    await writer.create_snapshot(NewSnapshot(name="s", variants=(SERVERLESS,)), ADA)
    result = place.call("DescribeEndpointConfig", ACCOUNT, REGION, EndpointConfigName="s")
    assert result["ProductionVariants"] == [
        {
            "VariantName": "AllTraffic",
            "ModelName": "Scorer",
            "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 10, "ProvisionedConcurrency": 5},
            "InitialVariantWeight": 1.0,
        }
    ]


def faults(**changes: Any) -> list[tuple[str, ...]]:
    return [fault.field for fault in build_request(replace(SNAPSHOT, **changes)).faults]


@pytest.mark.parametrize(
    ("variant", "field"),
    [
        (replace(VARIANT, serverless=SERVERLESS.serverless), ("variants", "0", "instanceType")),
        (NewVariant(model_name="Scorer"), ("variants", "0", "instanceType")),
        (replace(SERVERLESS, initial_instance_count=1), ("variants", "0", "initialInstanceCount")),
        (replace(SERVERLESS, serverless=NewServerless(1500, 1)), ("variants", "0", "serverless", "memorySizeInMB")),
        (
            replace(SERVERLESS, serverless=NewServerless(1024, 1, 2)),
            ("variants", "0", "serverless", "provisionedConcurrency"),
        ),
    ],
)
def test_what_does_not_go_together(variant: NewVariant, field: tuple[str, ...]) -> None:
    assert faults(variants=(variant,)) == [field]


def test_variants_have_names_of_their_own() -> None:
    assert faults(variants=(VARIANT, replace(VARIANT, name=None))) == [("variants", "1", "name")]
    assert faults(shadow_variants=(VARIANT,)) == [("shadowVariants", "0", "name")]


def test_one_shadow_beside_one_variant() -> None:
    two = (VARIANT, replace(VARIANT, name="b"))
    assert faults(variants=two, shadow_variants=(replace(VARIANT, name="c"),)) == [("shadowVariants",)]
    assert faults(variants=two) == []


def test_serverless_takes_no_instances_and_no_capture_beside_it() -> None:
    capture = NewDataCapture(sampling_percentage=10, s3_uri="s3://b/captured")
    beside = replace(VARIANT, name="other")
    request = build_request(NewSnapshot(variants=(SERVERLESS, beside), data_capture=capture))
    assert [fault.field for fault in request.faults] == [("variants", "0", "serverless"), ("dataCapture",)]


async def test_serverless_takes_no_model_of_uncompressed_data(writer: Writer, place: Sandbox) -> None:
    source = {"S3DataSource": {"S3Uri": "s3://b/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}}
    container = {"Image": IMAGE, "ModelDataSource": source}
    make(place, "CreateModel", ModelName="files", ExecutionRoleArn=EXECUTION_ROLE, PrimaryContainer=container)
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_snapshot(NewSnapshot(variants=(replace(SERVERLESS, model_name="files"),)), ADA)
    assert [fault.field for fault in caught.value.faults] == [("variants", "0", "modelName")]
    assert place.calls.count("CreateEndpointConfig") == 0


async def test_every_fault_is_told_by_its_fields_path(writer: Writer, place: Sandbox) -> None:
    bad = replace(VARIANT, name="?", model_name="?", instance_type="large", initial_instance_count=0)
    wanted = NewSnapshot(
        variants=(VARIANT, replace(bad, initial_weight=-1.0)),
        data_capture=NewDataCapture(sampling_percentage=101, s3_uri="there"),
        kms_key_id="?",
    )
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_snapshot(wanted, ADA)
    assert sorted(fault.field for fault in caught.value.faults) == sorted(
        [
            *(
                ("variants", "1", name)
                for name in ("name", "modelName", "instanceType", "initialInstanceCount", "initialWeight")
            ),
            ("dataCapture", "samplingPercentage"),
            ("dataCapture", "s3Uri"),
            ("kmsKeyId",),
        ]
    )
    assert place.calls.count() == 0


@pytest.mark.parametrize("count", [0, 11])
async def test_one_to_ten_variants(writer: Writer, place: Sandbox, count: int) -> None:
    variants = tuple(replace(VARIANT, name=f"v{number}") for number in range(count))
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_snapshot(NewSnapshot(variants=variants), ADA)
    assert [fault.field for fault in caught.value.faults] == [("variants",)]
    assert place.calls.count() == 0


def test_defaults_spelled_out_are_left_out() -> None:
    spelled = replace(VARIANT, initial_instance_count=1, initial_weight=1.0)
    assert normalized(replace(SNAPSHOT, variants=(spelled,), shadow_variants=())) == SNAPSHOT == normalized(SNAPSHOT)
    assert normalized(WHOLE) == WHOLE
    counted = replace(SNAPSHOT, variants=(replace(SERVERLESS, initial_instance_count=1),))
    assert normalized(counted) == counted


def test_what_is_asked_for_would_start_instances_of_a_type_or_none() -> None:
    bare = NewVariant(model_name="Scorer")
    variants = (VARIANT, replace(bare, initial_instance_count=3), SERVERLESS, bare)
    result = [(instance.instance_type, instance.count) for instance in instances(NewSnapshot(variants=variants))]
    assert result == [("ml.m5.large", 1), (None, 3)]


def test_what_a_described_snapshot_would_start() -> None:
    pools = [{"InstanceType": "ml.c5.large", "Priority": 1}, {"InstanceType": "ml.m5.large", "Priority": 2}]
    answer = {
        "EndpointConfigName": "s",
        "EndpointConfigArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint-config/s",
        "ProductionVariants": [
            {"VariantName": "a", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 3},
            {"VariantName": "b", "InstancePools": pools, "InitialInstanceCount": 2},
            {"VariantName": "c", "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}},
            {"VariantName": "d", **SCALED, "ManagedInstanceScaling": {"Status": "ENABLED", "MaxInstanceCount": 9}},
            {"VariantName": "e", **SCALED, "ManagedInstanceScaling": {"Status": "DISABLED", "MaxInstanceCount": 9}},
        ],
    }
    snapshot = KINDS[Kind.SNAPSHOT].parse_description(answer, provenance())
    assert isinstance(snapshot, Snapshot)
    field = ("snapshotName",)
    assert list(instances_of(snapshot, *field)) == [
        RequestedInstances("ml.m5.xlarge", 3, field, field),
        RequestedInstances("ml.c5.large", 2, field, field),
        RequestedInstances("ml.m5.large", 0, field, field),
        RequestedInstances("ml.m5.xlarge", 9, field, field),
        RequestedInstances("ml.m5.xlarge", 1, field, field),
    ]
    assert list(instances_of(replace(snapshot, detail=None), *field)) == []
