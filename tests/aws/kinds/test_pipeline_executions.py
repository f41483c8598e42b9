"""Executions of pipelines, from whole answers and from the barest ones: rows tell a start, descriptions a creation."""

from datetime import timedelta
from typing import Any

import pytest

from aws.ids import EXECUTION_NAME_PATTERN
from aws.kinds.catalog import is_settled
from aws.kinds.pipeline_executions import (
    DESCRIPTOR,
    PipelineExecution,
    PipelineExecutionDetail,
    execution_name,
    parse_description,
    parse_summary,
)
from aws.kinds.statuses import PipelineExecutionStatus
from tests.aws.sandbox_account import ACCOUNT, NOON, REGION, arn, provenance
from tests.aws.service_model import output_shape, row_shape

LATER = NOON + timedelta(hours=1)
ARN = arn("pipeline", "churn/execution/abc123")


def execution(detail: PipelineExecutionDetail | None = None, **fields: Any) -> PipelineExecution:
    usual: dict[str, Any] = {
        "creation_time": NOON,
        "status": PipelineExecutionStatus.EXECUTING,
        "raw_status": "Executing",
        "display_name": None,
        "start_time": NOON,
    }
    return PipelineExecution(
        scope="scope-1",
        name="churn/execution/abc123",
        arn=ARN,
        account_id=ACCOUNT,
        region=REGION,
        as_of=NOON,
        detail=detail,
        **{**usual, **fields},
    )


def test_a_row_was_created_when_it_was_started() -> None:
    written = {
        "PipelineExecutionArn": ARN,
        "StartTime": NOON,
        "PipelineExecutionStatus": "Failed",
        "PipelineExecutionDisplayName": "again",
        "PipelineExecutionFailureReason": "Step failure",
    }
    assert written.keys() < row_shape("ListPipelineExecutions", "PipelineExecutionSummaries").members.keys()
    assert parse_summary(written, provenance()) == execution(
        status=PipelineExecutionStatus.FAILED, raw_status="Failed", display_name="again"
    )


def test_a_description_started_when_it_was_created_and_tells_the_reason() -> None:
    written = {
        "PipelineArn": arn("pipeline", "churn"),
        "PipelineExecutionArn": ARN,
        "PipelineExecutionStatus": "Failed",
        "CreationTime": NOON,
        "LastModifiedTime": LATER,
        "FailureReason": "Step failure",
    }
    assert written.keys() < output_shape("DescribePipelineExecution").members.keys()
    assert parse_description(written, provenance()) == execution(
        PipelineExecutionDetail("Step failure", LATER), status=PipelineExecutionStatus.FAILED, raw_status="Failed"
    )


def test_the_barest_row() -> None:
    """The service model requires no member; without an ARN there is nothing to tell."""
    bare = parse_summary({"PipelineExecutionArn": ARN}, provenance())
    assert bare == execution(
        status=PipelineExecutionStatus.UNKNOWN, raw_status="unknown", creation_time=None, start_time=None
    )


def test_a_description_takes_the_start_from_its_row() -> None:
    described = parse_description({"PipelineExecutionArn": ARN, "CreationTime": NOON}, provenance())
    listed = parse_summary({"PipelineExecutionArn": ARN, "StartTime": LATER}, provenance())
    assert DESCRIPTOR.complete(described, listed).start_time == LATER
    assert DESCRIPTOR.complete(described, listed).creation_time == NOON


@pytest.mark.parametrize("status", PipelineExecutionStatus)
def test_only_success_is_for_good(status: PipelineExecutionStatus) -> None:
    """One that has failed or was stopped may be retried (RetryPipelineExecution)."""
    assert is_settled(execution(status=status)) == (status is PipelineExecutionStatus.SUCCEEDED)


@pytest.mark.parametrize("word", ["", "Dreaming"])
def test_a_word_that_is_new_stands_beside_unknown(word: str) -> None:
    read = parse_summary({"PipelineExecutionArn": ARN, "PipelineExecutionStatus": word}, provenance())
    assert (read.status, read.raw_status) == (PipelineExecutionStatus.UNKNOWN, word or "unknown")


def test_a_name_holds_the_pipeline_and_the_id() -> None:
    read = execution()
    assert (read.pipeline_name, read.execution_id) == ("churn", "abc123")
    assert execution_name("Churn", "abc123") == read.name
    assert EXECUTION_NAME_PATTERN.fullmatch(read.name)
    assert EXECUTION_NAME_PATTERN.fullmatch("churn") is None
    assert read.console_url is None
    assert read.logs_url is None


def test_its_revision_is_its_status() -> None:
    assert DESCRIPTOR.revision(execution()) != DESCRIPTOR.revision(execution(raw_status="Succeeded"))
    assert DESCRIPTOR.revision(execution()) == DESCRIPTOR.revision(execution(display_name="other"))
