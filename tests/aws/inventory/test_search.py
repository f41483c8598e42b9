"""Searches: whole records, by page or by artifact, for as long as the role may search; a refusal is believed."""

from datetime import timedelta
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.search import ArtifactQuery, SearchClient, SearchRecord
from aws.kinds.catalog import KINDS
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.resource import Tag
from aws.kinds.training_jobs import TrainingJob
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    NOON,
    RecordingClient,
    ScriptedClient,
    make,
    make_config,
    make_models,
    make_training_job,
    provenance,
)

NOTHING = ArtifactQuery((), (), ())


@pytest.fixture
def searches(calls: RecordingClient) -> SearchClient:
    return SearchClient(calls, provenance, allowed=True)


def names(result: Any) -> list[str]:
    return [item.resource.name for item in result]


def exact(*addresses: str) -> ArtifactQuery:
    return ArtifactQuery(addresses, (), ())


async def test_a_record_reads_like_a_description_and_has_its_tags(
    still: Sandbox, calls: RecordingClient, searches: SearchClient
) -> None:
    make_models(still, "a", team="risk", Stage="live")
    make_config(still, "c", "a")
    make(still, "CreateEndpoint", EndpointName="e", EndpointConfigName="c", Tags=[{"Key": "k", "Value": "v"}])
    make_training_job(still, "t")
    still.advance(3600)
    for kind, name, tags in (
        (Kind.MODEL, "a", [Tag("Stage", "live"), Tag("team", "risk")]),
        (Kind.RUNTIME, "e", [Tag("k", "v")]),
        (Kind.TRAINING_JOB, "t", []),
    ):
        word = {Kind.MODEL: "Model", Kind.RUNTIME: "Endpoint", Kind.TRAINING_JOB: "TrainingJob"}[kind]
        described = KINDS[kind].parse_description(
            await calls.call(f"Describe{word}", **{f"{word}Name": name}), provenance()
        )
        assert await searches.search_kind(kind, 1) == [SearchRecord(described, tags)]
        assert described.detail is not None
    assert still.calls.count("Search") == 3


async def test_pages_are_of_a_hundred_newest_first_and_no_more_than_wanted(
    still: Sandbox, calls: RecordingClient, searches: SearchClient
) -> None:
    make_models(still, *(f"m{number:03}" for number in range(250)))
    assert names(await searches.search_kind(Kind.MODEL, 1)) == [f"m{number:03}" for number in range(249, 149, -1)]
    assert calls.asked == [
        ("Search", {"Resource": "Model", "MaxResults": 100, "SortBy": "CreationTime", "SortOrder": "Descending"})
    ]
    assert len(await searches.search_kind(Kind.MODEL, 9) or ()) == 250
    assert still.calls.count("Search") == 4


