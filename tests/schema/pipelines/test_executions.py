"""Pipeline executions: the list of a pipeline's, its pages and its filter."""

from typing import Any

import pytest

from tests.gateway_client import GatewayClient
from tests.pipelines import MadeExecutions
from tests.schema.pipelines.queries import LIST


async def test_the_executions_of_a_pipeline_are_one_listing(gateway: GatewayClient, made: MadeExecutions) -> None:
    answer = await gateway.ask(LIST, {"p": "Churn"})
    found = answer.data["pipelineExecutions"]
    assert found["nodes"] == [{"name": name, "status": "SUCCEEDED"} for name in (made.second, made.first)]
    assert (found["totalCount"], found["completeAsOf"] is not None) == (2, True)
    assert made.calls() == answer.aws_extensions["calls"] == {"ListPipelineExecutions": 1}
    assert (await gateway.ask(LIST, {"p": "Churn"})).data["pipelineExecutions"] == found
    assert made.calls() == {}


async def test_pages_of_executions(gateway: GatewayClient, made: MadeExecutions) -> None:
    seen, after = [], None
    for more in (True, False):
        page = (await gateway.ask(LIST, {"p": "Churn", "first": 1, "after": after})).data["pipelineExecutions"]
        seen += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is more
    assert seen == [made.second, made.first]


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({"status": ["FAILED"]}, 0),
        ({"status": ["SUCCEEDED", "FAILED"]}, 2),
        ({"startedAfter": "2100-01-01T00:00:00Z"}, 0),
        ({"startedBefore": "2100-01-01T00:00:00Z"}, 2),
    ],
)
async def test_a_filter_takes_no_description(
    gateway: GatewayClient, made: MadeExecutions, filter: Any, count: int
) -> None:
    found = (await gateway.ask(LIST, {"p": "Churn", "f": filter})).data["pipelineExecutions"]
    assert (len(found["nodes"]), found["totalCount"]) == (count, count)
    assert made.calls() == {"ListPipelineExecutions": 1}


async def test_a_pipeline_that_is_not_there_is_null(gateway: GatewayClient, made: MadeExecutions) -> None:
    assert (await gateway.ask(LIST, {"p": "none"})).data["pipelineExecutions"] is None
    made.calls()
    assert (await gateway.ask(LIST, {"p": "no name"})).codes == ["BAD_USER_INPUT"]
    assert made.calls() == {}
