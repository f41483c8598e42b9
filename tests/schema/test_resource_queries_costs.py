"""schema.queries: what each question costs in calls to AWS, with Search and without."""

import pytest

from gateway.explorer.examples import MAIN_QUERY
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway
from tests.query_cases import aws_calls, no_call_repeated

LISTS = {f"List{kind}": 1 for kind in ("Models", "EndpointConfigs", "Endpoints", "TrainingJobs", "TransformJobs")}


@pytest.mark.parametrize(
    ("group", "search", "read"),
    [
        (
            "risk",
            False,
            {
                "DescribeEndpoint": 6,
                "DescribeEndpointConfig": 11,
                "DescribeModel": 9,
                "DescribeModelPackage": 1,
                "DescribeTrainingJob": 11,
                "DescribeTransformJob": 10,
            },
        ),
        (
            "risk",
            True,
            {"DescribeEndpointConfig": 11, "DescribeModelPackage": 1, "DescribeTransformJob": 10, "Search": 3},
        ),
        (
            "marketing",
            False,
            {
                "DescribeEndpoint": 5,
                "DescribeEndpointConfig": 7,
                "DescribeModel": 8,
                "DescribeTrainingJob": 10,
                "DescribeTransformJob": 7,
            },
        ),
        # Of what is still changing, no search is believed: here two runtimes and a training job.
        (
            "marketing",
            True,
            {
                "DescribeEndpoint": 2,
                "DescribeEndpointConfig": 7,
                "DescribeTrainingJob": 1,
                "DescribeTransformJob": 7,
                "Search": 3,
            },
        ),
    ],
)
async def test_the_main_query_over_the_whole_estate(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, group: str, search: bool, read: dict[str, int]
) -> None:
    """Once for what it takes, and then, inside the fresh age, for nothing."""
    async with open_gateway(sagemaker={"search": search}) as gateway:
        answer = await gateway.ask(MAIN_QUERY, groups=[group])
        again = await gateway.ask(MAIN_QUERY, groups=[group])
    assert len(answer.data["models"]["nodes"]) == {"risk": 9, "marketing": 8}[group]
    assert aws_calls(sandbox) == {**LISTS, **read}
    assert answer.aws_extensions["calls"] == {**LISTS, **read}
    assert no_call_repeated(sandbox)
    assert again.data == answer.data
    assert again.aws_extensions["calls"] == {}


