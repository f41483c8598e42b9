"""aws.write.transform_jobs: each field of the input has its member, and its faults are told by its name."""

from dataclasses import fields, replace
from typing import Any

import pytest

from aws.kinds.resource import Tag
from aws.write.errors import InvalidInputError
from aws.write.inputs import CreateInput, KeyValuePair, NewTransformJob
from aws.write.request import contract_name
from aws.write.transform_jobs import build_request
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION
from tests.aws.write.create_cases import ADA, TRANSFORM

WHOLE = NewTransformJob(
    name="whole",
    model_name="Scorer",
    input_s3_uri="s3://batches/input/",
    output_s3_uri="s3://batches/output/",
    content_type="text/csv",
    split_type="Line",
    assemble_with="Line",
    accept="text/csv",
    compression_type="Gzip",
    input_filter="$[1:]",
    output_filter="$[0]",
    join_source="Input",
    instance_type="ml.m5.large",
    instance_count=2,
    batch_strategy="MultiRecord",
    max_concurrent_transforms=4,
    max_payload_in_mb=6,
    output_kms_key_id="alias/out",
    volume_kms_key_id="alias/volume",
    environment=(KeyValuePair("A", "1"),),
    tags=(Tag("a", "b"),),
)


async def test_every_field_has_its_member(writer: Writer, place: Sandbox) -> None:
    await writer.create_transform_job(WHOLE, ADA)
    result = place.call("DescribeTransformJob", ACCOUNT, REGION, TransformJobName="whole")
    expected = {
        "ModelName": "Scorer",
        "MaxConcurrentTransforms": 4,
        "MaxPayloadInMB": 6,
        "BatchStrategy": "MultiRecord",
        "Environment": {"A": "1"},
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://batches/input/"}},
            "ContentType": "text/csv",
            "CompressionType": "Gzip",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": "s3://batches/output/",
            "Accept": "text/csv",
            "AssembleWith": "Line",
            "KmsKeyId": "alias/out",
        },
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeKmsKeyId": "alias/volume"},
        "DataProcessing": {"InputFilter": "$[1:]", "OutputFilter": "$[0]", "JoinSource": "Input"},
    }
    assert {name: result[name] for name in expected} == expected


def test_no_field_is_forgotten() -> None:
    assert all(getattr(WHOLE, field.name) is not None for field in fields(WHOLE) if field.name != "idempotency_key")


def test_what_is_left_out_is_not_sent() -> None:
    assert build_request(replace(TRANSFORM, environment=None)).parameters == {
        "ModelName": "Scorer",
        "TransformInput": {"DataSource": {"S3DataSource": {"S3Uri": "s3://batches/input/", "S3DataType": "S3Prefix"}}},
        "TransformOutput": {"S3OutputPath": "s3://batches/output/"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }


def test_null_is_one_instance() -> None:
    resources = build_request(replace(TRANSFORM, instance_count=None)).parameters["TransformResources"]
    assert resources["InstanceCount"] == 1


BAD: dict[str, Any] = {
    "model_name": "?",
    "input_s3_uri": "input/",
    "output_s3_uri": "",
    "content_type": "x" * 257,
    "split_type": "Page",
    "assemble_with": "Page",
    "accept": "x" * 257,
    "compression_type": "Zip",
    "input_filter": "x" * 64,
    "output_filter": "x" * 64,
    "join_source": "Output",
    "instance_type": "large",
    "instance_count": 0,
    "batch_strategy": "Both",
    "max_concurrent_transforms": -1,
    "max_payload_in_mb": 101,
    "output_kms_key_id": "?",
    "volume_kms_key_id": "?",
}


def test_every_field_can_be_bad() -> None:
    """But those that all inputs have."""
    own = {field.name for field in fields(NewTransformJob)} - {item.name for item in fields(CreateInput)}
    assert own == set(BAD) | {"environment"}


async def test_every_fault_is_told_by_its_fields_name(writer: Writer, place: Sandbox) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_transform_job(replace(WHOLE, **BAD), ADA)
    texts = [fault.field for fault in caught.value.faults]
    assert sorted(texts) == sorted((contract_name(item),) for item in BAD)
    assert place.calls.count() == 0


async def test_environments_are_told_by_their_places(writer: Writer, place: Sandbox) -> None:
    secret = "s" * 10_241
    pairs = (KeyValuePair("FINE", "x"), KeyValuePair("1", "y"), KeyValuePair("LONG", secret))
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_transform_job(replace(TRANSFORM, environment=pairs), ADA)
    assert [fault.field for fault in caught.value.faults] == [
        ("environment", "1", "key"),
        ("environment", "2", "value"),
    ]
    assert secret not in str(caught.value)
    assert place.calls.count() == 0


@pytest.mark.parametrize(
    ("payload", "at_once", "fits"), [(100, None, True), (50, 2, True), (51, 2, False), (6, 0, True)]
)
def test_payload_times_concurrency(payload: int, at_once: int | None, fits: bool) -> None:
    wanted = replace(TRANSFORM, max_payload_in_mb=payload, max_concurrent_transforms=at_once)
    assert [fault.field for fault in build_request(wanted).faults] == ([] if fits else [("maxPayloadInMB",)])


async def test_an_input_that_is_not_there_is_told_by_aws(writer: Writer, place: Sandbox) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_transform_job(replace(TRANSFORM, input_s3_uri="s3://batches/none/"), ADA)
    (fault,) = caught.value.faults
    assert fault.field == ("inputS3Uri",)
    assert fault.message.startswith('No S3 objects found under S3 URL "s3://batches/none/"')
