"""aws.inventory.shared_parts: values that several readings have in common."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws.inventory import shared_parts
from aws.inventory.shared_parts import DetailParts, sharing_parts
from aws.kinds.jobs import JobInput
from aws.kinds.resource import Provenance
from aws.kinds.training_jobs import TrainingJob, parse_description, parse_summary

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def answer(name: str, **more: Any) -> dict[str, Any]:
    """What DescribeTrainingJob answers, each time in objects of its own."""
    source = {"S3DataSource": {"S3Uri": "".join(["s3://", "in/train/"])}}
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-2:123456789012:training-job/{name}",
        "TrainingJobStatus": "Completed",
        "CreationTime": THEN + timedelta(0),
        "TrainingEndTime": THEN + timedelta(hours=1),
        "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
        "HyperParameters": {"epochs": "".join(["1", "0"])},
        **more,
    }


def described(name: str = "a", **more: Any) -> TrainingJob:
    return parse_description(answer(name, **more), Provenance("scope", "123456789012", "us-east-2", datetime.now(UTC)))


def row(name: str = "a", **more: Any) -> TrainingJob:
    return parse_summary(answer(name, **more), Provenance("scope", "123456789012", "us-east-2", THEN))


def test_a_description_takes_equal_values_of_the_row() -> None:
    known, read = row(), described()
    shared = sharing_parts(read, known)
    assert shared == read
    assert shared.arn is known.arn
    assert shared.creation_time is known.creation_time
    assert shared.end_time is known.end_time
    assert (shared.as_of, shared.detail) == (read.as_of, read.detail)


def test_a_value_that_differs_is_the_one_that_was_read_now() -> None:
    ended = THEN + timedelta(hours=2)
    shared = sharing_parts(described(TrainingEndTime=ended, TrainingJobStatus="Failed"), row())
    assert (shared.end_time, shared.raw_status) == (ended, "Failed")


@pytest.mark.parametrize("known", [None, object()])
def test_without_an_earlier_reading_it_stays_as_it_is(known: Any) -> None:
    read = described()
    assert sharing_parts(read, known) is read


def test_details_share_what_is_equal() -> None:
    parts = DetailParts()
    read = [described(name) for name in "ab"] + [described("c", HyperParameters={"epochs": "11"})]
    first, second, third = map(parts.sharing, read)
    assert [first, second, third] == read
    assert None not in (first.detail, second.detail, third.detail)
    assert first.detail.inputs is second.detail.inputs is third.detail.inputs  # type: ignore[union-attr]  # See above.
    assert first.detail.hyper_parameter_values is second.detail.hyper_parameter_values  # type: ignore[union-attr]  # See above.
    assert third.detail.hyper_parameter_values == (("epochs", "11"),)  # type: ignore[union-attr]  # See above.
    undetailed = row()
    assert parts.sharing(undetailed) is undetailed


def test_parts_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_parts, "MAX_PARTS", 6)
    parts = DetailParts()
    for number in range(20):
        read = described(str(number), HyperParameters={"seed": str(number)})
        assert parts.sharing(read) == read
        assert len(parts) <= 6


def test_an_input_is_shared_though_the_others_differ() -> None:
    parts, base = DetailParts(), described()
    assert base.detail is not None
    more = replace(base.detail, inputs=(*base.detail.inputs, JobInput("test", None, None)))
    one, two = parts.sharing(base), parts.sharing(replace(described(), detail=more))
    assert one.detail is not None
    assert two.detail is not None
    assert one.detail.inputs[0] is two.detail.inputs[0]
