"""Transform jobs, from whole answers and from the barest ones."""

from datetime import timedelta
from typing import Any

from aws.kinds.jobs import JobInput
from aws.kinds.statuses import JobStatus
from aws.kinds.transform_jobs import (
    RecordProcessing,
    TransformJob,
    TransformJobDetail,
    parse_description,
    parse_summary,
)
from tests.aws.sandbox_account import ACCOUNT, NOON, REGION, arn, provenance
from tests.aws.service_model import answer, row

START, END, LATER = (NOON + timedelta(minutes=minutes) for minutes in (1, 11, 12))
ROW: dict[str, Any] = {
    "TransformJobName": "Batch-1",
    "TransformJobArn": arn("transform-job", "Batch-1"),
    "TransformJobStatus": "Failed",
    "CreationTime": NOON,
}
SOURCE = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://batches/input/"}}
BARE: dict[str, Any] = {
    **ROW,
    "ModelName": "scorer",
    "TransformInput": {"DataSource": SOURCE},
    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
}

ONLY_IN_ROWS = ("LastModifiedTime",)


def job(detail: TransformJobDetail | None = None, **fields: Any) -> TransformJob:
    usual: dict[str, Any] = {
        "status": JobStatus.FAILED,
        "raw_status": "Failed",
        "end_time": None,
        "last_modified_time": None,
        "summary_failure_reason": None,
    }
    return TransformJob(
        scope="scope-1",
        name="Batch-1",
        arn=arn("transform-job", "batch-1"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        detail=detail,
        **{**usual, **fields},
    )


def test_a_bare_row() -> None:
    assert parse_summary(row("ListTransformJobs", "TransformJobSummaries", **ROW), provenance()) == job()


def test_a_whole_row_tells_why_it_failed() -> None:
    written = row(
        "ListTransformJobs",
        "TransformJobSummaries",
        **ROW,
        TransformEndTime=END,
        LastModifiedTime=LATER,
        FailureReason="ClientError: 400",
    )
    assert parse_summary(written, provenance()) == job(
        end_time=END, last_modified_time=LATER, summary_failure_reason="ClientError: 400"
    )


def test_a_word_that_is_new_stands_beside_unknown() -> None:
    written = row("ListTransformJobs", "TransformJobSummaries", **{**ROW, "TransformJobStatus": "Dreaming"})
    assert parse_summary(written, provenance()) == job(status=JobStatus.UNKNOWN, raw_status="Dreaming")


def test_a_whole_answer() -> None:
    read = parse_description(
        answer(
            "DescribeTransformJob",
            besides=ONLY_IN_ROWS,
            **{
                **BARE,
                "TransformInput": {
                    "DataSource": SOURCE,
                    "ContentType": "text/csv",
                    "SplitType": "Line",
                    "CompressionType": "Gzip",
                },
            },
            DataProcessing={"InputFilter": "$[1:]", "OutputFilter": "$[0]", "JoinSource": "Input"},
            FailureReason="ClientError: 400",
            TransformStartTime=START,
            TransformEndTime=END,
            TransformOutput={"S3OutputPath": "s3://batches/output/", "Accept": "text/csv", "AssembleWith": "Line"},
            BatchStrategy="MultiRecord",
            MaxConcurrentTransforms=4,
            MaxPayloadInMB=6,
            Environment={"b": "2", "a": "1"},
        ),
        provenance(),
    )
    assert read == job(
        TransformJobDetail(
            failure_reason="ClientError: 400",
            start_time=START,
            inputs=(JobInput(None, "s3://batches/input/", "text/csv"),),
            output_s3_uri="s3://batches/output/",
            instance_type="ml.m5.large",
            instance_count=1,
            model_name="scorer",
            batch_strategy="MultiRecord",
            max_concurrent_transforms=4,
            environment_values=(("a", "1"), ("b", "2")),
            record_processing=RecordProcessing(
                accept="text/csv",
                assemble_with="Line",
                compression_type="Gzip",
                input_filter="$[1:]",
                join_source="Input",
                max_payload_in_mb=6,
                output_filter="$[0]",
                split_type="Line",
            ),
        ),
        end_time=END,
        summary_failure_reason="ClientError: 400",
    )


def test_the_barest_answer_tells_no_time_of_change() -> None:
    read = parse_description(answer("DescribeTransformJob", besides=ONLY_IN_ROWS, **BARE), provenance())
    assert read == job(
        TransformJobDetail(
            failure_reason=None,
            start_time=None,
            inputs=(JobInput(None, "s3://batches/input/", None),),
            output_s3_uri=None,
            instance_type="ml.m5.large",
            instance_count=1,
            model_name="scorer",
            batch_strategy=None,
            max_concurrent_transforms=None,
            environment_values=(),
        )
    )
    assert read.last_modified_time is None


def test_jobs_that_process_alike_share_one_value() -> None:
    first, second = (parse_description(BARE, provenance()).detail for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.record_processing is second.record_processing
