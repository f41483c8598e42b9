"""Listings over many rows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
DAY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def jobs(sandbox: Sandbox) -> int:
    """Thirty jobs, one a minute; every third is stopped at once."""
    sandbox.clock.freeze()
    sandbox.clock.set(DAY)
    for i in range(30):
        ask: dict[str, Any] = {
            "TrainingJobName": f"job-{i:02d}",
            "RoleArn": "arn:aws:iam::222222222222:role/execution",
            "AlgorithmSpecification": {"TrainingImage": "r/i:1", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        }
        sandbox.call("CreateTrainingJob", *PLACE, **ask)
        if i % 3 == 0:
            sandbox.call("StopTrainingJob", *PLACE, TrainingJobName=ask["TrainingJobName"])
        sandbox.clock.advance(1)
    return 30


def _pages(sandbox: Sandbox, **ask: Any) -> list[list[str]]:
    pages: list[list[str]] = []
    token: dict[str, Any] = {}
    while True:
        answer = sandbox.call("ListTrainingJobs", *PLACE, **ask, **token)
        pages.append([row["TrainingJobName"] for row in answer["TrainingJobSummaries"]])
        if "NextToken" not in answer:
            return pages
        token = {"NextToken": answer["NextToken"]}


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("sort_by", ["Name", "CreationTime", "Status"])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
@pytest.mark.parametrize("size", [1, 7, 30, 100])
def test_every_row_comes_once_whatever_the_order_and_the_page(
    sandbox: Sandbox, sort_by: str, order: str, size: int
) -> None:
    pages = _pages(sandbox, SortBy=sort_by, SortOrder=order, MaxResults=size)
    rows = [name for page in pages for name in page]
    assert sorted(rows) == [f"job-{i:02d}" for i in range(30)]
    assert len(pages) == -(-30 // size)
    if sort_by != "Status":
        assert rows == sorted(rows, reverse=order == "Descending")


@pytest.mark.usefixtures("jobs")
def test_the_status_filter_comes_after_paging(sandbox: Sandbox) -> None:
    pages = _pages(sandbox, StatusEquals="Stopping", MaxResults=4)
    assert [len(page) for page in pages] == [2, 1, 1, 2, 1, 1, 2, 0]
    assert [name for page in pages for name in page] == [f"job-{i:02d}" for i in range(0, 30, 3)]


@pytest.mark.usefixtures("jobs")
def test_times_bound_a_listing(sandbox: Sandbox) -> None:
    begun, ended = DAY.timestamp() + 10, DAY.timestamp() + 20
    names = _pages(sandbox, CreationTimeAfter=begun, CreationTimeBefore=ended, MaxResults=100)[0]
    assert (names[0], names[-1], len(names)) == ("job-10", "job-19", 10)
    changed = _pages(sandbox, LastModifiedTimeAfter=begun, LastModifiedTimeBefore=ended, MaxResults=100)[0]
    assert (changed[0], changed[-1]) == ("job-11", "job-19")


@pytest.mark.usefixtures("jobs")
def test_the_oldest_training_job_comes_first_unless_asked_otherwise(sandbox: Sandbox) -> None:
    assert _pages(sandbox, MaxResults=100)[0][0] == "job-00"
    assert len(sandbox.call("ListTrainingJobs", *PLACE)["TrainingJobSummaries"]) == 10


@pytest.mark.usefixtures("jobs")
def test_a_row_shows_what_a_summary_has(sandbox: Sandbox) -> None:
    (row,) = sandbox.call("ListTrainingJobs", *PLACE, MaxResults=1)["TrainingJobSummaries"]
    assert row == {
        "TrainingJobName": "job-00",
        "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:222222222222:training-job/job-00",
        "CreationTime": DAY.timestamp(),
        "LastModifiedTime": DAY.timestamp(),
        "SecondaryStatus": "Stopping",
        "TrainingJobStatus": "Stopping",
    }


@pytest.mark.usefixtures("jobs")
def test_tokens_that_do_not_fit_are_refused(sandbox: Sandbox) -> None:
    token = sandbox.call("ListTrainingJobs", *PLACE)["NextToken"]
    for ask in ({"NextToken": "x"}, {"NextToken": token, "SortBy": "Name"}):
        with pytest.raises(ServiceError) as caught:
            sandbox.call("ListTrainingJobs", *PLACE, **ask)
        assert caught.value.code == "ValidationException"


@pytest.mark.parametrize(
    ("operation", "listing"),
    [
        ("ListDomains", "Domains"),
        ("ListUserProfiles", "UserProfiles"),
        ("ListNotebookInstances", "NotebookInstances"),
    ],
)
def test_there_is_nothing_of_a_kind_that_cannot_be_made(sandbox: Sandbox, operation: str, listing: str) -> None:
    assert sandbox.call(operation, *PLACE, MaxResults=5) == {listing: []}
    with pytest.raises(ServiceError) as caught:
        sandbox.call(operation, *PLACE, NextToken="forged")
    assert caught.value.code == "ValidationException"
