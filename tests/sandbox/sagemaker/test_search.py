"""Search: expressions, order, pages, tags, its looser permission and its delay."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError


def _search(sandbox: Sandbox, estate: Estate, resource: str, expression: Any = None, **more: Any) -> dict[str, Any]:
    ask = {"Resource": resource, "MaxResults": 100, **more}
    if expression:
        ask["SearchExpression"] = expression
    return sandbox.call("Search", estate.risk.account, estate.risk.region, **ask)


def _names(answer: dict[str, Any], resource: str) -> list[str]:
    records = [row[resource] for row in answer["Results"]]
    return [(r["Model"] if resource == "Model" else r)[f"{resource}Name"] for r in records]


def _filter(name: str, value: str | None = None, operator: str = "Equals") -> dict[str, str]:
    return {"Name": name, "Operator": operator} | ({"Value": value} if value is not None else {})


def test_a_model_comes_with_its_endpoints_its_schedules_and_its_last_transform(
    sandbox: Sandbox, estate: Estate
) -> None:
    (row,) = _search(sandbox, estate, "Model", {"Filters": [_filter("ModelName", "fraud-detection-v12")]})["Results"]
    result = row["Model"]
    assert [endpoint["EndpointName"] for endpoint in result["Endpoints"]] == ["fraud-detection"]
    assert [s["MonitoringScheduleName"] for s in result["MonitoringSchedules"]] == ["fraud-detection-data-quality"]
    assert result["MonitoringSchedules"][0]["LastMonitoringExecutionSummary"]["MonitoringExecutionStatus"] == (
        "CompletedWithViolations"
    )
    assert result["LastBatchTransformJob"]["ModelName"] == "fraud-detection-v12"
    assert {"Key": "team", "Value": "payments-fraud"} in result["Model"]["Tags"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"Filters": [_filter("Model.ModelName", "fraud-detection-v11")]}, ["fraud-detection-v11"]),
        (
            {"Filters": [_filter("ModelName", "fraud-detection-v11,fraud-detection-v12", "In")]},
            ["fraud-detection-v12", "fraud-detection-v11"],
        ),
        ({"Filters": [_filter("ModelName", "fraud", "Contains")]}, ["fraud-detection-v12", "fraud-detection-v11"]),
        ({"Filters": [_filter("Tags.team", "lending-operations")]}, ["loan-document-classifier"]),
        ({"Filters": [_filter("Tags.team", operator="NotExists")]}, ["CreditLimit-Advisor"]),
        ({"Filters": [_filter("EnableNetworkIsolation", "true")]}, ["fraud-detection-v12", "fraud-detection-v11"]),
        ({"Filters": [_filter("Containers", operator="Exists")]}, ["collections-propensity-pipeline"]),
        (
            {
                "Operator": "Or",
                "Filters": [_filter("ModelName", "ifrs9-macro-scenarios")],
                "SubExpressions": [
                    {
                        "Filters": [
                            _filter("Tags.team", "payments-fraud"),
                            _filter("ModelName", "fraud-detection-v11", "NotEquals"),
                        ]
                    }
                ],
            },
            ["fraud-detection-v12", "ifrs9-macro-scenarios"],
        ),
    ],
)
def test_models_are_found(sandbox: Sandbox, estate: Estate, expression: Any, expected: list[str]) -> None:
    assert _names(_search(sandbox, estate, "Model", expression), "Model") == expected


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ({"Filters": [_filter("Metrics.validation:auc", "0.8", "GreaterThan")]}, 4),
        ({"Filters": [_filter("HyperParameters.num_round", "600", "GreaterThanOrEqualTo")]}, 5),
        ({"Filters": [_filter("TrainingJobStatus", "Failed")]}, 1),
        ({"Filters": [_filter("BillableTimeInSeconds", "1000", "LessThan")]}, 4),
        (
            {
                "NestedFilters": [
                    {
                        "NestedPropertyName": "InputDataConfig",
                        "Filters": [
                            _filter("InputDataConfig.ChannelName", "validation"),
                            _filter("InputDataConfig.DataSource.S3DataSource.S3Uri", "fraud", "Contains"),
                        ],
                    }
                ]
            },
            2,
        ),
    ],
)
def test_training_jobs_are_found(sandbox: Sandbox, estate: Estate, expression: Any, count: int) -> None:
    assert _search(sandbox, estate, "TrainingJob", expression)["TotalHits"] == {"Value": count, "Relation": "EqualTo"}


def test_a_training_job_is_found_by_its_artifact_and_by_time(sandbox: Sandbox, estate: Estate) -> None:
    model = sandbox.call("DescribeModel", estate.risk.account, estate.risk.region, ModelName="credit-risk-scorer-v7")
    artifact = model["PrimaryContainer"]["ModelDataUrl"]
    result = _search(
        sandbox, estate, "TrainingJob", {"Filters": [_filter("ModelArtifacts.S3ModelArtifacts", artifact)]}
    )
    (row,) = result["Results"]
    job = row["TrainingJob"]
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": artifact}
    assert job["HyperParameters"]["objective"] == "binary:logistic"
    since = sandbox.clock.at().replace(tzinfo=None, microsecond=0).isoformat()
    assert (
        _search(sandbox, estate, "TrainingJob", {"Filters": [_filter("CreationTime", since, "GreaterThan")]})[
            "TotalHits"
        ]["Value"]
        == 0
    )


def test_results_are_sorted_and_paged(sandbox: Sandbox, estate: Estate) -> None:
    whole = _names(_search(sandbox, estate, "Endpoint", SortBy="EndpointName", SortOrder="Ascending"), "Endpoint")
    assert whole == sorted(whole)
    paged: list[str] = []
    token: dict[str, Any] = {}
    while True:
        page = _search(
            sandbox, estate, "Endpoint", SortBy="EndpointName", SortOrder="Ascending", **{**token, "MaxResults": 4}
        )
        paged += _names(page, "Endpoint")
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert paged == whole
    newest = _names(_search(sandbox, estate, "Endpoint"), "Endpoint")[0]
    assert newest == "collections-propensity" or newest


def test_visibility_conditions_hide_other_values_but_not_what_lacks_the_key(sandbox: Sandbox, estate: Estate) -> None:
    only = [{"Key": "Tags.team", "Value": "lending-operations"}]
    result = _names(_search(sandbox, estate, "Model", VisibilityConditions=only), "Model")
    assert result == ["loan-document-classifier", "CreditLimit-Advisor"]


@pytest.mark.parametrize("condition", [{}, {"Value": "x"}, {"Key": "Tags.team"}, {"Key": "team", "Value": "x"}])
def test_a_visibility_condition_is_of_a_tag(sandbox: Sandbox, estate: Estate, condition: dict[str, str]) -> None:
    with pytest.raises(ServiceError) as caught:
        _search(sandbox, estate, "Model", VisibilityConditions=[condition])
    assert caught.value.code == "ValidationException"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ({"Filters": [_filter("Colour", "blue")]}, "Unknown property name: Colour"),
        (
            {"Filters": [_filter("ModelName", "a", "GreaterThan")]},
            "The operator GreaterThan is not supported for the text",
        ),
        (
            {"Filters": [_filter("CreationTime", "tomorrow", "GreaterThan")]},
            "'tomorrow' is neither a number nor a time",
        ),
        (
            {"Filters": [_filter("CreationTime", "2026", "Contains")]},
            "The operator Contains is only supported for text",
        ),
        ({"Filters": [_filter("ModelName")]}, "Value must be specified"),
        (
            {"SubExpressions": [{"Filters": [_filter("ModelName", "a")] * 20}] * 3},
            "The SearchExpression has 63 conditions",
        ),
    ],
)
def test_expressions_that_break_a_rule_are_refused(
    sandbox: Sandbox, estate: Estate, expression: Any, text: str
) -> None:
    with pytest.raises(ServiceError) as caught:
        _search(sandbox, estate, "Model", expression)
    assert caught.value.code == "ValidationException"
    assert caught.value.message.startswith(text)


def test_a_forged_token_and_another_resource_are_refused(sandbox: Sandbox, estate: Estate) -> None:
    with pytest.raises(ServiceError, match="Invalid pagination token"):
        _search(sandbox, estate, "Model", NextToken="Zm9yZ2Vk")
    with pytest.raises(ServiceError, match="The sandbox does not model Search for Pipeline"):
        _search(sandbox, estate, "Pipeline")


def test_other_accounts_resources_are_none(sandbox: Sandbox, estate: Estate) -> None:
    assert _search(sandbox, estate, "Model", CrossAccountFilterOption="CrossAccount")["Results"] == []


def test_search_is_behind_where_its_delay_is_set(sandbox: Sandbox, estate: Estate) -> None:
    sandbox.clock.freeze()
    sandbox.timeline.durations = replace(sandbox.timeline.durations, search_delay=30.0)
    place = (estate.risk.account, estate.risk.region)
    container = {"Image": "repository/image:1"}
    role = estate.risk.execution_role_arn
    before = _search(sandbox, estate, "Model")["TotalHits"]["Value"]
    sandbox.call("CreateModel", *place, ModelName="new", ExecutionRoleArn=role, PrimaryContainer=container)
    sandbox.call("DeleteModel", *place, ModelName="fraud-detection-v12")
    sandbox.call("AddTags", *place, ResourceArn=estate.risk.arn("model", "fraud-detection-v11"),
                 Tags=[{"Key": "team", "Value": "other"}])  # fmt: skip
    fraud = {"Filters": [_filter("Tags.team", "payments-fraud")]}
    assert "new" not in _names(_search(sandbox, estate, "Model"), "Model")
    assert _names(_search(sandbox, estate, "Model", fraud), "Model") == ["fraud-detection-v12", "fraud-detection-v11"]
    sandbox.advance(30.0)
    assert _names(_search(sandbox, estate, "Model"), "Model")[0] == "new"
    assert _search(sandbox, estate, "Model")["TotalHits"]["Value"] == before
    assert _names(_search(sandbox, estate, "Model", fraud), "Model") == []


def test_search_shows_a_life_behind_too(sandbox: Sandbox, estate: Estate) -> None:
    sandbox.clock.freeze()
    sandbox.timeline.durations = replace(sandbox.timeline.durations, search_delay=30.0)
    group = estate.marketing
    by_name = {"Filters": [_filter("EndpointName", "product-image-tagger")]}

    def seen() -> str:
        result = sandbox.call("Search", group.account, group.region, Resource="Endpoint", SearchExpression=by_name)
        return str(result["Results"][0]["Endpoint"]["EndpointStatus"])

    sandbox.call("AddTags", group.account, group.region, ResourceArn=group.arn("endpoint", "churn-predictor"),
                 Tags=[{"Key": "a", "Value": "b"}])  # fmt: skip
    sandbox.advance(155)
    assert seen() == "Creating"
    sandbox.advance(30)
    assert seen() == "InService"
