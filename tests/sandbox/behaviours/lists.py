"""Listings: order, pages, tokens, filters."""

from datetime import timedelta
from typing import Any

from tests.sandbox.behaviours.behaviour import Behaviour, Cost, Stage, error

ALL = {
    "list_models": "Models",
    "list_endpoint_configs": "EndpointConfigs",
    "list_endpoints": "Endpoints",
    "list_training_jobs": "TrainingJobSummaries",
    "list_transform_jobs": "TransformJobSummaries",
}


def _times(rows: list[dict[str, Any]]) -> list[Any]:
    return [row["CreationTime"] for row in rows]


def newest_first(stage: Stage) -> None:
    for operation, rows in ALL.items():
        if operation != "list_training_jobs":
            times = _times(getattr(stage.client, operation)(MaxResults=100)[rows])
            assert times == sorted(times, reverse=True), operation


def either_way(stage: Stage) -> None:
    for operation, rows in ALL.items():
        for order, reverse in (("Ascending", False), ("Descending", True)):
            answer = getattr(stage.client, operation)(SortBy="CreationTime", SortOrder=order, MaxResults=100)
            assert _times(answer[rows]) == sorted(_times(answer[rows]), reverse=reverse), (operation, order)


def ten_by_default(stage: Stage) -> None:
    for operation, rows in ALL.items():
        answer = getattr(stage.client, operation)()
        assert len(answer[rows]) <= 10
        assert ("NextToken" not in answer) or len(answer[rows]) == 10


def pages_hold_all(stage: Stage) -> None:
    whole = [row["ModelName"] for row in stage.client.list_models(MaxResults=100)["Models"]]
    pages = stage.client.get_paginator("list_models").paginate(PaginationConfig={"PageSize": 2, "MaxItems": len(whole)})
    assert [row["ModelName"] for page in pages for row in page["Models"]] == whole


def _models(stage: Stage, **ask: Any) -> list[str]:
    pages = stage.client.get_paginator("list_models").paginate(**ask)
    return [row["ModelName"] for page in pages for row in page["Models"]]


def name_filter(stage: Stage) -> None:
    name = stage.model("filter-one")
    stage.model("filter-two")
    assert _models(stage, NameContains=name) == [name]


def names_after_paging(stage: Stage) -> None:
    older = stage.model("paged-older")
    stage.wait(1)
    stage.model("paged-newer")
    answer = stage.client.list_models(NameContains=older, MaxResults=1)
    assert answer["Models"] == []
    assert "NextToken" in answer


def by_name(stage: Stage) -> None:
    names = [stage.model(f"sorted-{letter}") for letter in "bac"]
    ask = {"NameContains": f"{stage.prefix}-sorted", "SortBy": "Name", "SortOrder": "Ascending"}
    assert _models(stage, **ask) == sorted(names)


def after_includes_its_time(stage: Stage) -> None:
    name = stage.model("timed")
    made = stage.client.describe_model(ModelName=name)["CreationTime"]
    ask = {"NameContains": name}
    assert _models(stage, **ask, CreationTimeAfter=made)
    assert not _models(stage, **ask, CreationTimeAfter=made + timedelta(seconds=1))
    assert not _models(stage, **ask, CreationTimeBefore=made - timedelta(seconds=1))


def token_of_another_question(stage: Stage) -> None:
    for letter in "abc":
        stage.model(f"asked-{letter}")
    token = stage.client.list_models(NameContains=stage.prefix, MaxResults=1)["NextToken"]
    assert error(stage.client.list_models, NameContains="another", NextToken=token)[0] == "ValidationException"


def new_things_do_not_shift_a_page(stage: Stage) -> None:
    for letter in "abc":
        stage.model(f"shift-{letter}")
        stage.wait(1)
    ask = {"NameContains": f"{stage.prefix}-shift", "MaxResults": 2}
    first = stage.client.list_models(**ask)
    stage.model("shift-d")
    second = stage.client.list_models(**ask, NextToken=first["NextToken"])
    assert [row["ModelName"] for row in second["Models"]] == [stage.named("shift-a")]


def status_after_paging(stage: Stage) -> None:
    source = stage.put("in/part.csv")
    model = stage.model("status-model")
    for word in ("status-a", "status-b", "status-c"):
        stage.client.create_transform_job(**stage.transform(word, model, source))
        stage.wait(1)
    stage.client.stop_transform_job(TransformJobName=stage.named("status-a"))
    ask = {"NameContains": f"{stage.prefix}-status", "StatusEquals": "Stopping", "MaxResults": 2}
    first = stage.client.list_transform_jobs(**ask)
    assert first["TransformJobSummaries"] == []
    second = stage.client.list_transform_jobs(**ask, NextToken=first["NextToken"])
    assert [row["TransformJobName"] for row in second["TransformJobSummaries"]] == [stage.named("status-a")]


def training_jobs_status_after_paging(stage: Stage) -> None:
    answer = stage.client.list_training_jobs(StatusEquals="Stopping", MaxResults=1)
    total = len(stage.client.list_training_jobs(MaxResults=2)["TrainingJobSummaries"])
    assert ("NextToken" in answer) == (total > 1)


TABLE = (
    Behaviour(
        "Listings begin with what is newest", "botocore service-2: List…Input.SortBy and SortOrder", newest_first
    ),
    Behaviour("Listings sort either way by creation time", "botocore service-2: SortOrder", either_way),
    Behaviour(
        "A page holds ten rows unless asked otherwise", "botocore: ListEndpoints, ListTransformJobs", ten_by_default
    ),
    Behaviour("Pages together hold every row once", "botocore paginators-1: ListModels", pages_hold_all),
    Behaviour(
        "NameContains keeps the names that contain it", "botocore service-2: NameContains", name_filter, Cost.WRITES
    ),
    Behaviour(
        "NameContains is applied after the page is taken",
        "boto3 #1966, #2521, #2838, #4020: ListModels; #3347: ListTrainingJobs; #2973: ListEndpoints",
        names_after_paging,
        Cost.WRITES,
    ),
    Behaviour("Listings sort by name", "botocore service-2: ModelSortKey", by_name, Cost.WRITES),
    Behaviour(
        "CreationTimeAfter includes its own time",
        "botocore: ListModels, 'a creation time greater than or equal to the specified time'",
        after_includes_its_time,
        Cost.WRITES,
    ),
    Behaviour(
        "A token belongs to the question that it was given for",
        "botocore service-2: PaginationToken",
        token_of_another_question,
        Cost.WRITES,
    ),
    Behaviour(
        "What is made meanwhile does not shift the next page",
        "Not documented; a keyset token is the kinder reading",
        new_things_do_not_shift_a_page,
        Cost.WRITES,
    ),
    Behaviour(
        "A status filter is applied after paging: a page may be empty and still go on",
        "botocore: ListTrainingJobs, 'MaxResults number of training jobs are first retrieved ignoring StatusEquals'",
        training_jobs_status_after_paging,
    ),
    Behaviour(
        "The same holds for transform jobs",
        "As for training jobs; sagemaker-core loops over such pages (2.27.0)",
        status_after_paging,
        Cost.RUNS,
    ),
)
