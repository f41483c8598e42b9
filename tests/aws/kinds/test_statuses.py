"""Status words: all of SageMaker's, and a place for those that it adds."""

import pytest

from aws.kinds.statuses import JobStatus, JobType, RuntimeStatus, parse_status
from tests.aws.service_model import service_model


def words(shape: str) -> set[str]:
    return set(service_model().shape_for(shape).enum)


def test_every_word_of_the_service_model_is_known_and_no_other() -> None:
    assert {status.value for status in RuntimeStatus} == words("EndpointStatus") | {""}
    assert {status.value for status in JobStatus} == words("TrainingJobStatus") | words("TransformJobStatus") | {""}


@pytest.mark.parametrize("status", [status for status in RuntimeStatus if status is not RuntimeStatus.UNKNOWN])
def test_runtime_statuses_read_as_themselves(status: RuntimeStatus) -> None:
    assert parse_status(RuntimeStatus, status.value) is status


@pytest.mark.parametrize("status", [status for status in JobStatus if status is not JobStatus.UNKNOWN])
def test_job_statuses_read_as_themselves(status: JobStatus) -> None:
    assert parse_status(JobStatus, status.value) is status


@pytest.mark.parametrize("word", ["Hibernating", "inservice", "INSERVICE", "", " InService"])
def test_an_unknown_word_reads_as_unknown(word: str) -> None:
    assert parse_status(RuntimeStatus, word) is RuntimeStatus.UNKNOWN
    assert parse_status(JobStatus, word) is JobStatus.UNKNOWN


def test_there_are_four_types_of_job() -> None:
    assert [kind.value for kind in JobType] == ["TRAINING", "TRANSFORM", "PROCESSING", "TUNING"]