async def test_search_tells_the_same(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    """What it brings is what descriptions would have said, to the last letter."""
    async with open_gateway() as plain, open_gateway(sagemaker={"search": True}) as searching:
        for group in ("risk", "marketing"):
            text = [(await gateway.ask(MAIN_QUERY, groups=[group])).data for gateway in (plain, searching)]
            assert text[0] == text[1]
    assert sandbox.calls.count("Search") == 6


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("{ models { nodes { name arn id consoleUrl asOf source creationTime } totalCount } }", {"ListModels": 1}),
        ("{ a: models { totalCount } b: models(first: 2) { nodes { name } } }", {"ListModels": 1}),
        ("{ snapshots { nodes { name } } }", {"ListEndpointConfigs": 1}),
        ("{ runtimes { nodes { name status lastModifiedTime } } }", {"ListEndpoints": 1}),
        ("{ jobs { nodes { name type status endTime } } }", {"ListTrainingJobs": 1, "ListTransformJobs": 1}),
        ("{ jobs(filter: {type: TRAINING}) { totalCount } }", {"ListTrainingJobs": 1}),
        (
            "{ models(first: 3) { nodes { containers { image } network { isolated } } } }",
            {"ListModels": 1, "DescribeModel": 3},
        ),
        ("{ models(first: 1) { nodes { tags { key } } } }", {"ListModels": 1, "ListTags": 1}),
        ("{ models(first: 3) { nodes { tags { key } } } }", {"ListModels": 1, "GetResources": 1}),
        ('{ model(name: "fraud-detection-v12") { name } }', {"DescribeModel": 1}),
        (
            '{ a: model(name: "fraud-detection-v12") { name } b: model(name: "fraud-detection-v12") { id } }',
            {"DescribeModel": 1},
        ),
        (
            "{ runtimes { nodes { snapshot { name } pendingSnapshot { name } } } }",
            {"ListEndpoints": 1, "DescribeEndpoint": 6, "DescribeEndpointConfig": 6},
        ),
        (
            "{ snapshots { nodes { models { name } variants { model { name } } } } }",
            {"ListEndpointConfigs": 1, "DescribeEndpointConfig": 11, "DescribeModel": 9},
        ),
        (
            "{ runtimes { nodes { models { name snapshots { nodes { runtimes { nodes { name } } } } } } } }",
            {
                "ListEndpoints": 1,
                "DescribeEndpoint": 6,
                "ListEndpointConfigs": 1,
                "DescribeEndpointConfig": 11,
                "DescribeModel": 7,
            },
        ),
        (
            "{ jobs(filter: {type: TRANSFORM}) { nodes { modelNames models { id } "
            "... on TransformJob { model { name } } } } }",
            {"ListTransformJobs": 1, "DescribeTransformJob": 10, "DescribeModel": 3},
        ),
        (
            "{ jobs(filter: {type: TRAINING}) { nodes { modelNames } } }",
            {
                "ListTrainingJobs": 1,
                "DescribeTrainingJob": 11,
                "ListModels": 1,
                "DescribeModel": 9,
                "DescribeModelPackage": 1,
            },
        ),
    ],
)
async def test_what_a_question_costs(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, query: str, calls: dict[str, int]
) -> None:
    """Where Search is off; and the next time nothing."""
    async with open_gateway(sagemaker={"search": False}) as gateway:
        answer = await gateway.ask(query)
        assert answer.data
        assert aws_calls(sandbox) == calls
        assert answer.aws_extensions["calls"] == calls
        assert no_call_repeated(sandbox)
        again = await gateway.ask(query)
    assert str(again.data) == str(answer.data).replace("'LIVE'", "'CACHE'")
    assert again.aws_extensions["calls"] == {}


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("{ models(first: 4) { nodes { containers { image } } } }", {"ListModels": 1, "DescribeModel": 4}),
        ("{ models(first: 5) { nodes { containers { image } } } }", {"ListModels": 1, "Search": 1}),
        (
            "{ models { nodes { containers { image } tags { key } } } }",
            {"ListModels": 1, "Search": 1},
        ),
        (
            "{ runtimes { nodes { snapshot { name } pendingSnapshot { name } } } }",
            {"ListEndpoints": 1, "Search": 1, "DescribeEndpointConfig": 6},
        ),
        (
            "{ runtimes { nodes { models { name snapshots { nodes { runtimes { nodes { name } } } } } } } }",
            {
                "ListEndpoints": 1,
                "Search": 1,
                "ListEndpointConfigs": 1,
                "DescribeEndpointConfig": 11,
                "DescribeModel": 7,
            },
        ),
        (
            "{ jobs(filter: {type: TRANSFORM}) { nodes { modelNames } } }",
            {"ListTransformJobs": 1, "DescribeTransformJob": 10},
        ),
        (
            "{ jobs(filter: {type: TRAINING}) { nodes { modelNames } } }",
            {"ListTrainingJobs": 1, "ListModels": 1, "Search": 2, "DescribeModelPackage": 1},
        ),
    ],
)
async def test_what_a_question_costs_with_search(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, query: str, calls: dict[str, int]
) -> None:
    """More than four that are missing are searched for, where a search knows their kind."""
    async with open_gateway(sagemaker={"search": True}) as gateway:
        answer = await gateway.ask(query)
        assert answer.data
        assert aws_calls(sandbox) == calls
        assert answer.aws_extensions["calls"] == calls
        again = await gateway.ask(query)
    assert (again.data, again.aws_extensions["calls"]) == (answer.data, {})


async def test_two_groups_in_one_request_are_counted_together(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    query = '{ a: models(group: "risk") { totalCount } b: models(group: "marketing") { totalCount } }'
    answer = await gateway.ask(query, groups=["risk", "marketing"])
    assert answer.data == {"a": {"totalCount": 9}, "b": {"totalCount": 8}}
    assert answer.aws_extensions["calls"] == {"ListModels": 2}
    assert sandbox.calls.by_account() == {"111111111111": 2, "222222222222": 1, "333333333333": 1}