@pytest.mark.parametrize("count", [1, 20, 21, 40, 41, 90, 401])
async def test_training_jobs_by_their_artifacts(
    still: Sandbox, calls: RecordingClient, searches: SearchClient, count: int
) -> None:
    """Forty at a time, in groups of twenty: more is refused."""
    there = [make_training_job(still, f"t{number}") for number in range(3)]
    make_training_job(still, "other")
    elsewhere = [f"s3://elsewhere/{number}/model.tar.gz" for number in range(count - 1)]
    wanted = [*elsewhere, there[1]]
    assert names(await searches.by_artifact(exact(*wanted))) == ["t1"]
    assert still.calls.by_operation() == {"Search": -(-count // 40)}
    asked = [sent["SearchExpression"]["SubExpressions"] for _, sent in calls.asked]
    assert [item["Value"] for groups in asked for group in groups for item in group["Filters"]] == wanted
    for groups in asked:
        assert all(group["Operator"] == "Or" and len(group["Filters"]) <= 20 for group in groups)
        assert len(groups) + sum(len(group["Filters"]) for group in groups) <= 50
    assert {element["Name"] for groups in asked for group in groups for element in group["Filters"]} == {
        "ModelArtifacts.S3ModelArtifacts"
    }


async def test_what_is_found_fills_pages_of_its_own(still: Sandbox, searches: SearchClient) -> None:
    addresses = [make_training_job(still, f"t{number:03}") for number in range(130)]
    # More than a page is found by no search of forty addresses, but by a prefix.
    assert len(await searches.by_artifact(ArtifactQuery((), ("s3://jobs/",), ())) or ()) == 130
    assert still.calls.count("Search") == 2
    assert len(await searches.by_artifact(exact(*addresses)) or ()) == 130
    assert still.calls.count("Search") == 6


async def test_each_prefix_takes_a_search_of_its_own(
    still: Sandbox, calls: RecordingClient, searches: SearchClient
) -> None:
    make_training_job(still, "t1", "here/a")
    make_training_job(still, "t2", "here/b")
    make_training_job(still, "t3", "there")
    records = await searches.by_artifact(ArtifactQuery((), ("s3://here/a/", "s3://here/b/"), ()))
    assert names(records) == ["t1", "t2"]
    assert [sent["SearchExpression"] for _, sent in calls.asked] == [
        {"Filters": [{"Name": "ModelArtifacts.S3ModelArtifacts", "Operator": "Contains", "Value": prefix}]}
        for prefix in ("s3://here/a/", "s3://here/b/")
    ]


async def test_training_jobs_by_the_packages_that_they_made(
    still: Sandbox, calls: RecordingClient, searches: SearchClient
) -> None:
    packages = tuple(f"arn:aws:sagemaker:eu-west-1:123456789012:model-package/p/{number}" for number in range(45))
    assert await searches.by_artifact(ArtifactQuery(("s3://a",), (), packages)) == []
    assert [
        len([item for group in sent["SearchExpression"]["SubExpressions"] for item in group["Filters"]])
        for _, sent in calls.asked
    ] == [1, 40, 5]
    assert calls.asked[1][1]["SearchExpression"]["SubExpressions"][0]["Filters"][0] == {
        "Name": "OutputModelPackageArn",
        "Operator": "Equals",
        "Value": packages[0],
    }


async def test_by_no_mark_nothing_is_asked(sandbox: Sandbox, searches: SearchClient) -> None:
    assert await searches.by_artifact(NOTHING) == []
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("kind", Kind)
async def test_where_it_is_off_nothing_may_be_searched(calls: RecordingClient, kind: Kind) -> None:
    assert not SearchClient(calls, provenance, allowed=False).is_allowed(kind, NOON)


async def test_what_may_be_searched(searches: SearchClient) -> None:
    assert [kind for kind in Kind if searches.is_allowed(kind, NOON)] == [Kind.MODEL, Kind.RUNTIME, Kind.TRAINING_JOB]


@pytest.mark.parametrize(
    ("code", "message"), [("AccessDeniedException", "no"), ("ValidationException", "Unknown property name: X")]
)
async def test_a_refusal_is_believed_until_the_deletion_age_has_passed(
    sandbox: Sandbox, searches: SearchClient, code: str, message: str
) -> None:
    sandbox.faults.fail("Search", status=400, code=code, message=message, times=2)
    assert await searches.search_kind(Kind.MODEL, 1) is None
    assert not searches.is_allowed(Kind.MODEL, NOON - timedelta(seconds=300))
    assert not searches.is_allowed(Kind.MODEL, NOON)
    assert searches.is_allowed(Kind.MODEL, NOON + timedelta(milliseconds=1))
    # Of another kind nothing has been said.
    assert searches.is_allowed(Kind.TRAINING_JOB, NOON)
    assert await searches.by_artifact(exact("s3://a", "s3://b")) is None
    assert not searches.is_allowed(Kind.TRAINING_JOB, NOON)
    assert sandbox.calls.by_operation() == {"Search": 2}


async def test_a_refusal_on_a_later_page_is_a_refusal(
    still: Sandbox, calls: RecordingClient, searches: SearchClient
) -> None:
    make_models(still, *(f"m{number:03}" for number in range(101)))

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise AccessDeniedError("No.", operation="Search")

    calls.before = no_second_page
    assert await searches.search_kind(Kind.MODEL, 2) is None
    assert not searches.is_allowed(Kind.MODEL, NOON)


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
async def test_what_may_heal_is_no_refusal(sandbox: Sandbox, searches: SearchClient, kind: type[Exception]) -> None:
    if kind is ThrottledError:
        sandbox.faults.throttle("Search")
    else:
        sandbox.faults.fail("Search")
    with pytest.raises(kind):
        await searches.search_kind(Kind.MODEL, 1)
    assert searches.is_allowed(Kind.MODEL, NOON)


def record(**parts: Any) -> dict[str, Any]:
    whole = {
        "TrainingJobName": "t",
        "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t",
        "TrainingJobStatus": "Completed",
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        "CreationTime": NOON,
    }
    return {"TrainingJob": {**whole, **parts}}


async def test_a_record_with_less_than_a_description_is_left_out() -> None:
    whole = record()
    halves = [
        {"TrainingJob": {key: value for key, value in whole["TrainingJob"].items() if key != left_out}}
        for left_out in whole["TrainingJob"]
    ]
    searches = SearchClient(ScriptedClient({"Results": [*halves, whole, {}]}), provenance, allowed=True)
    (search_record,) = await searches.search_kind(Kind.TRAINING_JOB, 1) or ()
    assert isinstance(search_record.resource, TrainingJob)
    assert (search_record.resource.name, search_record.tags) == ("t", [])


async def test_a_models_record_is_within_its_dashboards() -> None:
    """Without it, there is only what the dashboard tells."""
    inner = {
        "ModelName": "a",
        "ModelArn": "arn:aws:sagemaker:eu-west-1:123456789012:model/a",
        "CreationTime": NOON,
        "Tags": [{"Key": "k", "Value": "v"}],
    }
    answer = {"Results": [{"Model": {"Model": inner, "Endpoints": []}}, {"Model": inner}, {"Model": {}}]}
    (record,) = await SearchClient(ScriptedClient(answer), provenance, allowed=True).search_kind(Kind.MODEL, 1) or ()
    assert isinstance(record.resource, Model)
    assert (record.resource.name, record.tags) == ("a", [Tag("k", "v")])
