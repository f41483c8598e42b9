"""Runtimes, from whole answers and from the barest ones."""

from datetime import timedelta
from typing import Any

import pytest

from aws.kinds.resource import CaptureOptions, DataCapture
from aws.kinds.runtimes import (
    Runtime,
    RuntimeDetail,
    RuntimeVariant,
    ServerlessSizes,
    VariantPlacement,
    parse_description,
    parse_summary,
)
from aws.kinds.statuses import RuntimeStatus
from aws.kinds.variants import Serverless
from tests.aws.sandbox_account import ACCOUNT, IMAGE, NOON, REGION, arn, provenance
from tests.aws.service_model import answer, row

LATER = NOON + timedelta(minutes=5)
BARE: dict[str, Any] = {
    "EndpointName": "Live",
    "EndpointArn": arn("endpoint", "Live"),
    "EndpointStatus": "InService",
    "CreationTime": NOON,
    "LastModifiedTime": LATER,
}


def runtime(detail: RuntimeDetail | None, status: RuntimeStatus = RuntimeStatus.IN_SERVICE, word: str = "") -> Runtime:
    return Runtime(
        scope="scope-1",
        name="Live",
        arn=arn("endpoint", "live"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        status=status,
        raw_status=word or status.value,
        last_modified_time=LATER,
        detail=detail,
    )


def detail_of(**members: Any) -> RuntimeDetail:
    detail = parse_description(answer("DescribeEndpoint", **{**BARE, **members}), provenance()).detail
    assert detail is not None
    return detail


def test_a_row() -> None:
    assert parse_summary(row("ListEndpoints", "Endpoints", **BARE), provenance()) == runtime(None)


def test_a_word_that_is_new_stands_beside_unknown() -> None:
    read = parse_summary(row("ListEndpoints", "Endpoints", **{**BARE, "EndpointStatus": "Hibernating"}), provenance())
    assert read == runtime(None, RuntimeStatus.UNKNOWN, "Hibernating")


def test_a_whole_answer() -> None:
    read = parse_description(
        answer(
            "DescribeEndpoint",
            **{**BARE, "EndpointStatus": "Updating"},
            EndpointConfigName="scorer-1",
            PendingDeploymentSummary={"EndpointConfigName": "scorer-2", "StartTime": LATER},
            FailureReason="The last update failed.",
            ProductionVariants=[
                {
                    "VariantName": "AllTraffic",
                    "CurrentWeight": 0.5,
                    "DesiredWeight": 1.0,
                    "CurrentInstanceCount": 1,
                    "DesiredInstanceCount": 2,
                    "DeployedImages": [
                        {"SpecifiedImage": IMAGE, "ResolvedImage": "resolved@sha256:1", "ResolutionTime": NOON},
                        {"ResolvedImage": "resolved@sha256:2"},
                        {},
                    ],
                },
                {
                    "VariantName": "small",
                    "CurrentServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 5},
                    "DesiredServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 8},
                },
                {"VariantName": "bare"},
            ],
            DataCaptureConfig={
                "EnableCapture": True,
                "CaptureStatus": "Started",
                "CurrentSamplingPercentage": 20,
                "DestinationS3Uri": "s3://captured/",
                "KmsKeyId": "alias/capture",
            },
        ),
        provenance(),
    )
    placed = VariantPlacement("Live", "scorer-1")
    small, larger = Serverless(1024, 5, None), Serverless(2048, 8, None)
    assert read == runtime(
        RuntimeDetail(
            snapshot_name="scorer-1",
            pending_snapshot_name="scorer-2",
            failure_reason="The last update failed.",
            variants=(
                RuntimeVariant("AllTraffic", 0.5, 1.0, 1, 2, (IMAGE, "resolved@sha256:2"), placement=placed),
                RuntimeVariant("small", None, None, None, None, (), ServerlessSizes(small, larger), placed),
                RuntimeVariant("bare", None, None, None, None, (), placement=placed),
            ),
            data_capture=DataCapture(True, 20, "s3://captured/", CaptureOptions(None, "alias/capture")),
        ),
        RuntimeStatus.UPDATING,
    )


def test_the_barest_answer_has_no_snapshot() -> None:
    read = parse_description(answer("DescribeEndpoint", **BARE), provenance())
    assert read == runtime(RuntimeDetail(None, None, None, (), None))


@pytest.mark.parametrize(
    ("enabled", "status", "captures"),
    [(True, "Started", True), (True, "Stopped", False), (False, "Started", False), (False, "Stopped", False)],
)
def test_capture_counts_where_it_is_enabled_and_runs(enabled: bool, status: str, captures: bool) -> None:
    config = {
        "EnableCapture": enabled,
        "CaptureStatus": status,
        "CurrentSamplingPercentage": 5,
        "DestinationS3Uri": "s3://captured/",
        "KmsKeyId": "",
    }
    assert detail_of(DataCaptureConfig=config).data_capture == DataCapture(captures, 5, "s3://captured/")
