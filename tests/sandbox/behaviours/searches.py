"""Search, as far as the gateway uses it."""

from tests.sandbox.behaviours.behaviour import Behaviour, Stage, error


def _filter(name: str, value: str, operator: str = "Equals") -> dict[str, object]:
    return {"Filters": [{"Name": name, "Operator": operator, "Value": value}]}


def records_by_resource(stage: Stage) -> None:
    for resource in ("Model", "Endpoint", "TrainingJob"):
        for record in stage.client.search(Resource=resource, MaxResults=5)["Results"]:
            assert list(record) == [resource]


def unknown_property(stage: Stage) -> None:
    code, message = error(stage.client.search, Resource="TrainingJob", SearchExpression=_filter("Colour", "blue"))
    assert code == "ValidationException"
    assert "Colour" in message


def one_contains(stage: Stage) -> None:
    both = [{"Name": "TrainingJobName", "Operator": "Contains", "Value": word} for word in ("a", "b")]
    code, message = error(stage.client.search, Resource="TrainingJob", SearchExpression={"Filters": both})
    assert code == "ValidationException"
    assert "'CONTAINS' operator usage limit of 1 exceeded" in message


def something_to_search_for(stage: Stage) -> None:
    assert error(stage.client.search, Resource="TrainingJob", SearchExpression={"Operator": "And"})[0] == (
        "ValidationException"
    )


TABLE = (
    Behaviour(
        "Each result holds the record of its own resource", "botocore service-2: SearchRecord", records_by_resource
    ),
    Behaviour("A property that the resource has not is refused", "botocore: Filter.Name", unknown_property),
    Behaviour(
        "Contains may be used once",
        "botocore: Filter, \"'CONTAINS' operator usage limit of 1 exceeded.\"",
        one_contains,
    ),
    Behaviour("An expression has at least one condition", "botocore: SearchExpression", something_to_search_for),
)
